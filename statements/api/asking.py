"""What can be asked: the parameters of each list, and which fields are wanted."""

from __future__ import annotations

from typing import Annotated

from django.db.models import TextChoices
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Schema
from pydantic import AfterValidator, Field, WithJsonSchema

from statements.api.problems import wrong
from statements.languages import TAG
from statements.models import Demand, Person, Statement
from statements.records.shapes import Record
from statements.search.parsing import LONGEST

MOST_ROWS, ROWS = 100, 20
# Postgres has no NUL; the address is refused before any view sees it.
NO_NUL = r"^[^\x00]*$"
LANGUAGE = (
    r"^[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_]([A-Za-z]{2}|[0-9]{3}))?"
    r"([-_]([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*$"
)


def _is_language(value: str) -> str:
    if not TAG.fullmatch(value.replace("_", "-")):
        raise ValueError(_("Write a language as in BCP 47: en, pt-BR, sr-Latn."))
    return value


def one_of(choices: type[TextChoices]) -> object:
    def check(value: str) -> str:
        if value not in choices.values:
            known = ", ".join(choices.values)
            raise ValueError(_("It is one of: %(known)s.") % {"known": known})
        return value

    schema = {"type": "string", "enum": list(choices.values)}
    return Annotated[str, AfterValidator(check), WithJsonSchema(schema)]


Words = Annotated[
    str,
    Field(
        max_length=LONGEST,
        pattern=NO_NUL,
        description=gettext_lazy("Words to search for, and tag: and the like, as on the pages."),
    ),
]
Address = Annotated[str, Field(max_length=120, pattern=NO_NUL)]
Language = Annotated[
    str,
    AfterValidator(_is_language),
    WithJsonSchema({"type": "string", "maxLength": 35, "pattern": LANGUAGE}),
    Field(max_length=35),
]
Year = Annotated[int, Field(ge=1, le=9999)]
Number = Annotated[int, Field(ge=1, le=10**17)]
Days = Annotated[int, Field(ge=1, le=36500)]


Text = Annotated[str, Field(max_length=1000)]


class Asked(Schema):
    """What every address takes: which fields are wanted, by their names between commas."""

    fields: Text = Field(
        None, description=gettext_lazy("Only these fields, their names between commas.")
    )

    @classmethod
    def parameters(cls) -> list[str]:
        return [field.alias or name for name, field in cls.model_fields.items()]

    def names(self, record: type[Record]) -> set[str]:
        """Which fields of a record are wanted. Raises a Problem that names those there are."""
        return fields_wanted(self.fields, record)


class Paged(Asked):
    size: int = Field(
        ROWS,
        ge=1,
        le=MOST_ROWS,
        description=gettext_lazy("How many records an answer has at most."),
    )
    cursor: Text = Field(
        None,
        description=gettext_lazy(
            "Where to go on, as “next” of an answer has it; its form may change."
        ),
    )

    def filters(self) -> dict[str, str]:
        """The filters in force, as the pages take them."""
        given = self.model_dump(by_alias=True, exclude_none=True, exclude=set(Paged.model_fields))
        return {name: str(value) for name, value in given.items()}


class StatementsAsked(Paged):
    q: Words = None
    event: Address = Field(
        None, description=gettext_lazy("About this event, or a part of it: its slug.")
    )
    demand: Address = Field(None, description=gettext_lazy("That make this demand: its slug."))
    organisation: Address = Field(
        None, description=gettext_lazy("Issued by this organisation: its slug.")
    )
    place: Address = Field(None, description=gettext_lazy("About this place: its code."))
    from_: Address = Field(
        None,
        alias="from",
        description=gettext_lazy("By organisations of this country: its code."),
    )
    tag: Address = Field(None, description=gettext_lazy("With this tag: its slug."))
    language: Language = Field(
        None, description=gettext_lazy("With a text in this language (BCP 47).")
    )
    kind: one_of(Statement.Kind) = Field(None, description=gettext_lazy("Of this kind."))
    year: Year = Field(None, description=gettext_lazy("Of this year, by the day of the list."))


class EventsAsked(Paged):
    q: Words = None
    place: Address = Field(None, description=gettext_lazy("In this place: its code."))


class OrganisationsAsked(Paged):
    q: Words = None


class DemandsAsked(Paged):
    q: Words = None
    state: one_of(Demand.State) = Field(None, description=gettext_lazy("In this state."))
    kind: one_of(Demand.Kind) = Field(None, description=gettext_lazy("Of this kind."))
    event: Address = Field(
        None, description=gettext_lazy("Made about this event, or a part of it: its slug.")
    )
    organisation: Address = Field(
        None, description=gettext_lazy("Made by this organisation in its own name: its slug.")
    )
    person: Address = Field(
        None,
        description=gettext_lazy(
            "About this person: what stands for them in their page’s address."
        ),
    )
    addressee: Number = Field(None, description=gettext_lazy("Put to this addressee: its number."))
    country: Address = Field(
        None, description=gettext_lazy("Put to somebody in this country: its code.")
    )
    open: Days = Field(None, description=gettext_lazy("Open for more than so many days."))
    year: Year = Field(None, description=gettext_lazy("Raised in this year."))
    changed: Year = Field(None, description=gettext_lazy("Last changed in this year."))


class PeopleAsked(Paged):
    q: Words = None
    state: one_of(Person.State) = Field(None, description=gettext_lazy("In this state."))
    year: Year = Field(None, description=gettext_lazy("Last changed in this year."))


def fields_wanted(asked: str | None, record: type[Record]) -> set[str]:
    known = list(record.model_fields)
    if asked is None:
        return set(known)
    wanted = {name.strip() for name in asked.split(",")}
    if unknown := sorted(wanted - set(known)):
        words = _("There is no field %(unknown)s. There are: %(known)s.")
        names = {"unknown": ", ".join(f"“{one}”" for one in unknown), "known": ", ".join(known)}
        raise wrong({"fields": words % names})
    return wanted


def refuse_unknown(query: QueryDict, known: list[str]) -> None:
    """A filter that is not known, or twice there, would give more than was asked for."""
    errors = {}
    for name, values in query.lists():
        if name not in known:
            words = _("There is no such parameter. There are: %(known)s.")
            errors[name] = words % {"known": ", ".join(known)}
        elif len(values) > 1:
            errors[name] = _("It stands there more than once.")
    if errors:
        raise wrong(errors)


def next_address(request: HttpRequest, cursor: str) -> str:
    """The path and query of the list's next page."""
    query = request.GET.copy()
    query["cursor"] = cursor
    return f"{request.path}?{query.urlencode()}"
