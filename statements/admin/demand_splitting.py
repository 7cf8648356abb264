"""A page on which a demand that is two is split: what goes to the other one is chosen by row."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from statements import rights
from statements.admin.untold import would_tell
from statements.languages import isolated
from statements.ledger import merging, splitting
from statements.models import Demand, DemandAsMade, DemandUpdate, Quotation, Statement
from statements.publishing import telling

# More than a form has room for; what is not shown stays where it is.
MOST_MADE = 300


class MadeChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, made: DemandAsMade) -> str:
        """Quoted in the text that leads, if it is there: the translations say the same."""
        quotations = made.quotations.all()
        leading = [one for one in quotations if one.text.is_leading]
        quoted = (
            _("“%(words)s”") % {"words": isolated(one.words)} for one in leading or quotations
        )
        parts = (isolated(str(made.statement)), made.get_voice_display(), *quoted)
        return pgettext("between the parts of a line", " · ").join(parts)


class UpdateChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, update: DemandUpdate) -> str:
        return pgettext("between the parts of a line", " · ").join(
            (str(update), isolated(str(update.source)))
        )


def _boxes() -> forms.CheckboxSelectMultiple:
    return forms.CheckboxSelectMultiple({"dir": "auto"})


class SplitForm(forms.ModelForm):
    """What goes, and where to: to a demand that is here, or to a new one."""

    made = MadeChoices(
        None, widget=_boxes(), required=False, label=gettext_lazy("Statements that make it")
    )
    updates = UpdateChoices(
        None,
        widget=_boxes(),
        required=False,
        label=gettext_lazy("Updates"),
        help_text=gettext_lazy(
            "With what they correct. One that is true of both is entered for the other once more,"
            " with the same source."
        ),
    )
    people = forms.ModelMultipleChoiceField(
        None, widget=_boxes(), required=False, label=gettext_lazy("People who go")
    )
    both = forms.ModelMultipleChoiceField(
        None, widget=_boxes(), required=False, label=gettext_lazy("People whom both are about")
    )
    known = forms.ModelChoiceField(
        Demand.objects.all(), required=False, label=gettext_lazy("To a demand that is here")
    )

    class Meta:
        model = Demand
        fields = ["wording", "language", "kind", "addressee"]

    def __init__(self, *args: object, demand: Demand, site: admin.AdminSite) -> None:
        super().__init__(*args)
        self.demand = demand
        quoted = Prefetch("statement", Statement.objects.titled())
        words = Prefetch("quotations", Quotation.objects.select_related("text"))
        made = demand.made.prefetch_related(quoted, words).order_by("-statement__sort_on")
        self._choose("made", made[:MOST_MADE], made)
        updates = demand.updates.in_force().select_related("source").by_day()
        self._choose("updates", updates, updates)
        people = demand.demand_people.select_related("person")
        self._choose("people", people, people)
        self._choose("both", people, people)
        for name, model in (("known", DemandAsMade), ("addressee", Demand)):
            relation = model._meta.get_field("demand" if name == "known" else name)
            field = self.fields[name]
            field.widget = AutocompleteSelect(relation, site)
            field.widget.choices = field.choices
        self.fields["known"].queryset = Demand.objects.exclude(pk=demand.pk)
        self.fields["wording"].label = capfirst(_("or to a new one: wording"))
        self.fields["wording"].widget.attrs |= {"dir": "auto", "size": 60}
        self.fields["wording"].required = False
        self.fields["language"].help_text = _("Of the new wording.")
        for name in ("language", "kind", "addressee"):
            self.initial[name] = getattr(demand, f"{name}_id" if name == "addressee" else name)
        self.order_fields(["made", "updates", "people", "both", "known"])

    def _choose(self, name: str, shown: QuerySet, among: QuerySet) -> None:
        field = self.fields[name]
        field.queryset = among
        if shown:
            field.choices = [(one.pk, field.label_from_instance(one)) for one in shown]
        else:
            del self.fields[name]

    def clean(self) -> dict:
        data = super().clean()
        if data.get("known") and data.get("wording"):
            self.add_error("wording", _("Choose a demand or word a new one, not both."))
        elif not data.get("known") and not data.get("wording") and "wording" not in self.errors:
            self.add_error("wording", _("Choose a demand, or say in what words the new one asks."))
        return data

    def _post_clean(self) -> None:
        """A new one is checked as a record; nothing is, where one is chosen that is here."""
        if not self.cleaned_data.get("known"):
            super()._post_clean()

    @property
    def share(self) -> splitting.Share:
        names = ("made", "updates", "people", "both")
        return splitting.Share(
            **{name: frozenset(one.pk for one in self.cleaned_data.get(name, ())) for name in names}
        )


class WithSplitting(admin.ModelAdmin):
    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.split_view)
        return [
            path("<int:pk>/split/", view, name="statements_demand_split"),
            *super().get_urls(),
        ]

    def split_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        demand = Demand.objects.filter(pk=pk).first()
        if demand is None:
            raise Http404
        if not rights.can_make_public(request.user, Demand):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        form = SplitForm(data, demand=demand, site=self.admin_site)
        if form.is_valid() and (into := self._split(request, demand, form)):
            here = reverse("admin:statements_demand_change", args=[into.pk])
            return HttpResponseRedirect(here)
        made = demand.made.count()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Split"),
            "subtitle": str(demand),
            "opts": self.opts,
            "original": demand,
            "form": form,
            "media": self.media + form.media,
            "left_out": max(made - MOST_MADE, 0),
        }
        return TemplateResponse(request, "admin/statements/demand_split.html", context)

    def _split(self, request: HttpRequest, demand: Demand, form: SplitForm) -> Demand | None:
        into = form.cleaned_data.get("known") or form.instance
        try:
            into = splitting.split(demand, into, form.share, by=request.user)
        except splitting.NotSplittable:
            form.add_error(
                None,
                _(
                    "Choose statements or updates that go, and leave some: to make two demands"
                    " one, merge them."
                ),
            )
        except telling.WouldTell as refused:
            form.add_error(None, would_tell(refused.names))
        except splitting.RowsChanged:
            form.add_error(None, _("What was to go has changed meanwhile: look at it again."))
        except merging.NotAsked as refused:
            form.add_error(None, self.refusal(refused))
        except merging.NotMergeable:
            form.add_error(None, _("One of the two is gone: somebody else was faster."))
        else:
            demand.refresh_from_db()
            into.refresh_from_db()
            self.log_change(request, demand, _("A part of it went to “%(into)s”.") % {"into": into})
            self.log_change(request, into, _("It has a part of “%(from)s”.") % {"from": demand})
            messages.success(
                request,
                _("Split: the old demand is %(state)s now, and this one is %(other)s.")
                % {"state": demand.get_state_display(), "other": into.get_state_display()},
            )
            return into
        return None
