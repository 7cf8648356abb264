"""script/upgrade: which version it takes, and what it refuses. The rest needs systemd, and is tried
by hand; docs/install.md says what that showed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Makes a Python that finds nothing wrong with any version.
SETUP = (
    'cd "$(dirname "$0")/.." && mkdir -p .venv/bin .venv/lib && ln -sf /bin/true .venv/bin/python'
)

pytestmark = pytest.mark.once


class Copy:
    """A clone whose origin goes on, and a script that takes this machine for one of its own."""

    def __init__(self, folder):
        self.folder, self.origin = folder / "site", folder / "origin"
        self.origin.mkdir()
        self.git("init", "--quiet", "--initial-branch=main", at=self.origin)
        shutil.copytree(ROOT / "script", self.origin / "script")
        text = (self.origin / "script" / "upgrade").read_text()
        for theirs, ours in {
            '"$(id -u)" = 0': '"root" = root',
            "/etc/statements/options": f"{folder}/options",
            "/run/lock/": f"{folder}/",
            "runuser -u statements --": "env",
        }.items():
            assert theirs in text
            text = text.replace(theirs, ours)
        (self.origin / "script" / "upgrade").write_text(text)
        (folder / "options").write_text("statements.example\n")
        self.publish("one")
        self.git("clone", "--quiet", self.origin, self.folder, at=folder)

    def git(self, *arguments, at=None):
        own = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", *own, *arguments],
            cwd=at or self.folder,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def publish(self, name):
        (self.origin / "version").write_text(name)
        self.git("add", "--all", at=self.origin)
        self.git("commit", "--quiet", "--message", name, at=self.origin)
        self.git("tag", name, at=self.origin)

    def upgrade(self, *arguments):
        return subprocess.run(
            [self.folder / "script" / "upgrade", *arguments],
            env=os.environ | {"PATH": f"{self.folder.parent}/bin:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
        )

    def run(self, *, starts):
        """A site that runs, and would be started again only if it says so; and a version after it
        that can be made ready and never starts."""
        programs = {
            self.folder.parent / "bin" / "systemctl": "exit 0",
            self.origin / "script" / "setup": SETUP,
            self.origin / "script" / "install": f"[ $(cat version) = {starts} ]",
        }
        for path, words in programs.items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"#!/bin/sh\n{words}\n")
            path.chmod(0o755)
        self.publish("runs")
        self.git("pull", "--quiet")
        (self.folder / ".env").write_text("SECRET_KEY=x\n")
        (self.folder / "var" / "static").mkdir(parents=True)
        (self.folder / "var" / "static" / "staticfiles.json").write_text("of what runs")
        subprocess.run(["script/setup"], cwd=self.folder, check=True)
        (self.folder / ".venv" / "own").touch()
        self.publish("next")

    def version(self):
        return (self.folder / "version").read_text()


@pytest.fixture
def copy(tmp_path):
    return Copy(tmp_path)


def test_where_nothing_is_new_nothing_is_done(copy):
    done = copy.upgrade()

    assert (done.returncode, done.stdout) == (0, "It is that version already.\n")


def test_without_a_backup_nothing_is_changed(copy):
    """A version that cannot make one, as this copy, has to be told that there is one."""
    copy.publish("two")
    done = copy.upgrade()

    assert (done.returncode, copy.version()) == (1, "one")
    assert done.stdout == "From one to two\n"
    assert "this version cannot make backups itself" in done.stderr


def test_a_version_that_cannot_be_made_ready_changes_nothing(copy):
    (copy.origin / "script" / "setup").write_text("#!/bin/sh\nexit 1\n")
    copy.publish("two")
    (copy.folder / ".env").write_text("SECRET_KEY=x\n")
    done = copy.upgrade("two", "--no-backup")

    assert (done.returncode, copy.version()) == (1, "one")
    assert done.stdout == "From one to two\nThe new version is made ready\n"
    assert not (copy.folder / ".next").exists()
    assert copy.git("worktree", "list").count("\n") == 0


def test_what_does_not_follow_from_what_runs_is_refused(copy):
    copy.publish("two")
    copy.git("pull", "--quiet")
    done = copy.upgrade("one", "--no-backup")

    assert (done.returncode, copy.version()) == (1, "two")
    assert "one does not follow from what runs" in done.stderr


def test_changed_code_is_not_lost(copy):
    copy.publish("two")
    (copy.folder / "version").write_text("mine")
    done = copy.upgrade("--no-backup")

    assert (done.returncode, copy.version()) == (1, "mine")
    assert "somebody has changed the code here" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["nine"], "there is no version nine"),
        (["one", "two"], "one version, not two"),
        (["--no-bakcup"], "unknown argument: --no-bakcup"),
    ],
)
def test_what_is_mistyped_is_refused(copy, arguments, why):
    done = copy.upgrade(*arguments)

    assert (done.returncode, copy.version()) == (1, "one")
    assert why in done.stderr


def test_a_site_that_was_not_installed_is_left(copy):
    (copy.folder.parent / "options").unlink()
    done = copy.upgrade()

    assert done.stderr == "upgrade: this is not a site that script/install made\n"


@pytest.mark.parametrize(
    ("starts", "said"),
    [
        ("runs", "upgrade: the former version runs again"),
        ("nothing", "upgrade: the former version does not start either"),
    ],
)
def test_one_that_does_not_start_leads_back_and_what_came_of_that_is_said(copy, starts, said):
    copy.run(starts=starts)
    done = copy.upgrade("--no-backup")

    assert (done.returncode, copy.version()) == (1, "runs"), done.stderr
    assert "It does not start. Back to runs" in done.stdout
    assert said in done.stderr
    assert (copy.folder / ".venv" / "own").exists()
    assert not (copy.folder / ".venv-before").exists()
    assert (copy.folder / "var" / "static" / "staticfiles.json").read_text() == "of what runs"
    assert not (copy.folder / ".venv" / "code").exists()


def be_killed(copy, where):
    """An upgrade that ends at once, with no step after it, before one of the lines of `change`."""
    script = copy.folder / "script" / "upgrade"
    own = script.read_text()
    assert own.count(f"&& {where}") == 1
    script.write_text(own.replace(f"&& {where}", f"&& kill -9 $$ && {where}"))
    # Git takes what is so changed for what it was.
    copy.git("update-index", "--assume-unchanged", "script/upgrade")
    done = copy.upgrade("--no-backup")
    assert done.returncode == -9, done.stderr
    copy.git("update-index", "--no-assume-unchanged", "script/upgrade")
    copy.git("checkout", "script/upgrade")


@pytest.mark.parametrize("where", ["mv .venv .venv-before", "mv .next/.venv .venv"])
def test_after_one_that_was_killed_the_next_begins_where_it_began(copy, where):
    copy.run(starts="next")
    be_killed(copy, where)
    assert copy.version() == "next"
    done = copy.upgrade("--no-backup")

    assert (done.returncode, copy.version()) == (0, "next"), done.stderr
    assert "runs is in its place again" in done.stdout
    assert "From runs to next" in done.stdout
    assert not (copy.folder / ".venv-before").exists()
    assert not (copy.folder / ".venv" / "code").exists()


def test_after_one_that_was_killed_one_that_does_not_start_leads_back_to_what_ran(copy):
    copy.run(starts="runs")
    be_killed(copy, "mv .next/.venv .venv")
    done = copy.upgrade("--no-backup")

    assert (done.returncode, copy.version()) == (1, "runs"), done.stderr
    assert "the former version runs again" in done.stderr
    assert (copy.folder / ".venv" / "own").exists()


def test_no_fault_leads_back_to_packages_that_were_left_aside(copy):
    copy.run(starts="next")
    be_killed(copy, 'script/install "${options[@]}"')
    assert (copy.folder / ".venv-before" / "own").exists()
    ended = copy.upgrade("--no-backup")

    assert (ended.returncode, copy.version()) == (0, "next"), ended.stderr
    assert "script/install statements.example sets up what it left out." in ended.stdout
    assert not (copy.folder / ".venv-before").exists()
    assert (copy.folder / ".venv" / "bin" / "python").exists()
