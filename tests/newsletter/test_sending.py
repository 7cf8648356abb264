"""Mails to followers over SMTP, to a real server: each comes once, whatever goes wrong."""

import re
from datetime import timedelta
from io import StringIO
from unittest import mock

from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import TestCase, TransactionTestCase, override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from statements import sealing
from statements.models import AuditEntry, Follower, Following, Mailing
from statements.newsletter import sending
from tests.factories import make_follower, make_organisation, make_text
from tests.newsletter.inbox import WithMailServer, forget_letters
from tests.newsletter.telling import some_days_later


def run_due(days=8, **options):
    out = StringIO()
    with some_days_later(days):
        call_command("run_due", stdout=out, **options)
    return out.getvalue()


def newsletter(*options):
    out = StringIO()
    call_command("newsletter", *options, stdout=out)
    return out.getvalue()


def make_older(minutes=10):
    """As if what was begun had begun so much earlier."""
    Mailing.objects.update(claimed_at=F("claimed_at") - timedelta(minutes=minutes))


class ServerTests(WithMailServer, TestCase):
    def setUp(self):
        super().setUp()
        self.union = make_organisation("Dockers of Example", slug="dockers")
        self.emails = [f"reader-{number}@example.org" for number in range(4)]
        for email in self.emails:
            make_follower(self.union, email=email)
        forget_letters(self.inbox)
        make_text("Lower the rents", slug="rents", organisations=[self.union])

    def write(self, title, days):
        with some_days_later(days):
            make_text(title, organisations=[self.union])

    def states(self):
        return sorted(Mailing.objects.values_list("state", flat=True))

    def test_each_follower_gets_one_mail_of_two_parts_that_comes_back_under_its_number(self):
        self.assertIn("Mails to followers: sent 4, put off 0, refused 0", run_due())
        run_due()

        self.assertEqual(sorted(self.inbox.recipients), self.emails)
        handles = set()
        for sender, recipient, letter in self.inbox.letters:
            self.assertEqual(letter["To"], recipient)
            self.assertEqual(letter["From"], "no-reply@testserver")
            handle = re.fullmatch(r"bounces\+([a-z2-9]{26})@testserver", sender)[1]
            self.assertEqual(letter["Message-ID"], f"<{handle}@testserver>")
            handles.add(handle)
            plain, html = letter.iter_parts()
            self.assertEqual(
                [one.get_content_type() for one in (plain, html)], ["text/plain", "text/html"]
            )
            self.assertIn("Lower the rents", plain.get_content())
            self.assertIn("Lower the rents", html.get_content())
            link = re.fullmatch(
                r"<http://testserver(/follow/leave/[\w-]{43}/)>", letter["List-Unsubscribe"].strip()
            )[1]
            self.assertEqual(letter["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
            self.client.post(link, {"List-Unsubscribe": "One-Click"})
            left = Follower.objects.filter(email_digest=sealing.address_digest(recipient))
            self.assertFalse(left.exists())
        self.assertEqual(len(handles), 4)
        self.assertFalse(Follower.objects.exists())

    def test_while_the_server_is_away_nothing_is_lost_and_nobody_is_named(self):
        self.stop_server()
        with self.assertLogs("statements.newsletter") as logs:
            run_due()
        self.assertEqual(
            logs.output,
            [
                "ERROR:statements.newsletter.sending:"
                "The mail server takes no mails to followers: ConnectionRefusedError"
            ],
        )
        self.assertEqual(Mailing.objects.count(), 0)
        self.start_server()
        run_due()

        self.assertEqual(sorted(self.inbox.recipients), self.emails)

    def test_who_is_put_off_is_told_later_and_the_others_now(self):
        slow = self.emails[1]
        self.inbox.to_address = lambda address: "450 Later" if address == slow else "250 OK"
        with self.assertNoLogs("statements.newsletter"):
            self.assertIn("sent 3, put off 1, refused 0", run_due())
        self.assertNotIn("put off", run_due())
        self.assertEqual(self.states(), ["sent"] * 3)
        self.write("News", days=8)
        self.inbox.to_address = lambda address: "250 OK"
        run_due(days=10)

        [letter] = [one for _from, to, one in self.inbox.letters if to == slow]
        text = letter.get_body(("plain",)).get_content()
        for words in ("Lower the rents", "News"):
            self.assertIn(words, text)
        self.assertEqual(Follower.objects.filter(tries__gt=0).count(), 0)
        self.assertEqual(len(self.inbox.letters), 7)

    def test_who_is_put_off_again_and_again_is_asked_ever_more_rarely(self):
        self.inbox.to_letter = lambda address: "451 Later"
        start, waits = timezone.now() + timedelta(days=2), []
        now = start
        for _try in range(9):
            with mock.patch("django.utils.timezone.now", return_value=now):
                sending.send_due()
            last = Follower.objects.latest("wait_until").wait_until
            waits.append((last - now) // timedelta(minutes=1))
            now = last

        self.assertEqual(waits, [15, 30, 60, 120, 240, 480, 960, 1440, 1440])
        self.assertEqual((self.inbox.letters, Mailing.objects.count()), ([], 0))

    def test_a_mailbox_that_is_not_there_three_times_is_erased(self):
        gone = self.emails[2]
        self.inbox.to_address = lambda address: (
            "550 5.1.1 No such user" if address == gone else "250 OK"
        )
        digest = sealing.address_digest(gone)
        for number, left in ((1, True), (2, True), (3, False)):
            self.write(f"News {number}", days=number)
            with self.assertNoLogs("statements.newsletter"):
                run_due(days=number + 1)
            self.assertEqual(Follower.objects.filter(email_digest=digest).exists(), left)

        self.assertEqual(Follower.objects.count(), 3)
        entry = AuditEntry.objects.latest("number")
        self.assertEqual((entry.act, entry.code), ("end-following", "bounces"))

    def test_what_a_server_refuses_for_what_it_is_ends_nobodys_following(self):
        for answer in ("554 5.7.1 Looks like spam", "550 5.2.2 Mailbox full"):
            self.inbox.to_letter = lambda address, answer=answer: answer
            for number in range(1, 5):
                self.write(f"{answer} {number}", days=number)
                with self.assertLogs("statements.newsletter") as logs:
                    run_due(days=number + 1)
                self.assertNotIn("reader", str(logs.output))
            Following.objects.update(told_until=timezone.now())
        self.assertEqual(Follower.objects.count(), 4)
        self.assertEqual(set(self.states()), {"refused"})

    def test_where_we_are_refused_ourselves_nothing_is_lost(self):
        async def refuse(*args):
            return "550 5.7.1 Relaying denied"

        self.inbox.handle_MAIL = refuse
        with self.assertLogs("statements.newsletter") as logs:
            run_due()
        self.assertEqual((len(logs.output), Mailing.objects.count()), (1, 0))
        del self.inbox.handle_MAIL
        run_due()

        self.assertEqual(sorted(self.inbox.recipients), self.emails)

    def test_what_nobody_knows_of_is_shown_and_never_sent_by_itself(self):
        """The connection ends after the mail was handed over, and before the server answers."""
        taken = []

        def cut(address):
            taken.append(address)
            raise ConnectionResetError

        self.inbox.to_letter = cut
        self.inbox.handle_exception = self.end_connection
        with self.assertLogs("statements.newsletter") as logs:
            run_due()
        self.assertIn("A mail to a follower may have left, or not", logs.output[-1])
        self.assertNotIn("reader", str(logs.output))
        self.inbox.to_letter = lambda address: "250 OK"
        run_due()

        self.assertEqual(sorted(self.inbox.recipients), sorted(set(self.emails) - set(taken)))
        self.assertEqual(self.states(), ["claimed", "sent", "sent", "sent"])
        make_older()
        with some_days_later(8):
            self.assertIn("unsettled since", newsletter())
        self.assertIn("of which nobody knows whether they left: 1", run_due())

    async def end_connection(self, error):
        raise error

    def begin_one(self):
        """Somebody began to send the first mail, and was stopped."""
        with (
            mock.patch.object(sending.Run, "_send", side_effect=KeyboardInterrupt),
            self.assertRaises(KeyboardInterrupt),
        ):
            run_due()
        return Mailing.objects.get(state="claimed")

    def test_what_did_not_leave_is_told_with_the_next_mail_once_somebody_says_so(self):
        begun = self.begin_one()
        email = self.email_of(begun.follower)
        run_due()
        self.assertNotIn(email, self.inbox.recipients)
        with some_days_later(8), self.assertRaises(CommandError):
            # It could be leaving at this moment.
            newsletter("--not-left", begun.handle)
        make_older()
        with some_days_later(8):
            newsletter("--not-left", begun.handle)
        for _time in range(2):
            run_due()

        self.assertEqual(sorted(self.inbox.recipients), self.emails)
        self.assertNotIn("unsettled", newsletter())

    def test_what_did_leave_is_settled_by_who_says_so(self):
        begun = self.begin_one()
        make_older()
        with some_days_later(8):
            newsletter("--left", begun.handle)
        run_due()

        self.assertNotIn(self.email_of(begun.follower), self.inbox.recipients)
        self.assertEqual(self.states(), ["sent"] * 4)

    def email_of(self, follower):
        return sealing.open_sealed(follower.email_sealed)

    def test_a_run_sends_so_many_and_the_next_one_goes_on(self):
        with self.settings(NEWSLETTER_A_MINUTE=3):
            run_due()
            self.assertEqual(len(self.inbox.letters), 3)
            run_due()
        self.assertEqual(sorted(self.inbox.recipients), self.emails)

    def test_a_server_that_takes_few_mails_a_connection_gets_a_new_one(self):
        with mock.patch.object(sending, "MOST_A_CONNECTION", 2):
            run_due()
        self.assertEqual(sorted(self.inbox.recipients), self.emails)

    def test_an_address_that_cannot_be_opened_any_more_stops_nobody_else(self):
        with self.settings(SEALING_KEYS=["a key that is gone"]):
            sealed = sealing.seal(self.emails[0])
        digest = sealing.address_digest(self.emails[0])
        Follower.objects.filter(email_digest=digest).update(email_sealed=sealed)
        with self.assertLogs("statements.newsletter"):
            run_due()

        self.assertEqual(sorted(self.inbox.recipients), self.emails[1:])
        self.assertEqual(self.states(), ["sent"] * 3)

    def test_what_is_known_of_mails_is_forgotten_after_sixty_days(self):
        run_due()
        for days, left in ((60, 4), (70, 0)):
            run_due(days=days)
            self.assertEqual(Mailing.objects.count(), left)


class WorkerTests(WithMailServer, TransactionTestCase):
    def setUp(self):
        super().setUp()
        make_follower(email="amina@example.org")
        forget_letters(self.inbox)
        make_text()

    def test_with_a_worker_it_is_queued_once_and_sent_by_the_worker(self):
        with override_settings(HAS_WORKER=True):
            for _time in range(3):
                run_due()
            self.assertEqual(self.inbox.letters, [])
            self.assertEqual(DBTaskResult.objects.filter(status="READY").count(), 1)
            with some_days_later(8):
                call_command("db_worker", "--batch", "--no-startup-delay", verbosity=0)
            run_due()

        self.assertEqual(self.inbox.recipients, ["amina@example.org"])
        self.assertEqual(DBTaskResult.objects.filter(status="READY").count(), 0)
