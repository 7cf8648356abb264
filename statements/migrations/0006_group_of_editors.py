"""Make the group "Editors": whoever is in it works on all nouns, and not on users.

The permissions are made here where they are missing, because Django makes them only after
all migrations have run.
"""

from django.db import migrations

# Model, and what editors may do with it beside viewing. A revision is never changed, and an
# address that answered is kept: these two have no form.
NOUNS = {
    **dict.fromkeys(
        ("statement", "organisation", "event", "demand", "person"),
        ("add", "change", "delete", "publish"),
    ),
    **dict.fromkeys(
        (
            "text",
            "attachment",
            "authorship",
            "statementrelation",
            "demandasmade",
            "demandperson",
            "demandwording",
            "quotation",
            "naming",
            "organisationname",
            "eventname",
            "personname",
            "addressee",
            "addresseename",
            "place",
            "source",
            "tagging",
            "suggestion",
        ),
        ("add", "change", "delete"),
    ),
    "revision": ("add",),
    "sitesettings": ("add", "change"),
    "sitetext": ("add", "change", "delete"),
}


def permission(apps, app_label, model, act):
    types = apps.get_model("contenttypes", "ContentType").objects
    content_type, _created = types.get_or_create(app_label=app_label, model=model)
    return apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename=f"{act}_{model}",
        defaults={"name": f"Can {act} {model}"},
    )[0]


def make_group(apps, schema_editor):
    group, _created = apps.get_model("auth", "Group").objects.get_or_create(name="Editors")
    for model, acts in NOUNS.items():
        group.permissions.add(
            *(permission(apps, "statements", model, act) for act in ("view", *acts))
        )
    group.permissions.add(
        *(permission(apps, "taggit", "tag", act) for act in ("view", "add", "change", "delete"))
    )


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0005_let_editors_publish_records"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [migrations.RunPython(make_group, migrations.RunPython.noop)]
