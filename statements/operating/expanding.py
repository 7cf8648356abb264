"""Which migrations wait, and whether the code from before them can go on running meanwhile.

It can where they only add (R-OP6): then the site is updated without a pause, and goes back to its
former code without a backup.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, migrations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation

# What former code does not notice. What fills rows (RunPython) is for whoever wrote it to keep so.
UNNOTICED = (
    migrations.CreateModel,
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.RenameIndex,
    migrations.RemoveConstraint,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.RunPython,
)


def waiting() -> Iterator[tuple[str, list[str]]]:
    """Each migration that is not applied, in order, with what the former code could stumble on."""
    executor = MigrationExecutor(connection)
    for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield (
            str(migration),
            [one.describe() for one in migration.operations if not goes_unnoticed(one)],
        )


def goes_unnoticed(operation: Operation) -> bool:
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return all(goes_unnoticed(one) for one in operation.database_operations)
    if isinstance(operation, migrations.AddField):
        # Django takes the default away again once the rows have it: former code gives none.
        field = operation.field
        return bool(field.null or field.has_db_default() or field.generated or field.many_to_many)
    return isinstance(operation, UNNOTICED)
