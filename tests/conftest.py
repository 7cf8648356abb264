"""What several folders of tests share."""

import gc
import runpy
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import SimpleTestCase, TransactionTestCase, client

SETTINGS = Path(__file__).resolve().parent.parent / "solidarity" / "settings.py"
REQUIRED = {"SECRET_KEY": "for-this-test-" + "0" * 50}


keep_template = client.store_rendered_templates


def keep_other_templates(
    store: dict, signal: object, sender: object, template: object, context: object, **kwargs: object
) -> None:
    """A form renders some hundred of its own, and no test asks for them: a sixth of its time."""
    if not (template.name or "").startswith("django/forms/"):
        keep_template(store, signal, sender, template, context, **kwargs)


client.store_rendered_templates = keep_other_templates


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not may_ask_the_database(item):
            item.add_marker(pytest.mark.once)


def pytest_collection_finish() -> None:
    """What was imported stays: looking for garbage in it again and again is a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def may_ask_the_database(item: pytest.Item) -> bool:
    """Django, and pytest-django, refuse it to all others."""
    if item.cls and issubclass(item.cls, SimpleTestCase):
        return issubclass(item.cls, TransactionTestCase)
    asks = {"db", "transactional_db", "live_server"}.intersection(item.fixturenames)
    return bool(asks or item.get_closest_marker("django_db"))


@pytest.fixture
def settings_for(monkeypatch) -> Callable[..., SimpleNamespace]:
    """The settings as another machine would have them: nothing set but what is given."""

    def read(**variables: str) -> SimpleNamespace:
        monkeypatch.setattr("os.environ", REQUIRED | variables)
        monkeypatch.setattr("solidarity.env.read_file", lambda path: None)
        return SimpleNamespace(**runpy.run_path(str(SETTINGS)))

    return read
