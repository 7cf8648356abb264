"""Beginning to follow by e-mail: a form for each thing, which tells nobody who follows already."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_cookie

from statements import antispam, limits, sealing, switches
from statements.models import Demand, Event, Organisation, Person
from statements.models.base import Linked
from statements.models.follower import SITE
from statements.newsletter import workflow
from statements.newsletter.forms import FollowForm

FORM = "follow"
# From one network. Who has no JavaScript shows no proof of work, and may ask less often.
MOST_AN_HOUR, MOST_WITHOUT_PROOF = 20, 8
# To one address: so many links a day, whoever asks for them.
MOST_A_DAY = 3
# One form may be sent again, by a double press or with another address, and not a thousand times.
MOST_BY_ONE_FORM = 3
DAY = 24 * 3600
# With one of these the page is shown again: whoever is a person sends it once more.
SUSPECT = {"honeypot", "stamp", "old", "fast"}
# After these a new page has to be opened, in which the time begins anew.
SPENT = {"stamp", "old"}


@vary_on_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def site(request: HttpRequest) -> HttpResponse:
    return _answer(request, None)


@vary_on_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    return _answer(request, get_object_or_404(Organisation.objects.readable().named(), slug=slug))


@vary_on_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def event(request: HttpRequest, slug: str) -> HttpResponse:
    return _answer(request, get_object_or_404(Event.objects.readable().named(), slug=slug))


@vary_on_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def demand(request: HttpRequest, slug: str) -> HttpResponse:
    return _answer(request, get_object_or_404(Demand.objects.readable().named(), slug=slug))


@vary_on_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """As far as their name is shown: nobody follows a person whose name is withheld."""
    person = get_object_or_404(Person.objects.readable().named().at(slug))
    if slug != person.address:
        return redirect("newsletter:person", person.address, permanent=True)
    return _answer(request, person)


@vary_on_cookie
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The same whatever became of it."""
    return render(request, "newsletter/sent.html", {"days": workflow.UNCONFIRMED.days})


def _answer(request: HttpRequest, record: Linked | None) -> HttpResponse:
    if not settings.NEWSLETTER_OPEN:
        raise Http404
    if switches.are_closed("following"):
        return switches.closed(request, "newsletter/shut.html")
    kind = record._meta.model_name if record else SITE
    if request.method != "POST":
        return _page(request, record, FollowForm(kind=kind))
    if "go" in request.POST:
        # In another language of the interface; what was typed comes along.
        typed = {name: request.POST[name] for name in ("email", "rhythm") if name in request.POST}
        return _page(request, record, FollowForm(initial=typed, kind=kind))
    form = FollowForm(request.POST, kind=kind)
    if not form.is_valid():
        return _page(request, record, form, stamp=request.POST.get("stamp", ""))
    return _take(request, record, form)


def _take(request: HttpRequest, record: Linked | None, form: FollowForm) -> HttpResponse:
    stamp = request.POST.get("stamp", "")
    signs = set(antispam.signs(FORM, request.POST, bits=switches.bits()))
    if not signs & SUSPECT and limits.hit("follow-form", stamp, most=MOST_BY_ONE_FORM, seconds=DAY):
        signs.add("stamp")
    if signs & SUSPECT:
        again = _("It was not sent yet. Please look at it once more, and send it again.")
        return _page(
            request, record, form, stamp="" if signs & SPENT else stamp, notice=again, status=409
        )
    most = MOST_WITHOUT_PROOF if "proof" in signs else MOST_AN_HOUR
    wait = limits.hit_from("follow", request, most=most, seconds=3600)
    if wait:
        later = _("Many people of your network did this within an hour. Please try again later.")
        response = _page(request, record, form, stamp=stamp, notice=later, status=429)
        response["Retry-After"] = str(wait)
        return response
    email = form.cleaned_data["email"]
    if not limits.hit(
        "follow-address", sealing.address_digest(email), most=MOST_A_DAY, seconds=DAY
    ):
        workflow.ask(record, **form.cleaned_data)
    return redirect("newsletter:sent")


def _page(
    request: HttpRequest,
    record: Linked | None,
    form: FollowForm,
    *,
    stamp: str = "",
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "record": record,
        "kind": record._meta.model_name if record else SITE,
        "form": form,
        "notice": notice,
        "stamp": stamp or antispam.stamp(FORM),
        "bits": switches.bits(),
        "traps": antispam.TRAPS,
        "trap_label": antispam.TRAP_LABEL,
        "days": workflow.UNCONFIRMED.days,
    }
    response = render(request, "newsletter/follow.html", context, status=status)
    # Isolated, it would start no worker for the proof of work whose file lacks the same header.
    response.headers["Cross-Origin-Embedder-Policy"] = "unsafe-none"
    return response
