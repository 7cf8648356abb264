"""Files that take long to make are kept for a day.

They are found by all that they were made of, so that a page that changed is never answered with
what it was.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable

from django.core.cache import cache

KEPT_FOR = 24 * 60 * 60
# So many of those that take seconds: they are large, and the cache may be memory of the process.
MOST_LONG = 12
# One of those at a time in each process: whoever asks for many keeps it from answering nobody.
making = threading.Lock()


class Busy(Exception):
    """Another file that takes seconds is being made."""


def kept(made_of: Iterable[str], make: Callable[[], bytes]) -> bytes:
    return cache.get_or_set(f"file:{_digest(made_of)}", make, KEPT_FOR)


def kept_long(made_of: Iterable[str], make: Callable[[], bytes]) -> bytes:
    """The same for what takes seconds. Raises Busy."""
    digest = _digest(made_of)
    key = f"long-file:{int(digest, 16) % MOST_LONG}"
    its_digest, content = cache.get(key) or ("", b"")
    if its_digest == digest:
        return content
    if not making.acquire(blocking=False):
        raise Busy
    try:
        content = make()
    finally:
        making.release()
    cache.set(key, (digest, content), KEPT_FOR)
    return content


def _digest(made_of: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(made_of).encode()).hexdigest()
