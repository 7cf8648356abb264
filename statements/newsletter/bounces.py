"""Mails that come back: whether a mailbox is gone, and whose it was (RFC 3464, RFC 3463).

What comes to the return path is anybody's to send. So it counts for one mail alone, whose number it
names: 130 random bits that stand in nothing but that mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from enum import Enum

from statements.models.follower import HANDLE_LETTERS
from statements.newsletter import mailings

# A report has some kilobytes, and the mail that it is about.
LONGEST = 1024 * 1024
MOST_PARTS = 200
HANDLE = rf"(?<![a-z0-9])([{HANDLE_LETTERS}]{{26}})@"
IN_ADDRESS, IN_MESSAGE_ID = re.compile(rf"\+{HANDLE}"), re.compile(rf"<{HANDLE}")
# Where mail servers write whom a mail was delivered to.
DELIVERED = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Resent-To")
ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
# There is no such mailbox, or nowhere it could be; and not that it is full, or that we are refused.
GONE = re.compile(r"5\.(0\.0|1\.(?:0|1|2|3|6|10)|2\.[01]|4\.[14])")
# What a mail server says without such a number when it knows nobody of that name.
GONE_BY_CODE = {521, 550, 551, 553, 556}


class Outcome(Enum):
    COUNTED = "counted"
    NO_BOUNCE = "no report that a mailbox is gone"
    UNKNOWN = "no mail of this number is known"


def take(raw: bytes, delivered_to: str = "") -> Outcome:
    """Look at a mail that came to the return path, and count it if it says that a mailbox is gone.

    `delivered_to` is the address that it came to, where the mail server tells.
    """
    try:
        message = message_from_bytes(raw[:LONGEST])
        if not _says_gone(message):
            return Outcome.NO_BOUNCE
        handle = _handle(message, delivered_to)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # It is no mail that could be read: nothing that a mail server writes.
        return Outcome.NO_BOUNCE
    return Outcome.COUNTED if handle and mailings.came_back(handle) else Outcome.UNKNOWN


def is_gone_by_reply(code: int, words: bytes | str) -> bool:
    """Whether a mail server's answer to an address says that there is no such mailbox."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    found = ENHANCED.search(text)
    return is_gone(found[0]) if found else code in GONE_BY_CODE


def is_gone(status: str) -> bool:
    return bool(GONE.fullmatch(status))


def _says_gone(message: Message) -> bool:
    """Whether delivery failed for good for whom the mail was to; one alone, as we write them."""
    for part in _parts(message):
        if part.get_content_type() != "message/delivery-status":
            continue
        for fields in part.get_payload() if part.is_multipart() else ():
            action = str(fields.get("Action", "")).strip().lower()
            status = ENHANCED.search(str(fields.get("Status", "")))
            if action == "failed" and status and is_gone(status[0]):
                return True
    return False


def _handle(message: Message, delivered_to: str) -> str:
    """The number of the mail that came back: of the address, else of the mail that is with it."""
    addresses = [delivered_to]
    addresses += [str(value) for name in DELIVERED for value in message.get_all(name, [])]
    for address in addresses:
        if found := IN_ADDRESS.search(address.lower()):
            return found[1]
    for part in _parts(message):
        kind, words = part.get_content_type(), ""
        if kind == "message/rfc822" and part.is_multipart():
            words = str(part.get_payload(0).get("Message-ID", ""))
        elif kind == "text/rfc822-headers":
            words = str(part.get_payload())
        if found := IN_MESSAGE_ID.search(words):
            return found[1]
    return ""


def _parts(message: Message) -> Iterator[Message]:
    """The parts of the report itself, and not those of the mail that it is about."""
    if message.get_content_maintype() == "multipart":
        for part in (message.get_payload() if message.is_multipart() else [])[:MOST_PARTS]:
            yield part
            if part.get_content_maintype() == "multipart":
                yield from _parts(part)
