"""Let whoever edits demands and persons enter what became of them. Nobody changes an update."""

from importlib import import_module

from django.db import migrations

permission = import_module("statements.migrations.0006_group_of_editors").permission

UPDATES = ("demandupdate", "personupdate")
ROLES = {"Editors": ("view", "add"), "Publishers": ("view", "add"), "Moderators": ("view",)}


def let_enter(apps, schema_editor):
    for name, acts in ROLES.items():
        group, _created = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(
            *(permission(apps, "statements", model, act) for model in UPDATES for act in acts)
        )


class Migration(migrations.Migration):
    dependencies = [("statements", "0025_updates_with_sources")]

    operations = [migrations.RunPython(let_enter, migrations.RunPython.noop)]
