"""Mail over SMTP, to a real server that the tests start."""

import contextlib
import socket
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from unittest import mock

import pytest
from aiosmtpd.controller import Controller
from django.core.management import call_command
from django.db import transaction
from django.test import TransactionTestCase, override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from statements import mail

SMTP = "django.core.mail.backends.smtp.EmailBackend"
QUEUED = {
    name: {"BACKEND": "django_tasks_db.backend.DatabaseBackend"} for name in ("default", "later")
}
LATER = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "later": QUEUED["later"],
}
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


def work_off(backend):
    call_command("db_worker", "--batch", "--no-startup-delay", backend_name=backend, verbosity=0)


class MailTests(TransactionTestCase):
    def setUp(self):
        self.inbox = Inbox()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()
        self.settings_now = override_settings(
            EMAIL_BACKEND=SMTP, EMAIL_HOST="127.0.0.1", EMAIL_PORT=self.port, TASKS=LATER
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

    def work(self, *, after=timedelta(0)):
        """What the worker does, some time from now."""
        DBTaskResult.objects.filter(status="READY").update(
            run_after=timezone.now() - timedelta(seconds=1)
        )
        with mock.patch("statements.mail.timezone.now", return_value=timezone.now() + after):
            call_command(
                "db_worker", "--batch", "--backend", "later", "--no-startup-delay", verbosity=0
            )

    def test_a_letter_is_plain_text_for_one_person(self):
        self.send("Nein zu Räumungen")
        ((recipients, letter),) = self.inbox.letters

        self.assertEqual(recipients, ["amina@example.org"])
        self.assertEqual(letter["To"], "amina@example.org")
        self.assertEqual(letter["Subject"], "We have received your statement")
        self.assertEqual(letter["Auto-Submitted"], "auto-generated")
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
                self.send(title)
                ((recipients, letter),) = self.inbox.letters

                self.assertEqual(recipients, ["amina@example.org"])
                self.assertIsNone(letter["Bcc"])
                self.assertNotIn("casino", letter.get_content())
                lines = letter.get_content().splitlines()
                self.assertEqual(len([one for one in lines if one.startswith("    A")]), 1)

    def test_a_transaction_that_fails_sends_nothing(self):
        for tasks in (LATER, QUEUED):
            with (
                self.subTest(tasks["default"]),
                override_settings(TASKS=tasks),
                contextlib.suppress(ZeroDivisionError),
                transaction.atomic(),
            ):
                self.send()
                raise ZeroDivisionError
        self.assertEqual((self.inbox.letters, DBTaskResult.objects.count()), ([], 0))

    def test_a_letter_waits_while_the_server_is_away_and_comes_once(self):
        self.server.stop()
        self.send()
        self.work()
        self.assertEqual(DBTaskResult.objects.filter(status="READY").count(), 1)
        waiting = DBTaskResult.objects.get(status="READY")
        self.assertNotIn("amina", str(waiting.args_kwargs))
        self.start()
        self.work()
        self.work()

        self.assertEqual(len(self.inbox.letters), 1)

    def test_a_server_that_refuses_for_now_is_asked_again_and_one_for_good_is_not(self):
        for answer, waiting in (("451 Later", 1), ("554 Never", 0)):
            with self.subTest(answer):
                DBTaskResult.objects.all().delete()
                self.inbox.answer = answer
                with contextlib.ExitStack() as stack:
                    if not waiting:
                        logs = stack.enter_context(self.assertLogs("statements.mail"))
                    self.send()

                self.assertEqual(DBTaskResult.objects.filter(status="READY").count(), waiting)
        self.assertNotIn("amina", str(logs.output))

    def test_after_three_days_it_is_given_up(self):
        self.server.stop()
        self.send()
        with self.assertLogs("statements.mail") as logs:
            self.work(after=timedelta(days=3, hours=1))

        self.assertEqual(DBTaskResult.objects.filter(status="READY").count(), 0)
        self.assertNotIn("amina", str(logs.output))

    def test_with_a_worker_it_is_queued_and_sent_by_the_worker(self):
        with override_settings(TASKS=QUEUED):
            self.send()
            self.assertEqual(self.inbox.letters, [])
            work_off("default")

        self.assertEqual(len(self.inbox.letters), 1)


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
