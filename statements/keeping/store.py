"""Answers that are kept in the memory of one process, the least used of them given up first."""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

from django.http import HttpResponse

# What the headers of an answer and its place in the store take besides its words, about.
BESIDES = 2000


@dataclass
class Kept:
    """One answer as it is sent, to whoever asks."""

    headers: dict[str, str]
    body: bytes
    made_at: float
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        self.etag = hashlib.sha256(self.body).hexdigest()[:32]

    @cached_property
    def compressed(self) -> bytes:
        """Made when it is first asked for. No secret is in it that its size could tell."""
        return gzip.compress(self.body, 6, mtime=0)

    @property
    def size(self) -> int:
        """In bytes, as if it were asked for in both forms."""
        return len(self.body) + len(self.body) // 3 + BESIDES

    def answer(self, *, is_compressed: bool) -> HttpResponse:
        body = self.compressed if is_compressed else self.body
        response = HttpResponse(body, headers=self.headers)
        response.headers["ETag"] = f'"{self.etag}-gzip"' if is_compressed else f'"{self.etag}"'
        response.headers["Content-Length"] = str(len(body))
        if is_compressed:
            response.headers["Content-Encoding"] = "gzip"
        return response


class Store:
    def __init__(self, megabytes: int) -> None:
        self.most = megabytes * 1024 * 1024
        self.size = 0
        self.version: object = None
        self.kept: OrderedDict[str, Kept] = OrderedDict()
        self.lock = Lock()

    def get(self, key: str, version: object) -> Kept | None:
        """What was kept of this version; anything older is forgotten, all of it."""
        with self.lock:
            self._turn_to(version)
            found = self.kept.get(key)
            if found:
                self.kept.move_to_end(key)
            return found

    def put(self, key: str, kept: Kept, version: object) -> None:
        """Keep an answer that was made after this version was read."""
        if kept.size > self.most // 8:
            return
        with self.lock:
            if version != self.version:
                return
            self._drop(key)
            self.kept[key] = kept
            self.size += kept.size
            while self.size > self.most:
                self._drop(next(iter(self.kept)))

    def _turn_to(self, version: object) -> None:
        if version != self.version:
            self.kept.clear()
            self.size, self.version = 0, version

    def _drop(self, key: str) -> None:
        if found := self.kept.pop(key, None):
            self.size -= found.size
