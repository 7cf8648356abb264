"""The review of a submission: what was sent, what speaks for and against it, and the decision."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from statements import diff
from statements.admin import desk
from statements.admin.decisions import FORMS, ActForm, DeclineForm, ReasonForm
from statements.admin.happened import happened
from statements.admin.lookups import is_key
from statements.models import DeclineReason, EarlierWords, Submission
from statements.plain import pasted
from statements.publishing.standing import ReasonMissing
from statements.submissions import withdrawal, workflow
from statements.submissions.states import BY_ITS_MODERATOR, NotPossible, State, possible

# Comparing takes a moment for each; what was corrected before that is in the database.
MOST_COMPARED = 5
ACTS = {
    "take_up": workflow.take_up,
    "release": workflow.release,
    "ask": workflow.ask,
    "request_changes": workflow.request_changes,
    "accept": workflow.accept,
    "decline": workflow.decline,
    "mark_spam": workflow.mark_spam,
    "grant_withdrawal": withdrawal.grant_withdrawal,
    "refuse_withdrawal": withdrawal.refuse_withdrawal,
}
DONE = {
    "take_up": gettext_lazy("You have taken it up."),
    "release": gettext_lazy("It is back in the queue, in its old place."),
    "ask": gettext_lazy("The question stands on the sender's private page."),
    "request_changes": gettext_lazy("The sender is asked for changes."),
    "accept": gettext_lazy("Accepted. This is the draft that was made of it."),
    "decline": gettext_lazy("Declined."),
    "mark_spam": gettext_lazy("Marked as spam. Nobody is written to."),
    "grant_withdrawal": gettext_lazy("It is taken back."),
    "refuse_withdrawal": gettext_lazy("It stays, and the sender is told why."),
}


class WithReview(admin.ModelAdmin):
    """The page of a submission, where one would expect the form that changes it."""

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        submission = self._find(object_id)
        if request.method != "POST":
            return self._page(request, submission)
        act = request.POST.get("act", "")
        if act not in ACTS:
            raise Http404
        form = self._form(request, act, submission)
        if form and not form.is_valid():
            return self._page(request, submission, form)
        try:
            ACTS[act](submission, by=request.user, **(form.cleaned_data if form else {}))
        except NotPossible:
            return self._page(request, self._find(object_id), form, refused=True, status=409)
        except ReasonMissing:
            # It was published while this page was open, and now readers need a note.
            return self._page(request, self._find(object_id), form, status=409)
        messages.success(request, DONE[act])
        return HttpResponseRedirect(self._after(act, submission))

    def _find(self, object_id: str) -> Submission:
        """What waits is read whole, and what it is linked to with it."""
        found = Submission.objects.select_related(
            "moderator", "event", "organisation", "statement", "accepted_text__statement"
        ).filter(pk=object_id if is_key(object_id) else 0)
        submission = found.first()
        if not submission:
            raise Http404
        return submission

    def _form(self, request: HttpRequest, act: str, submission: Submission) -> ActForm | None:
        return FORMS[act](request.POST, submission=submission) if act in FORMS else None

    def _after(self, act: str, submission: Submission) -> str:
        """The draft that was made of it; else this page, which says what comes next."""
        if act == "accept":
            submission.refresh_from_db()
            return reverse("admin:statements_statement_change", args=[submission.statement_id])
        return reverse("admin:statements_submission_change", args=[submission.pk])

    def _page(
        self,
        request: HttpRequest,
        submission: Submission,
        form: ActForm | None = None,
        *,
        refused: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        decisions = list(submission.decisions.select_related("entry", "by").order_by("entry_id"))
        forms = self._forms(request, submission, form)
        context = {
            **self.admin_site.each_context(request),
            "title": submission.title,
            "opts": self.opts,
            "original": submission,
            "submission": submission,
            "is_mine": submission.moderator_id == request.user.pk,
            "state": submission.state,
            "can": {act for act in ACTS if self._can(act, submission, request)},
            "forms": forms,
            "reasons": ReasonForm()
            if "decline" in forms or self._can("decline", submission, request)
            else None,
            "refused": refused,
            # What was written for an act that is over is shown, to be copied.
            "unsent": form.typed if form and form.act not in forms else [],
            "messages_sent": submission.messages.select_related("by"),
            "corrections": list(_corrections(submission)),
            "decisions": [(one, happened(one)) for one in decisions],
            "last": happened(decisions[-1]) if decisions else "",
            "overdue_since": desk.overdue_since(),
            "following": desk.following(but=submission),
        }
        response = TemplateResponse(request, "admin/statements/review.html", context)
        response.status_code = status
        response["Cache-Control"] = "no-store"
        return response

    def _can(self, act: str, submission: Submission, request: HttpRequest) -> bool:
        """Whether its button is shown; the act itself asks again."""
        is_mine = submission.moderator_id == request.user.pk
        if act in BY_ITS_MODERATOR and not is_mine:
            return False
        if act == "mark_spam" and submission.state == State.IN_REVIEW and not is_mine:
            return False
        if act.endswith("_withdrawal") and not submission.withdrawal_asked_at:
            return False
        return possible(act, submission)

    def _forms(
        self, request: HttpRequest, submission: Submission, posted: ActForm | None
    ) -> dict[str, ActForm]:
        """A form for each act that is possible; the one that was refused as it was filled in."""
        found = {}
        for act, form in FORMS.items():
            if not self._can(act, submission, request):
                continue
            if posted and posted.act == act:
                found[act] = posted
            elif form is not DeclineForm:
                found[act] = form(submission=submission)
            elif reason := self._chosen_reason(request):
                found[act] = form(submission=submission, reason=reason)
        return found

    def _chosen_reason(self, request: HttpRequest) -> DeclineReason | None:
        """What was chosen on the page before: looking at it changes nothing."""
        form = ReasonForm(request.GET)
        return form.cleaned_data["decline"] if form.is_valid() else None


def _corrections(submission: Submission) -> Iterable[dict]:
    """What the sender changed, the last change first."""
    newest: QuerySet[EarlierWords] = submission.earlier.order_by("-pk")[:MOST_COMPARED]
    after: Submission | EarlierWords = submission
    for before in newest:
        yield {
            "at": before.replaced_at,
            "title": diff.compare(before.title, after.title),
            "text": diff.compare(pasted(before.text), pasted(after.text)),
            "demands": diff.compare(before.demands, after.demands)
            if before.demands != after.demands
            else None,
        }
        after = before
