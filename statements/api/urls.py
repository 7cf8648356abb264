"""The interface for programs: /api/v1/, one address for each noun and each of its records.

django-ninja reads what is asked and describes it; what is answered, and how, is our own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.errors import ValidationError
from pydantic import BaseModel, Field, create_model

from statements.api import views
from statements.api.answering import answers
from statements.api.document import PREFIX, document_view
from statements.api.problems import GoneShown, Problem, ProblemShown, WrongShown, wrong
from statements.models import FormerSlug
from statements.pages.addresses import follows_former
from statements.records.nouns import NOUNS, STATEMENTS, Noun

Former = FormerSlug.Noun
# Nouns whose records may have had another address, or another record's.
FOLLOWED = {
    "statement": Former.TEXT,
    "event": Former.EVENT,
    "organisation": Former.ORGANISATION,
    "demand": Former.DEMAND,
    "person": Former.PERSON,
}
app_name = "api"
api = NinjaAPI(
    title="Solidarity statements",
    version="1",
    urls_namespace=app_name,
    docs_url=None,
    openapi_url=None,
)


def _let_through(request: HttpRequest, exception: Exception) -> HttpResponse:
    """To `answers`, and to what follows former addresses."""
    raise exception


def _name_parameters(request: HttpRequest, exception: ValidationError) -> HttpResponse:
    # Pydantic puts its own words before ours.
    raise wrong(
        {str(one["loc"][-1]): one["msg"].removeprefix("Value error, ") for one in exception.errors}
    )


api.add_exception_handler(Http404, _let_through)
api.add_exception_handler(Problem, _let_through)
api.add_exception_handler(ValidationError, _name_parameters)


def _page_of(noun: Noun) -> type[BaseModel]:
    return create_model(
        f"{noun.in_list.__name__.removesuffix('InList')}Page",
        results=(list[noun.in_list], Field(description="The records.")),
        next=(str | None, Field(description="The address of the next page, where there is one.")),
        is_cut=(
            bool,
            Field(description="Whether words found more than can be looked through."),
        ),
        unanswered=(
            list[str],
            Field(description="Values of “tag:” and the like that nothing here answers to."),
        ),
    )


ERRORS: dict[int, type[BaseModel]] = {
    400: WrongShown,
    **dict.fromkeys((429, 500, 503), ProblemShown),
}
for noun in NOUNS:
    api.get(
        f"{noun.name}/",
        response={200: _page_of(noun), **ERRORS},
        url_name=f"{noun.singular}_list",
        operation_id=f"{noun.singular}_list",
    )(getattr(views, f"{noun.singular}_list"))
    also: dict[int, type[BaseModel] | None] = {404: ProblemShown}
    also |= {301: None} if noun.singular in FOLLOWED else {}
    also |= {410: GoneShown} if noun is STATEMENTS else {}
    api.get(
        f"{noun.name}/{{slug}}/",
        response={200: noun.record, **also, **ERRORS},
        url_name=noun.singular,
        operation_id=noun.singular,
    )(getattr(views, noun.singular))


def _followed(name: str, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    return follows_former(FOLLOWED[name])(view) if name in FOLLOWED else view


def _patterns() -> Iterator[URLPattern]:
    for pattern in api.urls[0]:
        # At its root is the page for people.
        if pattern.name != "api-root":
            view = answers(_followed(pattern.name, pattern.callback))
            yield path(f"{PREFIX}{pattern.pattern}", view, name=pattern.name)


urlpatterns = [
    *_patterns(),
    path(f"{PREFIX}openapi.json", answers(document_view(api)), name="openapi"),
    path(
        "statements/<str:slug>.json",
        answers(follows_former(Former.TEXT)(views.statement_file)),
        name="statement_file",
    ),
]
