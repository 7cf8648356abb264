"""The interface's words in its other languages."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po"))


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return (read_mo if path.suffix == ".mo" else read_po)(file)


def words(one: Catalog) -> dict:
    return {
        (_whole(message.context), _whole(message.id)): _whole(message.string)
        for message in one
        if message.id
    }


def _whole(words: object) -> object:
    """Words alike from both formats: the compiled one gives lists, and contexts as bytes."""
    if isinstance(words, bytes):
        return words.decode()
    return tuple(words) if isinstance(words, list) else words


@pytest.fixture(scope="module")
def extracted(tmp_path_factory) -> Path:
    """A copy of the project whose catalogues were just brought up to date."""
    if not shutil.which("xgettext") and os.environ.get("CI") != "true":
        pytest.skip("there is no gettext (on Debian: sudo apt install gettext)")
    copy = tmp_path_factory.mktemp("copy")
    for name in ("solidarity", "statements", "templates", "locale"):
        shutil.copytree(ROOT / name, copy / name)
    shutil.copy(ROOT / "manage.py", copy)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--all", "--verbosity", "0"],
        cwd=copy,
        check=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "solidarity.settings", "SECRET_KEY": "x"},
    )
    return copy


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
class TestCatalogue:
    def test_every_message_of_the_code_is_there(self, path, extracted):
        fresh = catalogue(extracted / path.relative_to(ROOT))

        assert set(words(fresh)) - set(words(catalogue(path))) == set()

    def test_every_message_is_translated_and_none_is_a_guess(self, path):
        def is_empty(string: object) -> bool:
            return not all(string) if isinstance(string, (tuple, list)) else not string

        one = catalogue(path)
        lacking = [message.id for message in one if message.id and is_empty(message.string)]
        guessed = [message.id for message in one if message.id and message.fuzzy]

        assert (lacking, guessed) == ([], [])

    def test_placeholders_are_those_of_the_message(self, path):
        faults = [
            (message.id, [str(error) for error in errors])
            for message, errors in catalogue(path).check()
        ]

        assert faults == []

    def test_what_runs_is_what_was_written(self, path):
        assert words(catalogue(path.with_suffix(".mo"))) == words(catalogue(path))


ALONE = re.compile(
    r'(?:\b_|gettext|gettext_lazy|gettext_noop)\(\s*"([^"]+)"\s*\)|translate "([^"]+)"'
)


def test_no_message_is_asked_for_alone_and_in_numbers_too():
    """Alone it would not be found in a language whose first form is not that of one."""
    files = [*ROOT.glob("templates/**/*.*"), *ROOT.glob("s*/**/*.py")]
    alone = {one for file in files for pair in ALONE.findall(file.read_text()) for one in pair}
    counted = {
        message.id[0]
        for message in catalogue(CATALOGUES[0])
        if message.pluralizable
        if not message.context
    }

    assert len(counted) > 50
    assert alone & counted == set()
