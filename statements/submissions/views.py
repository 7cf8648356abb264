"""The public form: four steps without a script, which keep what was typed.

Nothing is stored between the steps: each page carries what the others were given in hidden
fields, and all of it is checked again when it is sent.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_cookie

from statements import antispam, limits
from statements.models import Submission
from statements.submissions import private, workflow
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
FIRST, LAST = ORDER[0], ORDER[-1]
# Where files are chosen.
WORDS = "words"


@vary_on_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest) -> HttpResponse:
    """Show the step that was asked for, or the first one that is not right yet."""
    if not settings.SUBMISSIONS_OPEN:
        raise Http404
    here, wanted = request.POST.get("step"), request.POST.get("go", "")
    attaching = Attaching(request)
    if here not in STEPS:
        return _page(request, FIRST, attaching)
    if attaching.refused or wanted == "attach":
        return _page(request, WORDS, attaching)
    if wanted in STEPS and ORDER.index(wanted) <= ORDER.index(here):
        return _page(request, wanted, attaching)
    done = ORDER[: ORDER.index(here) + 1]
    filled = {name: STEPS[name](request.POST) for name in done}
    for name, form in filled.items():
        if not form.is_valid():
            return _page(request, name, attaching, form)
    fields = {name: value for form in filled.values() for name, value in form.cleaned_data.items()}
    if here == LAST:
        if attaching.missing and not workflow.is_sent(request.POST.get("stamp", "")):
            # Nothing is sent without what belongs to it.
            return _page(request, WORDS, attaching)
        return _send(request, fields, attaching)
    following = ORDER[len(done)]
    preview = Submission(**fields) if following == LAST else None
    return _page(request, following, attaching, preview=preview)


def _send(request: HttpRequest, fields: dict, attaching: Attaching) -> HttpResponse:
    del fields["consent"]
    sent = workflow.submit(
        stamp=request.POST.get("stamp", ""),
        reply_language=get_language(),
        doubts=[*antispam.signs(workflow.FORM, request.POST), *_crowd(request)],
        attached=attaching.tokens,
        **fields,
    )
    return private.hand_over(sent.submission, sent.token, then="submissions:sent")


def _crowd(request: HttpRequest) -> list[str]:
    """Many from one network: a union's hall, an exit of Tor, or a program. It only waits longer."""
    wait = limits.hit_from("submit", request, most=MOST_AN_HOUR, seconds=3600)
    return [Submission.Doubt.LIMIT] if wait else []


def _page(
    request: HttpRequest,
    step: str,
    attaching: Attaching,
    form: Step | None = None,
    preview: Submission | None = None,
) -> HttpResponse:
    """One step: with its faults where it was refused, else with what was typed there before."""
    data = request.POST
    if step == LAST and not preview:
        # It was refused, and what was typed before it was not.
        earlier = [STEPS[name](data) for name in ORDER[:-1]]
        fields = {k: v for one in earlier if one.is_valid() for k, v in one.cleaned_data.items()}
        preview = Submission(**fields)
    typed = {name: data[name] for name in STEPS[step].base_fields if name in data}
    context = {
        "step": step,
        "steps": [(name, LABELS[name]) for name in ORDER],
        "number": ORDER.index(step) + 1,
        "following": LABELS[ORDER[ORDER.index(step) + 1]] if step != LAST else "",
        "before": ORDER[: ORDER.index(step)],
        "form": form or STEPS[step](initial=typed),
        "carried": list(_carried(data, step)),
        "stamp": data.get("stamp") or antispam.stamp(workflow.FORM),
        "proof": data.get("proof", ""),
        "bits": antispam.bits(),
        "traps": [(name, data.get(name, "")) for name in antispam.TRAPS],
        "trap_label": antispam.TRAP_LABEL,
        "preview": preview,
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
    for name, form in STEPS.items():
        if name != step:
            yield from ((field, data[field]) for field in form.base_fields if field in data)
