"""What is kept about persons is written down, and erased when its time has come."""

import re
from datetime import timedelta
from io import StringIO
from pathlib import Path
from unittest import mock

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import models
from django.test import TestCase
from django.utils import timezone

from statements import tokens
from statements.auditing import workflow as auditing
from statements.models import AuditEntry, Statement, Submission
from statements.publishing import workflow as publishing
from statements.submissions import workflow
from tests.factories import make_submission, make_text

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "privacy.md"
PERSONAL = re.compile(
    r"name|mail|phone|address|contact|birth|role|note$|words|password|agent|spelling|digest|(?:^|_)ip(?:_|$)",
    re.IGNORECASE,
)
# Look so, and hold nothing about anybody.
NOT_ABOUT_PERSONS = {
    "Event.name",
    "EventName.name",
    "DemandLetter.words",
    "DemandWording.name",
    "Place.name_override",
    "ReleaseSet.name",
    "Quotation.words",
    "Suggestion.words",
    "SiteText.name",
    "Decision.note",
    "DeclineWords.name",
    "DeclineWords.words",
    "Correction.note",
    "Submission.stamp_digest",
    "Submission.text_digest",
}


class DataMapTests(TestCase):
    def test_every_column_that_looks_personal_is_in_the_map(self):
        mapped = set(re.findall(r"`(\w+\.\w+)`", PAGE.read_text()))
        tables = [*apps.get_app_config("statements").get_models(), get_user_model()]
        columns = {
            f"{model.__name__}.{field.name}"
            for model in tables
            for field in model._meta.concrete_fields
            if isinstance(field, (models.CharField, models.TextField)) and not field.choices
        }
        looks = {one for one in columns if PERSONAL.search(one.partition(".")[2])}

        self.assertEqual(looks - mapped - NOT_ABOUT_PERSONS, set())
        self.assertEqual((mapped | NOT_ABOUT_PERSONS) - columns, set())


class ErasureTests(TestCase):
    def setUp(self):
        self.moderator = get_user_model().objects.create_user("moderator")

    def run_due(self, days):
        """What it says it erased."""
        out = StringIO()
        later = timezone.now() + timedelta(days=days)
        with mock.patch("django.utils.timezone.now", return_value=later):
            call_command("run_due", stdout=out)
        return out.getvalue().splitlines()[0]

    def test_what_was_not_published_goes_whole_after_thirty_days(self):
        for number, close in enumerate(
            (
                workflow.withdraw,
                lambda one: workflow.decline(one, by=self.moderator, reason="scope"),
                lambda one: workflow.mark_spam(one, by=self.moderator),
            )
        ):
            one = make_submission(f"Text {number}", email="amina@example.org")
            workflow.take_up(one, by=self.moderator)
            close(one)
        waiting = make_submission("It waits", email="amina@example.org")
        entries = AuditEntry.objects.count()

        self.assertEqual(
            self.run_due(29),
            "Erased: submissions 0, contacts 0, links 0, letters 0, forms 0, files 0,"
            " actors 0, requests 0, mailings 0",
        )
        self.assertEqual(
            self.run_due(31),
            "Erased: submissions 3, contacts 0, links 0, letters 0, forms 0, files 0,"
            " actors 0, requests 0, mailings 0",
        )
        self.assertEqual(
            self.run_due(31),
            "Erased: submissions 0, contacts 0, links 0, letters 0, forms 0, files 0,"
            " actors 0, requests 0, mailings 0",
        )
        self.assertEqual(list(Submission.objects.all()), [waiting])
        self.assertEqual(AuditEntry.objects.count(), entries)

    def test_who_sent_a_translation_of_an_old_statement_can_be_reached_as_long(self):
        before = make_text("Published long ago")
        Statement.objects.update(public_since=timezone.now() - timedelta(days=400))
        one = make_submission(language="de", email="amina@example.org")
        workflow.take_up(one, by=self.moderator)
        workflow.merge(one, before.statement, by=self.moderator)

        self.assertIn("contacts 0", self.run_due(89))
        self.assertIn("contacts 1", self.run_due(91))

    def test_how_to_reach_a_sender_goes_ninety_days_after_publication(self):
        one = make_submission(email="amina@example.org", note="Call us", sender_role="secretary")
        token = tokens.issue("submission", one.pk)
        workflow.take_up(one, by=self.moderator)
        text = workflow.accept(one, by=self.moderator)
        self.assertIn("contacts 0", self.run_due(91))
        publishing.publish(text.working_revision)

        self.assertIn("contacts 0", self.run_due(89))
        self.assertIn("contacts 1", self.run_due(91))
        self.assertIn("contacts 0", self.run_due(91))
        one.refresh_from_db()
        self.assertEqual(
            (one.email_sealed, one.email_digest, one.note, one.sender_role), ("", "", "", "")
        )
        self.assertIsNone(tokens.find("submission", token))
        self.assertEqual(one.statement, text.statement)

    def test_who_acted_is_a_number_alone_after_two_years_and_the_log_stays_whole(self):
        last_month = timezone.now() - timedelta(days=40)
        with mock.patch("django.utils.timezone.now", return_value=last_month):
            first = auditing.decide("publish", make_text(), by=self.moderator)
        second = auditing.decide("publish", make_text(), by=self.moderator)

        self.assertNotIn("actors 1", self.run_due(2 * 365 - 41))
        self.assertIn("actors 1", self.run_due(2 * 365 - 39))
        self.assertIn("actors 0", self.run_due(2 * 365 - 39))

        for one in (first, second):
            one.refresh_from_db()
        self.assertEqual((first.by, first.entry.actor.user), (None, None))
        self.assertEqual((second.by, second.entry.actor.user), (self.moderator, self.moderator))
        self.assertIsNone(auditing.verify().broken)
