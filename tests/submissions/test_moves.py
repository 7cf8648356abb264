"""Which act is possible when, and what a moderator's acts do."""

from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.test import TestCase, TransactionTestCase

from statements import sealing, tokens
from statements.models import Statement, Submission, Suggestion, Token
from statements.submissions import states, workflow
from tests.factories import make_event, make_organisation, make_submission
from tests.publishing.test_races import at_once
from tests.submissions.sending import made_earlier

FIELDS = {
    "sender": "organisation",
    "organisation_name": "Tenants of Example",
    "title": "No evictions",
    "language": "en",
    "risk": "no",
    "text": "No evictions!",
}


class MoveTests(TestCase):
    def setUp(self):
        self.users = get_user_model().objects
        self.moderator = self.users.create_user("moderator")
        self.acts = {
            "correct": lambda one: workflow.correct(one, issued=None, **FIELDS),
            "answer": lambda one: workflow.answer(one, words="Yes"),
            "withdraw": workflow.withdraw,
            "take_up": lambda one: workflow.take_up(one, by=self.moderator),
            "release": lambda one: workflow.release(one, by=self.moderator),
            "ask": lambda one: workflow.ask(one, by=self.moderator, words="Who?"),
            "request_changes": lambda one: workflow.request_changes(
                one, by=self.moderator, words="Shorter"
            ),
            "accept": lambda one: workflow.accept(one, by=self.moderator),
            "decline": lambda one: workflow.decline(one, by=self.moderator, reason="scope"),
            "mark_spam": lambda one: workflow.mark_spam(one, by=self.moderator),
        }

    def test_every_act_in_every_state_leads_where_it_should_or_is_refused(self):
        refused = "refused"
        table = {
            # state: correct, answer, withdraw, take_up, release, ask, request_changes, accept,
            # decline, mark_spam
            "quarantined": "quarantined quarantined withdrawn in-review . . . . . spam",
            "received": "received received withdrawn in-review . . . . . spam",
            "in-review": ". in-review withdrawn in-review received in-review changes-requested"
            " accepted declined spam",
            "changes-requested": "in-review changes-requested withdrawn . received"
            " changes-requested . . declined .",
            "accepted": ". accepted accepted . . accepted . . . .",
            "declined": ". . . . . . . . . .",
            "withdrawn": ". . . . . . . . . .",
            "spam": ". . . . . . . . . .",
        }
        for state, row in table.items():
            for (name, act), expected in zip(self.acts.items(), row.split(), strict=True):
                with self.subTest(f"{name} when {state}"):
                    one = make_submission(f"{name} {state}")
                    Submission.objects.filter(pk=one.pk).update(
                        state=state, moderator=self.moderator
                    )
                    try:
                        act(one)
                    except states.NotPossible as error:
                        self.assertEqual(error.submission.state, state)
                        self.assertEqual(error.submission.moderator, self.moderator)
                        done = refused
                    else:
                        one.refresh_from_db()
                        done = one.state
                    self.assertEqual(done, refused if expected == "." else expected)

    def test_a_decision_is_recorded_and_an_act_of_the_sender_is_not(self):
        one = make_submission()
        workflow.answer(one, words="Hello")
        workflow.take_up(one, by=self.moderator)
        workflow.decline(one, by=self.moderator, reason="scope", note="Ask Amina")

        self.assertEqual(
            list(
                one.decisions.order_by("entry_id").values_list(
                    *("by", "entry__act", "entry__before", "entry__after", "entry__code", "note")
                )
            ),
            [
                (self.moderator.pk, "submission_take_up", "received", "in-review", "", ""),
                (
                    *(self.moderator.pk, "submission_decline", "in-review", "declined"),
                    *("scope", "Ask Amina"),
                ),
            ],
        )

    def test_only_who_has_taken_it_up_decides(self):
        other = self.users.create_user("other")
        one = make_submission()
        workflow.take_up(one, by=other)
        for name in ("take_up", "ask", "request_changes", "accept", "decline", "mark_spam"):
            with self.subTest(name), self.assertRaises(states.NotPossible) as refused:
                self.acts[name](one)
            self.assertEqual(refused.exception.submission.moderator, other)
        workflow.release(one, by=self.moderator)
        workflow.take_up(one, by=self.moderator)
        workflow.decline(one, by=self.moderator, reason="scope")

    def test_a_released_one_has_its_old_place(self):
        first, second = make_submission("One"), make_submission("Two")
        workflow.take_up(first, by=self.moderator)
        workflow.release(first, by=self.moderator)

        self.assertEqual(list(Submission.objects.waiting()), [first, second])

    def test_accepting_makes_a_draft_with_what_the_sender_chose(self):
        event, union = make_event(), make_organisation("Tenants of Example")
        one = make_submission(
            "We  ask:\n\u2022\tLower\u00a0the rents now!\n\nNo evic\u00ad\ntions, never.",
            event=event,
            url="https://tenants.example/1",
            demands="Lower the rents\nLower the rents\n\nFree bread",
            new_event="Bread march",
            email="amina@example.org",
        )
        workflow.take_up(one, by=self.moderator)
        text = workflow.accept(one, by=self.moderator)

        one.refresh_from_db()
        statement = text.statement
        self.assertEqual(one.statement, statement)
        self.assertFalse(statement.is_public)
        self.assertEqual(
            text.working_revision.body,
            "<p>We  ask:<br>\u2022 Lower the rents now!</p>\n<p>No evictions, never.</p>",
        )
        self.assertEqual(
            (text.working_revision.title, text.working_revision.by, text.authority),
            (one.title, self.moderator, "original"),
        )
        self.assertEqual(list(statement.events.all()), [event])
        self.assertEqual([one.organisation for one in statement.authorships.all()], [union])
        self.assertEqual((statement.source.url, statement.issued), (one.url, one.issued))
        self.assertEqual(
            list(Suggestion.objects.values_list("kind", "words", "field")),
            [
                ("demand", "Lower the rents", "body"),
                ("not-in-text", "Free bread", ""),
                ("new-event", "Bread march", ""),
            ],
        )

    def test_editors_are_told_that_the_sender_fears_for_somebody_or_does_not_know(self):
        for risk, told in (("yes", ["risk"] * 2), ("unsure", ["risk-unknown"] * 2), ("no", [])):
            with self.subTest(risk):
                one, more = make_submission(risk=risk), make_submission(risk=risk, language="ar")
                for submission in (one, more):
                    workflow.take_up(submission, by=self.moderator)
                text = workflow.accept(one, by=self.moderator)
                workflow.merge(more, text.statement, by=self.moderator)

                notes = text.statement.suggestions.filter(kind__startswith="risk")
                self.assertEqual([one.kind for one in notes], told)

    def test_an_organisation_that_is_not_known_stays_as_it_was_written(self):
        make_organisation("Tenants of Example"), make_organisation("Tenants of Example")
        one = make_submission(sender="other", demands="")
        workflow.take_up(one, by=self.moderator)
        text = workflow.accept(one, by=self.moderator)

        (authorship,) = text.statement.authorships.all()
        self.assertEqual(
            (authorship.organisation, authorship.name_as_printed), (None, "Tenants of Example")
        )
        self.assertEqual(text.authority, "unknown")
        self.assertEqual(
            list(Suggestion.objects.values_list("kind", "words")),
            [("unknown-author", "Tenants of Example")],
        )

    def test_what_was_sent_is_kept_to_the_letter(self):
        sent = "We\u00a0ask:\r\n\u2022\tRents"
        one = make_submission(sent)

        self.assertEqual(Submission.objects.get(pk=one.pk).text, sent)

    def test_links_to_a_closed_one_end_in_time(self):
        one = make_submission()
        workflow.withdraw(one)

        (token,) = Token.objects.all()
        self.assertEqual((token.expires_at - token.created_at).days, 90)


class ConstraintTests(TestCase):
    def test_the_database_keeps_no_submission_without_consent(self):
        one = make_submission()
        for change in (
            {"consent": False},
            {"consent_version": ""},
            {"email_sealed": "x"},
            {"text": "a" * 60_001},
        ):
            with (
                self.subTest(change.keys()),
                self.assertRaises(IntegrityError),
                transaction.atomic(),
            ):
                Submission.objects.filter(pk=one.pk).update(**change)


class SealingTests(TestCase):
    def test_what_was_sealed_opens_again_and_tells_nothing(self):
        one = sealing.seal("amina@example.org")

        self.assertNotIn("amina", one)
        self.assertNotEqual(one, sealing.seal("amina@example.org"))
        self.assertEqual(sealing.open_sealed(one), "amina@example.org")

    def test_spellings_of_one_address_have_one_digest(self):
        digest = sealing.address_digest("Amina@Example.org ")

        self.assertEqual(digest, sealing.address_digest("amina@example.org"))
        self.assertNotEqual(digest, sealing.address_digest("amina@example.net"))

    def test_a_new_key_put_first_changes_the_seal_and_no_digest(self):
        with self.settings(SEALING_KEYS=["old"]):
            sealed, digest = sealing.seal("amina"), sealing.address_digest("amina")
        with self.settings(SEALING_KEYS=["new", "old"]):
            self.assertEqual(sealing.open_sealed(sealed), "amina")
            self.assertEqual(sealing.address_digest("amina"), digest)
            again = sealing.reseal(sealed)
        with self.settings(SEALING_KEYS=["new"]):
            self.assertEqual(sealing.open_sealed(again), "amina")
            with self.assertRaises(sealing.CannotOpen):
                sealing.open_sealed(sealed)


class TokenTests(TestCase):
    def test_the_database_has_no_token(self):
        token = tokens.issue("submission", 7)

        self.assertEqual(len(token), tokens.LENGTH)
        self.assertNotIn(token, str(Token.objects.values().get()))
        self.assertEqual(tokens.find("submission", token), 7)
        self.assertIsNone(tokens.find("another", token))

    def test_one_that_is_used_is_used_up(self):
        token = tokens.issue("confirm", 7)

        self.assertEqual([tokens.use("confirm", token) for _ in range(3)], [7, None, None])
        self.assertIsNone(tokens.find("confirm", token))

    def test_all_links_to_an_object_can_be_revoked(self):
        ours, other = tokens.issue("submission", 7), tokens.issue("submission", 8)
        tokens.revoke("submission", 7)

        self.assertEqual(
            (tokens.find("submission", ours), tokens.find("submission", other)), (None, 8)
        )


class RaceTests(TransactionTestCase):
    def setUp(self):
        if connection.vendor != "postgresql":
            self.skipTest("a database in memory has one connection")

    def test_of_twenty_who_use_a_token_one_gets_it(self):
        token = tokens.issue("confirm", 7)
        results = at_once([lambda: tokens.use("confirm", token) for _ in range(20)])

        self.assertEqual(sorted(results, key=bool), [None] * 19 + [7])

    def test_a_form_sent_twenty_times_at_once_is_one_submission(self):
        stamp = made_earlier()
        results = at_once(
            [
                lambda: workflow.submit(
                    stamp=stamp, email="", issued=None, reply_language="en", **FIELDS
                )
                for _ in range(20)
            ]
        )

        self.assertEqual(len({(one.submission.pk, one.token) for one in results}), 1)
        self.assertEqual(Submission.objects.count(), 1)

    def test_of_twenty_decisions_one_holds_and_the_others_are_told_of_it(self):
        one = make_submission()
        moderator = get_user_model().objects.create_user("moderator")
        workflow.take_up(one, by=moderator)
        acts = [
            lambda: workflow.accept(one, by=moderator),
            lambda: workflow.decline(one, by=moderator, reason="scope"),
        ]
        results = at_once(acts * 10)

        refused = [each for each in results if isinstance(each, states.NotPossible)]
        one.refresh_from_db()
        self.assertEqual(len(refused), 19)
        self.assertEqual({each.submission.state for each in refused}, {one.state})
        self.assertEqual(Statement.objects.count(), 1 if one.state == "accepted" else 0)

    def test_of_two_who_take_it_up_at_once_one_has_it(self):
        one = make_submission()
        users = [get_user_model().objects.create_user(f"moderator{n}") for n in range(10)]
        results = at_once([lambda user=user: workflow.take_up(one, by=user) for user in users])

        refused = [each for each in results if isinstance(each, states.NotPossible)]
        one.refresh_from_db()
        self.assertEqual(len(refused), 9)
        self.assertEqual({each.submission.moderator for each in refused}, {one.moderator})
