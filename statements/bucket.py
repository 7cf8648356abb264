"""Attached files in a store that speaks S3, for several machines with one site.

It is Django's storage for them where S3_BUCKET is set, and imported by nothing else: what it needs
is in requirements-optional.txt. Readers never ask the store; the site hands them each file.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from functools import wraps
from urllib.parse import urljoin

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from statements.uploads import MOST_BYTES, StoreAway

CONFIG = Config(
    signature_version="s3v4",
    # Of the addresses of a bucket every store has this one.
    s3={"addressing_style": "path"},
    # Checksums of the newest kind are not known to every store.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    # Somebody waits for it.
    connect_timeout=2,
    read_timeout=10,
    retries={"max_attempts": 2},
)


def in_plain_words(act: Callable) -> Callable:
    """What goes wrong at the store, as errors of files: no part of the site knows botocore."""

    @wraps(act)
    def acted(*args: object, **options: object) -> object:
        try:
            return act(*args, **options)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(str(error)) from error
            raise StoreAway(str(error)) from error
        except (BotoCoreError, Boto3Error) as error:
            raise StoreAway(str(error)) from error

    return acted


class BucketStorage(S3Storage):
    def __init__(self, **options: object) -> None:
        """Without an ACL: an object is private then, in stores that have none as well."""
        super().__init__(
            **options,
            file_overwrite=False,
            default_acl=None,
            max_memory_size=MOST_BYTES,
            client_config=CONFIG,
            transfer_config=TransferConfig(use_threads=False),
        )

    def url(self, name: str, *args: object, **options: object) -> str:
        """The site's own, as for a file in a folder: whether it may be had is asked there."""
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name))

    @in_plain_words
    def _open(self, name: str, mode: str = "rb") -> File:
        opened = super()._open(name, mode)
        if "r" in mode:
            # All of it at once: what cannot be had is known before anything is answered.
            opened.open()
        return opened

    _save = in_plain_words(S3Storage._save)
    delete = in_plain_words(S3Storage.delete)
    exists = in_plain_words(S3Storage.exists)
    listdir = in_plain_words(S3Storage.listdir)
    get_modified_time = in_plain_words(S3Storage.get_modified_time)

    @in_plain_words
    def may_be_read_by_anybody(self, name: str) -> bool:
        """Whether the store hands it to those who show no key."""
        client = self.unsigned_connection.meta.client
        try:
            client.get_object(Bucket=self.bucket_name, Key=name)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] in (401, 403):
                return False
            raise
        return True


def problems(storage: BucketStorage) -> Iterator[str]:
    """What is wrong with the store, and what to do; nothing where it takes, gives and forgets."""
    content = secrets.token_bytes(16)
    try:
        name = storage.save(f"doctor/{content.hex()}.txt", ContentFile(content))
        try:
            with storage.open(name) as file:
                if file.read() != content:
                    yield "gives back something else than it was given: look at S3_ENDPOINT_URL"
            if storage.may_be_read_by_anybody(name):
                yield (
                    "hands files to anybody who has their address, also those of drafts and of"
                    " what was withdrawn: take public access away from the bucket"
                )
        finally:
            storage.delete(name)
        if storage.exists(name):
            yield "does not erase: the key of the site needs s3:DeleteObject"
    except OSError as error:
        yield f"does not do its work ({error}): look at S3_BUCKET and the settings beside it"
