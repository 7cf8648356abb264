"""The files of deploy/: what they name is there, and they keep a service in its place (R-OP13)."""

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
UNITS = ROOT / "deploy" / "systemd"
SITE = "/srv/statements/site"

pytestmark = pytest.mark.once


def read(path):
    """A unit; of a line that stands there twice, the last."""
    unit = configparser.ConfigParser(strict=False, interpolation=None, delimiters=["="])
    unit.optionxform = str
    unit.read_string(path.read_text())
    return unit


def commands():
    for path in sorted(UNITS.glob("*.service")):
        yield path.name, read(path)["Service"]["ExecStart"].removeprefix(f"{SITE}/.venv/bin/")


def test_the_services_run_what_there_is():
    known = set(get_commands())
    found = dict(commands())

    assert found.pop("statements-web.service") == "python -m gunicorn"
    for name, command in found.items():
        program, script, wanted, *_ = command.split()
        assert (program, script, wanted in known) == ("python", "manage.py", True), name


def test_each_timer_has_its_service_and_what_runs_for_good_has_none():
    timers = {path.stem for path in UNITS.glob("*.timer")}
    once = {path.stem for path in UNITS.glob("*.service") if is_once(path)}

    assert timers == once
    assert (UNITS / "statements-web.socket").exists()


def is_once(path):
    return read(path)["Service"].get("Type") == "oneshot"


def test_no_service_runs_as_root_or_can_change_its_code():
    own = read(UNITS / "statements-.service.d" / "sandbox.conf")["Service"]

    assert {name: own[name] for name in ("User", "ProtectSystem", "NoNewPrivileges")} == {
        "User": "statements",
        "ProtectSystem": "strict",
        "NoNewPrivileges": "yes",
    }
    assert own["ReadWritePaths"] == f"{SITE}/var"
    # It is for all whose name begins so.
    assert all(path.name.startswith("statements-") for path in UNITS.glob("*.service"))


@pytest.fixture
def units(tmp_path):
    """As they are put in place, with programs that are there."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd-analyze (on Debian: apt install systemd)")
    shutil.copytree(UNITS, tmp_path / "units")
    for path in (tmp_path / "units").rglob("*.*"):
        if path.is_file():
            text = path.read_text()
            path.write_text(re.sub(rf"(?<==){SITE}/\.venv/bin/\w+", "/bin/true", text))
    return tmp_path / "units"


def analyse(units, *arguments):
    return subprocess.run(
        ["systemd-analyze", *arguments],
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{units}:"},
        capture_output=True,
        text=True,
    )


def test_systemd_finds_no_fault_in_them(units):
    done = analyse(
        units, "verify", "--man=no", *(path for path in units.iterdir() if path.is_file())
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_systemd_finds_the_services_well_confined(units):
    for path in sorted(units.glob("*.service")):
        done = analyse(
            units, "security", "--offline=true", "--threshold=20", "--no-pager", path.name
        )

        assert done.returncode == 0, done.stdout
