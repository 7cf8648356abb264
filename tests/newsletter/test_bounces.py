"""Mails that come back: three times, and nobody writes to that mailbox any more."""

import io
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import SimpleTestCase, TestCase, TransactionTestCase

from statements import sealing
from statements.models import AuditEntry, Follower, Mailing
from statements.newsletter import bounces, mailings
from tests.factories import make_follower, make_organisation, make_text
from tests.newsletter.telling import some_days_later, tell
from tests.publishing.test_races import at_once

# What is asked here is the same on any database.
pytestmark = pytest.mark.once

# As Postfix writes it; the others differ in what surrounds the fields.
REPORT = """\
Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

This is a MIME-encapsulated message.

--b1
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b1
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Fri, 27 Nov 2026 06:05:00 +0000 (UTC)

Final-Recipient: rfc822; amina@example.org
Original-Recipient: rfc822;amina@example.org
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b1
Content-Description: Undelivered Message
Content-Type: {returned}

Message-ID: <{inside}@testserver>
From: no-reply@testserver
To: amina@example.org
Subject: what is new

{after}
--b1--
"""


def report(
    handle="",
    *,
    action="failed",
    status="5.1.1",
    returned="message/rfc822",
    inside="",
    to="",
    after="Words.",
):
    to = to or (f"bounces+{handle}@testserver" if handle else "bounces@testserver")
    fields = {"to": to, "action": action, "status": status, "returned": returned}
    return REPORT.format(**fields, inside=inside, after=after).encode()


class BounceTests(TestCase):
    def setUp(self):
        self.union = make_organisation()
        self.follower = make_follower(self.union, email="amina@example.org")
        self.other = make_follower(self.union)

    def mailing(self, day=1):
        """The number of a mail that was sent to Amina."""
        with some_days_later(day):
            make_text(organisations=[self.union])
        tell(days=day + 1)
        return Mailing.objects.filter(follower=self.follower).latest("pk")

    def state(self, mailing):
        return Mailing.objects.get(pk=mailing.pk).state

    def take(self, raw, to=""):
        out = io.StringIO()
        stdin = mock.Mock(buffer=io.BytesIO(raw))
        with mock.patch("sys.stdin", stdin):
            call_command("take_bounce", *([f"--to={to}"] if to else []), stdout=out)
        return out.getvalue().strip()

    def test_the_third_mail_that_comes_back_ends_it_and_the_address_is_erased(self):
        for day, left in ((1, True), (2, True), (3, False)):
            mailing = self.mailing(day)
            # The same report comes again: it is one mail.
            for _time in range(3):
                self.take(report(mailing.handle))
            digest = sealing.address_digest("amina@example.org")
            self.assertEqual(Follower.objects.filter(email_digest=digest).exists(), left)

        self.assertEqual(list(Follower.objects.all()), [self.other])
        entry = AuditEntry.objects.latest("number")
        self.assertEqual(
            (entry.act, entry.object_id, entry.code),
            ("end-following", self.follower.pk, "bounces"),
        )
        self.assertEqual(self.take(report(mailing.handle)), "no mail of this number is known")

    def test_it_is_known_by_the_address_that_it_came_to_or_by_what_is_returned(self):
        for day, make in enumerate(
            (
                lambda handle: (report(handle), ""),
                lambda handle: (report(handle.upper()), ""),
                lambda handle: (report(), f"bounces+{handle}@testserver"),
                lambda handle: (report(inside=handle), ""),
                lambda handle: (report(inside=handle, returned="text/rfc822-headers"), ""),
                lambda handle: (report(handle).replace(b"\n", b"\r\n"), ""),
            ),
            1,
        ):
            Mailing.objects.all().delete()
            mailing = self.mailing(day)
            with self.subTest(day):
                self.assertEqual(self.take(*make(mailing.handle)), "counted")
                self.assertEqual(self.state(mailing), "bounced")

    def test_only_a_mailbox_that_is_gone_counts(self):
        mailing = self.mailing()
        for action, status in (
            ("delayed", "4.4.1"),
            ("delayed", "5.1.1"),
            ("failed", "4.4.7"),
            ("failed", "5.2.2"),
            ("failed", "5.7.1"),
            ("failed", "5.3.4"),
            ("delivered", "2.0.0"),
            ("relayed", "2.1.5"),
            ("failed", "nonsense"),
            ("", ""),
        ):
            with self.subTest((action, status)):
                told = self.take(report(mailing.handle, action=action, status=status))
                self.assertEqual(told, "no report that a mailbox is gone")
        self.assertEqual(self.state(mailing), "sent")

    def test_whoever_knows_an_address_can_end_nothing_with_it(self):
        mailing = self.mailing()
        for raw in (
            report(),
            report(inside="a" * 26),
            report(to="bounces+amina=example.org@testserver"),
            report(mailing.handle[:-1] + ("a" if mailing.handle[-1] != "a" else "b")),
            # A number in words that somebody wrote is no number of a mail.
            report(after=f"<{mailing.handle}@testserver>"),
        ):
            self.assertEqual(self.take(raw), "no mail of this number is known")
        self.assertEqual(self.state(mailing), "sent")

    def test_what_is_no_report_is_left_alone_whatever_it_is(self):
        deep = b"".join(
            b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3000)
        )
        good = report("a" * 26)
        for name, raw in {
            "nothing": b"",
            "NUL": b"\0" * 1000,
            "deep": deep,
            "long": b"A: b\n" * 400_000,
            "vacation": b"To: bounces@testserver\nSubject: I am away\n\nBack on Monday.\n",
            "cut": good[: len(good) // 2],
            "bytes": good.replace(b"5.1.1", b"5.1.1\xff\xfe"),
            "charset": good.replace(b"us-ascii", b"x-no-such"),
            "encoded": good.replace(b"To: bounces", b"To: =?utf-8?q?=ff?= bounces"),
            "no parts": b"Content-Type: multipart/report; boundary=x\n\nnothing\n",
            "flat": b"Content-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\n",
        }.items():
            with self.subTest(name):
                self.assertIn(
                    self.take(raw),
                    ("no report that a mailbox is gone", "no mail of this number is known"),
                )

    def test_nothing_of_it_is_written_to_a_log(self):
        mailing = self.mailing()
        with self.assertNoLogs():
            told = self.take(report(mailing.handle))
        self.assertEqual(told, "counted")

    def test_while_the_database_is_away_the_mail_server_is_to_try_again(self):
        with (
            mock.patch.object(mailings, "came_back", side_effect=OperationalError("amina")),
            self.assertRaises(CommandError) as away,
        ):
            self.take(report("a" * 26))
        self.assertEqual(
            (away.exception.returncode, str(away.exception)), (75, "The database is away.")
        )


class ReplyTests(SimpleTestCase):
    def test_what_mail_servers_say_of_a_mailbox_that_is_not_there(self):
        for code, words, gone in (
            (550, "5.1.1 <a@example.org>: Recipient address rejected: User unknown", True),
            (550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", True),
            (550, "5.4.1 Recipient address rejected: Access denied", True),
            (550, "5.2.1 The email account that you tried to reach is inactive", True),
            (550, "No such user here", True),
            (553, "sorry, no mailbox here by that name", True),
            (552, "5.2.2 mailbox full", False),
            (550, "5.2.2 mailbox full", False),
            (552, "Requested mail action aborted: exceeded storage allocation", False),
            (554, "Message rejected", False),
            (550, "5.7.1 Service unavailable; client host blocked", False),
            (550, "5.7.26 Unauthenticated email is not accepted", False),
            (450, "4.2.0 Greylisted", False),
        ):
            with self.subTest(words):
                self.assertEqual(bounces.is_gone_by_reply(code, words.encode()), gone)


class RaceTests(TransactionTestCase):
    def setUp(self):
        if connection.vendor != "postgresql":
            self.skipTest("a database in memory has one connection")

    def test_three_that_come_back_at_once_end_it(self):
        union = make_organisation()
        make_follower(union)
        for day in (1, 2, 3):
            with some_days_later(day):
                make_text(organisations=[union])
            tell(days=day + 1)
        handles = list(Mailing.objects.values_list("handle", flat=True))
        results = at_once([lambda one=one: mailings.came_back(one) for one in handles * 2])

        self.assertEqual([one for one in results if isinstance(one, Exception)], [])
        self.assertEqual((len(handles), Follower.objects.count()), (3, 0))
