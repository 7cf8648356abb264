"""What several folders of tests share."""

import runpy
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

TESTS = Path(__file__).resolve().parent
# What these say is the same on every database, so they run on SQLite alone.
ONCE = {
    *("test_access.py", "test_catalogues.py", "test_diff.py", "test_docs.py", "test_fetching.py"),
    *("test_layout.py", "test_likeness.py", "test_slugging.py", "account/test_enumeration.py"),
    *("attacks/uploads/test_pictures.py", "cleaning/test_markup.py", "cleaning/test_plain.py"),
    *("operating/test_container.py", "operating/test_scripts.py", "pages/test_static.py"),
}
SETTINGS = Path(__file__).resolve().parent.parent / "solidarity" / "settings.py"
REQUIRED = {"SECRET_KEY": "for-this-test-" + "0" * 50}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.relative_to(TESTS).as_posix() in ONCE:
            item.add_marker(pytest.mark.once)


@pytest.fixture
def settings_for(monkeypatch) -> Callable[..., SimpleNamespace]:
    """The settings as another machine would have them: nothing set but what is given."""

    def read(**variables: str) -> SimpleNamespace:
        monkeypatch.setattr("os.environ", REQUIRED | variables)
        monkeypatch.setattr("solidarity.env.read_file", lambda path: None)
        return SimpleNamespace(**runpy.run_path(str(SETTINGS)))

    return read
