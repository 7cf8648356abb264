"""No mail is sent twice, whoever is killed in the middle and however many send at once."""

import os
import re
import signal

import pytest
from django.db import connection
from django.db.models import F
from django.test import TransactionTestCase
from django.utils import timezone

from statements.models import Following, Mailing, Text
from statements.newsletter import mailings, sending
from tests.factories import make_follower, make_organisation, make_text
from tests.killed import OtherProcesses
from tests.newsletter.inbox import WithMailServer, forget_letters
from tests.newsletter.telling import some_days_later
from tests.publishing.test_races import at_once


@pytest.mark.long
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
