"""Addresses that contain a name not shown in full.

Former ones are forgotten, present ones reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.db import models
from django.utils.text import slugify as without_marks

from statements.models import Demand, Event, FormerSlug, Organisation, Person, Statement, Text
from statements.slugging import slugify

# Parts of a name that are too common to tell anybody by: "de", "al", an initial.
SHORTEST_TELLING_PART = 4


def names_in(slug: str, spellings: set[str]) -> bool:
    """Whether one of the spellings, itself an address, stands in the slug as whole words."""
    return any(re.search(rf"(?<![^-]){re.escape(one)}(?![^-])", slug) for one in spellings)


def without_names(slug: str, spellings: set[str]) -> str:
    """The slug without the spellings that stand in it as whole words, whole names first."""
    for one in sorted(spellings, key=len, reverse=True):
        slug = re.sub(rf"(?<![^-]){re.escape(one)}(?![^-])", "", slug)
    return re.sub("-+", "-", slug).strip("-_")


def names_of(person: Person) -> set[str]:
    """All that a person is called."""
    names = {person.name, *person.names.values_list("name", flat=True)}
    return names | set(person.namings.values_list("spelling", flat=True))


def spellings_of(person: Person) -> set[str]:
    """All that a person is called, as it would stand in an address."""
    return _as_addresses(names_of(person))


def _as_addresses(names: set[str]) -> set[str]:
    # Older addresses lack the marks on letters.
    slugs = {slugify(name) for name in names}
    return (slugs | {without_marks(name, allow_unicode=True) for name in names}) - {""}


def telling_parts(spellings: set[str]) -> set[str]:
    """Single words of a name: a title often has the family name alone."""
    return {
        part
        for spelling in spellings
        for part in spelling.split("-")
        if len(part) >= SHORTEST_TELLING_PART
    }


def texts_about(person: Person) -> models.QuerySet:
    """Texts of the statements that name a person or make a demand about them."""
    return Text.objects.filter(
        models.Q(statement__texts__namings__person=person)
        | models.Q(statement__demands_made__demand__demand_people__person=person)
    ).distinct()


def telling_words(persons: Iterable[Person]) -> set[str]:
    """What tells of persons in the address of something that is about them."""
    spellings = {one for person in persons for one in spellings_of(person)}
    return spellings | telling_parts(spellings)


def concealed_persons_in(statement: Statement | int) -> list[Person]:
    """Persons not named in full whom a statement's texts name or its demands are about."""
    about = models.Q(namings__text__statement=statement) | models.Q(
        demand_people__demand__made__statement=statement
    )
    return list(Person.objects.concealed().filter(about).distinct())


def concealed_persons_of(record: models.Model) -> list[Person]:
    """Persons not named in full whose name may stand in a record's address."""
    persons = Person.objects.concealed()
    if isinstance(record, Text):
        return concealed_persons_in(record.statement_id)
    if isinstance(record, Demand):
        return list(persons.filter(demand_people__demand=record))
    return list(persons.filter(pk=record.pk)) if isinstance(record, Person) else []


def forget_former_addresses(person: Person) -> None:
    """The former addresses of a person not named in full go, and all others that contain the name.

    In what is about the person, a telling part of the name is enough to go.
    """
    spellings = spellings_of(person)
    parts = telling_parts(spellings)
    about = set(texts_about(person).values_list("pk", flat=True))
    demands = set(person.demand_people.values_list("demand", flat=True))
    gone = [
        former.pk
        for former in _candidates(spellings | parts)
        if names_in(former.slug, spellings)
        or (
            names_in(former.slug, parts)
            and (
                (former.noun == FormerSlug.Noun.TEXT and former.object_id in about)
                or (former.noun == FormerSlug.Noun.DEMAND and former.object_id in demands)
            )
        )
    ]
    FormerSlug.objects.filter(
        models.Q(pk__in=gone) | models.Q(noun=FormerSlug.Noun.PERSON, object_id=person.pk)
    ).delete()


def addresses_that_name(person: Person) -> list[Text | Demand | Event | Organisation]:
    """What is at an address that still contains a person's name: an editor has to change it."""
    spellings = spellings_of(person)
    telling = spellings | telling_parts(spellings)
    about = (*texts_about(person), *Demand.objects.filter(people=person))
    found = {record for record in about if names_in(record.slug, telling)}
    for model in (Text, Demand, Event, Organisation) if spellings else ():
        records = model.objects.filter(_containing(spellings))
        found.update(record for record in records if names_in(record.slug, spellings))
    return sorted(found, key=lambda record: (record.slug, record._meta.model_name))


def public_and_telling() -> list[Text | Demand | Event | Organisation]:
    """What is public at an address that tells a name not shown in full, whoever bears the name.

    It asks the same number of questions however many persons there are: the addresses of all that
    is public are read and looked through here.
    """
    spellings = {pk: _as_addresses(names) for pk, names in concealed_names().items()}
    if not spellings:
        return []
    whole: dict[str, set[str]] = {}
    for spelling in set().union(*spellings.values()):
        whole.setdefault(spelling.partition("-")[0], set()).add(spelling)
    about = _by_record()
    telling: dict[str, list[int]] = {}
    for noun, pk, slug in _public_slugs().iterator():
        parts = {
            one for person in about.get((noun, pk), ()) for one in telling_parts(spellings[person])
        }
        if parts & set(slug.split("-")) or _tells(slug, whole):
            telling.setdefault(noun, []).append(pk)
    return [
        record
        for noun, model in ADDRESSED.items()
        if noun in telling
        for record in _called(model).filter(pk__in=telling[noun]).order_by("pk")
    ]


ADDRESSED: dict[str, type[Text | Demand | Event | Organisation]] = {
    model._meta.model_name: model for model in (Text, Demand, Event, Organisation)
}
# From a record to the persons whom it is about: for texts see `texts_about`.
ABOUT = (
    (Text, "statement__texts__namings__person"),
    (Text, "statement__demands_made__demand__people"),
    (Demand, "people"),
)


def concealed_names() -> dict[int, set[str]]:
    """`names_of` each person not named in full, by their key."""
    persons = Person.objects.concealed().order_by()
    first, *others = (
        persons.exclude(**{column: None}).values_list("pk", column)
        for column in ("name", "names__name", "namings__spelling")
    )
    named: dict[int, set[str]] = {}
    for pk, name in first.union(*others):
        named.setdefault(pk, set()).add(name)
    return named


def _called(model: type[models.Model]) -> models.QuerySet:
    """Records with what they are called by."""
    return Text.objects.select_related("working_revision") if model is Text else model.objects


def _public_slugs() -> models.QuerySet:
    """(noun, key, slug) of all that is public at an address of its own."""
    first, *others = (
        model.objects.published().order_by().values_list(_noun(model), "pk", "slug")
        for model in ADDRESSED.values()
    )
    return first.union(*others, all=True)


def _by_record() -> dict[tuple[str, int], set[int]]:
    """The persons not named in full whom public records are about."""
    concealed = Person.objects.concealed()
    first, *others = (
        model.objects.published()
        .filter(**{f"{path}__in": concealed})
        .order_by()
        .values_list(_noun(model), "pk", path)
        for model, path in ABOUT
    )
    found: dict[tuple[str, int], set[int]] = {}
    for noun, pk, person in first.union(*others):
        found.setdefault((noun, pk), set()).add(person)
    return found


def _noun(model: type[models.Model]) -> models.Value:
    return models.Value(model._meta.model_name, output_field=models.CharField())


def _tells(slug: str, whole: Mapping[str, set[str]]) -> bool:
    """`names_in` for the spellings of thousands, which stand by their first words."""
    while slug:
        first, _hyphen, rest = slug.partition("-")
        if any(f"{slug}-".startswith(f"{one}-") for one in whole.get(first, ())):
            return True
        slug = rest
    return False


def _containing(words: set[str]) -> models.Q:
    return models.Q(
        *(models.Q(slug__contains=word) for word in sorted(words)), _connector=models.Q.OR
    )


def _candidates(words: set[str]) -> models.QuerySet:
    return FormerSlug.objects.filter(_containing(words)) if words else FormerSlug.objects.none()
