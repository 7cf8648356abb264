"""The last part of a record's address: made free, taken once, and answering after a change."""

from __future__ import annotations

from django.db import IntegrityError, models, transaction

from statements.models import Demand, FormerSlug, Person, Statement, Text
from statements.models.base import Linked
from statements.publishing.addresses import (
    addresses_that_name,
    concealed_persons_of,
    forget_former_addresses,
    names_in,
    telling_words,
    without_names,
)
from statements.slugging import slugify

# How often a free address is looked for while others take it.
ATTEMPTS = 20
# A number may have to be added.
LONGEST_STEM = 100


class SlugTaken(Exception):
    """The address belongs, or once belonged, to another record."""


def free_slug(model: type[models.Model], words: str, noun: str) -> str:
    """An address from words, that no record of the kind has or had."""
    stem = slugify(words, LONGEST_STEM) or noun
    slug, number = stem, 1
    while slug_is_taken(model, slug, noun):
        number += 1
        slug = f"{stem}-{number}"
    return slug


def save_with_address(record: Text | Linked, words: str) -> None:
    """Save a new record under its slug, or under a free one made from its title or name.

    When somebody else takes the address in the same moment, another one is found; an address
    that was asked for by name raises SlugTaken.
    """
    model, noun, asked = type(record), record._meta.model_name, record.slug
    for _attempt in range(ATTEMPTS):
        record.slug = asked or free_slug(model, words, noun)
        try:
            with transaction.atomic():
                record.save()
        except IntegrityError:
            if not slug_is_taken(model, record.slug, noun):
                raise
            if asked:
                break
        else:
            return
    raise SlugTaken


def slug_is_taken(model: type[models.Model], slug: str, noun: str, but: int | None = None) -> bool:
    """Whether another record of the kind has the address, or once had it."""
    former = FormerSlug.objects.filter(noun=noun, slug=slug).exclude(object_id=but or 0)
    return model.objects.filter(slug=slug).exclude(pk=but).exists() or former.exists()


def bearer(
    model: type[models.Model], slug: str, noun: str, but: int | None = None
) -> models.Model | None:
    """The other record that has the address, or once had it and is still there."""
    former = FormerSlug.objects.filter(noun=noun, slug=slug).values("object_id")
    others = model.objects.exclude(pk=but)
    return others.filter(models.Q(slug=slug) | models.Q(pk__in=former)).order_by("pk").first()


@transaction.atomic
def change_slug(record: Text | Linked, slug: str) -> None:
    """Give a record another address; where the old one answered, it goes on as a redirect."""
    noun = record._meta.model_name
    if slug == record.slug:
        return
    if slug_is_taken(type(record), slug, noun, but=record.pk):
        raise SlugTaken
    if record.is_public:
        FormerSlug.objects.update_or_create(
            noun=noun, slug=record.slug, defaults={"object_id": record.pk}
        )
    FormerSlug.objects.filter(noun=noun, slug=slug, object_id=record.pk).delete()
    try:
        with transaction.atomic():
            type(record).objects.filter(pk=record.pk).update(slug=slug)
    except IntegrityError as error:
        raise SlugTaken from error
    record.slug = slug
    for person in concealed_persons_of(record):
        forget_former_addresses(person)


def lead_to(gone: Linked, into: Linked) -> None:
    """All addresses of a record that is about to go lead to another one."""
    noun = gone._meta.model_name
    FormerSlug.objects.filter(noun=noun, object_id=gone.pk).update(object_id=into.pk)
    if gone.is_public:
        FormerSlug.objects.update_or_create(
            noun=noun, slug=gone.slug, defaults={"object_id": into.pk}
        )


@transaction.atomic
def leave_names_out(record: Text | Demand) -> None:
    """Another address, if its own tells a name that is not shown in full: it was made from a title
    or wording when the name still was, or was not known here. Lock the record, or its statement."""
    words = telling_words(concealed_persons_of(record))
    if names_in(record.slug, words):
        noun = record._meta.model_name
        change_slug(record, free_slug(type(record), without_names(record.slug, words), noun))


def leave_name_out(person: Person) -> None:
    """The same for all that is about somebody, each in a transaction of its own: statements are
    locked before persons, so this comes after the one in which somebody was withheld."""
    for record in addresses_that_name(person):
        with transaction.atomic():
            if isinstance(record, Text):
                Statement.objects.select_for_update().get(pk=record.statement_id)
            if isinstance(record, Text | Demand):
                leave_names_out(type(record).objects.select_for_update().get(pk=record.pk))
