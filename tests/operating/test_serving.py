"""How gunicorn is told to serve the site."""

import gc
import runpy
from pathlib import Path

CONFIGURATION = Path(__file__).parents[2] / "gunicorn.conf.py"


def test_a_process_does_not_look_through_the_code_of_the_site_for_garbage():
    found = runpy.run_path(str(CONFIGURATION))
    before = gc.get_freeze_count()
    try:
        found["when_ready"](None)
        assert gc.get_freeze_count() > before + 50_000
        assert len(gc.get_objects()) < 1_000
    finally:
        gc.unfreeze()
