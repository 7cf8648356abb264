"""The public form: four steps without a script, which keep what was typed.

Each step is sent, and then shown at an address of its own, so that the browser's Back and Reload
ask nothing and lose nothing. What was typed is kept for an hour, sealed with a key that the browser
alone has (unsent.py). Each page carries it in hidden fields too: where it cannot be kept, the step
is shown in answer to what was sent. All of it is checked again at the end.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_cookie

from statements import antispam, cookies, limits, switches
from statements.models import Submission
from statements.models.submission import new_handle
from statements.submissions import private, unsent, workflow
from statements.submissions.attaching import Attaching
from statements.submissions.forms import STEPS, Step

LABELS = {
    "sender": _("The organisation"),
    "words": _("The statement"),
    "about": _("Event and demands"),
    "send": _("Check and send"),
}
ORDER = list(STEPS)
# From one network; more are taken too, and looked at first.
MOST_AN_HOUR = 5
# So many forms of one network are kept; others get along without.
MOST_KEPT_AN_HOUR = 40
FIRST, LAST = ORDER[0], ORDER[-1]
# Where files are chosen.
WORDS = "words"
COOKIE = cookies.named("form")
# What a page carries that is no field of a step.
OF_THE_FORM = ("stamp", "proof", *antispam.TRAPS)
FIELDS = {name: step for step, form in STEPS.items() for name in form.base_fields}


@vary_on_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest) -> HttpResponse:
    """Begin. The form gets an address of its own, to which Back can lead."""
    if not settings.SUBMISSIONS_OPEN:
        raise Http404
    if switches.are_closed("submissions"):
        return switches.closed(request, "submissions/shut.html")
    handle = new_handle()
    if request.method == "POST":
        return _go_on(request, handle)
    return redirect("submissions:step", handle=handle, step=FIRST)


@vary_on_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, handle: str, step: str) -> HttpResponse:
    """Show the step with what was typed, or take what is sent there and go on."""
    if not settings.SUBMISSIONS_OPEN:
        raise Http404
    if switches.are_closed("submissions"):
        return switches.closed(request, "submissions/shut.html")
    token = request.COOKIES.get(COOKIE, "")
    kept = unsent.find(handle, token)
    if request.method == "POST":
        return _go_on(request, handle, token, kept)
    if kept is None:
        return _page(request, handle, FIRST, QueryDict(), is_over=step != FIRST)
    return _page(request, handle, step, kept)


def _go_on(
    request: HttpRequest, handle: str, token: str = "", kept: QueryDict | None = None
) -> HttpResponse:
    """Lead on to the step that was asked for, or to the first one that is not right yet."""
    data = _merged(request.POST, kept)
    here, wanted = request.POST.get("step"), request.POST.get("go", "")
    attaching = Attaching(data)
    attaching.take(request)
    if here not in STEPS:
        return _page(request, handle, FIRST, data)
    following, is_refused = _following(data, attaching, here, wanted)
    if not following:
        return _send(request, data, attaching, handle, token)
    data["refused"] = following if is_refused else ""
    attaching.note(data)
    token = _keep(request, handle, token if kept else "", data)
    if not token:
        return _page(request, handle, following, data)
    response = redirect("submissions:step", handle=handle, step=following)
    _give_cookie(response, handle, token, int(unsent.KEPT.total_seconds()))
    return response


def _following(data: QueryDict, attaching: Attaching, here: str, wanted: str) -> tuple[str, bool]:
    """The step to be shown, and whether it was refused; none where all is right and to be sent."""
    if attaching.refused or wanted == "attach":
        return WORDS, False
    if attaching.missing and not workflow.is_sent(data.get("stamp", "")):
        # Nothing is sent without what belongs to it.
        return WORDS, False
    if wanted in STEPS and ORDER.index(wanted) <= ORDER.index(here):
        return wanted, False
    done = ORDER[: ORDER.index(here) + 1]
    for name in done:
        if not STEPS[name](data).is_valid():
            return name, True
    return ("" if here == LAST else ORDER[len(done)]), False


def _merged(posted: QueryDict, kept: QueryDict | None) -> QueryDict:
    """What this step was given now; of the others what was kept, or else what its page carried.

    A page that Back led to carries less than was typed since.
    """
    data, here = QueryDict(mutable=True), posted.get("step")
    for name in (*FIELDS, *OF_THE_FORM, "attached"):
        is_own = FIELDS.get(name) == here or name in OF_THE_FORM
        source = posted if is_own or kept is None else kept
        if name in source:
            data.setlist(name, source.getlist(name))
    if kept and not data.get("proof"):
        data["proof"] = kept.get("proof", "")
    return data


def _keep(request: HttpRequest, handle: str, token: str, data: QueryDict) -> str:
    """The key of what is kept; none where it is not."""
    is_new = not token
    if is_new and limits.hit_from("form", request, most=MOST_KEPT_AN_HOUR, seconds=3600):
        return ""
    try:
        return unsent.keep(handle, token, data)
    except unsent.NotKept:
        return ""


def _give_cookie(response: HttpResponse, handle: str, token: str, age: int) -> None:
    def path() -> str:
        return reverse("submissions:step", args=[handle, FIRST]).removesuffix(f"{FIRST}/")

    cookies.give(response, COOKIE, token, to=path, age=age)


def _send(
    request: HttpRequest, data: QueryDict, attaching: Attaching, handle: str, token: str
) -> HttpResponse:
    fields = _fields(data, ORDER)
    del fields["consent"]
    signs = antispam.signs(workflow.FORM, data, bits=switches.bits())
    # Many from one network: a union's hall, an exit of Tor, or a program. It only waits longer.
    is_one_of_many = limits.is_full("submit", request, most=MOST_AN_HOUR)
    sent = workflow.submit(
        stamp=data.get("stamp", ""),
        reply_language=get_language(),
        doubts=[*signs, *([Submission.Doubt.LIMIT] if is_one_of_many else [])],
        attached=attaching.tokens,
        **fields,
    )
    # After it: a try that took nothing in is not one of many.
    limits.hit_from("submit", request, most=MOST_AN_HOUR, seconds=3600)
    unsent.forget(handle, token)
    response = private.hand_over(sent.submission, sent.token, then="submissions:sent")
    _give_cookie(response, handle, "", 0)
    return response


def _fields(data: QueryDict, steps: list[str]) -> dict:
    """What the steps were given, as it would be stored; of those that are not right nothing."""
    forms = [STEPS[name](data) for name in steps]
    return {k: v for form in forms if form.is_valid() for k, v in form.cleaned_data.items()}


def _page(
    request: HttpRequest, handle: str, step: str, data: QueryDict, *, is_over: bool = False
) -> HttpResponse:
    """One step: with its faults where it was refused, else with what was typed there before."""
    typed = {name: data[name] for name in STEPS[step].base_fields if name in data}
    is_refused = data.get("refused") == step
    form: Step = STEPS[step](data) if is_refused else STEPS[step](initial=typed)
    attaching = Attaching(data)
    context = {
        "handle": handle,
        "step": step,
        "steps": [(name, LABELS[name]) for name in ORDER],
        "number": ORDER.index(step) + 1,
        "following": LABELS[ORDER[ORDER.index(step) + 1]] if step != LAST else "",
        "before": ORDER[: ORDER.index(step)],
        "form": form,
        "is_over": is_over,
        "carried": list(_carried(data, step)),
        "stamp": data.get("stamp") or antispam.stamp(workflow.FORM),
        "proof": data.get("proof", ""),
        "bits": switches.bits(),
        "traps": [(name, data.get(name, "")) for name in antispam.TRAPS],
        "trap_label": antispam.TRAP_LABEL,
        "preview": Submission(**_fields(data, ORDER[:-1])) if step == LAST else None,
        "attaching": attaching,
        "attaches": step == WORDS and (attaching.held or attaching.form.fields),
        "problems": attaching.form if attaching.refused else form,
    }
    response = render(request, "submissions/submit.html", context)
    # Isolated, it would start no worker for the proof of work whose file lacks the same header.
    response.headers["Cross-Origin-Embedder-Policy"] = "unsafe-none"
    return response


def _carried(data: QueryDict, step: str) -> Iterator[tuple[str, str]]:
    """What the other steps were given."""
    yield from ((name, data[name]) for name in FIELDS if FIELDS[name] != step and name in data)
