"""The interface as an OpenAPI document: what the addresses take, and what they answer.

Made by django-ninja of the same classes that answer, and brought in line with what is sent: errors
are application/problem+json, and parameters name what they take.
"""

from __future__ import annotations

import json
from functools import cache

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import NinjaAPI

from statements.api.problems import TYPE
from statements.records.nouns import NOUNS, STATEMENTS, Noun
from statements.records.shapes import Record

PREFIX = "api/v1/"
# As keysets.py reads them.
CURSORS = {True: "^[0-9]{1,7}-[0-9]{1,18}$", False: "^[0-9]{1,18}$"}


def document_view(api: NinjaAPI) -> object:
    @cache
    def written() -> str:
        with translation.override(settings.LANGUAGE_CODE):
            return json.dumps(document(api), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)

    def openapi(request: HttpRequest) -> HttpResponse:
        return HttpResponse(written() + "\n", content_type="application/json")

    return openapi


def document(api: NinjaAPI) -> dict:
    found = api.get_openapi_schema(path_prefix=PREFIX)
    found["info"]["description"] = _(
        "What this archive has published, for programs: to be read, by anybody, without a key."
        " Words that were taken back, and names that are not shown, are in no answer."
    )
    found["servers"] = [{"url": settings.SITE_URL}]
    for path, operations in found["paths"].items():
        noun = _noun_at(path)
        is_list = not path.endswith("{slug}/")
        for parameter in operations["get"]["parameters"]:
            _bring_in_line(parameter, noun, noun.in_list if is_list else noun.record)
        for status, response in operations["get"]["responses"].items():
            if int(status) >= 400:
                response["content"] = {TYPE: response["content"].pop("application/json")}
    return found


def _noun_at(path: str) -> Noun:
    name = path.removeprefix(f"/{PREFIX}").partition("/")[0]
    return next(noun for noun in NOUNS if noun.name == name)


def _bring_in_line(parameter: dict, noun: Noun, record: type[Record]) -> None:
    if parameter["name"] == "fields":
        names = {"type": "string", "enum": list(record.model_fields)}
        parameter["schema"] = {"type": "array", "items": names, "minItems": 1}
        # One value with commas, and not the parameter again and again.
        parameter |= {"style": "form", "explode": False}
    elif parameter["name"] == "cursor":
        parameter["schema"]["pattern"] = CURSORS[noun is STATEMENTS]
