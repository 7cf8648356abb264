"""Events as calendars (RFC 5545): one for an event with its parts, and one for the site.

An entry lasts from the first day on which its event may have begun to the last on which it may
have ended, all day long. Where the first day is open, or the start has no last one, there is no
day that a calendar could show without inventing it: that event has no entry. docs/reuse.md says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import conditional_page
from icalendar import Calendar, vText
from icalendar import Event as Entry

from statements.absolute import absolute
from statements.models import Event, SiteText
from statements.models.event import EventQuerySet, tree_of

# The newest; one calendar is not the archive.
MOST_ENTRIES = 200
PRODUCT = "-//Solidarity Statements//Events//EN"


@conditional_page
def site_calendar(request: HttpRequest) -> HttpResponse:
    events = _shown().filter(start_earliest__isnull=False).newest_first()[:MOST_ENTRIES]
    site = SiteText.objects.for_language().name
    name = _("Events · %(site)s") % {"site": site}
    return _answer(calendar(events, name, "en"), "events")


@conditional_page
def event_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    near = _shown().filter(pk__in=tree_of(slug)).order_by("start_earliest", "pk")
    events = list(near[:MOST_ENTRIES])
    event = next((one for one in events if one.slug == slug), None)
    # A calendar without an entry is none (RFC 5545, 3.6).
    if not event or not any(one.days for one in events):
        raise Http404
    answer = _answer(calendar(events, event.name_shown, event.name_language), slug)
    answer.headers["Link"] = f'<{absolute(event.get_absolute_url())}>; rel="canonical"'
    return answer


def calendar(events: Iterable[Event], name: str, language: str) -> Calendar:
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    # RFC 7986, and the older name that programs know.
    for key in ("name", "x-wr-calname"):
        found.add(key, _text(name, language))
    found.add("refresh-interval", timedelta(days=1), parameters={"value": "DURATION"})
    for event in events:
        if event.days:
            found.add_component(_entry(event, *event.days))
    return found


def _entry(event: Event, first: date, last: date) -> Entry:
    entry = Entry()
    # By number, because an address may change.
    entry.add("uid", f"event-{event.pk}@{urlsplit(settings.SITE_URL).hostname}")
    # Without a method it is when the words were last revised; edition counts the later changes.
    entry.add("dtstamp", event.public_since)
    entry.add("sequence", event.edition)
    entry.add("dtstart", first)
    # The day after: the end of an entry is not in it.
    if last < date.max:
        entry.add("dtend", last + timedelta(days=1))
    entry.add("summary", _text(event.name_shown, event.name_language))
    entry.add("description", "\n".join(_description(event)))
    if places := [str(place) for place in event.places.all()]:
        entry.add("location", pgettext("between the entries of a short list", ", ").join(places))
    entry.add("categories", [capfirst(event.get_type_display())])
    entry.add("url", absolute(event.get_absolute_url()))
    # It takes none of the reader's time.
    entry.add("transp", "TRANSPARENT")
    return entry


def _description(event: Event) -> list[str]:
    """What the days do not say: how exact they are, and that it goes on."""
    lines = [_("Begins: %(day)s") % {"day": event.start}]
    if event.end:
        lines.append(_("Ends: %(day)s") % {"day": event.end})
    if event.is_ongoing:
        lines.append(capfirst(pgettext("event", "going on")))
    if event.is_example:
        lines.append(capfirst(_("invented example")))
    return [*lines, absolute(event.get_absolute_url())]


def _text(words: str, language: str) -> vText:
    text = vText(words)
    text.params["LANGUAGE"] = language
    return text


def _shown() -> EventQuerySet:
    return Event.objects.readable().named().prefetch_related("places")


def _answer(found: Calendar, name: str) -> HttpResponse:
    answer = HttpResponse(found.to_ical(), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = content_disposition_header(False, f"{name}.ics")
    return answer
