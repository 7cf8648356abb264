"""The dump of the public archive: the page that lists its files, and the files."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response

from solidarity import csp
from statements.data.workflow import Dump, File, served
from statements.records.nouns import NOUNS

TYPES = {"gz": "application/gzip", "zip": "application/zip", "csv": "text/csv; charset=utf-8"}


@dataclass(frozen=True)
class Group:
    """The files of a noun, and how many records are in each."""

    heading: str
    records: int
    files: list[File]


def dump(request: HttpRequest) -> HttpResponse:
    found = served()
    context = {
        "dump": found,
        "groups": _groups(found) if found else [],
        "dictionary": next((one for one in found.files if not one.noun), None) if found else None,
        "hours": settings.DUMP_HOURS,
    }
    return render(request, "data/dump.html", context)


def _groups(found: Dump) -> list[Group]:
    groups = []
    for noun in NOUNS:
        files = [one for one in found.files if one.noun == noun.name]
        groups.append(Group(str(noun.heading), files[0].records or 0, files))
    return groups


@csp.csp_override(csp.FILES)
def file(request: HttpRequest, name: str) -> HttpResponse:
    """One of the files that are listed, so that no path is ever walked."""
    found = served()
    listed = next((one for one in found.files if one.name == name), None) if found else None
    if not found or not listed:
        raise Http404
    try:
        opened = (found.folder / listed.name).open("rb")
    except FileNotFoundError as error:
        # Dropped a moment ago.
        raise Http404 from error
    answer = FileResponse(
        opened,
        as_attachment=True,
        filename=listed.name,
        content_type=TYPES[listed.name.rpartition(".")[2]],
    )
    etag = f'"{listed.sha256}"'
    answer.headers["ETag"] = etag
    # What it has may have to leave it: caches ask each time.
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["X-Robots-Tag"] = "noindex"
    return get_conditional_response(request, etag=etag, response=answer)
