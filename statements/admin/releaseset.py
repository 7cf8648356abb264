"""Release sets: texts put together by publishers, tried out, and released at one moment."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import languages, rights
from statements.admin import publishing
from statements.admin.base import counted
from statements.admin.desk import MOST_ON_DESK
from statements.admin.dry_run import DryRun
from statements.admin.hidden import Hidden
from statements.admin.languages import NoteLanguage
from statements.admin.lookups import is_key
from statements.models import Correction, ReleaseMember, ReleaseSet, Revision, Text
from statements.publishing import outgoing, refusals, releases, workflow
from statements.publishing.states import HourPassed, IllegalMove

# So many approved texts are offered; the others are put in from their own pages.
MOST_OFFERED = 200
NO_MORE = gettext_lazy("Somebody else changed the release set in the meantime: look at it again.")


class ReleaseForm(forms.ModelForm):
    at = forms.DateTimeField(
        label=gettext_lazy("Goes out at"),
        required=False,
        widget=forms.DateTimeInput(
            {"type": "datetime-local", "class": "vTextField"}, format="%Y-%m-%dT%H:%M"
        ),
    )

    class Meta:
        model = ReleaseSet
        fields = ["name", "at"]
        widgets = {"name": forms.TextInput({"class": "vTextField", "dir": "auto"})}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].help_text = _(
            "To the minute; the site's time zone is %(zone)s. It can be said later."
        ) % {"zone": timezone.get_current_timezone_name()}

    def clean_at(self) -> object:
        at = self.cleaned_data["at"]
        if at and at <= timezone.now():
            raise ValidationError(_("This moment has passed."))
        return at


class RevisionChoice(forms.ModelChoiceField):
    def label_from_instance(self, revision: Revision) -> str:
        return f"{revision.title} ({languages.name(revision.text.language)})"


class JoinForm(NoteLanguage):
    """An approved text is chosen by the very words that were approved."""

    revision = RevisionChoice(Revision.objects.none(), label=gettext_lazy("Approved text"))
    change = forms.ChoiceField(
        choices=[("", "---------"), *Revision.Change.choices],
        required=False,
        label=gettext_lazy("Kind of change"),
        help_text=gettext_lazy("Of a text that is public already."),
    )
    note = Correction._meta.get_field("note").formfield(
        label=gettext_lazy("What changed, for readers"),
        help_text=gettext_lazy(
            "Stands on the text's page and in the public register of corrections."
        ),
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )

    field_order = ("revision", "change", "note", "note_language")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        free = Text.objects.filter(state=Text.State.APPROVED, release=None)
        approved = Revision.objects.filter(pk__in=free.values("approved_revision"))
        field = self.fields["revision"]
        field.queryset = approved.select_related("text").order_by("-pk")
        offered = field.queryset[:MOST_OFFERED]
        field.widget.choices = [
            ("", "---------"),
            *((one.pk, field.label_from_instance(one)) for one in offered),
        ]

    @property
    def text_language(self) -> str:
        revision = self.cleaned_data.get("revision")
        return revision.text.language if revision else ""

    def refuse(self, refused: Exception) -> None:
        """Put it where the editor can do something about it."""
        if isinstance(refused, workflow.ChangeNotNamed):
            self.add_error("change", _("Say what kind of change it is, and in a sentence what."))
        elif isinstance(refused, rights.OwnWords):
            self.add_error("revision", _("You wrote these words: somebody else puts them in."))
        elif isinstance(refused, releases.SetIsFull):
            self.add_error(None, publishing.full())
        else:
            code = refusals.code(refused)
            self.add_error("revision", _("Not put in: %(reason)s.") % {"reason": code.label})


@admin.register(ReleaseSet)
class ReleaseSetAdmin(Hidden):
    """A set is described and filled on its page; it is scheduled on the page of its dry run."""

    form = ReleaseForm
    list_display = ("name", "at", "state", "texts")
    list_filter = ("state",)
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    ordering = ("-pk",)
    actions = None

    # Who may

    def has_view_permission(self, request: HttpRequest, obj: ReleaseSet | None = None) -> bool:
        return rights.can_release(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: ReleaseSet | None = None) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: ReleaseSet | None = None) -> bool:
        """It is cancelled, and stays as a record of that."""
        return False

    def on_first_page(self, request: HttpRequest) -> dict:
        """What goes out next, for those who may put it together."""
        if not self.has_view_permission(request):
            return {}
        changed = ReleaseMember.objects.not_as_approved().filter(release=models.OuterRef("pk"))
        next_ones = ReleaseSet.objects.scheduled().annotate(is_held_back=models.Exists(changed))
        return {"release_sets": list(next_ones[:MOST_ON_DESK])}

    # The list and a new one

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        found = super().get_queryset(request)
        return found.annotate(texts_count=counted(ReleaseMember.objects.all(), "release"))

    @admin.display(description=gettext_lazy("texts"))
    def texts(self, release: ReleaseSet) -> int:
        return release.texts_count

    def save_model(
        self, request: HttpRequest, obj: ReleaseSet, form: ReleaseForm, change: bool
    ) -> None:
        obj.pk = releases.prepare(by=request.user, **form.cleaned_data).pk

    def response_add(
        self, request: HttpRequest, obj: ReleaseSet, post_url_continue: str | None = None
    ) -> HttpResponse:
        messages.success(request, _("Prepared. Now put texts into it."))
        return self._here(obj)

    # Its page

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.dry_run_view)
        return [
            path("<int:pk>/dry-run/", view, name="statements_releaseset_dry_run"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        release = self._found(request, object_id)
        if request.method != "POST":
            return self._page(request, release)
        act = request.POST.get("act", "")
        try:
            if act == "describe":
                return self._describe(request, release)
            if act == "join":
                return self._join(request, release)
            self._move(request, release, act)
        except IllegalMove:
            messages.error(request, NO_MORE)
        return self._here(release)

    def _describe(self, request: HttpRequest, release: ReleaseSet) -> HttpResponse:
        form = ReleaseForm(request.POST, instance=ReleaseSet.objects.get(pk=release.pk))
        if not form.is_valid():
            return self._page(request, release, described=form)
        releases.describe(release, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return self._here(release)

    def _join(self, request: HttpRequest, release: ReleaseSet) -> HttpResponse:
        form = JoinForm(request.POST)
        if not form.is_valid():
            return self._page(request, release, joining=form)
        try:
            releases.join(release, by=request.user, **form.cleaned_data)
        except (*refusals.OF_TEXTS, rights.OwnWords, releases.SetIsFull) as refused:
            form.refuse(refused)
            return self._page(request, release, joining=form)
        except (workflow.InReleaseSet, workflow.EditedMeanwhile):
            messages.error(request, _("Somebody else changed the text in the meantime."))
        else:
            messages.success(request, _("It goes out with this set."))
        return self._here(release)

    def _move(self, request: HttpRequest, release: ReleaseSet, act: str) -> None:
        if act == "leave" and is_key(request.POST.get("member", "")):
            releases.leave(release, int(request.POST["member"]), by=request.user)
            messages.success(request, _("Taken out of the set."))
        elif act == "unschedule":
            releases.unschedule(release, by=request.user)
            messages.success(request, _("It is being prepared again, and goes out at no hour."))
        elif act == "cancel":
            releases.cancel(release, by=request.user)
            messages.success(request, _("Cancelled. Its texts are free again."))
        else:
            raise Http404

    def _page(
        self,
        request: HttpRequest,
        release: ReleaseSet,
        *,
        described: ReleaseForm | None = None,
        joining: JoinForm | None = None,
    ) -> HttpResponse:
        members = release.members.select_related("text__statement", "revision")
        context = {
            **self._context(request, release, _("Release set")),
            "form": described or ReleaseForm(instance=release),
            "joining": (joining or JoinForm()) if release.is_prepared else None,
            "members": list(members),
            "decisions": publishing.decisions(release),
            "can": {act for act in ("unschedule", "cancel") if possible(act, release)},
        }
        return TemplateResponse(request, "admin/statements/release_set.html", context)

    # The dry run

    def dry_run_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What would go out, and the button that lets it."""
        release = self._found(request, str(pk))
        if request.method == "POST":
            return self._schedule(request, release)
        context = {
            **self._context(request, release, _("Dry run")),
            "run": DryRun(release, outgoing.rehearse(release, by=request.user)),
        }
        return TemplateResponse(request, "admin/statements/dry_run.html", context)

    def _schedule(self, request: HttpRequest, release: ReleaseSet) -> HttpResponse:
        seen = request.POST.get("seen", "")
        try:
            releases.schedule(release, by=request.user, now=timezone.now(), seen=seen)
        except IllegalMove:
            messages.error(request, NO_MORE)
        except HourPassed:
            messages.error(request, _("This moment has passed."))
        except releases.HourMissing:
            messages.error(request, _("Say when it is to go out."))
        except (releases.SetChanged, outgoing.HeldBack):
            messages.error(request, _("Not scheduled: look at what has changed."))
            return HttpResponseRedirect(request.path)
        else:
            messages.success(
                request, _("Scheduled. All of it goes out at that moment, or nothing.")
            )
        return self._here(release)

    def _context(self, request: HttpRequest, release: ReleaseSet, title: str) -> dict:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(release),
            "opts": self.opts,
            "original": release,
        }

    def _found(self, request: HttpRequest, object_id: str) -> ReleaseSet:
        if not self.has_view_permission(request):
            raise PermissionDenied
        release = self.get_object(request, object_id) if is_key(object_id) else None
        if release is None:
            raise Http404
        return release

    def _here(self, release: ReleaseSet) -> HttpResponse:
        return HttpResponseRedirect(release.get_absolute_url())


def possible(act: str, release: ReleaseSet) -> bool:
    return releases.possible(act, release.state)
