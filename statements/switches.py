"""What is shut, or made harder, at once and in every process: kill switches (R-OP14).

They stand in the one row of SiteSettings. Administrators turn them in the admin, except that of
all changes; `manage.py switch` turns them all. What the operator's settings keep shut stays shut.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from statements.auditing import workflow as auditing
from statements.models import SiteSettings, SiteText

# By the name that the command and the log use.
FIELDS = {
    "submissions": "submissions_closed",
    "following": "following_closed",
    "changes": "changes_closed",
    "proof-of-work": "proof_of_work",
}
# When a browser or a program may ask again, in seconds: nobody knows how long it lasts.
RETRY_AFTER = 600


def state() -> dict[str, int]:
    """By name: whether it is shut, 0 or 1; the zero bits of the proof of work, 0 for the usual."""
    site = SiteSettings.objects.current()
    return {name: int(getattr(site, field)) for name, field in FIELDS.items()}


@transaction.atomic
def turn(name: str, value: int, *, by: User | None = None) -> bool:
    """Turn one switch. Returns whether it was otherwise; ValidationError where it cannot be."""
    site, _created = SiteSettings.objects.select_for_update().get_or_create(pk=1)
    let_pages_know(site)
    before = int(getattr(site, FIELDS[name]))
    setattr(site, FIELDS[name], value)
    try:
        site.clean_fields()
    except ValidationError as error:
        raise ValidationError(error.message_dict[FIELDS[name]]) from error
    if before == value:
        return False
    site.edition += 1
    site.save(update_fields=[FIELDS[name], "edition"])
    turned(name, before, value, by=by)
    return True


def let_pages_know(site: SiteSettings) -> None:
    """Pages ask for the texts of the site: without any they would not ask for the row either."""
    SiteText.objects.get_or_create(site=site, language=settings.LANGUAGE_CODE)


def turned(name: str, before: int, after: int, *, by: User | None = None) -> None:
    auditing.record("switch", by=by, before=str(before), after=str(after), code=name)


@transaction.atomic
def sign_out_everybody() -> int:
    """End every session, of staff and of those with a private link. Returns how many there were."""
    number, _rows = Session.objects.all().delete()
    auditing.record("sign-out-everybody")
    return number


def are_closed(name: str) -> bool:
    """Whether submissions, following or changes are shut. One query."""
    return SiteSettings.objects.filter(pk=1, **{FIELDS[name]: True}).exists()


def bits() -> int:
    """How many zero bits a proof of work has to show. One query."""
    return max(settings.PROOF_OF_WORK_BITS, SiteSettings.objects.current().proof_of_work)


def closed(request: HttpRequest, template: str) -> HttpResponse:
    """The answer for what is shut: a page that says so, and when to ask again."""
    response = render(request, template, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response
