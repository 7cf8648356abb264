"""What the Dockerfile promises, read from its text: no engine builds it in these tests."""

import http.server
import re
import threading
from pathlib import Path

import pytest

from solidarity import health

ROOT = Path(__file__).resolve().parent.parent.parent
LINES = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
STEPS = [tuple(line.split(maxsplit=1)) for line in LINES if line and not line.startswith("#")]


def steps(name):
    return [rest for step, rest in STEPS if step == name]


def copied():
    """What comes from this folder, not from the stage before."""
    return {rest.split()[0].rstrip("/") for rest in steps("COPY") if "--from" not in rest}


def test_the_base_is_named_by_its_version():
    bases = [rest.split()[0] for rest in steps("FROM")]

    assert len(bases) == 2
    assert all(re.fullmatch(r"python:3\.\d+-slim-[a-z]+", base) for base in bases)


def test_the_site_does_not_run_as_root_and_cannot_change_its_code():
    assert steps("USER") == ["10001:10001"]
    order = [step for step, _rest in STEPS]
    assert order.index("USER") > max(n for n, step in enumerate(order) if step in ("COPY", "RUN"))
    assert not any("--chown" in rest or "chmod" in rest for rest in steps("COPY") + steps("RUN"))
    assert steps("VOLUME") == ["/site/var"]


def test_no_secret_is_built_in():
    assert not re.search(
        "SECRET|PASSWORD|TOKEN|DATABASE_URL", " ".join(steps("ENV") + steps("ARG"))
    )
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"


def test_everything_that_the_site_runs_on_is_copied_and_nothing_else():
    wanted = {"manage.py", "gunicorn.conf.py", "requirements.lock", "static", "templates"}
    wanted |= {"solidarity", "statements"}
    if list(ROOT.glob("locale/*/LC_MESSAGES/*.mo")):
        wanted.add("locale")
    let_in = re.findall(r"^!([\w./-]+?)/?$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)

    assert copied() == wanted
    assert wanted <= set(let_in)


def test_nothing_is_installed_but_what_was_locked():
    asked = [rest for rest in steps("RUN") if "pip install" in rest]

    assert [rest.split("install ")[1] for rest in asked] == [
        "--quiet --require-hashes --requirement requirements.lock"
    ]


def test_it_starts_gunicorn_without_its_control_socket_and_says_how_it_is():
    assert steps("CMD") == ['["gunicorn", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]']
    assert steps("HEALTHCHECK")[0].endswith('CMD ["python", "-m", "solidarity.health"]')


class Answering(http.server.BaseHTTPRequestHandler):
    status, asked = 200, []

    def do_GET(self):
        self.asked.append((self.path, self.headers["Host"]))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def server(monkeypatch):
    Answering.asked = []
    with http.server.HTTPServer(("127.0.0.1", 0), Answering) as one:
        monkeypatch.setenv("PORT", str(one.server_port))
        monkeypatch.setenv("SITE_URL", "https://statements.example")
        threading.Thread(target=one.serve_forever, daemon=True).start()
        yield one
        one.shutdown()


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (400, False), (500, False)])
def test_the_health_check_asks_under_the_name_of_the_site(server, monkeypatch, status, healthy):
    monkeypatch.setattr(Answering, "status", status)

    assert health.is_answering() is healthy
    assert health.is_answering("/readyz") is healthy
    assert Answering.asked == [(one, "statements.example") for one in ("/healthz", "/readyz")]


def test_a_site_that_does_not_answer_is_not_healthy(monkeypatch):
    monkeypatch.setenv("PORT", "1")

    assert health.is_answering() is False
