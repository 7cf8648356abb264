"""What a reader does to follow by e-mail: the form, the mail, the button behind its link."""

import re
from itertools import count
from unittest import mock

from django.core import mail
from django.test import override_settings

from statements import antispam
from statements.mail import send_due
from tests.submissions.sending import solve

networks = count(1)
easy = override_settings(PROOF_OF_WORK_BITS=8)


def stamp(seconds=60):
    """That of a form that has been open for some time."""
    with mock.patch("statements.antispam.time.time", return_value=antispam.time.time() - seconds):
        return antispam.stamp("follow")


def ask(client, page="/follow/", *, proof=None, network="", **changes):
    """Send the form, each time from another network; a minute later the mail is sent."""
    data = {"email": "amina@example.org", "rhythm": "weekly", "language": "en", "stamp": stamp()}
    data |= changes
    data["proof"] = solve(data["stamp"]) if proof is None else proof
    answer = client.post(page, data, REMOTE_ADDR=network or f"10.1.{next(networks)}.1")
    send_due()
    return answer


def links(letter=None):
    """The addresses of pages in a letter, the last one that was sent where none is given."""
    letter = letter or mail.outbox[-1]
    return re.findall(r"http://testserver(/\S+)", letter.body)


def press(client, page, **data):
    """Open the link in the last letter and press the button there, as a browser would.

    The test client knows no paths: it would bring along the keys of other pages.
    """
    for key in [key for key in client.cookies if key.startswith("follow ")]:
        del client.cookies[key]
    opened = client.get(page, follow=True)
    return client.post(opened.request["PATH_INFO"], data, follow=True)
