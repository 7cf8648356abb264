"""Which state leads to which: the only tables, that code and documentation take it from."""

from __future__ import annotations

from statements.models import Statement

Standing = Statement.Standing

# Whoever takes a statement back by mistake can put it back, in public.
STANDINGS: dict[str, tuple[str, ...]] = {
    Standing.CURRENT: (
        Standing.ARCHIVED,
        Standing.WITHDRAWN,
        Standing.RETRACTED,
        Standing.TAKEN_DOWN,
    ),
    Standing.ARCHIVED: (
        Standing.CURRENT,
        Standing.WITHDRAWN,
        Standing.RETRACTED,
        Standing.TAKEN_DOWN,
    ),
    Standing.WITHDRAWN: (Standing.CURRENT, Standing.TAKEN_DOWN),
    Standing.RETRACTED: (Standing.CURRENT, Standing.TAKEN_DOWN),
    Standing.TAKEN_DOWN: (Standing.CURRENT,),
}


class IllegalMove(Exception):
    """The record is in a state that the wanted one does not follow; perhaps somebody was faster."""
