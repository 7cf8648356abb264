from io import StringIO
from unittest import skipUnless

from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction
from django.test import TestCase, TransactionTestCase

from statements.auditing import workflow
from statements.models import Actor, AuditEntry, AuditHead, Decision
from tests.factories import make_text
from tests.publishing.test_races import at_once


def change(number, **values):
    """What somebody with the database's own tools does."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE statements_auditentry DISABLE TRIGGER keep_audit_log")
    rows = AuditEntry.objects.filter(number=number)
    rows.update(**values) if values else rows._raw_delete(rows.db)


class AuditLogTests(TestCase):
    def setUp(self):
        self.editor = get_user_model().objects.create_user("amina")
        self.text = make_text(published=False)

    def record(self, times=1):
        for number in range(times):
            workflow.record("publish", self.text, by=self.editor, before="draft", code=str(number))

    def verify(self, *arguments):
        printed = StringIO()
        call_command("audit_verify", *arguments, stdout=printed, stderr=StringIO())
        return printed.getvalue().strip()

    def test_an_entry_says_who_did_what_in_codes_and_numbers(self):
        entry = workflow.record(
            "publish", self.text, by=self.editor, before="approved", after="", code="correction"
        )

        self.assertEqual(
            AuditEntry.objects.values_list(
                *("number", "actor__user__username", "act", "noun", "object_id"),
                *("before", "after", "code"),
            ).get(),
            (1, "amina", "publish", "text", self.text.pk, "approved", "", "correction"),
        )
        self.assertEqual(str(AuditHead.objects.get()), f"1:{entry.hash}")

    def test_the_site_itself_acts_without_an_account(self):
        self.assertIsNone(workflow.record("publish", self.text).actor)

    def test_an_empty_log_is_whole(self):
        self.assertEqual(self.verify(), "0:")

    def test_a_whole_log_gives_its_head_and_that_fits_it_later(self):
        self.record(3)
        head = self.verify()
        self.record(2)

        self.assertEqual(head.partition(":")[0], "3")
        self.assertEqual(self.verify("--known", head).partition(":")[0], "5")

    def test_each_changed_column_is_found(self):
        for values in (
            {"act": "retract"},
            {"before": "draft, that is"},
            {"code": "x"},
            {"actor": None},
            {"object_id": 99},
            {"hash": "0" * 64},
            {"at": "2020-01-01T00:00:00Z"},
        ):
            with self.subTest(values=values), transaction.atomic():
                self.record(3)
                middle = AuditHead.objects.get().number - 1
                change(middle, **values)

                with self.assertRaisesMessage(CommandError, f"entry {middle} was changed"):
                    self.verify()
                transaction.set_rollback(True)

    def test_a_missing_entry_is_found(self):
        self.record(3)
        change(2)

        with self.assertRaisesMessage(CommandError, "entry 2 is missing"):
            self.verify()

    def test_the_last_entry_cannot_go_unnoticed(self):
        self.record(3)
        change(3)

        with self.assertRaisesMessage(CommandError, "entry 3 is missing"):
            self.verify()

    def test_a_log_that_was_written_anew_does_not_fit_the_head_kept_elsewhere(self):
        self.record(3)
        head = self.verify()
        AuditHead.objects.all().delete()
        for number in (1, 2, 3):
            change(number)
        self.record(3)

        self.assertNotEqual(self.verify(), head)
        with self.assertRaisesMessage(CommandError, "entry 3 is not the one that was written"):
            self.verify("--known", head)

    def test_a_head_that_is_none_is_refused(self):
        with self.assertRaisesMessage(CommandError, "NUMBER:HASH"):
            self.verify("--known", "3:xyz")

    def test_an_account_goes_and_its_acts_stay(self):
        self.record()
        self.editor.delete()

        self.assertEqual(self.verify().partition(":")[0], "1")
        self.assertEqual(str(Actor.objects.get()), f"#{Actor.objects.get().pk}")

    def test_a_decision_points_at_its_entry_and_its_note_can_be_erased(self):
        decision = workflow.decide(
            "approve", self.text, by=self.editor, before="in-review", after="approved", note="Fine."
        )
        Decision.objects.update(note="")

        self.assertEqual(self.text.decisions.get(), decision)
        self.assertEqual(self.verify().partition(":")[0], "1")

    def test_the_entry_of_a_decision_cannot_be_deleted_with_it(self):
        decision = workflow.decide("approve", self.text, by=self.editor)

        with self.assertRaises(models.ProtectedError):
            decision.entry.delete()

    @skipUnless(connection.vendor == "postgresql", "SQLite has the chain alone")
    def test_the_database_refuses_to_change_or_to_delete_an_entry(self):
        self.record()

        for act in (
            lambda: AuditEntry.objects.update(act="nothing"),
            lambda: AuditEntry.objects.all()._raw_delete("default"),
        ):
            with self.assertRaisesMessage(DatabaseError, "only added to"), transaction.atomic():
                act()


@skipUnless(connection.vendor == "postgresql", "SQLite has one writer at a time")
class AuditRaceTests(TransactionTestCase):
    def test_fifty_writers_at_once_make_one_chain(self):
        results = at_once([lambda: workflow.record("sign-in")] * 50)

        self.assertEqual([type(one) for one in results], [AuditEntry] * 50)
        self.assertEqual(workflow.verify().count, 50)
