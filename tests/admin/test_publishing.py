"""The buttons that bring a text from one working state to the next, for whoever may do it."""

from copy import copy
from datetime import timedelta

import pytest
from django.test import TestCase
from django.utils import timezone
from django.utils.formats import date_format

from statements.models import Correction, Decision, Text
from statements.publishing import due, review
from tests.admin.posting import posted_from
from tests.admin.signed_in import make_staff
from tests.factories import make_naming, make_person, make_text
from tests.test_rights import accepted

# What is asked here is the same on any database.
pytestmark = pytest.mark.once

HOUR = (timezone.now() + timedelta(hours=2)).replace(second=0, microsecond=0)
TYPED_HOUR = HOUR.strftime("%Y-%m-%dT%H:%M")


class ButtonsCase(TestCase):
    def setUp(self):
        self.editor = make_staff("editor", "Editors")
        self.publisher = make_staff("publisher", "Publishers")
        self.text = make_text("No evictions", published=False)
        self.client.force_login(self.publisher)

    @property
    def address(self):
        if self.text.is_leading:
            return f"/admin/statements/statement/{self.text.statement_id}/change/"
        return f"/admin/statements/text/{self.text.pk}/change/"

    def buttons(self):
        return list(self.client.get(self.address).context["buttons"])

    def press(self, button, **changes):
        data = posted_from(self.client.get(self.address)) | {f"_{button}": "1"} | changes
        response = self.client.post(self.address, data, follow=True)
        self.text.refresh_from_db()
        return response

    def moved(self):
        found = Decision.objects.filter(text=self.text).select_related("entry")
        return [
            (one.entry.act, one.entry.before, one.entry.after) for one in found.order_by("entry_id")
        ]


class StateTests(ButtonsCase):
    def test_each_is_offered_what_is_possible_and_theirs(self):
        offered = {}
        for act in ("", "submit", "approve", "schedule"):
            if act == "schedule":
                now = timezone.now()
                review.schedule(self.text.working_revision, at=HOUR, now=now)
            elif act:
                getattr(review, act)(self.text.working_revision)
            for account in (self.editor, self.publisher):
                self.client.force_login(account)
                offered[act, account.username] = self.buttons()

        self.assertEqual(
            offered,
            {
                ("", "editor"): ["submit"],
                ("", "publisher"): ["submit", "publish", "schedule", "join"],
                ("submit", "editor"): ["send_back"],
                ("submit", "publisher"): ["approve", "publish", "send_back", "schedule", "join"],
                ("approve", "editor"): ["send_back"],
                ("approve", "publisher"): ["publish", "send_back", "schedule", "join"],
                ("schedule", "editor"): ["send_back"],
                ("schedule", "publisher"): [
                    *("publish", "send_back", "unschedule", "schedule", "join")
                ],
            },
        )

    def test_from_a_draft_to_a_version_by_two(self):
        self.client.force_login(self.editor)
        page = self.press("submit", title="No evictions, ever")
        self.assertContains(page, "Saved, and submitted for review.")
        self.assertContains(page, "<strong>In review</strong>")
        self.client.force_login(self.publisher)
        self.assertContains(self.press("approve"), "Saved, and approved: it can be published.")
        self.assertEqual(self.text.approved_revision, self.text.working_revision)
        self.assertContains(self.press("publish"), "Published as version 1.")

        self.assertEqual(self.text.live_revision.title, "No evictions, ever")
        self.assertEqual(
            self.moved()[:2],
            [("submit", "draft", "in-review"), ("approve", "in-review", "approved")],
        )
        history = self.client.get(self.address.replace("change", "history"))
        for words in ("Submitted for review", "Approved", "Published"):
            self.assertContains(history, words)

    def test_what_was_changed_is_not_approved_unseen(self):
        self.press("submit")

        page = self.press("approve", title="Something else")

        self.assertContains(page, "With the words that you changed this is a draft again.")
        self.assertEqual(
            (self.text.state, self.text.working_revision.title), ("in-review", "No evictions")
        )

    def test_a_save_that_changes_words_takes_the_approval_back_and_says_so_in_the_log(self):
        self.press("submit")
        self.press("approve")

        self.press("continue")
        self.assertEqual(self.text.state, "approved")
        page = self.press("continue", title="Something else")

        self.assertEqual((self.text.state, self.text.approved_revision), ("draft", None))
        self.assertEqual(self.moved()[-1], ("save", "approved", "draft"))
        self.assertContains(page, "It is not approved any more")

    def test_what_a_save_takes_away_is_said_and_nothing_where_it_takes_nothing(self):
        words = "any more"
        self.assertNotContains(self.press("continue", title="A draft"), words)
        self.press("submit")
        self.assertNotContains(self.press("continue"), words)
        page = self.press("continue", title="A second draft")
        self.assertContains(page, "It is not in review any more")

        self.press("schedule", scheduled_for=TYPED_HOUR)
        self.assertNotContains(self.press("continue"), words)
        page = self.press("save", title="A third draft")
        hour = date_format(timezone.localtime(HOUR), "DATETIME_FORMAT")
        self.assertContains(page, f"It is not published on {hour} any more")
        self.press("schedule", scheduled_for=TYPED_HOUR)
        self.assertContains(self.press("send_back"), f"not published on {hour} any more")
        self.press("schedule", scheduled_for=TYPED_HOUR)
        older = self.text.revisions.earliest("pk").pk
        address = f"{self.address.removesuffix('change/')}revisions/{older}/"
        restored = {"working_revision": self.text.working_revision_id}
        page = self.client.post(address, restored, follow=True)
        self.assertContains(page, f"not published on {hour} any more")

    def test_an_editor_who_sends_a_publishers_button_only_saves(self):
        self.press("submit")
        self.client.force_login(self.editor)
        for button in ("approve", "schedule", "unschedule", "publish"):
            self.press(button, scheduled_for=TYPED_HOUR)

        self.assertEqual((self.text.state, self.text.is_public), ("in-review", False))

    def test_published_words_are_not_handed_over_again(self):
        self.press("publish")

        self.assertContains(self.press("submit"), "Visitors read these very words already.")
        self.press("submit", title="Something else")
        self.assertEqual(
            (self.text.state, self.text.live_revision.title), ("in-review", "No evictions")
        )

    def test_four_eyes_hold_for_approving_and_scheduling(self):
        self.text = accepted(make_staff("moderator", "Publishers", "Moderators"))
        review.submit(self.text.working_revision)

        self.assertEqual(self.buttons(), ["approve", "publish", "send_back", "schedule", "join"])
        self.client.force_login(self.text.working_revision.by)
        self.assertEqual(self.buttons(), ["send_back"])
        page = self.press("approve")
        self.assertContains(page, "published by somebody who did not write")
        self.assertEqual(self.text.state, "in-review")

    def test_a_translation_has_them_too(self):
        leading = self.text
        self.text = make_text("Titel", statement=leading.statement, language="de", published=False)

        self.press("submit")
        self.assertEqual(self.text.state, "in-review")
        refused = self.press("schedule", scheduled_for=TYPED_HOUR)
        self.assertContains(refused, "cannot be public before the text that leads")

        review.schedule(leading.working_revision, at=HOUR, now=timezone.now())
        self.press("schedule", scheduled_for=TYPED_HOUR)
        self.assertEqual((self.text.state, self.text.scheduled_for), ("scheduled", HOUR))


class ScheduleTests(ButtonsCase):
    def test_it_is_published_at_its_hour_as_it_was_then(self):
        page = self.press("schedule", scheduled_for=TYPED_HOUR)
        self.assertContains(page, "Saved. It is published on")
        self.assertContains(page, "The draft is published on")
        self.assertContains(page, TYPED_HOUR)

        self.assertEqual(due.do_due(HOUR), due.Done(published=1))
        history = self.client.get(f"/admin/statements/statement/{self.text.statement_id}/history/")
        told = [(one["what"], str(one["by"])) for one in history.context["decisions"]]
        self.assertEqual(
            told, [("Published", "by itself, at its hour"), ("Scheduled", "publisher")]
        )
        self.assertContains(history, "<td>by itself, at its hour</td>", html=True)

    def test_what_was_brought_in_from_elsewhere_had_no_hour(self):
        statement = make_text().statement
        history = self.client.get(f"/admin/statements/statement/{statement.pk}/history/")

        told = [(one["what"], one["by"]) for one in history.context["decisions"]]
        self.assertEqual(told, [("Published", None)])

    def test_an_hour_is_asked_for_and_lies_ahead(self):
        for typed, words in (
            ("", "Say when it is to be published."),
            ("2020-01-01T10:00", "This moment has passed."),
            ("soon", "Enter a valid date/time."),
        ):
            with self.subTest(typed):
                self.assertContains(self.press("schedule", scheduled_for=typed), words)
                self.assertEqual(self.text.state, "draft")

    def test_a_further_version_says_what_it_changes_and_readers_are_told_at_the_hour(self):
        self.press("publish")
        changed = {"title": "Not one eviction", "scheduled_for": TYPED_HOUR}
        refused = self.press("schedule", **changed)
        self.assertContains(refused, "Say what kind of change readers are told of.")

        self.press("schedule", **changed, change="correction", note="The title was wrong.")
        self.assertEqual(Correction.objects.count(), 0)
        due.do_due(HOUR)

        self.assertEqual(Correction.objects.get().note, "The title was wrong.")

    def test_readers_are_told_in_the_language_of_the_text_or_in_the_one_that_was_said(self):
        leading = make_text("Arabic", language="ar").statement
        self.text = make_text("Titel", statement=leading, language="de")
        for said, language in (
            ({}, "de"),
            ({"note_language": ""}, "de"),
            ({"note_language": "FR"}, "fr"),
        ):
            with self.subTest(said):
                told = {
                    "change": "correction",
                    "note": "Le titre.",
                    "title": f"In {language} {said}",
                }
                self.press("publish", **told, **said)
                self.assertEqual(Correction.objects.newest_first()[0].language, language)
        page = self.client.get(self.text.get_absolute_url())
        self.assertContains(page, '<bdi lang="fr" dir="ltr">Le titre.</bdi>')

    def test_who_names_people_at_risk_is_asked_before_and_not_at_the_hour(self):
        make_naming(self.text, make_person("Amina", is_at_risk=True))

        page = self.press("schedule", scheduled_for=TYPED_HOUR)

        self.assertContains(page, "first the questions below need answers")
        self.assertEqual((self.text.state, due.do_due(HOUR)), ("draft", due.Done()))

    def test_who_links_people_at_risk_to_what_is_public_is_told_that_they_wait(self):
        self.press("publish")
        waits = "are not shown before the safety questions are answered"
        self.assertNotContains(self.press("continue"), waits)
        make_naming(self.text, make_person("Amina", is_at_risk=True))

        self.assertContains(self.press("continue"), waits)

    def test_it_can_be_called_off(self):
        self.press("schedule", scheduled_for=TYPED_HOUR)

        self.assertContains(self.press("unschedule"), "no longer scheduled")

        self.assertEqual((self.text.state, due.do_due(HOUR)), ("approved", due.Done()))

    def test_what_readers_are_to_be_told_stays_until_it_is_published_or_taken_out(self):
        self.press("publish")
        told = {"change": "correction", "note": "The number was wrong."}
        self.press("schedule", title="Second", scheduled_for=TYPED_HOUR, **told)

        for button, changed in (
            ("continue", {"title": "Third", **told}),
            ("schedule", {"title": "Third", "scheduled_for": TYPED_HOUR, **told}),
            ("unschedule", told),
        ):
            page = self.press(button, **changed)
            with self.subTest(button):
                self.assertContains(page, "The number was wrong.")
                self.assertEqual(self.text.scheduled_change, "correction")
        self.press("continue", change="clarification", note=told["note"])
        self.assertEqual(self.text.scheduled_change, "clarification")

        self.press("schedule", scheduled_for=TYPED_HOUR, **told)
        self.press("continue", title="Fourth", **told)
        self.press("publish", title="Fourth", **told)
        self.assertEqual(Correction.objects.get().note, "The number was wrong.")
        self.assertEqual((self.text.scheduled_change, self.text.scheduled_note), ("", ""))

    def test_what_was_taken_out_does_not_come_back(self):
        self.press("publish")
        told = {"change": "correction", "note": "The number was wrong."}
        for number, button in enumerate(("continue", "send_back", "unschedule")):
            title = f"Title {number}"
            self.press("schedule", title=title, scheduled_for=TYPED_HOUR, **told)
            with self.subTest(button):
                changed = {"title": "Another"} if button == "continue" else {}
                self.press(button, note="", **changed)
                self.assertEqual((self.text.scheduled_change, self.text.scheduled_note), ("", ""))
        # Of what stays scheduled it is what readers will be told.
        self.press("schedule", title="Last", scheduled_for=TYPED_HOUR, **told)
        self.press("continue", note="")
        self.assertEqual(self.text.scheduled_note, "The number was wrong.")

    def test_what_was_told_meanwhile_is_not_kept_for_another_version(self):
        self.press("publish")
        told = {"change": "correction", "note": "The number was wrong."}
        self.press("schedule", title="Second", scheduled_for=TYPED_HOUR, **told)
        before = copy(self.text)
        due.do_due(HOUR)

        review.change_told(before, change="correction", note="The number was wrong.")

        self.text.refresh_from_db()
        self.assertEqual(self.text.scheduled_note, "")


class StandingTests(ButtonsCase):
    def setUp(self):
        super().setUp()
        self.statement = make_text().statement
        self.standing = f"/admin/statements/statement/{self.statement.pk}/standing/"

    def send(self, **data):
        return self.client.post(self.standing, data, follow=True)

    def test_what_is_scheduled_tells_readers_then_what_was_written_for_it(self):
        for to, reason in (("withdrawn", ""), ("taken-down", "law")):
            with self.subTest(to):
                page = self.send(to=to, note="The union asked.", at=TYPED_HOUR, reason=reason)
                self.assertContains(page, "The union asked.")
                self.assertEqual(Correction.objects.filter(reason=reason).count(), 0)

                self.assertEqual(due.do_due(HOUR), due.Done(standings=1))

                entry = Correction.objects.get(reason=reason)
                self.assertEqual((entry.note, entry.language), ("The union asked.", "en"))

    def test_a_note_is_in_the_language_of_the_leading_text_or_in_the_one_that_was_said(self):
        self.statement.texts.update(language="fa")
        self.assertContains(self.client.get(self.standing), 'name="note_language" value="fa"')
        for said, to, language in (
            ({}, "withdrawn", "fa"),
            ({"note_language": "de"}, "current", "de"),
        ):
            self.send(to=to, note="The union asked.", **said)
            self.assertEqual(Correction.objects.newest_first()[0].language, language)

    def test_a_take_down_is_scheduled_and_called_off(self):
        page = self.send(to="taken-down", reason="law", at=TYPED_HOUR)
        self.assertContains(page, "Scheduled: Taken down.")
        self.assertContains(page, "Do not do it")
        self.statement.refresh_from_db()
        self.assertEqual(
            (self.statement.standing, self.statement.next_standing_at), ("current", HOUR)
        )

        self.assertContains(self.send(cancel="1"), "Nothing is scheduled any more.")
        self.assertEqual(due.do_due(HOUR), due.Done())
        self.assertContains(self.send(cancel="1"), "Somebody else changed the standing")

    def test_what_cannot_be_left_to_the_clock_is_said(self):
        for data, words in (
            ({"to": "withdrawn"}, "Readers are told why: write a sentence."),
            ({"to": "taken-down", "note": "They asked."}, "A take-down needs a reason."),
            ({"to": "archived", "at": "2020-01-01T10:00"}, "This moment has passed."),
        ):
            with self.subTest(words):
                self.assertContains(self.send(**{"at": TYPED_HOUR} | data), words)
        self.statement.refresh_from_db()
        self.assertEqual(self.statement.next_standing, "")


class ListTests(TestCase):
    def test_statements_are_found_by_the_working_state_of_a_text(self):
        self.client.force_login(make_staff("editor", "Editors"))
        draft, live = make_text("Draft one", published=False), make_text("Live one")
        over = make_text("Translated one")
        german = make_text("Titel", statement=over.statement, language="de", published=False)
        review.submit(german.working_revision)

        def found(state):
            page = self.client.get("/admin/statements/statement/", {"state": state})
            return {one.pk for one in page.context["cl"].result_list}

        self.assertEqual(found("draft"), {draft.statement_id})
        self.assertEqual(found("in-review"), {over.statement_id})
        self.assertEqual(found("approved"), set())
        self.assertEqual(
            found("nonsense"), {draft.statement_id, live.statement_id, over.statement_id}
        )
        self.assertEqual(Text.objects.get(pk=live.pk).state, "")
