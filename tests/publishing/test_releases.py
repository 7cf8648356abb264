"""Release sets: nothing of a set before its hour, all of it after, and never a part."""

import re
from datetime import timedelta
from functools import partial
from unittest import skipUnless

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test import TestCase, TransactionTestCase
from django.utils import timezone

from statements.models import (
    AuditEntry,
    Correction,
    Event,
    Organisation,
    ReleaseSet,
    SafetyCheck,
    Statement,
    Text,
)
from statements.publishing import due, outgoing, releases, review, standing, states, workflow
from statements.publishing.attachments import delete_statement
from statements.safety import workflow as safety
from tests.admin.signed_in import make_staff
from tests.factories import (
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_text,
    pass_safety,
)
from tests.publishing.test_races import at_once
from tests.routes import ANSWERS, PAGES, make_example_site

NOW = timezone.now().replace(second=0, microsecond=0)
HOUR = NOW + timedelta(minutes=30)
BEFORE, AFTER = HOUR - timedelta(seconds=1), HOUR


def make_set(*texts, at=HOUR, **told):
    """A set that is being prepared, with the working words of these texts."""
    release = releases.prepare(name="Together", at=at, by=None)
    for text in texts:
        releases.join(release, Text.objects.get(pk=text.pk).working_revision, **told)
    return release


def seen(release, by=None):
    release = ReleaseSet.objects.get(pk=release.pk)
    return releases.key(release, outgoing.rehearse(release, by=by))


def scheduled(*texts, by=None, **told):
    release = make_set(*texts, **told)
    return releases.schedule(release, by=by, now=NOW, seen=seen(release, by))


def saved_over(text, title):
    text.refresh_from_db()
    words = text.working_revision.words | {"title": title}
    return workflow.save_words(text, words, based_on=text.working_revision_id)


class ReleaseTests(TestCase):
    def draft(self, title="Draft", **fields):
        return make_text(title, published=False, **fields)

    def assert_public(self, texts, expected):
        public = [Text.objects.get(pk=one.pk).is_public for one in texts]
        self.assertEqual(public, [expected] * len(texts))

    def test_at_the_hour_all_of_it_goes_out_at_one_moment(self):
        event = make_event()
        over = make_text("First")
        saved_over(over, "Second")
        leading = self.draft(events=[event], organisations=[make_organisation()])
        translation = self.draft(statement=leading.statement, language="de")
        # The translation is put in before the text that leads it, and goes out all the same.
        release = make_set(translation, leading)
        over.refresh_from_db()
        told = {"change": "correction", "note": "It was the second.", "note_language": "de"}
        releases.join(release, over.working_revision, **told)
        releases.schedule(release, by=None, now=NOW, seen=seen(release))
        texts = (leading, translation, over)

        self.assertEqual(due.do_due(BEFORE), due.Done())
        self.assert_public(texts[:2], False)

        self.assertEqual(due.do_due(AFTER), due.Done(sets=1))

        self.assert_public(texts, True)
        moments = {Text.objects.get(pk=one.pk).live_revision.published_at for one in texts}
        moments.add(Statement.objects.get(pk=leading.statement_id).public_since)
        self.assertEqual(len(moments), 1)
        self.assertTrue(Event.objects.get().is_public and Organisation.objects.get().is_public)
        entry = Correction.objects.get()
        self.assertEqual((entry.note, entry.language), ("It was the second.", "de"))
        over.refresh_from_db()
        self.assertEqual((over.state, over.release), ("", None))
        self.assertEqual(ReleaseSet.objects.get().state, "released")
        self.assertEqual(due.do_due(AFTER), due.Done())
        acts = list(AuditEntry.objects.order_by("number").values_list("act", flat=True))
        self.assertEqual(acts[-5:], ["schedule-release", *["publish"] * 3, "release"])

    def test_one_text_that_cannot_go_out_holds_back_all(self):
        quoting = self.draft("Lower the rents", body="<p>Lower the rents.</p>")
        made = make_demand_made(quoting, "Lower the rents.")
        naming, changed, alone = self.draft(), self.draft(), self.draft()
        translation = self.draft(statement=alone.statement, language="de")
        fine, person = self.draft(), make_person("Amina Okoye", is_at_risk=True)
        texts = (fine, quoting, naming, changed, alone, translation)
        release = scheduled(*texts)
        self.assert_public(texts, False)
        made.quotations.update(words="Words that are not there")
        make_naming(naming, person)
        saved_over(changed, "Newer words")
        revision = Text.objects.get(pk=alone.pk).working_revision
        review.send_back(revision)
        events = AuditEntry.objects.filter(act="publish").count()

        with self.assertLogs("statements.publishing.due", "ERROR"):
            done = due.do_due(AFTER)

        self.assertEqual(done, due.Done(refused=[f"release set {release.pk}: SetRefused"]))
        self.assert_public(texts, False)
        self.assertEqual(AuditEntry.objects.filter(act="publish").count(), events)
        release.refresh_from_db()
        refusals = dict(release.members.values_list("text", "refusal"))
        expected = ("", "quotations", "safety", "words", "words", "leading")
        self.assertEqual([refusals[one.pk] for one in texts], list(expected))
        entry = AuditEntry.objects.get(act="refuse-release")
        self.assertEqual((entry.after, entry.code), ("refused", "leading,quotations,safety,words"))
        # It does not go out later by surprise.
        self.assertEqual(due.do_due(AFTER), due.Done())

        releases.unschedule(release, by=None)
        for text in (quoting, naming, changed, alone, translation):
            releases.leave(release, release.members.get(text=text).pk, by=None)
        releases.schedule(release, by=None, now=NOW, seen=seen(release))
        self.assertEqual(due.do_due(AFTER), due.Done(sets=1))
        self.assert_public([fine], True)

    def test_who_leaves_keeps_what_readers_were_to_be_told_of_its_words(self):
        text = make_text("First")
        saved_over(text, "Second")
        review.schedule(
            text.working_revision, at=HOUR, now=NOW, change="correction", note="Before the set."
        )
        told = {"change": "clarification", "note": "In the set.", "note_language": "de"}
        release = make_set(text, **told)

        releases.leave(release, release.members.get().pk, by=None)

        text.refresh_from_db()
        self.assertEqual(
            (text.scheduled_change, text.scheduled_note, text.scheduled_note_language),
            tuple(told.values()),
        )

    def test_the_dry_run_says_what_would_go_out_and_stores_nothing(self):
        event, person = make_event(), make_person("Amina Okoye", is_at_risk=True)
        text = self.draft(events=[event])
        make_naming(text, person)
        pass_safety(text.statement)
        release = make_set(text)
        before = AuditEntry.objects.count()

        outcome = outgoing.rehearse(release, by=None)

        found = {model.__name__: ids for model, ids in outcome.with_them.items() if ids}
        self.assertEqual(found, {"Event": {event.pk}, "Person": {person.pk}})
        self.assertEqual([one.revision.number for one in outcome.members], [1])
        self.assertTrue(outcome.is_possible)
        self.assertFalse(Event.objects.published().exists())
        self.assert_public([text], False)
        self.assertEqual(AuditEntry.objects.count(), before)

        # Answers that are to be looked at again before the hour do not hold for it.
        SafetyCheck.objects.update(review_on=timezone.localdate(HOUR) - timedelta(days=1))
        self.assertEqual(
            [one.refusal for one in outgoing.rehearse(release, by=None).members], ["safety"]
        )

    def test_nobody_schedules_what_they_have_not_seen(self):
        text = self.draft()
        release = make_set(text)
        read = seen(release)
        releases.join(release, self.draft().working_revision)
        for change, refusal in (
            ({"seen": read}, releases.SetChanged),
            ({"now": HOUR}, states.HourPassed),
        ):
            with self.assertRaises(refusal):
                releases.schedule(release, **{"by": None, "now": NOW, "seen": read} | change)
        saved_over(text, "Newer")
        with self.assertRaises(outgoing.HeldBack):
            releases.schedule(release, by=None, now=NOW, seen=seen(release))
        empty = make_set()
        with self.assertRaises(outgoing.HeldBack):
            releases.schedule(empty, by=None, now=NOW, seen=seen(empty))
        without = make_set(self.draft(), at=None)
        with self.assertRaises(releases.HourMissing):
            releases.schedule(without, by=None, now=NOW, seen=seen(without))

    def test_what_would_be_refused_then_is_refused_when_it_is_put_in(self):
        naming, over = self.draft(), make_text("First")
        make_naming(naming, make_person("Amina Okoye", is_at_risk=True))
        saved_over(over, "Second")
        for refusal, text in (
            (safety.NotPassed, naming),
            (workflow.ChangeNotNamed, over),
            (workflow.NothingToPublish, make_text()),
        ):
            with self.subTest(refusal), self.assertRaises(refusal):
                make_set(text)

    def test_a_text_is_in_one_set_and_has_no_hour_of_its_own(self):
        text = self.draft()
        review.schedule(text.working_revision, at=HOUR, now=NOW)
        release = make_set(text)
        text.refresh_from_db()
        self.assertEqual((text.state, text.scheduled_for), ("approved", None))
        for act in (
            lambda: make_set(text),
            lambda: review.schedule(text.working_revision, at=HOUR, now=NOW),
            lambda: workflow.publish(text.working_revision),
        ):
            with self.assertRaises(workflow.InReleaseSet):
                act()
        alone = {"state": "scheduled", "scheduled_for": HOUR}
        with self.assertRaises(IntegrityError), transaction.atomic():
            Text.objects.filter(pk=text.pk).update(**alone)
        with self.assertRaises(ProtectedError), transaction.atomic():
            delete_statement(text.statement)

        releases.cancel(release, by=None)

        text.refresh_from_db()
        self.assertEqual((text.state, text.release), ("approved", None))
        workflow.publish(text.working_revision)

    def test_whose_words_they_are_does_not_let_them_out(self):
        one, other = (make_staff(name, "Publishers") for name in ("one", "other"))
        with self.settings(FOUR_EYES="always"):
            text = self.draft()
            saved = workflow.save_words(
                text, {"title": "Mine"}, by=one, based_on=text.working_revision_id
            )
            release = releases.prepare(name="Together", at=HOUR, by=one)
            with self.assertRaises(workflow.rights.OwnWords):
                releases.join(release, saved, by=one)
            releases.join(release, saved, by=other)
            with self.assertRaises(outgoing.HeldBack) as held:
                releases.schedule(release, by=one, now=NOW, seen=seen(release, one))
            self.assertEqual([m.text_id for m in held.exception.outcome.own], [text.pk])
            releases.schedule(release, by=other, now=NOW, seen=seen(release, other))

    def test_what_is_scheduled_is_not_changed_under_whoever_read_it(self):
        release = scheduled(self.draft())
        member = release.members.get()
        for act in (
            lambda: releases.join(release, self.draft().working_revision),
            lambda: releases.leave(release, member.pk, by=None),
            lambda: releases.describe(release, name="Other", at=AFTER, by=None),
        ):
            with self.assertRaises(states.IllegalMove):
                act()

    def test_nothing_comes_out_for_a_statement_that_was_withdrawn_before(self):
        over, other = make_text("First"), self.draft()
        saved_over(over, "Second")
        scheduled(over, other, change="typographical")
        standing.change_standing(over.statement, "withdrawn", note="They asked for it.")

        with self.assertLogs("statements.publishing.due", "ERROR"):
            due.do_due(AFTER)

        self.assert_public([other], False)
        self.assertEqual(Text.objects.get(pk=over.pk).live_revision.title, "First")

    @pytest.mark.once
    def test_before_the_hour_nothing_of_it_is_in_any_answer_and_after_it_all_is(self):
        make_example_site()
        over = Text.objects.get(slug="no-evictions")
        words = dict(over.live_revision.words)
        workflow.save_words(over, words | {"surtitle": "zqover"}, based_on=over.live_revision_id)
        event = make_event("zqevent", slug="zqevent")
        words = {"slug": "zqslug", "body": "<p>zqbody</p>", "tags": ["zqtag"]}
        first = self.draft("zqtitle", events=[event], **words)
        second = self.draft("zqsecond", statement=first.statement, language="de", slug="zqzwei")
        release = make_set(first, second)
        ReleaseSet.objects.filter(pk=release.pk).update(name="zqname")
        over.refresh_from_db()
        told = {"change": "correction", "note": "zqnote"}
        releases.join(release, over.working_revision, **told)
        releases.schedule(release, by=None, now=NOW, seen=seen(release))
        secrets = {"zqover", "zqnote", "zqevent", "zqtitle", "zqslug", "zqbody", "zqtag"}
        secrets |= {"zqsecond", "zqzwei"}
        addresses = ("/statements/zqslug/", "/statements/zqzwei/", "/events/zqevent/")

        due.do_due(BEFORE)
        self.assertEqual(self.found(secrets), set())
        self.assertEqual({self.client.get(one).status_code for one in addresses}, {404})

        self.assertEqual(due.do_due(AFTER), due.Done(sets=1))

        self.assertEqual(self.found(secrets | {"zqname"}, *addresses), secrets)

    def found(self, words, *further):
        """Which of the words stand in any public answer, in any language of the interface."""
        pages = [*PAGES.values(), *(f"/ar{one}" for one in PAGES.values()), *ANSWERS]
        answers = "".join(
            self.client.get(one).content.decode(errors="replace") for one in (*pages, *further)
        )
        self.assertIn("No evictions", answers)
        return set(words) & set(re.findall(r"zq[a-z]+", answers))


@skipUnless(
    connection.vendor == "postgresql",
    "SQLite has one writer at a time, and a database in memory one connection",
)
class RaceTests(TransactionTestCase):
    def test_all_or_nothing_against_editors_a_second_run_and_a_cancel(self):
        for round_ in range(6):
            event, organisation = make_event(), make_organisation()
            texts = [
                make_text(published=False, events=[event], organisations=[organisation])
                for _n in range(4)
            ]
            release = scheduled(*texts)
            further = make_text(published=False, events=[event], organisations=[organisation])
            acts = [partial(due.do_due, AFTER) for _n in range(3)]
            acts.append(partial(workflow.publish, further.working_revision))
            acts.append(partial(saved_over, texts[round_ % 4], "Newer"))
            if round_ % 2:
                acts.append(partial(releases.cancel, release, by=None))

            with self.subTest(round_):
                results = at_once(acts[round_:] + acts[:round_])

                errors = [one for one in results if isinstance(one, Exception)]
                self.assertLessEqual({type(one) for one in errors}, {states.IllegalMove}, results)
                dones = [one for one in results if isinstance(one, due.Done)]
                self.assertLessEqual(sum(one.sets for one in dones), 1)
                refused = [line for one in dones for line in one.refused]
                self.assertLessEqual({line.split(": ")[1] for line in refused}, {"SetRefused"})
                public = {Text.objects.get(pk=one.pk).is_public for one in texts}
                release.refresh_from_db()
                self.assertEqual(public, {release.state == "released"})
                self.assertIn(release.state, ("released", "refused", "cancelled"))
