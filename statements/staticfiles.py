"""Serve only the editor's files that are used (docs/security.md, R-CO6)."""

import re
from collections.abc import Iterator

from django.contrib.staticfiles.finders import AppDirectoriesFinder

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
