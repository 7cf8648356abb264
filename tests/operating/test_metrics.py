"""What a monitoring program is told (R-PR3: numbers alone)."""

from datetime import timedelta
from unittest import mock

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.core.management import CommandError
from django.db import DatabaseError
from django.test import TestCase, override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from solidarity.metrics import MetricsMiddleware
from statements.data.dumping import make_dump
from statements.management.commands.metrics import private
from statements.operating import metrics, parts


def told():
    text = generate_latest(metrics.registry("")).decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


class StateTests(TestCase):
    def test_what_is_late_is_counted(self):
        hour = timezone.now() - timedelta(hours=1)
        make_dump.enqueue()
        make_dump.using(run_after=timezone.now() + timedelta(days=1)).enqueue()
        DBTaskResult.objects.update(enqueued_at=hour)

        found = told()

        assert found["statements_late", "tasks"] == 1
        assert found["statements_late", "texts to be published"] == 0
        assert found["statements_tasks", "waiting"] == found["statements_tasks", "later"] == 1
        assert found["statements_tasks", "failed"] == 0
        assert found["statements_database_up",] == found["statements_migrated",] == 1

    def test_disks_are_told_by_share(self):
        shares = [value for (name, *_), value in told().items() if "disk" in name]

        assert shares
        assert all(0 < share < 1 for share in shares)

    def test_the_last_backup_is_left_out_where_there_was_none(self):
        with mock.patch("statements.backup.places.last_backup", return_value=None):
            assert ("statements_backup_timestamp_seconds",) not in told()
        made = timezone.now()
        with mock.patch("statements.backup.places.last_backup", return_value=made):
            found = told()
        assert found["statements_backup_timestamp_seconds",] == pytest.approx(made.timestamp())

    def test_without_a_database_the_rest_is_told(self):
        with mock.patch.object(parts, "database", return_value="away"):
            found = told()

        assert found["statements_database_up",] == found["statements_migrated",] == 0
        assert not any(name == "statements_tasks" for name, *_ in found)

    def test_a_database_that_goes_away_meanwhile_is_no_fault(self):
        with mock.patch("statements.operating.tasks.counts", side_effect=DatabaseError):
            found = told()

        assert ("statements_cache_up",) in found
        assert not any(name == "statements_tasks" for name, *_ in found)


@pytest.mark.parametrize("bind", ["127.0.0.1:9205", "10.0.0.7:9205", "[::1]:9205", "[fd00::7]:80"])
def test_it_listens_where_nobody_else_comes(bind):
    host, port = private(bind)

    assert f"{host}:{port}" == bind.replace("[", "").replace("]", "")


@pytest.mark.parametrize("bind", ["0.0.0.0:9205", "[::]:9205", "8.8.8.8:9205", "9205", "a:b", ""])
def test_it_refuses_to_listen_anywhere_else(bind):
    with pytest.raises(CommandError):
        private(bind)


@override_settings(METRICS_FOLDER="")
def test_nothing_is_counted_where_nobody_wants_it():
    with pytest.raises(MiddlewareNotUsed):
        MetricsMiddleware(lambda request: None)
