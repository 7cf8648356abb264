"""Telling a file that was made here from one that was changed since, or made elsewhere.

A mark stands after the end of the file, where PDF allows what it does not read. It names the
version, and is keyed with the site's secret over the whole file and over the words that are shown
of that version: once these are others, since a name is withheld say, the mark says nothing any
more, and nobody learns from it what stood there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.conf import settings
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac

from statements.canonical import fingerprint
from statements.naming import Concealed
from statements.prose import public_text

MARK = re.compile(rb"\n%%statement-version ([1-9][0-9]{0,17}) ([0-9a-f]{64})\n\Z")
LONGEST_MARK = 120


def marked(content: bytes, revision: object, concealed: Sequence[Concealed]) -> bytes:
    """A file with its mark; `concealed` is what the revision's text must not show."""
    mac = _mac(content, revision.pk, _shown(revision, concealed))
    return content + f"\n%%statement-version {revision.pk} {mac}\n".encode()


def version_of(content: bytes) -> int | None:
    """The version that a file says it is; None if it has no mark. Nothing is proved by it."""
    mark = MARK.search(content[-LONGEST_MARK:])
    return int(mark[1]) if mark else None


def is_genuine(content: bytes, revision: object, concealed: Sequence[Concealed]) -> bool:
    """Whether the file is as it was made, and the revision is its own and shows the same words."""
    mark = MARK.search(content, max(len(content) - LONGEST_MARK, 0))
    if not mark:
        return False
    found = _mac(content[: mark.start()], revision.pk, _shown(revision, concealed))
    return constant_time_compare(found, mark[2].decode())


def _shown(revision: object, concealed: Sequence[Concealed]) -> str:
    """The words that are shown, the same whatever language the page around them is in."""
    with translation.override(settings.LANGUAGE_CODE):
        return fingerprint(public_text(revision, concealed).values())


def _mac(content: bytes, version: int, shown: str) -> str:
    value = b"\0".join((str(version).encode(), shown.encode(), content))
    return salted_hmac("statements.genuine", value, algorithm="sha256").hexdigest()
