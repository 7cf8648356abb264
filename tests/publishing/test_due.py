"""What is scheduled happens at its hour, once, and is nowhere before."""

from datetime import timedelta
from io import StringIO
from unittest import mock, skipUnless

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import TestCase, TransactionTestCase
from django.utils import timezone

from statements.models import AuditEntry, Correction, Statement, Text
from statements.publishing import due, review, standing, states, workflow
from tests.factories import make_demand_made, make_event, make_text
from tests.publishing.test_races import at_once
from tests.routes import ANSWERS, PAGES, make_example_site

NOW = timezone.now().replace(second=0, microsecond=0)
HOUR = NOW + timedelta(minutes=30)
BEFORE, AFTER = HOUR - timedelta(seconds=1), HOUR


def scheduled(text, **told):
    review.schedule(text.working_revision, at=HOUR, now=NOW, **told)
    return text


class PublishTests(TestCase):
    def test_at_the_hour_and_not_a_second_before(self):
        text = scheduled(make_text("No evictions", published=False))

        self.assertEqual(due.do_due(BEFORE), due.Done())
        text.refresh_from_db()
        self.assertFalse(text.is_public)

        self.assertEqual(due.do_due(AFTER), due.Done(published=1))
        text.refresh_from_db()
        self.assertEqual(
            (text.live_revision, text.state, text.scheduled_for), (text.working_revision, "", None)
        )
        self.assertEqual(due.do_due(AFTER), due.Done())
        entry = AuditEntry.objects.get(act="publish")
        self.assertIsNone(entry.actor)

    def test_a_further_version_tells_readers_what_was_written_for_it(self):
        text = make_text("First")
        workflow.save_words(text, {"title": "Second"}, based_on=text.live_revision_id)
        scheduled(text, change="correction", note="The number was wrong.", note_language="de")

        due.do_due(AFTER)

        entry = Correction.objects.get()
        self.assertEqual(
            (entry.kind, entry.note, entry.language, entry.version.title),
            ("correction", "The number was wrong.", "de", "Second"),
        )
        text.refresh_from_db()
        self.assertEqual((text.scheduled_change, text.scheduled_note), ("", ""))

    def test_the_leading_text_goes_before_its_translations(self):
        leading = make_text(published=False)
        text = make_text(statement=leading.statement, language="de", published=False)
        scheduled(leading)
        scheduled(text)

        self.assertEqual(due.do_due(AFTER), due.Done(published=2))

    def test_nothing_comes_out_for_a_statement_that_was_withdrawn_before(self):
        leading = make_text()
        text = make_text(statement=leading.statement, language="de", published=False)
        scheduled(text)

        standing.change_standing(leading.statement, "withdrawn", note="They asked for it.")

        self.assertEqual(due.do_due(AFTER), due.Done())
        text.refresh_from_db()
        self.assertEqual((text.state, text.is_public), ("draft", False))

    def test_what_cannot_be_published_stays_and_holds_up_nothing(self):
        text = make_text("Lower the rents", body="<p>Lower the rents.</p>", published=False)
        made = make_demand_made(text, "Lower the rents.")
        scheduled(text)
        made.quotations.update(words="Words that are not there")
        other = scheduled(make_text(published=False))

        with self.assertLogs("statements.publishing.due", "ERROR"):
            done = due.do_due(AFTER)

        self.assertEqual(done, due.Done(published=1, refused=[f"text {text.pk}: QuotationsBroken"]))
        self.assertTrue(Text.objects.get(pk=other.pk).is_public)
        text.refresh_from_db()
        self.assertEqual((text.state, text.is_public), ("scheduled", False))

        out = StringIO()
        with (
            mock.patch("django.utils.timezone.now", return_value=AFTER),
            self.assertLogs("statements.publishing.due", "ERROR"),
            self.assertRaisesMessage(CommandError, "QuotationsBroken"),
        ):
            call_command("run_due", stdout=out)

    @pytest.mark.once
    def test_before_the_hour_nothing_of_it_is_in_any_answer_and_after_it_all_is(self):
        make_example_site()
        over = Text.objects.get(slug="no-evictions")
        words = dict(over.live_revision.words)
        workflow.save_words(over, words | {"surtitle": "zqover"}, based_on=over.live_revision_id)
        scheduled(over, change="correction", note="zqnote")
        event = make_event("zqevent", slug="zqevent")
        words = {"slug": "zqslug", "body": "<p>zqbody</p>", "tags": ["zqtag"]}
        first = make_text("zqtitle", events=[event], published=False, **words)
        scheduled(first)
        secrets = ("zqover", "zqnote", "zqevent", "zqtitle", "zqslug", "zqbody", "zqtag")

        due.do_due(BEFORE)
        self.assertEqual(self.found(secrets), set())
        for address in ("/statements/zqslug/", "/events/zqevent/", "/tags/zqtag/"):
            self.assertEqual(self.client.get(address).status_code, 404)

        self.assertEqual(due.do_due(AFTER), due.Done(published=2))

        shown = self.client.get("/statements/zqslug/").content.decode()
        self.assertEqual(
            self.found(secrets) | {one for one in secrets if one in shown}, set(secrets)
        )

    def found(self, words):
        """Which of the words stand in any public answer, in any language of the interface."""
        pages = [*PAGES.values(), *(f"/ar{one}" for one in PAGES.values()), *ANSWERS]
        answers = "".join(self.client.get(one).content.decode(errors="replace") for one in pages)
        self.assertIn("No evictions", answers)
        return {one for one in words if one in answers}


class StandingTests(TestCase):
    def plan(self, statement, to="archived", **told):
        standing.schedule_standing(statement, to, at=HOUR, now=NOW, **told)

    def test_at_the_hour_and_not_a_second_before(self):
        statement = make_text(slug="rents").statement
        self.plan(statement, "taken-down", reason="safety")

        due.do_due(BEFORE)
        self.assertContains(self.client.get("/statements/rents/"), "Words.")
        self.assertEqual(Correction.objects.count(), 0)

        self.assertEqual(due.do_due(AFTER), due.Done(standings=1))
        self.assertEqual(due.do_due(AFTER), due.Done())
        statement.refresh_from_db()
        self.assertEqual(
            (statement.standing, statement.next_standing, statement.next_standing_at),
            ("taken-down", "", None),
        )
        self.assertEqual(Correction.objects.get().reason, "safety")
        self.assertNotContains(self.client.get("/statements/rents/"), "Words.")

    def test_a_change_by_hand_takes_the_schedule_away(self):
        statement = make_text().statement
        self.plan(statement)

        standing.change_standing(statement, "withdrawn", note="The union asked for it.")

        self.assertEqual(due.do_due(AFTER), due.Done())
        self.assertEqual(Statement.objects.get().standing, "withdrawn")

    def test_it_can_be_called_off(self):
        statement = make_text().statement
        self.plan(statement)

        standing.unschedule_standing(statement)

        self.assertEqual(due.do_due(AFTER), due.Done())
        acts = list(AuditEntry.objects.order_by("number").values_list("act", "before", "after"))
        self.assertEqual(
            acts[-2:],
            [
                ("schedule-standing", "current", "archived"),
                ("unschedule-standing", "archived", "current"),
            ],
        )
        with self.assertRaises(states.IllegalMove):
            standing.unschedule_standing(statement)

    def test_what_is_refused(self):
        statement, draft = make_text().statement, make_text(published=False).statement
        for refusal, one, told in (
            (states.IllegalMove, draft, {}),
            (standing.ReasonMissing, statement, {"to": "withdrawn"}),
            (states.IllegalMove, statement, {"to": "current", "note": "It stays."}),
            (standing.ReasonMissing, statement, {"to": "taken-down"}),
        ):
            with self.subTest(told), self.assertRaises(refusal):
                self.plan(one, **told)
        with self.assertRaises(states.HourPassed):
            standing.schedule_standing(statement, "archived", at=NOW, now=NOW)


@skipUnless(
    connection.vendor == "postgresql",
    "SQLite has one writer at a time, and a database in memory one connection",
)
class RaceTests(TransactionTestCase):
    def test_ten_at_once_do_everything_once(self):
        texts = [scheduled(make_text(published=False)) for _n in range(8)]
        statements = [make_text().statement for _n in range(4)]
        for one in statements:
            standing.schedule_standing(one, "archived", at=HOUR, now=NOW)
        published = AuditEntry.objects.filter(act="publish").count()

        results = at_once([lambda: due.do_due(AFTER) for _n in range(10)])

        self.assertEqual({type(one) for one in results}, {due.Done}, results)
        self.assertEqual([one.refused for one in results], [[]] * 10)
        self.assertEqual(sum(one.published for one in results), len(texts))
        self.assertEqual(sum(one.standings for one in results), len(statements))
        self.assertEqual(AuditEntry.objects.filter(act="publish").count(), published + len(texts))
        self.assertEqual(AuditEntry.objects.filter(act="change-standing").count(), 4)
