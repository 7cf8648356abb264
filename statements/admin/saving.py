"""What the forms of statements and of translations do alike: guard, save, publish, answer."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin.options import InlineModelAdmin
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from solidarity import csp
from statements import rights
from statements.admin import publishing
from statements.admin.confirmed import ConfirmsDeletion
from statements.admin.conflict import compared
from statements.admin.editor import passage_labels
from statements.admin.guard import revive_rows
from statements.admin.history import WithHistory
from statements.admin.kept import KeepsWords, kept_record
from statements.admin.lookups import is_key
from statements.admin.mending import to_mend
from statements.admin.presence import WithPresence
from statements.admin.remaining import tell_what_is_left
from statements.admin.safety import to_questions
from statements.admin.taken import AnswersWhatIsTaken
from statements.admin.untold import TellsNobody
from statements.admin.words import WordsForm
from statements.models import DemandAsMade, ReleaseSet, Statement, Text
from statements.publishing import links, releases, review, telling, workflow
from statements.publishing.addresses import concealed_persons_in
from statements.publishing.attachments import lock_for_deletion
from statements.safety import workflow as safety

# What readers are told of a further version.
TOLD = ("change", "note", "note_language")


@method_decorator(csp.csp_override(csp.EDITOR), name="changeform_view")
class WordsAdmin(
    TellsNobody, AnswersWhatIsTaken, KeepsWords, ConfirmsDeletion, WithPresence, WithHistory
):
    """The admin of a record whose form is a WordsForm. Its pages show the editor."""

    # How the key in the page's address finds the statement, and the texts that the form saves.
    path_to_statement, path_to_text = "", ""

    class Media:
        css = {"all": ["css/admin-words.css"]}
        js = [
            *("admin/js/jquery.init.js", "js/passages.js", "js/statement-form.js"),
            "js/who-else.js",
        ]

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> models.Model | None:
        """The record; while it is being saved, as the last one who saved it left it, locked."""
        is_saving = request.method == "POST" and transaction.get_connection().in_atomic_block
        if is_saving and is_key(object_id):
            _lock_set(request)
            if request.resolver_match.url_name.endswith("_delete"):
                statements = Statement.objects.filter(**{self.path_to_statement: object_id})
                lock_for_deletion(statements)
            # The statement first, on either page, so that two editors never wait in a circle.
            for rows in (
                Statement.objects.filter(**{self.path_to_statement: object_id}),
                Text.objects.filter(**{self.path_to_text: object_id}),
            ):
                list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk"))
        return super().get_object(request, object_id, from_field)

    def get_formset_kwargs(
        self, request: HttpRequest, obj: models.Model, inline: InlineModelAdmin, prefix: str
    ) -> dict:
        """Rows that somebody else deleted meanwhile come back as new ones: nothing is lost."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if obj.pk and "data" in kwargs:
            formset = inline.get_formset(request, obj)(instance=obj, prefix=prefix)
            existing = {str(row.pk) for row in formset.get_queryset()}
            revive_rows(kwargs, prefix, existing)
        return kwargs

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return rights.can_publish(request.user)

    def get_form(self, request: HttpRequest, *args: object, **kwargs: object) -> type[WordsForm]:
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            _lock_set(request)
        form = super().get_form(request, *args, **kwargs)
        form.editor = request.user
        return form

    def save_related(
        self, request: HttpRequest, form: object, formsets: list, change: bool
    ) -> None:
        concealed = telling.spellings([form.text.statement_id])
        made = DemandAsMade.objects.filter(statement=form.text.statement_id)
        before = list(made.values_list("demand", flat=True))
        super().save_related(request, form, formsets, change)
        links.links_changed(form.text.statement, demands_before=before)
        request.outcome, request.before = outcome(form.text), form.before
        # Published words have their own entry; the log is written to last.
        is_changed = form.text.working_revision_id != form.cleaned_data["working_revision"]
        if is_changed and form.act != "publish":
            review.words_saved(form.text, form.before.state, by=request.user)
        if form.act == "publish":
            self._publish(request, form)
        elif form.act:
            self._move(request, form)
        told = {name: form.cleaned_data.get(name) or "" for name in ("change", "note")}
        review.change_told(form.before, **told)
        telling.refuse_told(concealed)
        statement = form.text.statement
        for person in concealed_persons_in(statement) if statement.is_readable else ():
            tell_what_is_left(request, person, statement)

    def _move(self, request: HttpRequest, form: WordsForm) -> None:
        """Bring exactly the words that were just saved to another working state."""
        revision, data = form.text.working_revision, form.cleaned_data
        told = {name: data[name] for name in TOLD} | {"by": request.user}
        try:
            if form.act == "schedule":
                at = data["scheduled_for"]
                text = review.schedule(revision, at=at, now=form.now, **told)
            elif form.act == "join":
                text = releases.join(data["release_set"], revision, **told)
            else:
                text = publishing.ACTS[form.act](revision, by=request.user)
        except safety.NotPassed:
            request.outcome = None
            return
        request.outcome = publishing.outcome(form.act, text)
        self.log_change(request, text.statement, request.outcome)

    def _publish(self, request: HttpRequest, form: WordsForm) -> None:
        """Publish exactly the words that were just saved."""
        text = form.text
        try:
            told = {name: form.cleaned_data[name] for name in TOLD}
            revision = workflow.publish(text.working_revision, by=request.user, **told)
        except workflow.NothingToPublish:
            request.outcome = _(
                "Saved. The words are those of the published version, so that stays as it is."
            )
        except safety.NotPassed:
            request.outcome = None
        else:
            request.outcome = _("Published as version %(number)d.") % {"number": revision.number}
            self.log_change(request, text.statement, request.outcome)

    def response_add(
        self, request: HttpRequest, obj: models.Model, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._back_to_form(request, obj) or super().response_add(
            request, obj, post_url_continue
        )

    def response_change(self, request: HttpRequest, obj: models.Model) -> HttpResponse:
        # What is said of it afterwards names it by the title that was just saved.
        obj.working_title = self.text_of(obj).working_revision.title
        return self._back_to_form(request, obj) or super().response_change(request, obj)

    def _back_to_form(self, request: HttpRequest, obj: models.Model) -> HttpResponse | None:
        """After all but "Save and close" one goes on editing."""
        text = self.text_of(obj)
        self._warn_of_waiting(request, text.statement)
        if undone := publishing.undone(request.before, text):
            messages.warning(request, undone)
        if not publishing.STAYING & set(request.POST):
            return None
        if not request.outcome:
            happened = _("Saved, and not published: first the questions below need answers.")
            return to_questions(request, text.statement, happened)
        self.message_user(request, request.outcome, messages.SUCCESS)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[obj.pk]))

    def _warn_of_waiting(self, request: HttpRequest, statement: Statement) -> None:
        """Whoever links or attaches something to a public statement expects to see it there."""
        if not statement.is_public:
            return
        if statement.attachments.unfinished().exists():
            messages.warning(
                request,
                _("An attachment is not shown before it says who made it, and its licence."),
            )
        if any(not person.is_public for person in safety.concerns(statement).persons):
            messages.warning(
                request,
                _(
                    "Persons at risk who are new here are not shown before the safety questions"
                    " are answered."
                ),
            )

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: object, **kwargs: object
    ) -> TemplateResponse:
        form = context["adminform"].form
        text = form.text
        context |= {
            "text": text,
            "broken": text.quotations.broken().count() if text.pk else 0,
            "passages": passage_labels(),
            "to_mend": to_mend(form, context["inline_admin_formsets"]) if form.is_bound else [],
            "may_publish": self.has_publish_permission(request),
            "buttons": publishing.buttons(request.user, text),
            "is_own": rights.needs_other_eyes(request.user, text.working_revision),
            "show_save_and_add_another": False,
            "kept_record": kept_record(form.instance, text.statement_id),
        }
        if text.pk and not self.has_change_permission(request, form.instance):
            form.show_words()
        if form.was_edited_meanwhile:
            formsets = [one.formset for one in context["inline_admin_formsets"]]
            context["conflict"] = compared(form, formsets)
        return super().render_change_form(request, context, *args, **kwargs)


def _lock_set(request: HttpRequest) -> None:
    """The release set that a text is put into, before its statement and its links."""
    key = request.POST.get("release_set", "")
    if "_join" in request.POST and is_key(key):
        list(ReleaseSet.objects.filter(pk=key).select_for_update().values_list("pk"))


def outcome(text: Text) -> str:
    """What saving without publishing means for visitors."""
    if not text.is_public:
        return _("Saved as a draft.")
    if text.is_draft:
        return _("Saved. Visitors read the published version until you publish this one.")
    return _("Saved. What is linked to the statement is public at once.")
