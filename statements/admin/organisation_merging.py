"""Merging organisations: what the page says before two become one."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import rights
from statements.admin.merging import WithMerging
from statements.admin.unasked import MOST_TO_ASK, ask_first
from statements.languages import isolated
from statements.models import Authorship, Organisation, Statement
from statements.organisations import workflow

NOT_ASKED = gettext_lazy(
    "Not done: in statements that are public it would speak from inside the country, and nobody"
    " was asked. Answer the safety questions of the statements first."
)
DATES = {"founded": gettext_lazy("founded"), "dissolved": gettext_lazy("dissolved")}


class WithOrganisationMerging(WithMerging):
    merging = workflow
    merge_template = "admin/statements/merge.html"
    merge_title = gettext_lazy("Merge into another organisation")
    staying = gettext_lazy("The organisation that stays")
    merged = gettext_lazy("“%(gone)s” is one with “%(into)s” now: look through its names.")
    looked_up_by = Authorship._meta.get_field("organisation")

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: object, **kwargs: object
    ) -> HttpResponse:
        context["may_merge"] = rights.can_make_public(request.user, Organisation)
        return super().render_change_form(request, context, *args, **kwargs)

    def refusal(self, refused: Exception) -> str:
        if isinstance(refused, workflow.NotAsked):
            return NOT_ASKED
        return super().refusal(refused)

    def merge_context(self, gone: Organisation, into: Organisation | None) -> dict:
        if not into:
            return {"alike": workflow.alike(gone)}
        return {
            "asked": _ways(workflow.asked_about_first(gone, into)),
            "statements": gone.authorships.values("statement").distinct().count(),
            "names": workflow.names_to_come(gone, into),
            "filled": [
                (_label(name), _said(gone, name)) for name in workflow.to_be_filled(gone, into)
            ],
            "warnings": list(_warnings(gone, into)),
            "verified_as": workflow.verified_as(gone, into),
        }


def _ways(authors: QuerySet[Authorship]) -> list[tuple[Statement, str]]:
    """The statements whose questions come first, and the way to them."""
    found = list(authors[:MOST_TO_ASK])
    titled = Statement.objects.titled().in_bulk([one.statement_id for one in found])
    return [
        (titled[one.statement_id], ask_first(one.statement, one.organisation).message)
        for one in found
    ]


def _warnings(gone: Organisation, into: Organisation) -> Iterator[str]:
    """What an editor should think of before two organisations become one."""
    for name in workflow.FILLED:
        theirs, own = getattr(gone, name), getattr(into, name)
        if theirs and own and theirs != own:
            yield (
                _("They differ: %(what)s. “%(gone)s” goes, and “%(into)s” stays.")
                % {"what": _label(name), "gone": _said(gone, name), "into": _said(into, name)}
            )
    if gone.is_example != into.is_example:
        yield _("One of the two is an invented example, and the other is not.")
    if gone.is_public and not into.is_public:
        yield _("“%(into)s” is not public yet: it becomes public.") % {"into": into}


def _label(name: str) -> str:
    return str(DATES.get(name) or Organisation._meta.get_field(name).verbose_name)


def _said(organisation: Organisation, name: str) -> str:
    value = getattr(organisation, name)
    return isolated(getattr(organisation, f"get_{name}_display", value.__str__)())
