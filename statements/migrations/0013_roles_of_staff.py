"""Make the roles of staff as groups, and take publishing and the site's own texts from "Editors".

Whoever was an editor until now could publish: they become publishers too, and lose nothing but
the site's settings. The permissions are made here where they are missing, because Django makes
them only after all migrations have run.
"""

from importlib import import_module

from django.db import migrations

NOUNS = import_module("statements.migrations.0006_group_of_editors").NOUNS
permission = import_module("statements.migrations.0006_group_of_editors").permission

SETTINGS = ("sitesettings", "sitetext")


def acts_on_nouns(*, is_publisher):
    """What editors, and publishers, may do with what is written and linked."""
    for model, acts in NOUNS.items():
        if model in SETTINGS:
            continue
        for act in ("view", *acts):
            if is_publisher or act != "publish":
                yield "statements", model, act
    for act in ("view", "add", "change", "delete"):
        yield "taggit", "tag", act


def seen_by_moderators():
    for model in NOUNS:
        if model not in SETTINGS:
            yield "statements", model, "view"
    yield "taggit", "tag", "view"
    yield "statements", "submission", "view"
    yield "statements", "submission", "moderate"


def run_by_administrators():
    for model in SETTINGS:
        for act in ("view", *NOUNS[model]):
            yield "statements", model, act
    for act in ("view", "add", "change"):
        yield "auth", "user", act
    yield "auth", "group", "view"
    yield "statements", "auditentry", "view"


ROLES = {
    "Editors": lambda: acts_on_nouns(is_publisher=False),
    "Publishers": lambda: acts_on_nouns(is_publisher=True),
    "Moderators": seen_by_moderators,
    "Administrators": run_by_administrators,
    "Auditors": lambda: [("statements", "auditentry", "view")],
}


def make_roles(apps, schema_editor=None):
    groups = apps.get_model("auth", "Group").objects
    was_there = groups.filter(name="Editors").first()
    editors = list(was_there.user_set.all()) if was_there else []
    for name, acts in ROLES.items():
        group, _created = groups.get_or_create(name=name)
        group.permissions.add(*(permission(apps, *one) for one in acts()))
    groups.get(name="Publishers").user_set.add(*editors)
    taken = groups.get(name="Editors").permissions.filter(content_type__app_label="statements")
    groups.get(name="Editors").permissions.remove(
        *taken.filter(codename__startswith="publish_"),
        *taken.filter(content_type__model__in=SETTINGS),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0012_index_statements_by_tag"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="submission",
            options={
                "default_permissions": ("view", "moderate"),
                "ordering": ["received_at", "pk"],
                "verbose_name": "submission",
                "verbose_name_plural": "submissions",
            },
        ),
        migrations.RunPython(make_roles, migrations.RunPython.noop),
    ]
