"""What is answered where there is no record: one shape for every error (RFC 9457).

Views raise a Problem, or Http404; answering.py writes it down.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, Field

from statements.records.statement_fields import Tombstone

TYPE = "application/problem+json"
# What each status is called, in addresses of the documentation and in words.
KINDS = {
    400: ("wrong", gettext_lazy("The question is wrong")),
    404: ("not-found", gettext_lazy("There is nothing at this address")),
    405: ("only-reading", gettext_lazy("Here things are only read")),
    410: ("taken-back", gettext_lazy("This statement was taken back")),
    429: ("too-often", gettext_lazy("Too many questions")),
    500: ("fault", gettext_lazy("A fault of this site")),
    503: ("not-now", gettext_lazy("This cannot be answered for the moment")),
}


class WrongParameter(BaseModel):
    parameter: str = Field(description=gettext_lazy("The name of the parameter."))
    detail: str = Field(description=gettext_lazy("What is wrong with it."))


class ProblemShown(BaseModel):
    """The members of RFC 9457."""

    type: str = Field(description=gettext_lazy("An address that says which kind of problem it is."))
    title: str = Field(description=gettext_lazy("The kind of problem, in words."))
    status: int = Field(description=gettext_lazy("The HTTP status."))
    detail: str = Field(description=gettext_lazy("What to do about it."))


class WrongShown(ProblemShown):
    errors: list[WrongParameter] = Field(description=gettext_lazy("Each parameter that is wrong."))


class GoneShown(ProblemShown):
    tombstone: Tombstone = Field(
        description=gettext_lazy("What may be said of the statement that was there.")
    )


class Problem(Exception):
    """Something else than a record is answered. `members` are further ones of the body."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        **members: object,
    ) -> None:
        super().__init__(status)
        self.status, self.detail = status, detail
        self.headers, self.members = headers or {}, members


def wrong(errors: Mapping[str, str]) -> Problem:
    """A parameter has no meaning; `errors` says what is wrong, by its name."""
    listed = [{"parameter": name, "detail": detail} for name, detail in errors.items()]
    return Problem(400, _("See “errors” for each parameter that is wrong."), errors=listed)


def not_found() -> Problem:
    return Problem(404, _("It may have been mistyped, or it was never published."))


def shown(problem: Problem) -> JsonResponse:
    code, title = KINDS[problem.status]
    body = {
        "type": f"{settings.SITE_URL}{reverse('programs:interface')}#{code}",
        "title": str(title),
        "status": problem.status,
        "detail": problem.detail,
        **problem.members,
    }
    parameters = {"ensure_ascii": False, "indent": 1}
    answer = JsonResponse(body, status=problem.status, json_dumps_params=parameters)
    answer.headers["Content-Type"] = TYPE
    for name, value in problem.headers.items():
        answer.headers[name] = value
    return answer


def is_for_programs(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")
