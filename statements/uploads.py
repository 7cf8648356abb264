"""Files that people hand in: pictures as new pixels, PDFs only where the operator wants them."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from statements.images import MOST_BYTES, ImageRefused, reencode

# The types of an attachment, as its model stores them.
IMAGE, PDF = "image", "pdf"
PDF_SIGNATURE, PDF_END = b"%PDF-", b"%%EOF"
# Of a name that a file came with, so much is shown.
MOST_NAME = 100
# Whatever a file calls itself: by the extension that we gave it, and nothing else is served.
TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
}


class StoreAway(OSError):
    """The store of attached files does not answer, or refuses."""


@dataclass(frozen=True)
class Taken:
    """A file as it will be stored, under a name that nobody can guess."""

    file: ContentFile
    type: str
    width: int | None = None
    height: int | None = None

    @property
    def size(self) -> int:
        return self.file.size


def are_in_a_bucket() -> bool:
    """Whether attached files lie in a store that speaks S3, and not in MEDIA_ROOT."""
    return settings.STORAGES["default"]["BACKEND"] == "statements.bucket.BucketStorage"


def accepted_types() -> str:
    """For a file field's `accept`."""
    pdf = ["application/pdf"] if settings.PDF_ATTACHMENTS else []
    return ",".join(["image/jpeg", "image/png", "image/webp", "image/gif", *pdf])


def take(upload: UploadedFile) -> Taken:
    """The upload as it may be stored, whatever its name and type claim. Raises ImageRefused."""
    if upload.size > MOST_BYTES:
        raise ImageRefused(_("The file is larger than 8 MB."), code="bytes")
    if is_pdf(upload):
        if not settings.PDF_ATTACHMENTS:
            raise ImageRefused(_("This site takes no PDF files."), code="pdf")
        upload.seek(0)
        return Taken(named(upload.read(), "pdf"), PDF)
    picture = reencode(upload)
    return Taken(
        named(picture.content, picture.extension),
        IMAGE,
        picture.width,
        picture.height,
    )


def is_pdf(upload: UploadedFile) -> bool:
    """By its first and its last bytes: a PDF that something else stands before is none."""
    upload.seek(0)
    first = upload.read(len(PDF_SIGNATURE))
    upload.seek(max(0, upload.size - 1024))
    return first == PDF_SIGNATURE and PDF_END in upload.read()


def named(content: bytes, extension: str) -> ContentFile:
    return ContentFile(content, name=f"{secrets.token_hex(16)}.{extension}")


def shown_name(name: str) -> str:
    """What somebody calls a file, as a line that can be shown: it may be hostile, and long.

    Controls are left out, and with them the marks that would turn the direction of writing.
    """
    seen = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C")
    return " ".join(unicodedata.normalize("NFC", seen).split())[:MOST_NAME]
