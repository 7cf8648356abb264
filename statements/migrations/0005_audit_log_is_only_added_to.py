"""PostgreSQL refuses to change or remove an entry of the audit log.

SQLite loses triggers whenever Django rebuilds the table, so there the chain alone shows it.
"""

from django.db import migrations

FUNCTION = """
    CREATE FUNCTION statements_keep_audit_log() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$
"""
TRIGGER = """
    CREATE TRIGGER keep_audit_log BEFORE UPDATE OR DELETE ON statements_auditentry
    FOR EACH ROW EXECUTE FUNCTION statements_keep_audit_log()
"""


def make_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION)
        schema_editor.execute(TRIGGER)


def drop_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER keep_audit_log ON statements_auditentry")
        schema_editor.execute("DROP FUNCTION statements_keep_audit_log()")


class Migration(migrations.Migration):
    replaces = [("statements", "0008_audit_log_and_decisions")]

    dependencies = [("statements", "0004_first_reasons_to_decline")]

    operations = [migrations.RunPython(make_trigger, drop_trigger)]
