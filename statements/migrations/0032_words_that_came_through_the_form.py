"""A statement keeps that words of it came through the public form, when the submission is gone."""

from django.db import migrations, models
from django.db.models import Q

# What the first revision of such words says of itself.
WHY = "Sent through the public form"


def remember(apps, schema_editor):
    sent = Q(submissions__isnull=False) | Q(texts__revisions__why=WHY)
    statements = apps.get_model("statements", "Statement").objects
    ids = set(statements.filter(sent).values_list("pk", flat=True))
    statements.filter(pk__in=ids).update(is_from_submission=True)


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0031_demands_by_state_and_makers"),
    ]

    operations = [
        migrations.AddField(
            model_name="statement",
            name="is_from_submission",
            field=models.BooleanField(
                default=False,
                editable=False,
                verbose_name="words of it came through the public form",
            ),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
