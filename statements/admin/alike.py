"""What is here already and like a submission: the same words, or the same in another language.

There is no index of words. Compared are the texts that share an organisation, an event, a person,
a source or a day with it, and the newest ones; docs/moderating.md says so to moderators.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from statements import likeness
from statements.admin.recognition import Recognised
from statements.dates import PartialDate
from statements.markup import plain
from statements.models import Statement, Submission, Text
from statements.naming import folded_name

# So many statements are compared for each thing that they share, and so many of the newest.
MOST_SHARING = 40
MOST_NEWEST = 150
MOST_SUBMISSIONS = 150
MOST_SHOWN = 5
# So much of the shorter text stands in the longer one: not by chance.
SAME_WORDS = 0.3
# A statement that shares so much with it may be the same in another language.
FEWEST_SIGNS = 2
DAYS = timedelta(days=7)


@dataclass
class Alike:
    """Something like a submission: a text of a statement, or another submission."""

    record: Text | Submission
    percent: int = 0
    signs: list[str] = field(default_factory=list)

    @property
    def is_text(self) -> bool:
        return isinstance(self.record, Text)


@dataclass
class Comparison:
    same: list[Alike]
    translations: list[Alike]

    @property
    def statements(self) -> list[int]:
        """The ids of the statements among them."""
        texts = (one.record for one in (*self.translations, *self.same) if one.is_text)
        return list(dict.fromkeys(text.statement_id for text in texts))


def compare(submission: Submission, found: Recognised) -> Comparison:
    """The nearest ones of both kinds, the nearest first."""
    own = _shingles(submission)
    texts = list(_texts(_statements(submission, found)))
    others = list(_submissions(submission))
    records: list[Text | Submission] = [*texts, *others]
    same = [
        Alike(record, round(100 * likeness.in_common(own, _shingles(record)))) for record in records
    ]
    same = [one for one in same if one.percent >= 100 * SAME_WORDS]
    same.sort(key=lambda one: -one.percent)
    translations = [
        *_translations(submission, found, texts),
        *_sent_translations(submission, others),
    ]
    translations.sort(key=lambda one: -len(one.signs))
    return Comparison(same[:MOST_SHOWN], translations[:MOST_SHOWN])


def _statements(submission: Submission, found: Recognised) -> set[int]:
    """The ids of statements to be compared with."""
    by_pk = Statement.objects.order_by("-pk")
    groups = [
        by_pk.filter(authorships__organisation__in=found.organisations),
        by_pk.filter(events__in=found.events),
        by_pk.filter(texts__namings__person__in=found.persons),
    ]
    if submission.url:
        groups.append(by_pk.filter(source__url=submission.url))
    if submission.issued:
        day = submission.issued.sort_day
        groups.append(by_pk.filter(sort_on__range=(day - DAYS, day + DAYS)))
    ids = set(by_pk.values_list("pk", flat=True)[:MOST_NEWEST])
    for group in groups:
        ids.update(group.values_list("pk", flat=True)[:MOST_SHARING])
    return ids


def _texts(ids: Iterable[int]) -> Iterable[Text]:
    return (
        Text.objects.filter(statement__in=ids, working_revision__isnull=False)
        .select_related("statement__source", "working_revision")
        .prefetch_related(
            "statement__authorships", "statement__events", "statement__texts__namings"
        )
    )


def _submissions(submission: Submission) -> Iterable[Submission]:
    """Others that were sent; what one of them became is compared as a text."""
    others = Submission.objects.exclude(pk=submission.pk).filter(accepted_text=None)
    twins = Q(text_digest=submission.text_digest)
    columns = ("title", "text", "language", "state", "received_at", "organisation_name", "url")
    columns += (
        "organisation_id",
        "event_id",
        "issued_earliest",
        "issued_latest",
        "issued_precision",
    )
    newest = others.order_by("-received_at").only(*columns)
    return {
        one.pk: one for one in (*newest.filter(twins)[:MOST_SHOWN], *newest[:MOST_SUBMISSIONS])
    }.values()


def _shingles(record: Text | Submission) -> likeness.Shingles:
    return likeness.shingles(_words(record))


def _words(record: Text | Submission) -> str:
    return plain(record.working_revision.body) if isinstance(record, Text) else record.text


def _translations(
    submission: Submission, found: Recognised, texts: Iterable[Text]
) -> Iterator[Alike]:
    """Statements that have no text in its language, and share enough with it."""
    in_words = _Signs(submission.text)
    languages: dict[int, set[str]] = {}
    for text in texts:
        languages.setdefault(text.statement_id, set()).add(text.language)
    for text in texts:
        if not text.is_leading or submission.language in languages[text.statement_id]:
            continue
        signs = [*_signs(submission, found, text.statement), *in_words.shared_with(_words(text))]
        if len(signs) >= FEWEST_SIGNS:
            yield Alike(text, signs=signs)


def _sent_translations(submission: Submission, others: Iterable[Submission]) -> Iterator[Alike]:
    """Submissions in another language that share enough with it: perhaps two of one statement."""
    in_words = _Signs(submission.text)
    for one in others:
        if one.language == submission.language:
            continue
        signs = [*_signs_of_senders(submission, one), *in_words.shared_with(one.text)]
        if len(signs) >= FEWEST_SIGNS:
            yield Alike(one, signs=signs)


def _signs_of_senders(one: Submission, other: Submission) -> Iterator[str]:
    """In words, what the senders of two submissions say alike."""
    is_known = one.organisation_id and one.organisation_id == other.organisation_id
    names = {folded_name(each.organisation_name) for each in (one, other)}
    if is_known or len(names) == 1:
        yield _("the organisation")
    if one.event_id and one.event_id == other.event_id:
        yield _("an event")
    if one.issued and one.issued == other.issued:
        yield _("the date")
    if one.url and one.url == other.url:
        yield _("the source")


class _Signs:
    """What stays the same in the words of a text when it is translated."""

    def __init__(self, words: str) -> None:
        self.numbers, self.links = likeness.numbers(words), likeness.links(words)

    def shared_with(self, words: str) -> Iterator[str]:
        count = len(self.numbers & likeness.numbers(words))
        if count > 1:
            yield ngettext("%(count)d number", "%(count)d numbers", count) % {"count": count}
        if self.links & likeness.links(words):
            yield _("a link")


def _signs(submission: Submission, found: Recognised, statement: Statement) -> Iterator[str]:
    """In words, what a statement shares with a submission."""
    if {one.organisation_id for one in statement.authorships.all()} & {*found.authors}:
        yield _("the organisation")
    if {one.pk for one in statement.events.all()} & {*found.events}:
        yield _("an event")
    named = {one.person_id for text in statement.texts.all() for one in text.namings.all()}
    if count := len(named & {*found.persons}):
        yield ngettext("%(count)d person", "%(count)d persons", count) % {"count": count}
    if submission.issued and submission.issued in (statement.issued, _published(statement)):
        yield _("the date")
    if submission.url and statement.source and statement.source.url == submission.url:
        yield _("the source")


def _published(statement: Statement) -> PartialDate | None:
    return statement.source.published if statement.source else None
