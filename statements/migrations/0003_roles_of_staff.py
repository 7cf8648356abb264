"""Make the roles of staff as groups: what each may do, beside viewing, with what.

The permissions are made here where they are missing, because Django makes them only after
all migrations have run.
"""

from django.db import migrations

ALL = ("add", "change", "delete")

# What is written and linked. A revision is never changed and an update neither; an address
# that answered is kept.
NOUNS = {
    **dict.fromkeys(("statement", "organisation", "event", "demand", "person"), ALL),
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
            "tag",
        ),
        ALL,
    ),
    **dict.fromkeys(("revision", "demandupdate", "personupdate"), ("add",)),
}
PUBLISHED = ("statement", "organisation", "event", "demand", "person")
ROLES = {
    "Editors": NOUNS,
    "Publishers": NOUNS | {model: (*ALL, "publish") for model in PUBLISHED},
    "Moderators": {
        **dict.fromkeys(NOUNS, ()),
        "submission": ("moderate",),
        "declinereason": ("add", "change"),
        "declinewords": ALL,
    },
    "Administrators": {
        "sitesettings": ("add", "change"),
        "sitetext": ALL,
        "user": ("add", "change"),
        "group": (),
        "auditentry": (),
    },
    "Auditors": {"auditentry": ()},
}
ELSEWHERE = {"tag": "taggit", "user": "auth", "group": "auth"}


def permissions(apps, model, acts):
    """Those on a model, in the words of Django."""
    types = apps.get_model("contenttypes", "ContentType").objects
    app_label = ELSEWHERE.get(model, "statements")
    content_type, _created = types.get_or_create(app_label=app_label, model=model)
    for act in ("view", *acts):
        yield apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type,
            codename=f"{act}_{model}",
            defaults={"name": f"Can {act} {model}"},
        )[0]


def make_roles(apps, schema_editor=None):
    for name, nouns in ROLES.items():
        group, _created = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        for model, acts in nouns.items():
            group.permissions.add(*permissions(apps, model, acts))


class Migration(migrations.Migration):
    replaces = [
        ("statements", "0006_group_of_editors"),
        ("statements", "0013_roles_of_staff"),
        ("statements", "0026_let_editors_enter_updates"),
    ]

    dependencies = [
        ("statements", "0002_places_of_iso_3166"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
