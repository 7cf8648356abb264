"""The private page of a submission: whoever has its link is its sender (R-TO1 to R-TO3).

The link's secret part stands in an address once: it is put into a cookie for this submission's
pages alone, and the browser goes on to an address that tells nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_cookie

from statements import cookies, diff, limits, switches, tokens
from statements.models import Submission, SubmissionMessage
from statements.plain import pasted
from statements.submissions import letters, proposals, qrcode, states, withdrawal, workflow
from statements.submissions.attaching import Attaching, sent_with
from statements.submissions.forms import CorrectionForm, MessageForm, ProposalForm, WithdrawalForm

COOKIE = cookies.named("submission")
# Long enough to write an answer; whoever comes later opens the link again.
COOKIE_AGE = 4 * 3600
# So many an hour the sender of one submission can write.
MOST_MESSAGES = 20

View = Callable[..., HttpResponse]


@vary_on_cookie
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the secret out of the address. Nothing else changes, whoever follows the link."""
    found = Submission.objects.filter(pk=tokens.find(workflow.PURPOSE, token)).first()
    if not found:
        return _closed(request)
    return hand_over(found, token, then="submissions:submission")


def hand_over(submission: Submission, token: str, *, then: str) -> HttpResponse:
    """Go on to a page of the submission, with the cookie that opens it in every language."""

    def path() -> str:
        return reverse("submissions:submission", args=[submission.handle])

    response = redirect(then, handle=submission.handle)
    cookies.give(response, COOKIE, token, to=path, age=COOKIE_AGE)
    return response


def opened(*methods: str) -> Callable[[View], View]:
    """Give the view the submission that the cookie opens; to others the page that asks for it."""

    def decorate(view: View) -> View:
        @vary_on_cookie
        @require_http_methods(methods)
        @wraps(view)
        def wrapper(request: HttpRequest, handle: str) -> HttpResponse:
            token = request.COOKIES.get(COOKIE, "")
            pk = tokens.find(workflow.PURPOSE, token) if token else None
            found = (
                Submission.objects.select_related("event", "organisation", "statement")
                .filter(pk=pk, handle=handle)
                .first()
            )
            if not found:
                return _closed(request)
            request.token = token  # type: ignore[attr-defined]
            try:
                return view(request, found)
            except states.NotPossible as refused:
                return _page(request, refused.submission, refused=True, status=409)

        return wrapper

    return decorate


@opened("GET", "HEAD")
def sent(request: HttpRequest, submission: Submission) -> HttpResponse:
    """It was received: here is the link, which is shown in full and to be saved."""
    context = _link(request) | {"submission": submission}
    return render(request, "submissions/sent.html", context)


@opened("GET", "HEAD", "POST")
def submission(request: HttpRequest, submission: Submission) -> HttpResponse:
    """Where it stands, the conversation, and a box to answer."""
    if request.method != "POST":
        return _page(request, submission)
    if "go" in request.POST:
        # In another language of the interface; what was typed comes along.
        return _page(request, submission, form=MessageForm(initial=request.POST.dict()))
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _page(request, submission, form=form)
    wait = limits.hit("message", submission.handle, most=MOST_MESSAGES, seconds=3600)
    if wait:
        refused = _("You wrote a lot in one hour. Keep these words, and send them later.")
        form.add_error("words", refused)
        response = _page(request, submission, form=form, status=429)
        response["Retry-After"] = str(wait)
        return response
    workflow.answer(submission, **form.cleaned_data)
    return redirect("submissions:submission", handle=submission.handle)


@opened("GET", "HEAD", "POST")
def correct(request: HttpRequest, submission: Submission) -> HttpResponse:
    form = CorrectionForm(request.POST) if request.method == "POST" else None
    attaching = Attaching(request.POST, submission)
    if form:
        attaching.take(request)
    # For one more file, or in another language of the interface.
    stays = attaching.refused or "go" in request.POST
    if form and not stays and form.is_valid():
        workflow.correct(
            submission, attached=attaching.tokens, dropped=attaching.dropped, **form.cleaned_data
        )
        return redirect("submissions:submission", handle=submission.handle)
    if not states.can_correct(submission):
        raise states.NotPossible(submission)
    if form and stays:
        form = CorrectionForm(initial=request.POST.dict())
    context = {
        "submission": submission,
        "form": form or CorrectionForm.of(submission),
        "attaching": attaching,
        "attaches": attaching.sent or attaching.held or attaching.form.fields,
        "problems": attaching.form if attaching.refused else form,
    }
    return render(request, "submissions/correct.html", context)


@opened("GET", "HEAD", "POST")
def proposal(request: HttpRequest, submission: Submission) -> HttpResponse:
    """What the editors would change, word by word, to be accepted or refused."""
    form = ProposalForm(request.POST if request.method == "POST" else None)
    if "go" in request.POST:
        form = ProposalForm(initial=request.POST.dict())
    if form.is_valid():
        answer = {"accept": proposals.accept, "refuse": proposals.refuse}
        answer[form.cleaned_data.pop("answer")](submission, **form.cleaned_data)
        return redirect("submissions:submission", handle=submission.handle)
    waiting = proposals.waiting(submission)
    if not waiting:
        raise states.NotPossible(submission)
    context = {
        "submission": submission,
        "proposal": waiting,
        "form": form,
        "title": diff.compare(submission.title, waiting.title),
        "blocks": diff.compare(pasted(submission.text), pasted(waiting.text)),
    }
    return render(request, "submissions/proposal.html", context)


@opened("GET", "HEAD", "POST")
def withdraw(request: HttpRequest, submission: Submission) -> HttpResponse:
    """What it means, and a button: following a link alone withdraws nothing."""
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        workflow.withdraw(submission, **form.cleaned_data)
        return redirect("submissions:submission", handle=submission.handle)
    if not states.can_withdraw(submission):
        raise states.NotPossible(submission)
    return render(request, "submissions/withdraw.html", {"submission": submission, "form": form})


def _page(
    request: HttpRequest,
    submission: Submission,
    *,
    form: MessageForm | None = None,
    refused: bool = False,
    status: int = 200,
) -> HttpResponse:
    said = list(submission.messages.all())
    context = _link(request) | {
        "submission": submission,
        "text": workflow.public_text(submission),
        "reason": workflow.decline_reason(submission),
        "proposal": proposals.waiting(submission),
        "attached": sent_with(submission),
        "messages_sent": said,
        "is_asked": _is_asked(submission, said[-1] if said else None),
        "place": workflow.place_in_queue(submission),
        "form": form or MessageForm(),
        "can_answer": states.possible("answer", submission),
        "can_correct": states.can_correct(submission),
        "can_withdraw": states.can_withdraw(submission),
        "to_send_again": _to_send_again(submission),
        "takes_files": settings.SUBMISSION_ATTACHMENTS,
        "stays": withdrawal.was_refused(submission),
        "refused": refused,
        # What was written when it was refused is shown, to be copied.
        "unsent": request.POST.get("words") or request.POST.get("text") if refused else "",
    }
    return render(request, "submissions/submission.html", context, status=status)


def _is_asked(submission: Submission, last: SubmissionMessage | None) -> bool:
    """Whether the editors spoke last, and the sender has not answered a proposal since."""
    if not last or last.is_from_sender:
        return False
    return not submission.proposals.filter(answered_at__gte=last.sent_at).exists()


def _to_send_again(submission: Submission) -> dict[str, object]:
    """What the public form begins with when a closed one is sent anew."""
    if not settings.SUBMISSIONS_OPEN or not states.can_send_again(submission):
        return {}
    if switches.are_closed("submissions"):
        return {}
    return CorrectionForm.sent(submission)


def _link(request: HttpRequest) -> dict[str, object]:
    address = letters.link(request.token, get_language())  # type: ignore[attr-defined]
    return {"link": address, "qrcode": qrcode.of(address)}


def _closed(request: HttpRequest) -> HttpResponse:
    """The same for a link that never was, is over, or was opened on another day."""
    context = {"unsent": request.POST.get("words") or request.POST.get("text")}
    return render(request, "submissions/closed.html", context, status=404)
