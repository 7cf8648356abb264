"""Pictures and PDFs that come with a statement, from the form that brings them to their end.

    token = attachments.keep(taken, upload.name)     # the form carries it
    attachments.held([token])                        # what the form has so far
    attachments.send([token], submission)            # part of sending
    with attachments.becoming(submission, text, …):  # part of accepting

They are checked and written anew by statements/uploads.py before they come here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Sum
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from statements import erasures, sealing, tokens
from statements.models import Attachment, Submission, SubmissionAttachment, Text
from statements.uploads import Taken, named, shown_name

# With one submission.
MOST = 3
# Of all together, so that nobody fills the disk: pictures are half a megabyte, PDFs eight at most.
MOST_BYTES = 500 * 1024 * 1024
# Since the form was last sent; whoever comes later chooses the file again.
UNSENT = timedelta(hours=1)


class NoRoom(Exception):
    """Strangers' files take all the room that they may have."""


@dataclass(frozen=True)
class Held:
    """A file of a form: the token that the form carries, the row, and the name it came with."""

    token: str
    attachment: SubmissionAttachment
    name: str


@transaction.atomic
def keep(taken: Taken, name: str) -> str:
    """Hold a file for a form that is not sent yet; the token is kept by the form alone.

    Raises NoRoom.
    """
    forget_unsent()
    held = SubmissionAttachment.objects.aggregate(bytes=Sum("size"))["bytes"] or 0
    if held + taken.size > MOST_BYTES:
        raise NoRoom
    token = tokens.new()
    SubmissionAttachment.objects.create(
        token_digest=_digest(token),
        extension=taken.file.name.rpartition(".")[2],
        width=taken.width,
        height=taken.height,
        size=taken.size,
        name_sealed=sealing.seal_bytes(shown_name(name).encode(), under=token).decode(),
        content=sealing.seal_bytes(taken.file.read(), under=token),
        kept_at=timezone.now(),
    )
    return token


def held(posted: Iterable[str]) -> list[Held]:
    """The files of a form that are still here, in the order in which they came."""
    by_digest = {_digest(token): token for token in posted}
    rows = SubmissionAttachment.objects.unsent().filter(
        token_digest__in=by_digest, kept_at__gt=timezone.now() - UNSENT
    )
    found = []
    for row in rows.listed():
        token = by_digest[row.token_digest]
        name = sealing.open_bytes(row.name_sealed.encode(), under=token).decode()
        found.append(Held(token, row, name))
    return found


def keep_on(files: Iterable[Held]) -> None:
    """The form is still being filled in."""
    ids = [one.attachment.pk for one in files]
    SubmissionAttachment.objects.unsent().filter(pk__in=ids).update(kept_at=timezone.now())


def let_go(files: Iterable[Held]) -> None:
    """The sender does not want to send them."""
    ids = [one.attachment.pk for one in files]
    SubmissionAttachment.objects.unsent().filter(pk__in=ids).delete()


def drop(submission: Submission, keys: Iterable[int]) -> None:
    """The sender takes some of them back."""
    dropped = submission.attachments.filter(pk__in=keys)
    found = list(dropped.values_list("pk", flat=True))
    erasures.note_all(erasures.Kind.GONE, SubmissionAttachment, found)
    dropped.delete()


def send(posted: Iterable[str], submission: Submission) -> None:
    """From now on they are the submission's, and the site can open them."""
    room = MOST - submission.attachments.count()
    for one in held(posted)[: max(0, room)]:
        row = one.attachment
        row.content = sealing.seal_bytes(sealing.open_bytes(row.content, under=one.token))
        row.name_sealed = sealing.seal(one.name)
        row.submission, row.token_digest = submission, ""
        row.save()


@contextmanager
def becoming(submission: Submission, text: Text, alternatives: Mapping[int, str]) -> Iterator[None]:
    """Attach those that a moderator chose to the statement of a text; of the others nothing stays.

    `alternatives` says in words, in the text's language, what each of the chosen shows, by its id.
    The files are written before the transaction ends: written after it, one could be lost, which
    is in the database no more. Where what is done `with` them fails, they are taken away again.
    """
    files: list[FieldFile] = []
    after = text.statement.attachments.count()
    try:
        for position, row in enumerate(submission.attachments.filter(pk__in=alternatives), after):
            attachment = _attachment_of(row, text, alternatives[row.pk])
            attachment.position = position
            files.append(attachment.file)
            attachment.save()
        erase(submission)
        yield
    except BaseException:
        for file in files:
            file.storage.delete(file.name)
        raise


def _attachment_of(row: SubmissionAttachment, text: Text, alternative: str) -> Attachment:
    return Attachment(
        statement=text.statement,
        type=row.type,
        file=named(content_of(row), row.extension),
        width=row.width,
        height=row.height,
        size=row.size,
        alternative=alternative,
        language=text.language,
    )


def erase(submission: Submission) -> None:
    erasures.note(erasures.Kind.ATTACHMENTS, submission)
    submission.attachments.all().delete()


def content_of(attachment: SubmissionAttachment) -> bytes:
    """What is in one that was sent. Raises CannotOpen."""
    return sealing.open_bytes(attachment.content)


def name_of(attachment: SubmissionAttachment) -> str:
    """What its sender called it: for the sender alone. Empty where the key is lost."""
    try:
        return sealing.open_sealed(attachment.name_sealed)
    except sealing.CannotOpen:
        return ""


def forget_unsent() -> int:
    """Erase those of forms that nobody goes on with."""
    until = timezone.now() - UNSENT
    return SubmissionAttachment.objects.unsent().filter(kept_at__lte=until).delete()[0]


def _digest(token: str) -> str:
    return sealing.digest(token, "attachment of a form")
