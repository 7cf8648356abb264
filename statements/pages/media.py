"""Attached files: found by their name in the database, so that no path is ever walked."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from solidarity import csp
from statements import rights
from statements.models import Attachment
from statements.uploads import TYPES


@csp.csp_override(csp.FILES)
def media(request: HttpRequest, name: str) -> HttpResponse:
    """The file of a readable statement; who works on drafts sees theirs too, kept by no cache."""
    attachment = Attachment.objects.readable().filter(file=name).first()
    is_public = attachment is not None
    if not attachment and may_see_drafts(request):
        # nosemgrep: past-the-gates - for staff alone
        attachment = Attachment.objects.filter(file=name).first()
    if not attachment:
        raise Http404
    if not is_public:
        return file_response(attachment)
    # A name is given once, and its file never changes. It is asked for anew each time all the
    # same, because a statement may cease to be readable.
    etag = f'"{PurePosixPath(name).stem}"'
    response = get_conditional_response(request, etag=etag) or file_response(attachment)
    response.headers["ETag"] = etag
    return response


def may_see_drafts(request: HttpRequest) -> bool:
    """Asks for the session only where there is one: readers have none, and get no `Vary`."""
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    return has_session and request.user.is_staff and rights.may(request.user, "view", Attachment)


def file_response(attachment: Attachment) -> FileResponse:
    name = PurePosixPath(attachment.file.name)
    content_type = TYPES.get(name.suffix.removeprefix("."))
    if not content_type:
        raise Http404
    try:
        opened = attachment.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        opened,
        as_attachment=attachment.type == Attachment.Type.PDF,
        filename=name.name,
        content_type=content_type,
    )
