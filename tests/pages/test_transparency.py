from datetime import UTC, datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils.text import capfirst

from statements.models import DeclineReason, PastSubmission, Submission
from statements.privacy import workflow as privacy
from statements.publishing import workflow as publishing
from statements.submissions import workflow
from tests.factories import make_submission, make_text


class TransparencyTests(TestCase):
    def setUp(self):
        self.moderator = get_user_model().objects.create_user("moderator")
        self.often, self.seldom = DeclineReason.objects.all()[:2]

    def received(self, count, *, state="declined", reason="", days=3, year=2025):
        """Submissions of a year that ended in a state."""
        at = datetime(year, 3, 1, 12, tzinfo=UTC)
        pks = [make_submission(f"Text {state} {reason} {n}").pk for n in range(count)]
        Submission.objects.filter(pk__in=pks).update(
            state=state,
            reason=reason,
            received_at=at,
            closed_at=None if state in Submission.OPEN else at + timedelta(days=days),
        )

    def years(self):
        response = self.client.get("/transparency/")
        return {
            one["year"]: (dict(one["rows"]), one["reasons"]) for one in response.context["years"]
        }

    def test_one_more_text_of_a_public_statement_is_published_with_its_own_words(self):
        statement = make_text("No evictions").statement
        texts = []
        for number in range(5):
            one = make_submission(f"Keine Räumung {number}", language=f"de-x-n{number}")
            workflow.take_up(one, by=self.moderator)
            texts.append(workflow.merge(one, statement, by=self.moderator))
        Submission.objects.update(received_at=datetime(2025, 3, 1, tzinfo=UTC))

        rows, _reasons = self.years()[2025]
        self.assertEqual((rows["Published"], rows["Accepted, and not published yet"]), ("0", "5"))

        for text in texts:
            publishing.publish(text.working_revision)
        self.assertEqual(self.years()[2025][0]["Published"], "5")

    def test_a_year_in_numbers(self):
        self.received(6, reason=self.often.code, days=2)
        self.received(2, reason=self.seldom.code, days=9)
        self.received(7, state="received")
        self.received(9, state="spam")
        one = make_submission("It is published")
        workflow.take_up(one, by=self.moderator)
        publishing.publish(workflow.accept(one, by=self.moderator).working_revision)
        Submission.objects.filter(pk=one.pk).update(
            received_at=datetime(2025, 3, 1, tzinfo=UTC), closed_at=datetime(2025, 3, 3, tzinfo=UTC)
        )

        rows, reasons = self.years()[2025]

        self.assertEqual(
            rows,
            {
                "Received": "at least 15",
                "Published": "fewer than 5",
                "Accepted, and not published yet": "0",
                "Declined": "8",
                "Withdrawn by the sender": "0",
                "Not decided yet": "7",
                "Half of the decisions took no longer than": "2 days",
            },
        )
        self.assertEqual(reasons, [("Other reasons", "8")])

    def test_no_small_number_is_told_by_the_others(self):
        third = DeclineReason.objects.all()[2]
        self.received(8, reason=self.often.code)
        self.received(6, reason=third.code)
        self.received(1, reason=self.seldom.code)
        self.received(1, state="withdrawn")

        rows, reasons = self.years()[2025]
        self.assertEqual((rows["Received"], rows["Declined"]), ("at least 15", "15"))
        self.assertEqual(reasons, [(capfirst(str(self.often)), "8"), ("Other reasons", "7")])

        self.received(2, state="withdrawn", year=2024)
        self.received(3, year=2024)
        self.assertEqual(self.years()[2024][0]["Received"], "at least 5")
        self.received(3, state="withdrawn", year=2024)
        self.received(2, year=2024)
        self.assertEqual(self.years()[2024][0]["Received"], "10")

    def test_what_is_erased_stays_in_the_numbers(self):
        self.received(6, reason=self.often.code, days=4)
        self.received(5, state="withdrawn")
        self.received(5, state="spam")
        before = self.years()

        self.assertEqual(privacy.erase_due()["submissions"], 16)

        self.assertFalse(Submission.objects.exists())
        self.assertEqual(PastSubmission.objects.count(), 11)
        self.assertEqual(self.years(), before)
        self.assertEqual(before[2025][0]["Received"], "11")

    def test_the_newest_year_is_first_and_each_costs_the_same(self):
        self.received(1, year=2024)
        with CaptureQueriesContext(connection) as few:
            self.client.get("/transparency/")
        for year in (2023, 2025):
            self.received(1, year=year)
            PastSubmission.objects.create(year=year, state="declined", reason="x", days=1)
        with CaptureQueriesContext(connection) as many:
            self.assertEqual(list(self.years()), [2025, 2024, 2023])

        self.assertEqual(len(few), len(many))

    def test_without_submissions_it_says_so(self):
        self.assertContains(self.client.get("/transparency/"), "Nothing was sent through the form")
