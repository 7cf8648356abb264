import django.db.models.deletion
from django.db import migrations, models

# What gathering.links_of reads, for all that can be read.
FILL = """
    INSERT INTO statements_searchlinks (statement_id, links)
    SELECT statement_id, {joined}(link, ' ') FROM (
        SELECT id AS statement_id, 'kind:' || kind AS link FROM statements_statement
        UNION SELECT id, 'year:' || {year} FROM statements_statement
        UNION SELECT statement_id, 'event:' || event_id FROM statements_statement_events
        UNION SELECT statement_id, 'place:' || place_id FROM statements_statement_places
        UNION SELECT statement_id, 'demand:' || demand_id FROM statements_demandasmade
        UNION SELECT content_object_id, 'tag:' || tag_id FROM statements_tagging
        UNION SELECT statement_id, 'language:' || language FROM statements_text
            WHERE live_revision_id IS NOT NULL
        UNION SELECT statement_id, 'organisation:' || organisation_id FROM authors
        UNION SELECT statement_id, 'from:' || country_id FROM authors WHERE country_id IS NOT NULL
    ) AS linked
    WHERE statement_id IN (SELECT id FROM statements_statement WHERE is_readable)
    GROUP BY statement_id
"""
AUTHORS = """
    WITH authors AS (
        SELECT authorship.statement_id, authorship.organisation_id, organisation.country_id
        FROM statements_authorship AS authorship
        JOIN statements_organisation AS organisation ON organisation.id = organisation_id
        WHERE authorship.role = 'author' AND organisation.public_since IS NOT NULL
    )
"""
WRITTEN = {
    "postgresql": {"joined": "string_agg", "year": "EXTRACT(YEAR FROM sort_on)::int"},
    "sqlite": {"joined": "group_concat", "year": "CAST(strftime('%Y', sort_on) AS integer)"},
}


def fill(apps, schema_editor):
    filling = FILL.format(**WRITTEN[schema_editor.connection.vendor])
    with schema_editor.connection.cursor() as cursor:
        # nosemgrep: sql-with-values-in-it - both are our own
        cursor.execute(AUTHORS + filling)


class Migration(migrations.Migration):

    dependencies = [
        ('statements', '0022_find_anniversaries'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchLinks',
            fields=[
                ('statement', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='statements.statement')),
                ('links', models.TextField(db_default='', default='')),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
