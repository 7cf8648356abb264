"""The scripts a stranger runs first, in a copy of the project where nothing was set up."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def copy(tmp_path):
    """The scripts in an empty folder, with a .venv that has its packages already."""
    shutil.copytree(ROOT / "script", tmp_path / "script")
    for name in ("requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path)
    binaries = tmp_path / ".venv" / "bin"
    binaries.mkdir(parents=True)
    python = binaries / "python"
    python.write_text(f'#!/bin/sh\n[ "$2" = pip ] && exit\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    return tmp_path


def run(copy, script, *arguments, **variables):
    environment = {"PATH": os.environ["PATH"], "HOME": str(copy)} | variables
    return subprocess.run(
        [copy / "script" / script, *arguments], env=environment, capture_output=True, text=True
    )


def settings_of(copy):
    lines = (copy / ".env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


def test_setup_makes_an_env_for_its_owner_alone(copy):
    done = run(copy, "setup", PORT="9000")

    made = settings_of(copy)
    secret = made.pop("SECRET_KEY")
    assert (done.returncode, done.stderr) == (0, "")
    assert stat.S_IMODE((copy / ".env").stat().st_mode) == 0o600
    assert len(secret) >= 50
    assert made == {"SITE_URL": "http://127.0.0.1:9000", "ALLOWED_HOSTS": "127.0.0.1,localhost"}


def test_two_copies_have_different_secrets(copy):
    run(copy, "setup")
    first = settings_of(copy)["SECRET_KEY"]
    (copy / ".env").unlink()
    run(copy, "setup")

    assert settings_of(copy)["SECRET_KEY"] != first


def test_setup_leaves_an_env_as_it_is(copy):
    (copy / ".env").write_text("SECRET_KEY=mine\n")
    done = run(copy, "setup")

    assert (done.returncode, done.stdout) == (0, "Installing packages (requirements.lock)\n")
    assert (copy / ".env").read_text() == "SECRET_KEY=mine\n"


@pytest.mark.parametrize(
    ("arguments", "lock"), [((), "requirements.lock"), (("--dev",), "requirements-dev.lock")]
)
def test_nothing_is_installed_but_what_was_locked(copy, arguments, lock):
    python = copy / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\n[ "$2" = pip ] && echo "$@" >> asked\nexit 0\n')
    run(copy, "setup", *arguments)

    asked = (copy / "asked").read_text()
    assert asked.endswith(f" --require-hashes --requirement {lock}\n")


def test_a_second_setup_has_nothing_to_do(copy):
    run(copy, "setup")
    again = run(copy, "setup")

    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_the_demo_refuses_a_copy_that_serves_the_public(copy):
    (copy / ".env").write_text("SECRET_KEY=mine\nSITE_URL=https://statements.example\n")
    done = run(copy, "demo", "--fresh")

    assert done.returncode == 1
    assert done.stderr == (
        "demo: .env says that this copy is https://statements.example."
        " Use another copy of the project for the demo.\n"
    )


def test_the_demo_refuses_a_copy_with_a_database_of_its_own(copy):
    (copy / ".env").write_text("SECRET_KEY=mine\nDATABASE_URL=postgres://db/statements\n")
    done = run(copy, "demo", "--fresh")

    assert done.returncode == 1
    assert done.stderr == (
        "demo: .env names a database of its own. Use another copy of the project for the demo.\n"
    )


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1"])
def test_the_demo_refuses_what_is_no_port(copy, port):
    done = run(copy, "demo", PORT=port)

    assert done.returncode == 1
    assert done.stderr.startswith("demo: PORT must be ")


def test_the_demo_names_a_port_that_is_in_use(copy):
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run(copy, "demo", PORT=str(port))

    assert done.returncode == 1
    assert done.stderr == (
        f"demo: port {port} is in use. Take another one: PORT={port + 1} script/demo\n"
    )


@pytest.mark.parametrize("script", ["setup", "demo"])
def test_a_mistyped_argument_changes_nothing(copy, script):
    done = run(copy, script, "--frehs")

    assert (done.returncode, (copy / ".env").exists()) == (1, False)
    assert "unknown argument: --frehs" in done.stderr


def test_tests_on_a_database_that_does_not_answer_stop_at_once(copy):
    done = run(copy, "test", DATABASE_URL="postgres://nobody@127.0.0.1:1/none")

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "test: no database answers at DATABASE_URL (it needs a role that may create databases)"
    )


def test_continuous_integration_needs_a_browser(copy):
    bare = copy / "bin"
    bare.mkdir()
    for tool in ("bash", "env", "dirname", "basename", "cat", "sha256sum", "mkdir"):
        (bare / tool).symlink_to(shutil.which(tool))
    done = run(copy, "test", CI="true", PATH=str(bare))

    assert (done.returncode, done.stderr) == (
        1,
        "test: there is no Chromium. On Debian: sudo apt install chromium-headless-shell\n",
    )
