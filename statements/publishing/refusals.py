"""What refused a scheduled act, as the code that is stored for those who settle it."""

from __future__ import annotations

from statements.models import Refusal
from statements.publishing import standing, workflow
from statements.publishing.states import IllegalMove
from statements.safety import workflow as safety

CODES: dict[type[Exception], Refusal] = {
    safety.NotPassed: Refusal.SAFETY,
    workflow.QuotationsBroken: Refusal.QUOTATIONS,
    workflow.ChangeNotNamed: Refusal.CHANGE,
    workflow.LeadingTextNotPublished: Refusal.LEADING,
    workflow.NothingToPublish: Refusal.NOTHING,
    IllegalMove: Refusal.STANDING,
    standing.ReasonMissing: Refusal.TOLD,
}
# What speaks against a text; whatever else is raised is a fault of ours.
OF_TEXTS = (
    safety.NotPassed,
    workflow.QuotationsBroken,
    workflow.ChangeNotNamed,
    workflow.LeadingTextNotPublished,
    workflow.NothingToPublish,
)


def code(refused: Exception) -> Refusal:
    return CODES.get(type(refused), Refusal.FAULT)
