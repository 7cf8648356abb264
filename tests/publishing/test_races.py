"""Many editors at once: nothing is lost, nothing is counted twice, nobody gets an error."""

import threading
from concurrent.futures import ThreadPoolExecutor
from unittest import skipUnless

from django.db import close_old_connections, connection, connections
from django.test import TransactionTestCase

from statements.dates import PartialDate
from statements.models import Demand, Event, Revision, Text
from statements.publishing import slugs, workflow
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_organisation,
    make_text,
)

WORKERS = 10


def at_once(acts):
    """Call all acts in parallel; their results, or the exceptions that they raised."""
    start = threading.Barrier(min(WORKERS, len(acts)))
    seen = threading.local()

    def run(act):
        if not hasattr(seen, "started"):
            seen.started = True
            start.wait(30)
        close_old_connections()
        try:
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(min(WORKERS, len(acts))) as pool:
        return list(pool.map(run, acts))


@skipUnless(
    connection.vendor == "postgresql",
    "SQLite has one writer at a time, and a database in memory one connection",
)
class RaceTests(TransactionTestCase):
    def test_of_a_hundred_saves_each_is_kept_or_refused(self):
        text = make_text()
        based_on = text.working_revision_id

        results = at_once(
            [
                lambda n=n: workflow.save_words(
                    Text.objects.get(pk=text.pk), {"title": f"Title {n}"}, based_on=based_on
                )
                for n in range(100)
            ]
        )

        accepted = [one for one in results if isinstance(one, Revision)]
        refused = [one for one in results if isinstance(one, workflow.EditedMeanwhile)]
        self.assertEqual((len(accepted), len(refused)), (1, 99))
        text.refresh_from_db()
        self.assertEqual(text.revisions.count(), 2)
        self.assertEqual(text.working_revision, accepted[0])

    def test_editors_who_read_before_they_write_lose_nothing(self):
        text = make_text()

        def save(number):
            fresh = Text.objects.get(pk=text.pk)
            return workflow.save_words(
                fresh, {"title": f"Title {number}"}, based_on=fresh.working_revision_id
            )

        results = at_once([lambda n=n: save(n) for n in range(100)])

        accepted = [one for one in results if isinstance(one, Revision)]
        refused = [one for one in results if isinstance(one, workflow.EditedMeanwhile)]
        self.assertEqual(len(accepted) + len(refused), 100, results)
        self.assertEqual(text.revisions.count(), 1 + len(accepted))

    def test_one_revision_becomes_one_version(self):
        text = make_text(published=False)
        revision = text.working_revision

        results = at_once(
            [lambda: workflow.publish(Revision.objects.get(pk=revision.pk)) for _n in range(10)]
        )

        published = [one for one in results if isinstance(one, Revision)]
        others = {type(one) for one in results} - {Revision}
        self.assertEqual((len(published), others), (1, {workflow.NothingToPublish}))
        self.assertEqual(list(text.revisions.values_list("number", flat=True)), [1])

    def test_revisions_published_at_once_get_numbers_of_their_own(self):
        text = make_text(published=False)
        revisions = [text.working_revision]
        for number in range(5):
            text.refresh_from_db()
            revisions.append(
                workflow.save_words(
                    text, {"title": f"Title {number}"}, based_on=text.working_revision_id
                )
            )

        results = at_once(
            [lambda one=one: workflow.publish(one, change="typographical") for one in revisions]
        )

        self.assertEqual({type(one) for one in results}, {Revision})
        self.assertEqual(
            sorted(text.revisions.values_list("number", flat=True)), [1, 2, 3, 4, 5, 6]
        )

    def test_texts_of_one_title_made_at_once_get_addresses_of_their_own(self):
        results = at_once(
            [
                lambda: workflow.create_statement(language="en", words={"title": "No evictions"})
                for _n in range(10)
            ]
        )

        self.assertEqual({type(one) for one in results}, {Text}, results)
        self.assertEqual(
            sorted(Text.objects.values_list("slug", flat=True)),
            sorted(["no-evictions"] + [f"no-evictions-{n}" for n in range(2, 11)]),
        )

    def test_an_address_asked_for_by_many_goes_to_one(self):
        results = at_once(
            [
                lambda n=n: workflow.create_statement(
                    language="en", words={"title": f"Title {n}"}, slug="no-evictions"
                )
                for n in range(10)
            ]
        )

        kinds = sorted(type(one).__name__ for one in results)
        self.assertEqual(kinds, ["SlugTaken"] * 9 + ["Text"])
        self.assertEqual(Text.objects.count(), 1)

    def test_records_that_change_to_one_address_at_once_do_not_share_it(self):
        events = [make_event() for _n in range(8)]

        results = at_once([lambda one=one: slugs.change_slug(one, "wanted") for one in events])

        kinds = sorted(type(one).__name__ for one in results)
        self.assertEqual(kinds, ["NoneType"] + ["SlugTaken"] * 7)
        self.assertEqual(Event.objects.filter(slug="wanted").count(), 1)

    def test_statements_published_at_once_date_their_demands_rightly(self):
        demands = [make_demand() for _n in range(6)]
        events, unions = [make_event() for _n in range(4)], [make_organisation() for _n in range(4)]
        texts = []
        for number in range(10):
            turn = -1 if number % 2 else 1
            text = make_text(
                published=False,
                issued=f"2020-08-{20 - number:02}",
                events=events[::turn],
                organisations=unions[::turn],
            )
            for demand in demands[::turn]:
                make_demand_made(text, demand=demand)
            texts.append(text)

        results = at_once(
            [lambda text=text: workflow.publish(text.working_revision) for text in texts]
            + [lambda text=text: workflow.links_changed(text.statement) for text in texts]
        )

        self.assertEqual({type(one) for one in results}, {Revision, type(None)}, results)
        self.assertEqual(
            {demand.raised for demand in Demand.objects.all()}, {PartialDate.parse("2020-08-11")}
        )
        self.assertEqual(Demand.objects.published().count(), 6)

    def test_of_fifty_who_saw_one_edition_one_takes_it(self):
        event = make_event()

        results = at_once(
            [lambda: workflow.take_edition(Event.objects.get(pk=event.pk), 0) for _n in range(50)]
        )

        kinds = sorted(type(one).__name__ for one in results)
        self.assertEqual(kinds, ["EditedMeanwhile"] * 49 + ["NoneType"])
        event.refresh_from_db()
        self.assertEqual(event.edition, 1)
