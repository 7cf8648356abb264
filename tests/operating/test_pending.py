"""Whether the code from before a migration can go on running (R-OP6)."""

from io import StringIO
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import migrations, models
from django.test import TestCase

from statements.operating.expanding import goes_unnoticed


def added(field):
    return migrations.AddField("text", "mood", field)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.CreateModel("Mood", [("id", models.AutoField(primary_key=True))]),
        added(models.TextField(null=True)),
        added(models.TextField(db_default="")),
        added(models.ManyToManyField("statements.Tag")),
        migrations.AddIndex("text", models.Index(fields=["slug"], name="one")),
        migrations.RunPython(migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState([], [migrations.DeleteModel("Text")]),
    ],
    ids=lambda one: one.describe(),
)
def test_what_only_adds_is_not_noticed(operation):
    assert goes_unnoticed(operation)


@pytest.mark.parametrize(
    "operation",
    [
        # Rows of former code would have none, and the database asks for one.
        added(models.TextField(default="")),
        migrations.RemoveField("text", "slug"),
        migrations.RenameField("text", "slug", "address"),
        migrations.AlterField("text", "slug", models.TextField(null=True)),
        migrations.DeleteModel("Text"),
        migrations.RenameModel("Text", "Wording"),
        migrations.AddConstraint(
            "text", models.CheckConstraint(condition=models.Q(pk__gt=0), name="one")
        ),
        migrations.RunSQL("DROP TABLE a"),
        migrations.SeparateDatabaseAndState([migrations.DeleteModel("Text")]),
    ],
    ids=lambda one: one.describe(),
)
def test_what_takes_away_or_asks_for_more_is(operation):
    assert not goes_unnoticed(operation)


class PendingTests(TestCase):
    def said(self, plan):
        out = StringIO()
        with mock.patch(
            "statements.operating.expanding.MigrationExecutor.migration_plan", return_value=plan
        ):
            try:
                call_command("pending", stdout=out)
            except CommandError as error:
                return out.getvalue(), error.returncode
        return out.getvalue(), 0

    def migration(self, name, *operations):
        one = migrations.Migration(name, "statements")
        one.operations = list(operations)
        return one, False

    def test_where_nothing_waits_nothing_is_said(self):
        out = StringIO()
        call_command("pending", stdout=out)

        self.assertEqual(out.getvalue(), "")

    def test_each_that_waits_is_named_with_what_could_be_stumbled_on(self):
        adds = self.migration("0101_moods", added(models.TextField(null=True)))
        takes = self.migration("0102_no_slugs", migrations.RemoveField("text", "slug"))

        self.assertEqual(self.said([adds]), ("statements.0101_moods: adds only\n", 0))
        self.assertEqual(
            self.said([adds, takes]),
            (
                "statements.0101_moods: adds only\n"
                "statements.0102_no_slugs: Remove field slug from text\n",
                3,
            ),
        )
