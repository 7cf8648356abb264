"""Which static files are served, and how: only the editor's files that are used
(docs/security.md, R-CO6), and the site's style sheets as one.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from django.contrib.staticfiles.finders import AppDirectoriesFinder
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage

# Samples, tests, and plugins that call other hosts, preview in a frame or are never loaded.
UNUSED = re.compile(
    r"^ckeditor/(galleriffic/|file-icons/"
    r"|ckeditor/(adobeair|samples|bender|.*\.md$|.*/samples/|.*/bender"
    r"|plugins/(exportpdf|preview|wsc|scayt|codesnippetgeshi|codesnippet|adobeair|flash|devtools"
    r"|iframe|iframedialog|embed|embedbase|embedsemantic|autoembed|mathjax|forms|docprops"
    r"|sourcedialog|stylesheetparser|uploadimage|uploadfile|uploadwidget|smiley|templates|print"
    r"|newpage|save|about|image|image2|placeholder|googlesearch)/))"
)


class TrimmedAppDirectoriesFinder(AppDirectoriesFinder):
    def find(self, path: str, *args: object, **kwargs: object) -> object:
        if UNUSED.match(path):
            return []
        return super().find(path, *args, **kwargs)

    def list(self, ignore_patterns: object) -> Iterator:
        for path, storage in super().list(ignore_patterns):
            if not UNUSED.match(path):
                yield path, storage


# Only a sibling without conditions: its own addresses then mean the same in the joined file.
IMPORT = re.compile(r"""^@import\s+["']([\w-]+\.css)["'];[ \t]*$""", re.MULTILINE)


class JoinedManifestStorage(ManifestStaticFilesStorage):
    """Hashed names, and a style sheet with its imported siblings as one file, one request."""

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: object
    ) -> Iterator:
        joined = InMemoryStorage()
        for name, (storage, path) in paths.items():
            if name.endswith(".css") and IMPORT.search(content := _read(storage, path)):
                joined.save(path, ContentFile(_join(content, storage, path).encode()))
                paths = paths | {name: (joined, path)}
        yield from super().post_process(paths, dry_run=dry_run, **options)


def _read(storage: Storage, path: str) -> str:
    with storage.open(path) as file:
        return file.read().decode()


def _join(content: str, storage: Storage, path: str) -> str:
    folder = PurePosixPath(path).parent
    return IMPORT.sub(lambda match: _read(storage, str(folder / match[1])), content)
