"""Mail over SMTP, to a real server that the tests start."""

import contextlib
import signal
import socket
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from unittest import mock

import pytest
from aiosmtpd.controller import Controller
from django.core.management import call_command
from django.db import OperationalError, transaction
from django.test import TransactionTestCase, override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from statements import mail
from statements.models import Limit
from tests.killed import OtherProcesses

SMTP = "django.core.mail.backends.smtp.EmailBackend"
LINK = mail.Link("https://statements.example/submissions/token/")


class Inbox:
    """What arrives, with the envelopes that it came in; `answer` is what the server says."""

    def __init__(self):
        self.letters, self.answer = [], "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.answer.startswith("2"):
            letter = message_from_bytes(envelope.content, policy=default)
            self.letters.append((envelope.rcpt_tos, letter))
        return self.answer


def stop(server):
    """Once more does no harm: some tests stop it themselves."""
    if not server.loop.is_closed():
        server.stop()


def words(letter):
    return letter.get_content().replace("\r\n", "\n")


class MailTests(TransactionTestCase):
    def setUp(self):
        self.inbox = Inbox()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()
        self.settings_now = override_settings(
            EMAIL_BACKEND=SMTP, EMAIL_HOST="127.0.0.1", EMAIL_PORT=self.port
        )
        self.settings_now.enable()
        self.addCleanup(self.settings_now.disable)

    def start(self):
        self.server = Controller(self.inbox, hostname="127.0.0.1", port=self.port)
        self.server.start()
        self.addCleanup(stop, self.server)

    def send(self, title="No evictions", to="amina@example.org"):
        with transaction.atomic():
            mail.send(
                "submissions/email/received",
                to=to,
                context={"title": title, "link": LINK},
                language="en",
            )

    def send_due(self, *, after=timedelta(0)):
        """What run_due does, some time from now."""
        DBTaskResult.objects.filter(status="READY").update(
            run_after=timezone.now() - timedelta(seconds=1)
        )
        with mock.patch("statements.mail.timezone.now", return_value=timezone.now() + after):
            mail.send_due()

    def waiting(self):
        return DBTaskResult.objects.filter(status="READY").count()

    def test_a_letter_is_plain_text_for_one_person(self):
        self.send("Nein zu Räumungen")
        ((recipients, letter),) = self.inbox.letters

        self.assertEqual(recipients, ["amina@example.org"])
        self.assertEqual(letter["To"], "amina@example.org")
        self.assertEqual(letter["Subject"], "We have received your statement")
        self.assertEqual(letter["Auto-Submitted"], "auto-generated")
        # It names the site and not the machine.
        self.assertRegex(letter["Message-ID"], r"^<[^@<>]+@testserver>$")
        self.assertEqual(letter.get_content_type(), "text/plain")
        self.assertIn("    Nein zu Räumungen\n", words(letter))
        self.assertIn(f"    {LINK}\n", words(letter))

    def test_nothing_that_was_typed_becomes_a_header_or_a_link(self):
        for title in (
            "A\r\nBcc: b@example.net\r\n\r\nBuy",
            "A https://casino.example/x B",
            "A www.casino.example B",
            "A casino.example/now B",
            "A\u2028Bcc: x",
            "A\0B",
        ):
            with self.subTest(title):
                self.inbox.letters.clear()
                Limit.objects.all().delete()
                self.send(title)
                ((recipients, letter),) = self.inbox.letters

                self.assertEqual(recipients, ["amina@example.org"])
                self.assertIsNone(letter["Bcc"])
                self.assertNotIn("casino", letter.get_content())
                lines = letter.get_content().splitlines()
                self.assertEqual(len([one for one in lines if one.startswith("    A")]), 1)

    def test_a_transaction_that_fails_sends_nothing(self):
        for has_worker in (False, True):
            with (
                self.subTest(has_worker),
                override_settings(HAS_WORKER=has_worker),
                contextlib.suppress(ZeroDivisionError),
                transaction.atomic(),
            ):
                self.send()
                raise ZeroDivisionError
        self.assertEqual((self.inbox.letters, DBTaskResult.objects.count()), ([], 0))

    def test_a_letter_waits_while_the_server_is_away_and_comes_once(self):
        self.server.stop()
        self.send()
        self.send_due()
        waiting = DBTaskResult.objects.get(status="READY")
        self.assertNotIn("amina", str(waiting.args_kwargs))
        self.start()
        self.send_due()
        self.send_due()

        self.assertEqual((len(self.inbox.letters), self.waiting()), (1, 0))

    def test_it_is_tried_again_after_a_minute_and_then_ever_later(self):
        self.server.stop()
        now = timezone.now()
        with mock.patch("statements.mail.timezone.now", return_value=now):
            self.send()
        minutes = []
        for _try in range(4):
            later = DBTaskResult.objects.get(status="READY").run_after
            minutes.append((later - now) // timedelta(minutes=1))
            now = later
            with mock.patch("django.utils.timezone.now", return_value=now):
                mail.send_due()

        self.assertEqual(minutes, [1, 2, 4, 8])

    def test_a_server_that_refuses_for_now_is_asked_again_and_one_for_good_is_not(self):
        for answer, waiting in (("451 Later", 1), ("554 Never", 0)):
            with self.subTest(answer):
                DBTaskResult.objects.all().delete()
                self.inbox.answer = answer
                with self.assertNoLogs("statements.mail") if waiting else self.gives_up():
                    self.send()

                self.assertEqual(self.waiting(), waiting)

    def test_a_server_that_hangs_is_waited_for_once_and_then_left_alone_for_a_minute(self):
        stop(self.server)
        silent = socket.create_server(("127.0.0.1", self.port))
        self.addCleanup(silent.close)
        self.enterContext(override_settings(EMAIL_TIMEOUT=0.3))
        self.enterContext(mock.patch.object(mail, "SLOW", 0.1))
        self.addCleanup(setattr, mail, "_slow_until", mail._slow_until)

        self.send(to="amina@example.org")
        self.send(to="bao@example.org")
        self.send_due()

        tries = DBTaskResult.objects.values_list("return_value", flat=True)
        self.assertCountEqual(tries, [mail.PUT_OFF, None, None])
        silent.close()
        self.start()
        mail._slow_until = float("-inf")
        self.send_due(after=timedelta(minutes=2))
        came = [to for to, _letter in self.inbox.letters]
        self.assertCountEqual(came, [["amina@example.org"], ["bao@example.org"]])

    def test_nobody_waits_for_a_server_that_another_one_waits_for(self):
        with mail._one_at_a_time, mock.patch.object(mail, "PATIENCE", 0.1):
            self.send(to="amina@example.org")
            self.assertEqual((self.inbox.letters, self.waiting()), ([], 1))
        self.send(to="bao@example.org")
        self.assertEqual([to for to, _letter in self.inbox.letters], [["bao@example.org"]])

        self.send_due()
        self.assertEqual(self.waiting(), 0)
        self.assertEqual(self.inbox.letters[1][0], ["amina@example.org"])

    def test_a_letter_whose_sender_lost_the_database_comes_the_next_time(self):
        with (
            mock.patch.object(mail.limits, "hit", side_effect=OperationalError("cut off")),
            self.assertLogs("statements.mail", "ERROR"),
        ):
            self.send()
        self.assertEqual(self.inbox.letters, [])

        self.send_due()
        self.send_due()
        self.assertEqual([to for to, _letter in self.inbox.letters], [["amina@example.org"]])

    @contextlib.contextmanager
    def gives_up(self):
        with self.assertLogs("statements.mail") as logs:
            yield
        self.assertRegex(logs.output[-1], "A mail could not be sent: ")
        self.assertNotIn("amina", str(logs.output))

    def test_after_three_days_it_is_given_up(self):
        self.server.stop()
        self.send()
        with self.gives_up():
            self.send_due(after=timedelta(days=3, hours=1))

        self.assertEqual(self.waiting(), 0)

    def test_a_letter_that_cannot_be_read_any_more_is_given_up(self):
        with override_settings(HAS_WORKER=True, SEALING_KEYS=["a key that is gone"]):
            self.send()
        with self.gives_up():
            self.send_due()

        self.assertEqual((self.inbox.letters, self.waiting()), ([], 0))

    def test_with_a_worker_it_is_queued_and_sent_by_the_worker(self):
        with override_settings(HAS_WORKER=True):
            self.send()
            self.assertEqual(self.inbox.letters, [])
            call_command("db_worker", "--batch", "--no-startup-delay", verbosity=0)

        self.assertEqual(len(self.inbox.letters), 1)

    def test_an_address_gets_three_letters_a_day_and_the_others_the_next(self):
        with self.assertLogs("statements.mail") as logs:
            for _letter in range(5):
                self.send()
        self.send(to="bo@example.org")

        to = [recipients for recipients, _letter in self.inbox.letters]
        self.assertEqual(to, [["amina@example.org"]] * 3 + [["bo@example.org"]])
        held = "WARNING:statements.mail:A mail is held back: its recipient got 3 within a day."
        self.assertEqual(logs.output, [held] * 2)
        self.assertEqual(self.waiting(), 2)
        tomorrow = timezone.now() + timedelta(days=1, minutes=1)
        with mock.patch("django.utils.timezone.now", return_value=tomorrow):
            self.assertEqual(mail.send_due(), 2)
        self.assertEqual((len(self.inbox.letters), self.waiting()), (6, 0))

    def test_an_address_is_the_same_however_it_is_written(self):
        with self.assertLogs("statements.mail"):
            for to in ("amina@example.org", "Amina@Example.ORG", "AMINA@example.org") * 2:
                self.send(to=to)

        self.assertEqual(len(self.inbox.letters), 3)

    def test_a_letter_that_is_tried_again_counts_once(self):
        self.inbox.answer = "451 Later"
        self.send()
        for _try in range(5):
            self.send_due()
        self.inbox.answer = "250 OK"
        self.send_due()
        for _letter in range(2):
            self.send()

        self.assertEqual(len(self.inbox.letters), 3)


# A process that sends a letter, and is killed where the second argument says.
SENDER = """
import os, signal, sys
import django
django.setup()
from django.db import OperationalError, transaction
from statements import mail
from statements.models import Limit

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[1] == "before sending":
    mail._take = die
elif sys.argv[1] == "while sending":
    mail.EmailMessage.send = die
elif sys.argv[1] == "before commit":
    transaction.Atomic.__exit__ = die
with transaction.atomic():
    mail.send("submissions/email/received", to="amina@example.org",
        context={"title": "No evictions", "link": mail.Link("https://x.example/")}, language="en")
"""


class KilledTests(OtherProcesses, TransactionTestCase):
    """A process is killed with -9; others then work on the same database and mail folder."""

    def setUp(self):
        super().setUp()
        self.mail = self.folder / "mail"
        self.mail.mkdir()

    def run_code(self, *code):
        return self.run_process("-c", *code, EMAIL_URL=f"file://{self.mail}")

    def send_and_be_killed(self, when):
        status, _out, err = self.run_code(SENDER, when)
        self.assertEqual(status, -signal.SIGKILL, err)

    def run_due(self, *, later=timedelta(0)):
        """Some time later: as if what was begun had begun earlier by as much."""
        code = (
            "import django; django.setup(); from datetime import timedelta;"
            "from django.core.management import call_command; from django.db.models import F;"
            "from django_tasks_db.models import DBTaskResult;"
            "DBTaskResult.objects.exclude(started_at=None).update("
            f"started_at=F('started_at') - timedelta(seconds={later.total_seconds()}));"
            "call_command('run_due')"
        )
        status, _out, err = self.run_code(code)
        self.assertEqual(status, 0, err)

    def letters(self):
        return len(list(self.mail.iterdir()))

    def test_a_letter_outlives_whoever_was_killed_before_sending_it_and_comes_once(self):
        self.send_and_be_killed("before sending")
        self.assertEqual(self.letters(), 0)

        self.run_due()
        self.run_due()

        self.assertEqual(self.letters(), 1)

    def test_whoever_was_killed_while_sending_it_is_given_a_quarter_of_an_hour(self):
        self.send_and_be_killed("while sending")
        self.run_due(later=timedelta(minutes=10))
        self.assertEqual(self.letters(), 0)

        self.run_due(later=timedelta(minutes=6))
        self.run_due(later=timedelta(hours=1))

        self.assertEqual(self.letters(), 1)

    def test_what_was_not_committed_is_never_sent(self):
        self.send_and_be_killed("before commit")

        self.run_due(later=timedelta(hours=1))

        self.assertEqual(self.letters(), 0)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("smtp://mail.example", ("smtp", "mail.example", 25, "", "", False, False)),
        (
            "smtp+starttls://me%40x:p%2Fw@mail.example:2587",
            ("smtp", "mail.example", 2587, "me@x", "p/w", True, False),
        ),
        ("smtps://me:pw@mail.example", ("smtp", "mail.example", 465, "me", "pw", False, True)),
        ("console:", ("console", "localhost", 25, "", "", False, False)),
    ],
)
def test_one_address_says_how_mail_leaves(settings_for, address, expected):
    settings = settings_for(EMAIL_URL=address)

    assert expected == (
        settings.EMAIL_BACKEND.split(".")[-2],
        *(settings.EMAIL_HOST, settings.EMAIL_PORT),
        *(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD),
        *(settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL),
    )
