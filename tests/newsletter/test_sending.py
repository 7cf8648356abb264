"""Mails to followers over SMTP, to a real server: each comes once, whatever goes wrong."""

import os
import re
import signal
from datetime import timedelta
from io import StringIO
from unittest import mock

from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test import TestCase, TransactionTestCase, override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from statements import sealing
from statements.models import AuditEntry, Follower, Following, Mailing, Text
from statements.newsletter import mailings, sending
from tests.factories import make_follower, make_organisation, make_text
from tests.killed import OtherProcesses
from tests.newsletter.inbox import WithMailServer
from tests.newsletter.telling import some_days_later
from tests.publishing.test_races import at_once


def run_due(days=8, **options):
    out = StringIO()
    with some_days_later(days):
        call_command("run_due", stdout=out, **options)
    return out.getvalue()


def newsletter(*options):
    out = StringIO()
    call_command("newsletter", *options, stdout=out)
    return out.getvalue()


def forget_letters(inbox):
    """Those with which the followers of a test confirmed that they follow."""
    DBTaskResult.objects.all().delete()
    inbox.letters.clear()


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


class KilledTests(WithMailServer, OtherProcesses, TransactionTestCase):
    """The sender is killed with -9 in the middle, twice; then others go on."""

    READERS = 12

    def setUp(self):
        super().setUp()
        union = make_organisation()
        for number in range(self.READERS):
            make_follower(union, email=f"reader-{number}@example.org")
        forget_letters(self.inbox)
        make_text("Lower the rents", organisations=[union])
        days = timezone.timedelta(days=1)
        Text.objects.update(changed_at=F("changed_at") - 2 * days)
        Following.objects.update(since=F("since") - 3 * days, told_until=F("told_until") - 3 * days)
        self.victim, self.taken = None, []

    def environment(self):
        return {"EMAIL_URL": f"smtp://127.0.0.1:{self.port}"}

    def run_due(self):
        return self.run_process("manage.py", "run_due", **self.environment())

    def be_killed(self):
        self.victim = self.start_process("manage.py", "run_due", **self.environment())
        out, err = self.victim.communicate(timeout=90)
        self.assertEqual(self.victim.returncode, -signal.SIGKILL, out + err)
        self.inbox.to_address = self.inbox.to_letter = lambda address: "250 OK"

    def kill(self, address):
        os.kill(self.victim.pid, signal.SIGKILL)
        return "250 OK"

    def newsletter(self, *options):
        """What an operator does, a quarter of an hour later."""
        code = (
            "import django; django.setup(); from datetime import timedelta;"
            "from django.core.management import call_command; from django.db.models import F;"
            "from statements.models import Mailing; Mailing.objects.filter(state='claimed').update("
            "claimed_at=F('claimed_at') - timedelta(minutes=15));"
            f"call_command('newsletter', *{list(options)!r})"
        )
        status, out, err = self.run_process("-c", code, **self.environment())
        self.assertEqual(status, 0, err)
        return out

    def test_each_gets_it_once_but_one_of_whom_nobody_knows_until_somebody_looks(self):
        everybody = sorted(f"reader-{number}@example.org" for number in range(self.READERS))
        # Taken by the server, which does not come to say so.
        self.inbox.to_letter = lambda address: (
            self.kill(address) if len(self.inbox.letters) == 4 else "250 OK"
        )
        self.be_killed()
        self.assertEqual(len(self.inbox.letters), 5)
        # Begun, and not handed over yet.
        self.inbox.to_address = lambda address: (
            self.kill(address) if len(self.inbox.letters) == 8 else "250 OK"
        )
        self.be_killed()
        for _time in range(2):
            status, _out, err = self.run_due()
            self.assertEqual(status, 0, err)

        self.assertEqual(len(self.inbox.letters), self.READERS - 1)
        self.assertEqual(len(set(self.inbox.recipients)), self.READERS - 1)
        unsettled = re.findall(r"unsettled since [^:]+:\d\d: (\w{26})", self.newsletter())
        self.assertEqual(len(unsettled), 2)
        # What the mail server's log says.
        arrived = {letter["Message-ID"][1:27] for _from, _to, letter in self.inbox.letters}
        left = [one for one in unsettled if one in arrived]
        [not_left] = [one for one in unsettled if one not in arrived]
        self.newsletter("--left", *left, "--not-left", not_left)
        self.run_due()

        self.assertEqual(sorted(self.inbox.recipients), everybody)
        self.assertNotIn("unsettled", self.newsletter())


class RaceTests(WithMailServer, TransactionTestCase):
    def setUp(self):
        super().setUp()
        if connection.vendor != "postgresql":
            self.skipTest("a database in memory has one connection")

    def test_many_who_send_at_once_send_each_mail_once(self):
        union = make_organisation()
        emails = sorted(f"reader-{number:02}@example.org" for number in range(40))
        for email in emails:
            make_follower(union, make_organisation(), None, email=email)
        quiet = [make_follower(make_organisation()) for _number in range(10)]
        forget_letters(self.inbox)
        make_text(organisations=[union])
        with some_days_later(8):
            results = at_once([sending.send_due] * 8)

        self.assertEqual([one for one in results if isinstance(one, Exception)], [])
        self.assertEqual(sum(one.sent for one in results), 40)
        self.assertGreater(len([one for one in results if one.sent]), 1)
        self.assertEqual(sorted(self.inbox.recipients), emails)
        self.assertEqual(Mailing.objects.filter(state="sent").count(), 40)
        with some_days_later(8):
            self.assertEqual(sending.send_due(), sending.Done())
        for follower in quiet:
            self.assertGreater(follower.followings.get().told_until, timezone.now())

    def test_one_mail_that_ten_claim_is_claimed_by_one(self):
        follower = make_follower()
        followings = list(follower.followings.all())
        until = timezone.now()
        seen = mailings.moment()

        def claim():
            mailing = Mailing(follower=follower, rhythm="daily", told_from=until, told_until=until)
            mailings.claim(mailing, followings, seen)
            return mailing

        results = at_once([claim] * 10)
        refused = [one for one in results if isinstance(one, mailings.Taken)]
        self.assertEqual((len(refused), Mailing.objects.count()), (9, 1))
