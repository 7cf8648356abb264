"""Lines of the log: no private link, no search word, in text or JSON, and none for a flood."""

import contextlib
import json
import logging
import os
import socket
import subprocess
import sys
import time

import pytest

from solidarity.logs import WithoutReaders
from tests.operating.front import ROOT, free_port

TOKEN = "Zq" * 21 + "x"
HEALTH = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n{}Connection: close\r\n\r\n"
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


@pytest.fixture
def served(tmp_path):
    """The port at which gunicorn answers; it has nothing to say."""
    port = free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "solidarity.settings",
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "METRICS_FOLDER": "",
        "STATIC_ROOT": str(tmp_path),
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield port
    finally:
        server.terminate()
        said = server.communicate(timeout=60)[1]
    assert said == ""


def test_what_is_no_request_leaves_no_line(served):
    """gunicorn would write who sent it, and what."""
    answers = [
        sent(served, f"GET /submissions/{TOKEN}/?q={'word' * 2000} HTTP/1.1\r\n\r\n"),
        sent(served, f"G{{}}T /submissions/{TOKEN}/ HTTP/1.1\r\n\r\n"),
        sent(served, f"GET / HTTP/1.1\r\nHost {TOKEN}\r\n\r\n"),
        sent(served, HEALTH.format("")),
    ]

    assert [one.split()[1] for one in answers] == ["414", "400", "400", "200"]


def test_whoever_asks_does_not_say_where_the_site_begins(served):
    """A proxy may let such headers through."""
    for header in ("SCRIPT_NAME: /theirs\r\n", "PATH_INFO: /theirs\r\n"):
        assert sent(served, HEALTH.format(header)).split()[1] == "200", header


def sent(port, words):
    """What gunicorn answers to these bytes, once it has started."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with (
            contextlib.suppress(ConnectionRefusedError),
            socket.create_connection(("127.0.0.1", port), timeout=30) as one,
        ):
            one.sendall(words.encode())
            return b"".join(iter(lambda: one.recv(4096), b"")).decode()
        time.sleep(0.1)
    raise AssertionError("gunicorn did not start")


def test_a_fault_that_gunicorn_notes_names_no_address():
    record = logging.makeLogRecord(
        {"msg": "Error handling request %s %s", "args": ("GET", f"/submissions/{TOKEN}/")}
    )

    assert WithoutReaders().filter(record)
    assert record.getMessage() == "Error handling a request"
