"""The one file of a backup: parts in a tar, with their checksums at its end, sealed by age.

    with archive.writing(path, recipients) as written:
        written.add("database", chunks)
        written.end()
    archive.unpack(path, identities, place)     # or nothing of it is taken

age seals to public keys, so that whoever makes a backup cannot open it; it tells a file that was
cut off or changed. Anybody can seal to a public key, so the end is signed with a key of the site
(`statements.sealing`), and no name in it is trusted. All of it is a stream: memory is constant.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import pyrage

from statements import sealing
from statements.backup.places import Refused, part_file

# What reads it: raised when an older program would misunderstand it.
FORMAT = 1
HEADER, DATABASE, CONTENTS, END = "header.json", "database", "contents.json", "end.json"
MEDIA = "media/"
PIECE = 1024 * 1024
# More than the parts that are read into memory ever have.
MOST_WORDS = 16 * 1024 * 1024
SAFE = re.compile(r"media/(?:[\w-][\w.-]*/)*[\w-][\w.-]*")
Progress = Callable[[str, int], None]


class Damaged(Refused):
    """It was cut off, changed, or is no backup."""


class WrongKey(Refused):
    """None of the keys opens it."""


class Foreign(Refused):
    """It was not made with the keys of this site."""


def recipients(lines: Iterable[str]) -> list[pyrage.x25519.Recipient]:
    """Public keys, as `--make-key` prints them. Raises Refused."""
    found = []
    for line in lines:
        try:
            found.append(pyrage.x25519.Recipient.from_str(line))
        except pyrage.RecipientError:
            raise Refused(f"{line!r} in BACKUP_RECIPIENTS is no public key of age.") from None
    if not found:
        raise Refused(
            "Nobody could open the backup: BACKUP_RECIPIENTS names no key. Make one on another"
            " machine with manage.py backup --make-key FILE (docs/operating.md)."
        )
    return found


def identities(path: Path) -> list[pyrage.x25519.Identity]:
    """The secret keys in a file. Raises Refused."""
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} cannot be read: {error}") from None
    found = []
    for line in filter(lambda line: line and not line.startswith("#"), map(str.strip, lines)):
        try:
            found.append(pyrage.x25519.Identity.from_str(line))
        except pyrage.IdentityError:
            raise Refused(f"{path} holds a line that is no secret key of age.") from None
    if not found:
        raise Refused(f"{path} holds no secret key of age.")
    return found


class Written:
    """The inside of a backup that is being made."""

    def __init__(self, file: BinaryIO, progress: Progress) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._progress = progress
        self.parts: dict[str, dict] = {}

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """A part of which nobody knows yet how long it is: it comes in pieces, one by one."""
        digest, size = hashlib.sha256(), 0
        for number, piece in enumerate(pieces):
            digest.update(piece)
            size += len(piece)
            self._put(f"{name}.{number:08d}", len(piece), io.BytesIO(piece))
            self._progress(name, size)
        self.parts[name] = {"size": size, "sha256": digest.hexdigest()}

    def add_file(self, name: str, file: BinaryIO, size: int) -> None:
        counting = Counting(file)
        self._put(name, size, counting)
        self.parts[name] = {"size": size, "sha256": counting.digest.hexdigest()}

    def add_words(self, name: str, said: dict) -> None:
        words = json.dumps(said, indent=1, ensure_ascii=False).encode()
        self.add_file(name, io.BytesIO(words), len(words))

    def end(self) -> None:
        said = {"parts": self.parts, "signed": _signature(self.parts)}
        words = json.dumps(said).encode()
        self._put(END, len(words), io.BytesIO(words))
        self._tar.close()

    def leave(self) -> None:
        """Whatever became of it: nothing more is written."""
        self._tar.fileobj.closed = True

    def _put(self, name: str, size: int, file: BinaryIO) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        self._tar.addfile(entry, file)


class Counting:
    """A file whose digest is taken while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int) -> bytes:
        piece = self.file.read(size)
        self.digest.update(piece)
        return piece


def _signature(parts: dict[str, dict]) -> str:
    """Only a site with these keys can say of its backups that they are its own."""
    words = json.dumps(parts, sort_keys=True).encode()
    return sealing.digest(hashlib.sha256(words).hexdigest(), "backup")


class _Sealing(threading.Thread):
    """age asks for what it reads and writes, and a tar is written and read: each in a thread."""

    def __init__(self, act: Callable[[], None], *close: BinaryIO) -> None:
        super().__init__(daemon=True)
        self.act, self.close, self.error = act, close, None
        self.start()

    def run(self) -> None:
        try:
            self.act()
        except BaseException as error:
            self.error = error
        finally:
            for file in self.close:
                with suppress(OSError):
                    file.close()


@contextmanager
def writing(path: Path, to: list[pyrage.x25519.Recipient], progress: Progress) -> Iterator[Written]:
    """A backup under its name once it is whole and on the disk; what fails leaves nothing."""
    with part_file(path) as out:
        inner, outer = os.pipe()
        reader, writer = os.fdopen(inner, "rb", PIECE), os.fdopen(outer, "wb", PIECE)
        thread = _Sealing(lambda: pyrage.encrypt_io(reader, out, to), reader)
        written = Written(writer, progress)
        try:
            yield written
            writer.close()
        except BrokenPipeError:
            pass
        finally:
            written.leave()
            with suppress(OSError):
                writer.close()
            thread.join()
        if thread.error:
            raise Refused(f"{path.parent}: the backup could not be written: {thread.error}")


def unpack(
    path: Path,
    keys: list[pyrage.x25519.Identity],
    place: Place,
    *,
    is_other_site: bool = False,
    progress: Progress = lambda name, size: None,
) -> dict[str, dict]:
    """Write its parts to a place, and give what it says in words: nothing of it may be used before
    this has returned. Raises Damaged, WrongKey, Foreign."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from None
    inner, outer = os.pipe()
    reader, writer = os.fdopen(inner, "rb", PIECE), os.fdopen(outer, "wb", PIECE)
    thread = _Sealing(lambda: pyrage.decrypt_io(file, writer, keys), writer, file)
    try:
        said = _Read(place, progress).read(reader)
    except OSError as error:
        said = Refused(f"What is in {path} could not be written: {error}")
    except (tarfile.TarError, ValueError, KeyError, TypeError, RecursionError) as error:
        said = Damaged(f"{path} is no whole backup: take another one. ({error})")
    finally:
        reader.close()
        thread.join()
    if isinstance(thread.error, pyrage.DecryptError) and "No matching keys" in str(thread.error):
        raise WrongKey(f"{path} is not for this key, or is damaged at its beginning.")
    if thread.error and not isinstance(thread.error, BrokenPipeError):
        raise Damaged(f"{path} is damaged or was cut off: take another one. ({thread.error})")
    if isinstance(said, Refused):
        raise said
    # An end that says nothing of it is nobody's.
    if said[END].get("signed") != _signature(said[END]["parts"]) and not is_other_site:
        raise Foreign(
            f"{path} was not made with the keys of this site (SEALING_KEYS, or else SECRET_KEY):"
            " bring its .env along. Where those keys are lost and you know who made the file,"
            " --other-keys takes it; sealed addresses and letters in it can be opened no more."
        )
    return said


class Place:
    """Where the parts go."""

    def __init__(self, database: Path, media: Path) -> None:
        self.database, self.media = database, media

    def of(self, name: str) -> Path:
        """Raises ValueError for what is no part of a backup."""
        if name == DATABASE:
            return self.database
        if not SAFE.fullmatch(name):
            raise ValueError(f"a part is called {name[:80]!r}")
        return self.media / name.removeprefix(MEDIA)


class _Read:
    def __init__(self, place: Place, progress: Progress) -> None:
        self.place, self.progress = place, progress
        self.found: dict[str, tuple] = {}
        self.said: dict[str, dict] = {}

    def read(self, file: BinaryIO) -> dict[str, dict]:
        with tarfile.open(fileobj=file, mode="r|") as tar:
            for entry in tar:
                if not entry.isreg() or END in self.said:
                    raise ValueError("it has what no backup has")
                self._take(entry.name, entry.size, tar.extractfile(entry))
        # age says that the end was reached only to whoever reads as far.
        while file.read(PIECE):
            pass
        self._compare()
        return self.said

    def _take(self, name: str, size: int, file: BinaryIO) -> None:
        if name in (HEADER, CONTENTS, END):
            if size > MOST_WORDS:
                raise ValueError(f"{name} is too long")
            words = file.read()
            self.said[name] = json.loads(words)
            self._count(name, words, is_new=True)
            if name == HEADER and self.said[HEADER]["format"] > FORMAT:
                raise ValueError("it was made by a newer version of the site")
            return
        part, dot, number = name.rpartition(".")
        is_piece = bool(dot) and part == DATABASE and number.isdigit()
        path = self.place.of(part if is_piece else name)
        is_new = not is_piece or not int(number)
        if is_new and path.exists():
            raise ValueError(f"{name} is in it twice")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb" if is_new else "ab") as out:
            while piece := file.read(PIECE):
                out.write(piece)
                self._count(part if is_piece else name, piece, is_new=is_new)
                is_new = False
            if is_new:
                self._count(part if is_piece else name, b"", is_new=True)

    def _count(self, name: str, piece: bytes, *, is_new: bool) -> None:
        digest, size = (hashlib.sha256(), 0) if is_new else self.found[name]
        digest.update(piece)
        self.found[name] = digest, size + len(piece)
        self.progress(name, size + len(piece))

    def _compare(self) -> None:
        parts = self.said[END]["parts"]
        self.found.pop(END)
        found = {
            name: {"size": size, "sha256": digest.hexdigest()}
            for name, (digest, size) in self.found.items()
        }
        if found != parts or not {HEADER, DATABASE, CONTENTS} <= set(parts):
            raise ValueError("a part is missing or not as it was written")
