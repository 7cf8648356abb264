"""What has to leave the dump leaves it at once, and never comes back with one that was begun."""

import threading
from unittest import skipUnless

from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase

from statements.data import dumping, workflow
from statements.models import Naming, Person, PersonName, Statement, Text
from statements.publishing import links, seals, standing
from statements.publishing import workflow as publishing
from tests.admin.signed_in import make_staff
from tests.data.carrying import Carries
from tests.factories import (
    make_demand,
    make_demand_made,
    make_naming,
    make_organisation,
    make_person,
    make_text,
)

Standing = Statement.Standing


def withhold(person, shown_as="withheld"):
    Person.objects.filter(pk=person.pk).update(shown_as=shown_as)
    person.refresh_from_db()
    links.record_saved(person)


class DropTests(Carries, TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.text = make_text("Free Amina Secretname", slug="free", body="<p>Secretwords.</p>")
        cls.person = make_person("Amina Secretname", slug="amina")
        make_naming(cls.text, cls.person)

    def setUp(self):
        super().setUp()
        self.make()
        self.assertIn("Secretname", self.everything())

    def assert_dropped(self):
        self.assertIsNone(workflow.served())
        self.assertEqual(self.client.get("/data/statements.jsonl.gz").status_code, 404)
        self.assertContains(self.client.get("/data/"), "There is no dump at this moment")

    def test_a_statement_that_is_taken_back(self):
        folder = workflow.served().folder
        for to, said in (
            (Standing.WITHDRAWN, {"note": "Not ours."}),
            (Standing.RETRACTED, {"note": "Not theirs."}),
            (Standing.TAKEN_DOWN, {"reason": "safety"}),
        ):
            with self.subTest(to), transaction.atomic():
                standing.change_standing(self.text.statement, to, **said)
                self.assert_dropped()
                # What is not done after all drops nothing.
                transaction.set_rollback(True)
            self.text.statement.refresh_from_db()
            self.assertIn("Secretwords", self.everything())
        with self.captureOnCommitCallbacks(execute=True):
            standing.change_standing(self.text.statement, Standing.WITHDRAWN, note="Not ours.")
        self.assert_dropped()
        self.assertFalse(folder.exists())

        self.make()
        self.assertNotIn("Secretwords", self.everything())
        [stone] = self.records("tombstones")
        self.assertEqual(stone["standing"], "withdrawn")

    def test_a_name_that_is_withheld_or_shortened(self):
        for shown_as in ("initials", "withheld"):
            withhold(self.person, shown_as)
            self.assert_dropped()
            self.make()
            self.assertNotIn("Secretname", self.everything())

    def test_what_comes_to_be_concealed_by_a_row(self):
        """A spelling, a naming, a demand about somebody whose name is not shown in full."""
        withhold(self.person)
        other = make_text("For A. Secretname-Other", slug="other")

        PersonName.objects.create(person=self.person, language="de", name="Secretname-Other")
        self.make()
        links.record_saved(self.person)
        self.assert_dropped()

        self.make()
        Naming.objects.create(text=other, person=self.person, spelling="A. Secretname-Other")
        links.links_changed(other.statement)
        self.assert_dropped()

        self.make()
        self.assertNotIn("Secretname", self.everything())
        demand = make_demand("Release Secretname-Other", people=[self.person])
        make_demand_made(make_text(), demand=demand)
        self.assert_dropped()

    def test_a_version_that_is_sealed(self):
        saved = publishing.save_words(
            self.text, {"title": "Free them"}, based_on=self.text.working_revision_id
        )
        before = self.text.live_revision
        publishing.publish(saved, change="correction", note="A name too many.")
        self.assertIn("Free Amina Secretname", self.everything())

        seals.seal(before, by=make_staff("editor"), reason="safety")

        self.assert_dropped()

    def test_what_takes_nothing_back_leaves_it_there(self):
        make_text("Further", organisations=[make_organisation()])
        standing.change_standing(self.text.statement, Standing.ARCHIVED)
        self.person.refresh_from_db()
        links.record_saved(self.person)

        self.assertIn("Secretname", self.everything())

    def test_what_is_being_made_begins_anew_without_it(self):
        steps = dumping.build()
        next(steps)
        withhold(self.person)

        for _step in steps:
            pass

        self.assertNotIn("Secretname", self.everything())
        self.assertEqual(len(self.records("statements")), 1)

    def test_what_was_cut_off_is_not_taken_up_again(self):
        steps = dumping.build()
        next(steps)
        steps.close()
        self.assertTrue(workflow.building().exists())
        with self.captureOnCommitCallbacks(execute=True):
            withhold(self.person)
        self.assertFalse(workflow.building().exists())

        steps = dumping.build()
        next(steps)
        steps.close()
        # Without that having been erased.
        withhold(self.person)
        self.make()
        self.assertNotIn("Secretname", self.everything())

    def test_where_it_happens_time_and_again_it_is_left_for_later(self):
        with self.assertRaises(workflow.Dropped):
            for _step in dumping.build():
                workflow.drop()
        self.assert_dropped()
        self.assertFalse(workflow.building().exists())


@skipUnless(
    connection.vendor == "postgresql",
    "SQLite has one writer at a time, and a database in memory one connection",
)
class RaceTests(Carries, TransactionTestCase):
    def test_a_dump_that_was_made_while_a_withdrawal_was_not_committed_is_not_served(self):
        text = make_text("Secretwords", slug="secret")
        withdrawn, made = threading.Event(), threading.Event()

        def withdraw():
            with transaction.atomic():
                standing.change_standing(text.statement, Standing.WITHDRAWN, note="Not ours.")
                withdrawn.set()
                # Until the dump waits for us, which is when it is to be served.
                made.wait(timeout=2)
            connection.close()

        def make():
            withdrawn.wait(timeout=10)
            for _step in dumping.build():
                read.append(Text.objects.readable().count())
            made.set()
            connection.close()

        for first in (True, False):
            read = []
            if not first:
                # The row is there, and somebody else's.
                standing.change_standing(text.statement, Standing.CURRENT, note="Theirs.")
                withdrawn.clear()
                made.clear()
            threads = [threading.Thread(target=one) for one in (withdraw, make)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

            # Where the row was there it was read while it could still be read; else it waited.
            self.assertEqual(read[0], 0 if first else 1)
            self.assertNotIn("Secretwords", self.everything())
            self.assertEqual(len(self.records("tombstones")), 1)
            text.statement.refresh_from_db()
