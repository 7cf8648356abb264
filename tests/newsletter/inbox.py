"""A real mail server, which takes, puts off and refuses as a test wants it."""

import socket
from email import message_from_bytes
from email.policy import default

from aiosmtpd.controller import Controller
from django.test import override_settings
from django_tasks_db.models import DBTaskResult

SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Inbox:
    """What arrives: (return path, recipient, letter). `to_address` and `to_letter` answer."""

    def __init__(self):
        self.letters = []
        self.to_address = lambda address: "250 OK"
        self.to_letter = lambda address: "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self.to_address(address)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        [address] = envelope.rcpt_tos
        answer = self.to_letter(address)
        if answer.startswith("2"):
            letter = message_from_bytes(envelope.content, policy=default)
            self.letters.append((envelope.mail_from, address, letter))
        return answer

    @property
    def recipients(self):
        return [recipient for _from, recipient, _letter in self.letters]


class WithMailServer:
    """For a TestCase: `self.inbox`, and mails go there."""

    def setUp(self):
        super().setUp()
        self.inbox = Inbox()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start_server()
        settings = override_settings(
            EMAIL_BACKEND=SMTP, EMAIL_HOST="127.0.0.1", EMAIL_PORT=self.port
        )
        settings.enable()
        self.addCleanup(settings.disable)

    def start_server(self):
        self.server = Controller(self.inbox, hostname="127.0.0.1", port=self.port)
        self.server.start()
        self.addCleanup(self.stop_server)

    def stop_server(self):
        """Once more does no harm."""
        if not self.server.loop.is_closed():
            self.server.stop()


def forget_letters(inbox):
    """Those with which the followers of a test confirmed that they follow."""
    DBTaskResult.objects.all().delete()
    inbox.letters.clear()
