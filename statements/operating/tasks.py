"""The queue of tasks as an operator sees it: how many wait, what failed, and once more."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

from statements import mail
from statements.auditing import workflow as auditing
from statements.models import Statement, Text

LATE = timedelta(minutes=10)


def counts() -> dict[str, int]:
    """How many wait for a worker, for a later time, and are being done."""
    of_status = DBTaskResult.objects.values_list("status").order_by()
    found = dict(of_status.annotate(count=models.Count("pk")))
    waiting = DBTaskResult.objects.ready().count()
    return {
        "waiting": waiting,
        "later": found.get(TaskResultStatus.READY, 0) - waiting,
        "running": found.get(TaskResultStatus.RUNNING, 0),
    }


def late() -> dict[str, int]:
    """How much of each kind waits although it was due, with what comes every minute, long ago."""
    long_ago = timezone.now() - LATE
    return {
        "texts to be published": Text.objects.filter(scheduled_for__lt=long_ago).count(),
        "standings to be changed": Statement.objects.filter(next_standing_at__lt=long_ago).count(),
        "tasks": DBTaskResult.objects.ready().filter(enqueued_at__lt=long_ago).count(),
    }


def failed() -> DBTaskResultQuerySet:
    """What nobody will try again by itself, the newest first; letters that were given up too."""
    given_up = Q(task_path=mail.deliver.module_path, return_value=mail.GIVEN_UP)
    return DBTaskResult.objects.filter(
        Q(status=TaskResultStatus.FAILED) | given_up & Q(status=TaskResultStatus.SUCCESSFUL)
    ).order_by("-finished_at")


@transaction.atomic
def try_again(key: str, *, by: User | None = None) -> bool:
    """Queue a failed task anew, with all its time before it. False where somebody just did."""
    try:
        task = failed().select_for_update().filter(pk=key).first()
    except ValidationError:
        # No number of a task.
        return False
    if not task:
        return False
    args, kwargs = task.args_kwargs["args"], task.args_kwargs["kwargs"]
    if task.task_path == mail.deliver.module_path:
        mail.queue_again(args[0])
    else:
        task.task.using(run_after=None).enqueue(*args, **kwargs)
    task.delete()
    auditing.record("try-again", by=by, code=task.task_path.rpartition(".")[2][:80])
    return True
