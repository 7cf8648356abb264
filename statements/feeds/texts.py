"""Statements as entries of feeds: in full, or the notice in place of one that was taken back.

entries_of(texts_of(statements))

A fixed number of queries: the texts, their links, the names that must not be shown; and, where
some were taken back, what may be said of those.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language

from statements.absolute import absolute, id_of
from statements.feeds.entries import MOST_ENTRIES, Entry, Writer
from statements.markup import plain, with_whole_addresses
from statements.models import Revision, Statement, Tagging, Text
from statements.models.text import TextQuerySet
from statements.naming import Concealed, conceal
from statements.prose import public_words
from statements.reading.corrections import Notice, notices_of
from statements.reading.passages import summary
from statements.reading.rows import (
    Author,
    Names,
    Row,
    demands_of,
    names_concealed,
    rows_of,
    with_links,
)

# One query more for `with_links`.
TAGS = Prefetch("taggings", Tagging.objects.select_related("tag"), to_attr="tags_shown")


def texts_of(statements: QuerySet[Statement] | None = None, language: str = "") -> list[Text]:
    """The newest of published statements' texts: those in a language, or one for each statement.

    That is the text in the interface's language, else the leading one. Without statements it is
    all of them: then an index serves the order.
    """
    texts = Text.objects.published()
    if statements is not None:
        texts = texts.filter(statement__in=statements)
    texts = texts.filter(language=language) if language else _for_reader(texts)
    return list(_with_words(texts).order_by("-changed_at", "-pk")[:MOST_ENTRIES])


def changed_between(
    since: datetime, until: datetime, most: int
) -> list[tuple[int, int, str, datetime]]:
    """(text, statement, its standing, when) of what changed for readers, what changed last first.

    One text for each statement, as in `texts_of`.
    """
    texts = _for_reader(Text.objects.published().filter(changed_at__gt=since))
    texts = texts.filter(changed_at__lte=until).order_by("-changed_at", "-pk")
    return list(texts.values_list("pk", "statement", "statement__standing", "changed_at")[:most])


def texts_by_id(ids: Iterable[int]) -> list[Text]:
    """Published texts, for `entries_of`."""
    return list(_with_words(Text.objects.published().filter(pk__in=list(ids))))


def _with_words(texts: TextQuerySet) -> TextQuerySet:
    return texts.dated().select_related("statement__source", "live_revision")


def _for_reader(texts: TextQuerySet) -> TextQuerySet:
    """Asks for a value and not for EXISTS, for which PostgreSQL first reads all in the language."""
    wanted = get_language() or settings.LANGUAGE_CODE
    fitting = Text.objects.published().filter(statement=OuterRef("statement"), language=wanted)
    texts = texts.annotate(fitting=Subquery(fitting.values("pk")[:1]))
    return texts.filter(Q(language=wanted) | Q(is_leading=True, fitting__isnull=True))


def entries_of(texts: Iterable[Text], *, in_full: bool = True) -> list[Entry]:
    """Entries for texts of as many statements; with `in_full` all their words are in them."""
    found = list(texts)
    readable = [text for text in found if text.statement.is_readable]
    gone = [text for text in found if not text.statement.is_readable]
    return [*_read(readable, in_full), *_notices(gone)]


# What is read


def _read(texts: list[Text], in_full: bool) -> list[Entry]:
    statements = with_links([text.statement for text in texts], but=["texts_shown"], more=[TAGS])
    for text in texts:
        text.statement.texts_shown = [text]
    names = names_concealed(statements)
    return [_entry(row, names, in_full) for row in rows_of(statements, names)]


def _entry(row: Row, names: Names, in_full: bool) -> Entry:
    text = row.text
    hidden = names["text"].get(text.pk, [])
    words = _words(text, hidden)
    context = {
        "row": row,
        "text": text,
        "translator": conceal(text.translator, hidden),
        "words": words,
        "demands": demands_of(row.statement, names),
    }
    tags = [one.tag.name for one in row.statement.tags_shown]
    events, places = (event.name_shown for event in row.events), (one.name for one in row.places)
    return Entry(
        id=id_of("text", text.pk),
        url=absolute(text.get_absolute_url()),
        title=row.title,
        html=render_to_string("feeds/_statement.html", context) if in_full else "",
        language=text.language,
        published=text.public_since,
        updated=text.changed_at,
        summary=summary(plain(words["body"]) or plain(words["introduction"])),
        writers=_writers(row.authors),
        categories=tuple(dict.fromkeys([*tags, *events, *places])),
        is_example=row.is_example,
    )


def _words(text: Text, hidden: list[Concealed]) -> dict[str, str]:
    here = absolute(text.get_absolute_url())
    words = public_words(text.live_revision, hidden)
    for name, is_rich in Revision.FIELDS.items():
        if is_rich:
            words[name] = with_whole_addresses(words[name], here)
    return words


def _writers(authors: Iterable[Author]) -> tuple[Writer, ...]:
    return tuple(Writer(one.name, absolute(one.url) if one.url else "") for one in authors)


# What was taken back


def _notices(texts: list[Text]) -> list[Entry]:
    """In place of the words that readers of feeds have kept: the same entry, changed."""
    notices = notices_of(texts)
    return [_gone(text, notices[text.statement_id]) for text in texts]


def _gone(text: Text, notice: Notice) -> Entry:
    """Of what was taken down its address could tell something: the register says why."""
    statement = text.statement
    is_down = statement.standing == Statement.Standing.TAKEN_DOWN
    path = reverse("pages:correction_list") if is_down else text.get_absolute_url()
    context = {"statement": statement, "notice": notice}
    return Entry(
        id=id_of("text", text.pk),
        url=absolute(path),
        title=" ".join(render_to_string("pages/_notice_title.html", context).split()),
        html=render_to_string("feeds/_notice.html", context),
        language=get_language() or settings.LANGUAGE_CODE,
        published=text.public_since,
        updated=text.changed_at,
        summary=capfirst(statement.get_standing_display()),
        writers=_writers(notice.authors),
    )
