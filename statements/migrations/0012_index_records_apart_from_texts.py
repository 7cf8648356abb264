from django.db import migrations


def make_index(apps, schema_editor):
    """Records are few beside texts, and found without reading the lists of all texts."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX IF NOT EXISTS statements_searchentry_records"
            " ON statements_searchentry USING gin (words) WHERE statement_id IS NULL"
        )


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS statements_searchentry_records")


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0011_find_versions_by_their_fingerprints"),
    ]

    operations = [migrations.RunPython(make_index, drop_index)]
