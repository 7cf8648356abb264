"""The pages behind the links in mails: to confirm, to change what is followed, to leave.

As on the private page of a submission, the link's secret part stands in an address once: it is put
into a cookie for these pages alone. The link to leave is the exception: mail programmes send to it
by themselves, without a cookie (RFC 8058), and it opens nothing else.
"""

from __future__ import annotations

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_cookie

from statements import cookies, tokens
from statements.models import Follower, FollowRequest
from statements.models.follower import readable_records
from statements.newsletter import workflow
from statements.newsletter.forms import FollowingForm, LanguageForm

COOKIE_OF_REQUEST, COOKIE = cookies.named("follow"), cookies.named("follower")
# Long enough to choose; whoever comes later opens the link again.
COOKIE_AGE = 4 * 3600


@vary_on_cookie
@require_safe
def confirm_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the secret out of the address. Nothing else changes, whoever follows the link."""
    found = FollowRequest.objects.filter(pk=tokens.find(workflow.CONFIRM, token)).first()
    if not found:
        return _over(request)
    response = redirect("newsletter:confirm", handle=found.handle)
    _give(response, COOKIE_OF_REQUEST, token, "confirm", found)
    return response


@vary_on_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, handle: str) -> HttpResponse:
    """What would be sent to whom, and a button: following the link alone confirms nothing."""
    token = request.COOKIES.get(COOKIE_OF_REQUEST, "")
    asked = _opened(FollowRequest, workflow.CONFIRM, token, handle)
    if not asked:
        return _over(request)
    if request.method != "POST":
        context = {"asked": asked, "record": readable_records([asked.key]).get(asked.key)}
        return render(request, "newsletter/confirm.html", context)
    try:
        follower = workflow.confirm(asked, token)
    except workflow.LinkNoLongerValid:
        return _over(request)
    response = _hand_over(follower)
    response["Location"] += "?confirmed"
    return response


@vary_on_cookie
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    found = Follower.objects.filter(pk=tokens.find(workflow.PRIVATE, token)).first()
    return _hand_over(found) if found else _over(request)


@vary_on_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, handle: str) -> HttpResponse:
    """What is followed, how often, in which language."""
    follower = _follower(request, handle)
    if not follower:
        return _over(request)
    data = request.POST if request.method == "POST" else None
    followings = list(follower.followings.order_by("since", "pk"))
    forms = [(one, FollowingForm(one, data)) for one in followings]
    language = LanguageForm(data, follower.language)
    if data is None or not all(form.is_valid() for form in (language, *(f for _one, f in forms))):
        return _mine(request, follower, forms, language)
    stays = workflow.change(
        follower,
        **language.cleaned_data,
        rhythms={one.pk: form.cleaned_data["rhythm"] for one, form in forms},
        stopped=[one.pk for one, form in forms if form.cleaned_data["stop"]],
    )
    if not stays:
        return redirect("newsletter:left")
    return redirect(f"{reverse('newsletter:mine', args=[handle])}?saved")


@vary_on_cookie
@require_POST
def leave_mine(request: HttpRequest, handle: str) -> HttpResponse:
    follower = _follower(request, handle)
    if not follower:
        return _over(request)
    workflow.leave(follower)
    return redirect("newsletter:left")


@vary_on_cookie
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """One press to leave, by a person or by their mail programme for them (RFC 8058).

    The secret is in the address, so there is nothing for a CSRF check to protect; and what was
    pressed on the page is answered as one that is over is.
    """
    if request.method != "POST":
        return render(request, "newsletter/leave.html", {"token": token})
    workflow.leave_by(token)
    return render(request, "newsletter/left.html")


@vary_on_cookie
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    return render(request, "newsletter/left.html")


def _mine(
    request: HttpRequest,
    follower: Follower,
    forms: list[tuple],
    language: LanguageForm,
) -> HttpResponse:
    records = readable_records(one.key for one, _form in forms)
    context = {
        "follower": follower,
        "rows": [(one, records.get(one.key), form) for one, form in forms],
        "language_form": language,
        "is_saved": "saved" in request.GET,
        "is_confirmed": "confirmed" in request.GET,
    }
    return render(request, "newsletter/mine.html", context)


def _follower(request: HttpRequest, handle: str) -> Follower | None:
    return _opened(Follower, workflow.PRIVATE, request.COOKIES.get(COOKIE, ""), handle)


def _opened(model: type[Model], purpose: str, token: str, handle: str) -> Model | None:
    """What a cookie opens, if it is what the address names."""
    pk = tokens.find(purpose, token) if token else None
    return model.objects.filter(pk=pk, handle=handle).first() if pk else None


def _hand_over(follower: Follower) -> HttpResponse:
    response = redirect("newsletter:mine", handle=follower.handle)
    _give(response, COOKIE, workflow.token_of(follower, workflow.PRIVATE), "mine", follower)
    return response


def _give(
    response: HttpResponse, cookie: str, token: str, page: str, of: FollowRequest | Follower
) -> None:
    def path() -> str:
        return reverse(f"newsletter:{page}", args=[of.handle])

    cookies.give(response, cookie, token, to=path, age=COOKIE_AGE)


def _over(request: HttpRequest) -> HttpResponse:
    """The same for a link that never was, was used, is over, or was opened on another day."""
    return render(request, "newsletter/over.html", status=404)
