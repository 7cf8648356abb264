"""Lines of the log: no private link, no search word, in text or JSON, and none for a flood."""

import json
import os
import subprocess
import sys

import pytest

TOKEN = "Zq" * 21 + "x"
FAULTS = f"""
import django
django.setup()
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.log import log_response
request = RequestFactory().get("/submissions/{TOKEN}/?q=word")
for status in (500, 503):
    log_response("Fault: %s", request.path, response=HttpResponse(status=status), request=request)
try:
    1 / 0
except ZeroDivisionError as error:
    answer = HttpResponse(status=503)
    log_response("Away: %s", request.path, response=answer, request=request, exception=error)
"""


def logged(form):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "solidarity.settings", "LOG_FORMAT": form}
    done = subprocess.run(
        [sys.executable, "-c", FAULTS], env=environment, capture_output=True, text=True, check=True
    )
    assert TOKEN not in done.stderr
    assert "word" not in done.stderr
    return done.stderr.splitlines()


def test_text_is_the_rule():
    lines = logged("text")

    assert "ERROR django.request Fault: /submissions/…/" in lines[0]
    assert "ERROR django.request Away: /submissions/…/" in lines[1]
    assert lines[-1] == "ZeroDivisionError: division by zero"


def test_in_json_each_line_is_one_record_that_says_no_more():
    fault, away = map(json.loads, logged("json"))

    assert fault.pop("at")
    assert fault == {
        "level": "ERROR",
        "logger": "django.request",
        "message": "Fault: /submissions/…/",
        "status_code": 500,
    }
    assert "ZeroDivisionError" in away["exc_info"]


def test_another_format_is_refused_in_words():
    with pytest.raises(subprocess.CalledProcessError) as raised:
        logged("xml")
    assert "LOG_FORMAT must be one of text, json" in raised.value.stderr
