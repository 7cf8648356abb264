"""script/install: what it would do, what it writes, and what it refuses. On a bare Debian 12 with
systemd it is tried by hand; docs/install.md says what that showed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOST = "statements.example"
# What a bare machine answers: nothing is installed, nobody is known, nothing runs.
BARE = ("dpkg-query", "systemctl", "runuser", "id", "nginx", "curl")
TOOLS = (
    "bash env dirname cat sed cmp find sort seq head tail nproc git sha256sum stat readlink grep"
)

pytestmark = pytest.mark.once


@pytest.fixture
def copy(tmp_path):
    """The script and the files that it puts in place, where nothing was set up."""
    for name in ("script", "deploy"):
        shutil.copytree(ROOT / name, tmp_path / "site" / name)
    shutil.copy(ROOT / "requirements.lock", tmp_path / "site")
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in BARE:
        (bare / name).write_text("#!/bin/sh\nexit 1\n")
        (bare / name).chmod(0o755)
    for name in (*TOOLS.split(), "realpath", "openssl", "install"):
        (bare / name).symlink_to(shutil.which(name))
    return tmp_path / "site"


def install(copy, *arguments):
    return subprocess.run(
        [copy / "script" / "install", *arguments],
        env={"PATH": str(copy.parent / "bare")},
        capture_output=True,
        text=True,
    )


def files_in(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_dry_run_names_every_command_in_order_and_does_nothing(copy):
    before = files_in(copy)
    done = install(copy, "--dry-run", HOST)
    steps = [line.strip() for line in done.stdout.splitlines() if line.startswith("    ")]

    assert (done.returncode, done.stderr) == (0, "")
    landmarks = [
        "apt-get update",
        "apt-get install -qq --yes --no-install-recommends git python3",
        "useradd --system --user-group",
        ".env (mode 600)",
        "chown statements:statements .env",
        "install --directory --owner statements --group statements --mode 751 var",
        "script/setup",
        "collectstatic",
        "createuser statements",
        "createdb --owner statements",
        "migrate --no-input",
        "deploy/systemd/statements-web.service -> /etc/systemd/system/statements-web.service",
        "systemctl daemon-reload",
        "systemctl enable --quiet --now statements-web.socket",
        "systemctl enable --quiet --now statements-due.timer",
        "deploy/nginx/http.conf -> /etc/nginx/sites-available/statements-http",
        "nginx -t",
        "certbot certonly",
        "deploy/nginx/site.conf -> /etc/nginx/sites-available/statements-site",
        "systemctl reload nginx",
        f"https://{HOST}/readyz",
    ]
    for landmark in landmarks:
        while steps and landmark not in steps[0]:
            steps.pop(0)
        assert steps, f"{landmark} is not there, or not in this place"
    assert files_in(copy) == before


def test_what_the_code_was_is_for_root_alone(copy):
    """In the folder of the site lies the clone that it was made from."""
    (copy / ".git").mkdir(mode=0o755)
    done = install(copy, "--dry-run", HOST)

    assert "chmod 700 .git" in done.stdout


def test_with_one_file_for_the_data_no_postgresql_is_asked_for(copy):
    done = install(copy, "--dry-run", "--sqlite", "--self-signed", HOST)

    assert done.returncode == 0
    assert not re.search("postgres|certbot", done.stdout)


def test_it_writes_what_is_shipped_with_the_names_of_this_machine(copy, tmp_path):
    done = install(copy, "--files", tmp_path / "files", "statements.union.org")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    etc = tmp_path / "files" / "etc"
    site = (etc / "nginx/sites-available/statements-site").read_text()
    assert "server_name statements.union.org;" in site
    assert "ssl_certificate /etc/letsencrypt/live/statements.union.org/fullchain.pem;" in site
    web = (etc / "systemd/system/statements-web.service").read_text()
    assert f"ExecStart={copy}/.venv/bin/python -m gunicorn" in web
    assert f"WEB_CONCURRENCY={2 * len(os.sched_getaffinity(0)) + 1}\n" in web
    written = files_in(tmp_path / "files")
    # Everything that is shipped for a machine without containers, and no name of the example.
    shipped = [path.relative_to(copy / "deploy") for path in files_in(copy / "deploy")]
    assert len(written) == len(
        [one for one in shipped if one.parts[0] not in ("Caddyfile", "pages")]
    )
    for path in written:
        assert not re.search(rf"{re.escape(HOST)}|/srv/statements/site", path.read_text()), path


def test_a_second_time_the_files_are_left(copy, tmp_path):
    install(copy, "--files", tmp_path / "files", HOST)
    before = {path: path.stat().st_mtime_ns for path in files_in(tmp_path / "files")}
    install(copy, "--files", tmp_path / "files", HOST)

    assert before
    assert {path: path.stat().st_mtime_ns for path in files_in(tmp_path / "files")} == before


def test_what_it_takes_away_is_what_it_put_there(copy):
    put = re.findall(r"-> (/\S+)", install(copy, "--dry-run", HOST).stdout)
    done = install(copy, "--dry-run", "--uninstall")

    assert (done.returncode, done.stderr, len(put)) == (0, "", len(set(put)))
    assert [path for path in put if path not in done.stdout.split()] == []
    assert not re.search("dropdb|--recursive|userdel", done.stdout)
    assert "rm --recursive --force" in install(copy, "--dry-run", "--uninstall", "--purge").stdout


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "which host name?"),
        (["Example"], "Example is no host name"),
        (["a.example;reboot"], "is no host name"),
        ([HOST, "other.example"], "one host name, not two"),
        ([HOST, "--certificate", "a.pem"], "--certificate needs --key"),
        ([HOST, "--certificate", "a", "--key", "b", "--self-signed"], "not both"),
        ([HOST, "--purge"], "--purge goes with --uninstall"),
        ([HOST, "--dyr-run"], "unknown argument: --dyr-run"),
    ],
)
def test_what_is_mistyped_is_refused(copy, arguments, why):
    done = install(copy, "--dry-run", *arguments)

    assert done.returncode == 1
    assert why in done.stderr
    assert not (copy / ".env").exists()


def test_it_needs_root(copy):
    done = install(copy, HOST)

    assert (done.returncode, done.stderr) == (1, "install: it needs root: sudo script/install …\n")


def test_a_certificate_that_is_signed_by_itself_is_refused(copy, tmp_path):
    pem, key = tmp_path / "a.pem", tmp_path / "a.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        + ["-nodes", "-subj", "/CN=a", "-out", pem, "-keyout", key],
        check=True,
        capture_output=True,
    )
    done = install(copy, "--dry-run", HOST, "--certificate", pem, "--key", key)

    assert done.returncode == 1
    assert "is signed by itself" in done.stderr


def test_the_settings_of_another_site_are_left(copy):
    (copy / ".env").write_text("SITE_URL=https://other.example\n")
    done = install(copy, "--dry-run", HOST)

    assert done.returncode == 1
    assert ".env says that this site is https://other.example" in done.stderr


def test_the_settings_that_it_makes_are_settings():
    script = (ROOT / "script" / "install").read_text()
    made = set(re.findall(r'say "#?([A-Z_]+)=', script))
    known = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/settings.md").read_text(), re.M))

    assert {"SECRET_KEY", "SEALING_KEYS", "SITE_URL", "DATABASE_URL"} <= made <= known


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="there is no shellcheck")
@pytest.mark.parametrize("script", ["script/install", "script/upgrade", "deploy/statements"])
def test_shellcheck_finds_nothing(script):
    done = subprocess.run(["shellcheck", ROOT / script], capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (0, "")
