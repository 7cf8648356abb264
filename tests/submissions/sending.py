"""What a person types into the public form, step by step, without a script."""

from itertools import count
from unittest import mock

from django.conf import settings
from django.test import Client, override_settings

from statements import antispam

SENDER = {
    "sender": "organisation",
    "organisation_name": "Tenants of Example",
    "organisation_website": "tenants.example",
    "sender_role": "secretary",
}
WORDS = {
    "title": "No evictions in Example Harbour",
    "language": "en",
    "text": "We ask the council to stop the evictions.\n\nNo family may be put on the street!",
    "day": "",
    "month": "6",
    "year": "2026",
    "url": "https://tenants.example/statement",
    "risk": "no",
}
ABOUT = {"event": "", "new_event": "Rent strike", "demands": "Stop the evictions\r\n\r\nNo family"}
SEND = {"email": "amina@example.org", "note": "Call us.", "consent": "on"}
ALL = SENDER | WORDS | ABOUT | SEND


def solve(stamp: str) -> str:
    """The proof of work that a browser would do."""
    return next(
        str(n) for n in range(10**7) if antispam.proves(stamp, str(n), settings.PROOF_OF_WORK_BITS)
    )


def made_earlier(seconds: float = 60) -> str:
    """The stamp of a form that has been open for some time."""
    with mock.patch("statements.antispam.time.time", return_value=antispam.time.time() - seconds):
        return antispam.stamp("submit")


networks = count(1)
easy = override_settings(PROOF_OF_WORK_BITS=8)


def new_form(client: Client) -> None:
    """The test client knows no paths: it would bring along the keys of other forms."""
    for key in [key for key in client.cookies if key.startswith("form ")]:
        del client.cookies[key]


def send(
    client: Client, *, stamp: str = "", proof: str | None = None, address: str = "", **changes
):
    """Send the last step with all that was typed, each time from another network.

    What is refused is answered by the step that is to be mended.
    """
    stamp = stamp or made_earlier()
    proof = solve(stamp) if proof is None else proof
    data = ALL | changes | {"step": "send", "stamp": stamp, "proof": proof}
    new_form(client)
    network = address or f"10.0.{next(networks)}.1"
    response = client.post("/submit/", data, REMOTE_ADDR=network)
    if "/submit/" in response.get("Location", ""):
        response = client.get(response["Location"])
    return response
