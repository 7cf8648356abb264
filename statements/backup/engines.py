"""The two databases, as far as a backup has to know them: see sqlite.py and postgresql.py beside.

with engine.snapshot(folder, progress) as (alias, pieces):   # one moment of the database
    contents.survey(alias, …)                                # is read
    written.add("database", pieces())                        # and written from it
with engine.scratch(place) as url:                           # an empty database
    engine.load(file, url)
    …
    engine.put_in_place(url)                                 # it is the site's from now on
"""

from __future__ import annotations

from types import ModuleType

from django.db import connection

from statements.backup import postgresql, sqlite


def engine() -> ModuleType:
    return postgresql if connection.vendor == "postgresql" else sqlite
