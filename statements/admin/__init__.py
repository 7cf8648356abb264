"""What editors see. Each module registers the noun of its name."""

from statements.admin import (
    account,
    addressee,
    auditentry,
    demand,
    event,
    organisation,
    person,
    place,
    reason,
    releaseset,
    sitesettings,
    source,
    statement,
    submission,
    tag,
    text,
)

__all__ = [
    "account",
    "addressee",
    "auditentry",
    "demand",
    "event",
    "organisation",
    "person",
    "place",
    "reason",
    "releaseset",
    "sitesettings",
    "source",
    "statement",
    "submission",
    "tag",
    "text",
]
