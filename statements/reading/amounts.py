"""How many, in words. A count that was capped says "more than"."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from statements.models.counting import MOST_COUNTED


def grouped(number: int) -> str:
    """A number with its thousands set apart as the interface's language does."""
    return number_format(number, force_grouping=True)


def statements(count: int, *, and_more: bool = False) -> str:
    words = ngettext("%(number)s statement", "%(number)s statements", count)
    return _in_words(count, words, _("more than %(number)s statements"), and_more)


def organisations(count: int, *, and_more: bool = False) -> str:
    words = ngettext("%(number)s organisation", "%(number)s organisations", count)
    return _in_words(count, words, _("more than %(number)s organisations"), and_more)


def events(count: int, *, and_more: bool = False) -> str:
    words = ngettext("%(number)s event", "%(number)s events", count)
    return _in_words(count, words, _("more than %(number)s events"), and_more)


def people(count: int, *, and_more: bool = False) -> str:
    words = ngettext("%(number)s person", "%(number)s people", count)
    return _in_words(count, words, _("more than %(number)s people"), and_more)


def demands(count: int, *, and_more: bool = False) -> str:
    words = ngettext("%(number)s demand", "%(number)s demands", count)
    return _in_words(count, words, _("more than %(number)s demands"), and_more)


def _in_words(count: int, words: str, more: str, and_more: bool) -> str:
    form = more if and_more or count > MOST_COUNTED else words
    return form % {"number": grouped(min(count, MOST_COUNTED))}


def days_held(least: int | None, most: int | None) -> str:
    """Days between two dates that may be partial: exactly, or the least and the most."""
    if least == most and least is not None:
        return ngettext("%(number)s day", "%(number)s days", least) % {"number": grouped(least)}
    if most is None:
        words = ngettext("at least %(number)s day", "at least %(number)s days", least or 0)
        return words % {"number": grouped(least or 0)}
    if not least:
        words = ngettext("at most %(number)s day", "at most %(number)s days", most)
        return words % {"number": grouped(most)}
    words = ngettext("%(least)s to %(most)s day", "%(least)s to %(most)s days", most)
    return words % {"least": grouped(least), "most": grouped(most)}
