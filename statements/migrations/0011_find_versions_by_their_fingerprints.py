from django.db import migrations, models

from statements.canonical import fingerprint
from statements.markup import plain

RICH = {"introduction", "body", "postscript"}
FIELDS = ("surtitle", "title", "subtitle", "introduction", "original_title", "body", "postscript")
AT_ONCE = 500


def take_fingerprints_anew(apps, schema_editor):
    """They were taken over words with quotation marks and hyphens, which print changes."""
    revisions = apps.get_model("statements", "Revision").objects.filter(
        number__isnull=False, sealed_at__isnull=True
    )
    last = 0
    while some := list(revisions.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        last = some[-1].pk
        for one in some:
            parts = {name: getattr(one, name) or "" for name in FIELDS}
            parts |= {name: plain(parts[name]) for name in RICH}
            one.fingerprint = fingerprint(parts.values())
            own = [parts["original_title"] or parts["title"], parts["body"]]
            one.own_fingerprint = fingerprint(own)
        revisions.bulk_update(some, ["fingerprint", "own_fingerprint"])


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0010_index_what_is_searched"),
    ]

    operations = [
        migrations.AlterField(
            model_name="revision",
            name="fingerprint",
            field=models.CharField(blank=True, db_index=True, editable=False, max_length=64),
        ),
        migrations.AlterField(
            model_name="revision",
            name="own_fingerprint",
            field=models.CharField(blank=True, db_index=True, editable=False, max_length=64),
        ),
        migrations.RunPython(take_fingerprints_anew, migrations.RunPython.noop, elidable=True),
    ]
