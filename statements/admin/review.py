"""The review of a submission: what was sent, what speaks for and against it, and the decision."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import diff
from statements.admin import alike, desk
from statements.admin.decisions import (
    FORMS,
    AcceptForm,
    ActForm,
    DeclineForm,
    MergeForm,
    ReasonForm,
)
from statements.admin.happened import happened
from statements.admin.lookups import is_key
from statements.admin.recognition import Recognised, recognise
from statements.models import DeclineReason, EarlierWords, ProposedWords, Submission
from statements.plain import pasted
from statements.publishing.drafts import LanguageTaken
from statements.publishing.standing import ReasonMissing
from statements.submissions import proposals, withdrawal, workflow
from statements.submissions.states import BY_ITS_MODERATOR, NotPossible, State, possible

# Comparing takes a moment for each; what was corrected before that is in the database.
MOST_COMPARED = 5
ACTS = {
    "take_up": workflow.take_up,
    "release": workflow.release,
    "ask": workflow.ask,
    "request_changes": workflow.request_changes,
    "propose": proposals.propose,
    "accept": workflow.accept,
    "merge": workflow.merge,
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
    "propose": gettext_lazy("The sender is asked whether the changes are right."),
    "accept": gettext_lazy("Accepted. This is the draft that was made of it."),
    "merge": gettext_lazy("Accepted. This is the draft of a text that was made of it."),
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
            return self._page(request, Review(submission, request))
        act = request.POST.get("act", "")
        if act not in ACTS:
            raise Http404
        review = Review(submission, request)
        form = review.form(act, request.POST) if act in FORMS else None
        if form and not form.is_valid():
            return self._page(request, review, form)
        try:
            ACTS[act](submission, by=request.user, **(form.cleaned_data if form else {}))
        except (NotPossible, ReasonMissing, LanguageTaken) as refused:
            # Somebody was a moment faster: with it, or with the statement that it belongs to.
            if isinstance(refused, LanguageTaken):
                form.refuse_language()
            now = Review(self._find(object_id), request)
            return self._page(request, now, form, refused=isinstance(refused, NotPossible))
        messages.success(request, self._done(act, submission))
        # nosemgrep: sent-where-asked - to a page of the admin, whatever was done
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

    def _done(self, act: str, submission: Submission) -> str:
        """What was done; away from the desk, with the way on to the next one."""
        after = desk.following(but=submission) if act in ("accept", "merge") else None
        if not after:
            return DONE[act]
        return format_html(
            '{} <a href="{}" accesskey="n">{}</a>',
            DONE[act],
            reverse("admin:statements_submission_change", args=[after.pk]),
            _("Next submission"),
        )

    def _after(self, act: str, submission: Submission) -> str:
        """The draft that was made of it; else this page, which says what comes next."""
        submission.refresh_from_db()
        if act == "accept":
            return reverse("admin:statements_statement_change", args=[submission.statement_id])
        if act == "merge":
            return reverse("admin:statements_text_change", args=[submission.accepted_text_id])
        return reverse("admin:statements_submission_change", args=[submission.pk])

    def _page(
        self,
        request: HttpRequest,
        review: Review,
        form: ActForm | None = None,
        *,
        refused: bool = False,
    ) -> HttpResponse:
        submission = review.submission
        decisions = list(submission.decisions.select_related("entry", "by").order_by("entry_id"))
        forms = review.forms(form)
        context = {
            **self.admin_site.each_context(request),
            "title": submission.title,
            "opts": self.opts,
            "original": submission,
            "submission": submission,
            "is_mine": review.is_mine,
            "state": submission.state,
            "can": {act for act in ACTS if review.can(act)},
            "forms": forms,
            "reasons": review.reasons,
            "refused": refused,
            # What was written for an act that is over is shown, to be copied.
            "unsent": form.typed if form and form.act not in forms else [],
            "recognised": review.recognised,
            "known": list(_known(review.recognised)),
            "comparison": review.comparison,
            "attached": list(submission.attachments.listed()),
            "messages_sent": submission.messages.select_related("by"),
            "corrections": list(_corrections(submission)),
            "proposed": list(_proposed(submission)),
            "decisions": [(one, happened(one)) for one in decisions],
            "last": happened(decisions[-1]) if decisions else "",
            "overdue_since": desk.overdue_since(),
            "following": desk.following(but=submission),
        }
        response = TemplateResponse(request, "admin/statements/review.html", context)
        response.status_code = 409 if refused else 200
        response["Cache-Control"] = "no-store"
        return response


class Review:
    """A submission before one moderator: what they can do with it, and what was found out."""

    def __init__(self, submission: Submission, request: HttpRequest) -> None:
        self.submission = submission
        self.is_mine = submission.moderator_id == request.user.pk
        # Looking at the words of a reason changes nothing.
        self.asked = request.GET

    @cached_property
    def recognised(self) -> Recognised:
        """Nothing, once it is decided: then what was found is linked or left."""
        return recognise(self.submission) if self.submission.is_open else Recognised()

    @cached_property
    def comparison(self) -> alike.Comparison:
        if not self.submission.is_open:
            return alike.Comparison([], [])
        return alike.compare(self.submission, self.recognised)

    def can(self, act: str) -> bool:
        """Whether its button is shown; the act itself asks again."""
        is_taken = self.submission.state == State.IN_REVIEW
        if act in BY_ITS_MODERATOR or (act == "mark_spam" and is_taken):
            return self.is_mine and possible(act, self.submission)
        if act.endswith("_withdrawal") and not self.submission.withdrawal_asked_at:
            return False
        return possible(act, self.submission)

    def form(self, act: str, data: QueryDict | None = None, **more: object) -> ActForm:
        """The form of an act, filled in or empty."""
        form = FORMS[act]
        if issubclass(form, AcceptForm):
            more["found"] = self.recognised
        if issubclass(form, MergeForm):
            more["like_it"] = self.comparison.statements
        return form(data, submission=self.submission, **more)

    def forms(self, posted: ActForm | None) -> dict[str, ActForm]:
        """A form for each act that is possible; the one that was refused as it was filled in."""
        found = {}
        for act in FORMS:
            if not self.can(act):
                continue
            if posted and posted.act == act:
                found[act] = posted
            elif act != DeclineForm.act:
                found[act] = self.form(act)
            elif reason := self._chosen_reason():
                found[act] = self.form(act, reason=reason)
        return found

    @property
    def reasons(self) -> ReasonForm | None:
        """Those to choose from, the chosen one ticked."""
        return ReasonForm(initial=self.asked.dict()) if self.can("decline") else None

    def _chosen_reason(self) -> DeclineReason | None:
        form = ReasonForm(self.asked)
        return form.cleaned_data["decline"] if form.is_valid() else None


def _proposed(submission: Submission) -> Iterable[dict]:
    """What was proposed and not taken over, the last first; what was taken over is a change."""
    others = submission.proposals.exclude(answer=ProposedWords.Answer.ACCEPTED).order_by("-pk")
    for one in others[:MOST_COMPARED]:
        yield {
            "proposal": one,
            "title": diff.compare(submission.title, one.title),
            "text": diff.compare(pasted(submission.text), pasted(one.text)),
        }


def _known(found: Recognised) -> Iterable[tuple[str, QuerySet]]:
    """The records whose names stand in it, by their kind."""
    for name, model in AcceptForm.RECORDS.items():
        if ids := getattr(found, name):
            yield model._meta.model_name, model.objects.filter(pk__in=ids)


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
