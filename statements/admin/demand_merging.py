"""Merging demands: what the pages and the list say of it."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import rights
from statements.admin.base import counted
from statements.admin.merging import WithMerging
from statements.ledger import merging
from statements.ledger.alike import alike
from statements.models import Demand, DemandAsMade


class WithDemandMerging(WithMerging):
    merging = merging
    merge_template = "admin/statements/demand_merge.html"
    merge_title = gettext_lazy("Merge into another demand")
    staying = gettext_lazy("The demand that stays")
    merged = gettext_lazy("“%(gone)s” is one with “%(into)s” now: look through its wordings.")
    looked_up_by = DemandAsMade._meta.get_field("demand")

    def merge_context(self, gone: Demand, into: Demand | None) -> dict:
        if not into:
            return {"alike": alike(gone)}
        return {"foretold": merging.foretell(gone, into), "warnings": list(_warnings(gone, into))}

    def refusal(self, refused: Exception) -> str:
        if isinstance(refused, merging.NotAsked):
            return _(
                "Not done: readers would see somebody at risk by it, of whom nobody was asked."
                " Answer the safety questions of the statements first, or withhold their name."
            )
        return super().refusal(refused)

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: object, **kwargs: object
    ) -> HttpResponse:
        context["may_merge"] = rights.can_make_public(request.user, Demand)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description=gettext_lazy("Merge the two"), permissions=["publish"])
    def merge_chosen(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
        """Leads to the page that says what will happen: what more statements make stays."""
        made = counted(DemandAsMade.objects.all(), "demand", "statement")
        chosen = list(queryset.order_by().annotate(makers=made).order_by("makers", "-pk")[:3])
        if len(chosen) != 2:
            messages.error(request, _("Choose two demands: the one is merged into the other."))
            return None
        gone, into = chosen
        address = reverse("admin:statements_demand_merge", args=[gone.pk])
        return HttpResponseRedirect(f"{address}?{urlencode({'into': into.pk})}")


def _warnings(gone: Demand, into: Demand) -> list[str]:
    """What an editor should think of before two demands become one."""
    found = []
    if gone.kind != into.kind:
        found.append(
            _("They are of different kinds, “%(gone)s” and “%(into)s”. The second one stays.")
            % {"gone": gone.get_kind_display(), "into": into.get_kind_display()}
        )
    if gone.addressee_id and into.addressee_id and gone.addressee_id != into.addressee_id:
        found.append(
            _("They have different addressees, “%(gone)s” and “%(into)s”. The second one stays.")
            % {"gone": gone.addressee, "into": into.addressee}
        )
    if gone.is_example != into.is_example:
        found.append(_("One of the two is an invented example, and the other is not."))
    if into.is_public and not gone.is_public:
        found.append(
            _("“%(gone)s” is not public yet: its wordings and updates become public.")
            % {"gone": gone}
        )
    if gone.is_public and not into.is_public:
        found.append(_("“%(into)s” is not public yet: it becomes public.") % {"into": into})
    return found
