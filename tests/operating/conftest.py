"""The shipped front, for whatever asks it."""

import pytest

from tests.operating.front import set_up


@pytest.fixture(scope="module")
def front():
    with set_up() as one:
        one.start()
        yield one
