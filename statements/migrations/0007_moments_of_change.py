"""When what visitors see of a text last changed, for those that are public already."""

from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest


def fill(apps, schema_editor):
    """The moment of its version, or of what the register says of its statement since."""
    revisions = apps.get_model("statements", "Revision").objects
    entries = apps.get_model("statements", "Correction").objects
    version = Subquery(revisions.filter(pk=OuterRef("live_revision")).values("published_at")[:1])
    standing = entries.filter(statement=OuterRef("statement"), version=None).order_by("-at")
    texts = apps.get_model("statements", "Text").objects.exclude(live_revision=None)
    texts.update(changed_at=version)
    texts.update(
        changed_at=Greatest(
            F("changed_at"), Coalesce(Subquery(standing.values("at")[:1]), F("changed_at"))
        )
    )
    if schema_editor.connection.vendor == "postgresql":
        # Else it makes no index here: the foreign keys of the rows just written are still unchecked.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("statements", "0006_who_makes_a_demand")]

    operations = [
        migrations.AddField(
            model_name="text",
            name="changed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="text",
            index=models.Index(
                condition=models.Q(live_revision__isnull=False),
                fields=["-changed_at", "-id"],
                name="public_text_by_change",
            ),
        ),
        migrations.AddConstraint(
            model_name="text",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("live_revision__isnull", True),
                    ("changed_at__isnull", False),
                    _connector="OR",
                ),
                name="public_text_has_its_moment",
            ),
        ),
    ]
