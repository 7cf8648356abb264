"""Working states: one table of moves, which the code, these tests and the documentation share."""

from datetime import timedelta
from pathlib import Path

from django.db import IntegrityError, transaction
from django.test import TestCase
from django.utils import timezone

from statements import rights
from statements.models import AuditEntry, Decision, Text
from statements.publishing import releases, review, states, workflow
from tests.admin.signed_in import make_staff
from tests.factories import make_naming, make_person, make_text
from tests.test_rights import accepted

DOCS = Path(__file__).resolve().parents[2] / "docs"
STATES = (states.LIVE, *states.NOT_LIVE)
NOW = timezone.now()
LATER = NOW + timedelta(hours=1)


def in_state(state):
    """A text that came to a working state by the acts that lead there."""
    text = make_text(published=state == states.LIVE)
    revision = text.working_revision
    if state in (Text.State.IN_REVIEW, Text.State.APPROVED):
        review.submit(revision)
    if state == Text.State.APPROVED:
        review.approve(revision)
    if state == Text.State.SCHEDULED:
        review.schedule(revision, at=LATER, now=NOW)
    text.refresh_from_db()
    assert text.state == state
    return text


def act_on(text, act):
    revision = text.working_revision
    if act == "save":
        words = {"title": "Other words"}
        return workflow.save_words(text, words, based_on=text.working_revision_id)
    if act == "publish":
        return workflow.publish(revision)
    if act == "schedule":
        return review.schedule(revision, at=LATER, now=NOW)
    if act == "join":
        return releases.join(releases.prepare(name="Together", by=None), revision)
    return getattr(review, act)(revision)


def drawing(moves):
    """The moves as a state diagram, one arrow a line."""
    lines = ["```mermaid", "stateDiagram-v2"]
    for act, (before, after) in moves.items():
        lines += [f"    {name(one)} --> {name(after)}: {name(act)}" for one in before]
    return "\n".join([*lines, "```"])


def standings_drawn():
    lines = ["```mermaid", "stateDiagram-v2"]
    for before, following in states.STANDINGS.items():
        lines += [f"    {name(before)} --> {name(after)}" for after in following]
    return "\n".join([*lines, "```"])


def name(word):
    return word.replace("-", "_").replace("send_back", "send back") or "live"


class MoveTests(TestCase):
    def test_every_act_in_every_state_leads_where_the_table_says_or_is_refused(self):
        for state in STATES:
            for act, (before, after) in states.MOVES.items():
                with self.subTest(state=state, act=act), transaction.atomic():
                    text = in_state(state)
                    if state in before:
                        act_on(text, act)
                        text.refresh_from_db()
                        self.assertEqual(text.state, after)
                    else:
                        refusals = (states.IllegalMove, workflow.NothingToPublish)
                        with self.assertRaises(refusals):
                            act_on(text, act)
                        text.refresh_from_db()
                        self.assertEqual(text.state, state)
                    transaction.set_rollback(True)

    def test_the_documentation_draws_these_tables(self):
        page = (DOCS / "editing.md").read_text()
        self.assertIn(drawing(states.MOVES), page)
        self.assertIn(standings_drawn(), page)
        self.assertIn(drawing(states.RELEASES), page)

    def test_every_act_but_saving_a_draft_is_a_decision_with_its_entry(self):
        editor, publisher = make_staff("editor", "Editors"), make_staff("publisher", "Publishers")
        text = make_text(published=False)
        revision = text.working_revision

        review.submit(revision, by=editor)
        review.send_back(revision, by=publisher, note="Shorter, please.")
        review.submit(revision, by=editor)
        review.approve(revision, by=publisher)
        review.schedule(revision, by=publisher, at=LATER, now=NOW)
        review.unschedule(revision, by=publisher)
        workflow.publish(revision, by=publisher)

        done = [
            (one.entry.act, one.entry.before, one.entry.after, one.by.username)
            for one in Decision.objects.select_related("entry", "by").order_by("entry_id")
        ]
        self.assertEqual(
            done,
            [
                ("submit", "draft", "in-review", "editor"),
                ("send_back", "in-review", "draft", "publisher"),
                ("submit", "draft", "in-review", "editor"),
                ("approve", "in-review", "approved", "publisher"),
                ("schedule", "approved", "scheduled", "publisher"),
                ("unschedule", "scheduled", "approved", "publisher"),
                ("publish", "", f"revision-{revision.pk}", "publisher"),
            ],
        )
        codes = set(AuditEntry.objects.exclude(act="publish").values_list("code", flat=True))
        self.assertEqual(codes, {f"revision-{revision.pk}"})
        self.assertEqual(
            Decision.objects.get(entry__act="send_back", note__gt="").note, "Shorter, please."
        )

    def test_approval_and_schedule_name_the_revision_and_a_newer_one_clears_both(self):
        for state in Text.SETTLED:
            with self.subTest(state):
                text = in_state(state)
                seen = text.working_revision
                self.assertEqual(text.approved_revision, seen)

                workflow.save_words(text, dict(seen.words), based_on=seen.pk)
                text.refresh_from_db()
                self.assertEqual((text.state, text.approved_revision), (state, seen))

                workflow.save_words(text, {"title": "Newer"}, based_on=seen.pk)
                text.refresh_from_db()
                self.assertEqual(
                    (text.state, text.approved_revision, text.scheduled_for), ("draft", None, None)
                )
                with self.assertRaises(workflow.EditedMeanwhile):
                    review.submit(seen)

    def test_a_version_from_before_leaves_a_draft_over_it(self):
        text = make_text("First")
        first = text.live_revision
        workflow.save_words(text, {"title": "Second"}, based_on=first.pk)
        workflow.publish(text.working_revision, change="typographical")

        workflow.publish(first)

        text.refresh_from_db()
        self.assertEqual((text.live_revision, text.state), (first, "draft"))

    def test_the_database_refuses_what_the_table_does_not_know(self):
        live, draft = in_state(states.LIVE), in_state(Text.State.DRAFT)
        for text, columns in (
            (live, {"state": "draft"}),
            (draft, {"state": ""}),
            (draft, {"state": "approved"}),
            (draft, {"state": "approved", "approved_revision": live.live_revision}),
            (draft, {"approved_revision": draft.working_revision}),
            (draft, {"scheduled_for": LATER}),
            (in_state(Text.State.SCHEDULED), {"scheduled_for": None}),
        ):
            with (
                self.subTest(columns),
                self.assertRaises(IntegrityError),
                transaction.atomic(),
            ):
                Text.objects.filter(pk=text.pk).update(**columns)

    def test_no_working_state_keeps_a_publisher_from_publishing(self):
        for state in states.NOT_LIVE:
            text = in_state(state)
            self.assertEqual(workflow.publish(text.working_revision).number, 1)

    def test_four_eyes_hold_for_what_leads_to_publishing(self):
        one = make_staff("one", "Publishers", "Moderators")
        text = accepted(one)
        revision = text.working_revision
        review.submit(revision, by=one)

        for act in (
            lambda: review.approve(revision, by=one),
            lambda: review.schedule(revision, by=one, at=LATER, now=NOW),
        ):
            with self.assertRaises(rights.OwnWords):
                act()
        self.assertEqual(
            review.approve(revision, by=make_staff("other", "Publishers")).state, "approved"
        )


class ScheduleTests(TestCase):
    def test_what_would_be_refused_then_is_refused_now(self):
        text = make_text(published=False)
        with self.assertRaises(states.HourPassed):
            review.schedule(text.working_revision, at=NOW, now=NOW)
        live = make_text()
        with self.assertRaises(workflow.NothingToPublish):
            review.schedule(live.live_revision, at=LATER, now=NOW)
        workflow.save_words(live, {"title": "Other"}, based_on=live.live_revision_id)
        with self.assertRaises(workflow.ChangeNotNamed):
            review.schedule(live.working_revision, at=LATER, now=NOW, change="correction")

    def test_a_translation_is_scheduled_with_the_text_that_leads_it_or_after_it(self):
        leading = make_text(published=False)
        make_naming(leading, make_person())
        text = make_text(statement=leading.statement, language="de", published=False)
        with self.assertRaises(workflow.LeadingTextNotPublished):
            review.schedule(text.working_revision, at=LATER, now=NOW)

        review.schedule(leading.working_revision, at=LATER, now=NOW)
        review.schedule(text.working_revision, at=LATER, now=NOW)

        text.refresh_from_db()
        self.assertEqual((text.state, text.scheduled_for), ("scheduled", LATER))
