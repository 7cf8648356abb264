"""What several folders of tests share."""

import runpy
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

SETTINGS = Path(__file__).resolve().parent.parent / "solidarity" / "settings.py"
REQUIRED = {"SECRET_KEY": "for-this-test-" + "0" * 50}


@pytest.fixture
def settings_for(monkeypatch) -> Callable[..., SimpleNamespace]:
    """The settings as another machine would have them: nothing set but what is given."""

    def read(**variables: str) -> SimpleNamespace:
        monkeypatch.setattr("os.environ", REQUIRED | variables)
        monkeypatch.setattr("solidarity.env.read_file", lambda path: None)
        return SimpleNamespace(**runpy.run_path(str(SETTINGS)))

    return read
