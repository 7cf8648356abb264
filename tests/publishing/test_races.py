"""Many editors at once: nothing is lost, nothing is counted twice, nobody gets an error."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from unittest import mock, skipUnless

from django.db import close_old_connections, connection, connections, transaction
from django.test import TransactionTestCase
from django.utils import timezone

from statements.auditing import workflow as auditing
from statements.dates import PartialDate
from statements.models import (
    Demand,
    Event,
    Organisation,
    Person,
    Revision,
    SearchLinks,
    Statement,
    Text,
)
from statements.publishing import links, seals, slugs, workflow
from statements.search import workflow as search
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_source,
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
    def test_linking_and_publishing_an_organisation_do_not_wait_for_each_other_in_a_circle(self):
        """By the log, and by the index of the search."""
        text = make_text(published=False)
        for number, then in enumerate(
            (
                lambda: auditing.record("tried", text),
                lambda: search.statements_changed([text.statement_id]),
            )
        ):
            union = make_organisation(slug=f"union-{number}")
            locked, linked = threading.Event(), threading.Event()

            @transaction.atomic
            def publish(union=union, locked=locked, linked=linked, then=then):
                list(Organisation.objects.filter(pk=union.pk).select_for_update())
                locked.set()
                linked.wait(1)
                then()

            @transaction.atomic
            def link(union=union, locked=locked, linked=linked, then=then):
                locked.wait(30)
                text.statement.authorships.create(organisation=union)
                then()
                linked.set()

            with self.subTest(number):
                self.assertEqual(at_once([publish, link]), [None, None])

    def test_editing_and_indexing_a_statement_do_not_wait_for_each_other_in_a_circle(self):
        text = make_text()
        SearchLinks.objects.all().delete()
        locked, written = threading.Event(), threading.Event()

        @transaction.atomic
        def edit():
            list(Statement.objects.filter(pk=text.statement_id).select_for_update())
            locked.set()
            written.wait(30)
            search.statements_changed([text.statement_id])

        @transaction.atomic
        def index():
            locked.wait(30)
            search.statements_changed([text.statement_id])
            written.set()
            # The other one waits for us by now.
            time.sleep(0.5)

        self.assertEqual(at_once([edit, index]), [None, None])

    def test_sealing_and_publishing_a_text_do_not_wait_for_each_other_in_a_circle(self):
        acts = []
        for _ in range(12):
            text = make_text("First")
            first = text.live_revision
            for title in ("Second", "Third"):
                text.refresh_from_db()
                words = text.working_revision.words | {"title": title}
                based_on = text.working_revision_id
                last = workflow.save_words(text, words, based_on=based_on)
                if title == "Second":
                    workflow.publish(last, change="typographical")
            acts += [
                partial(seals.seal, first, by=None, reason="safety"),
                partial(workflow.publish, last, change="typographical"),
            ]

        results = at_once(acts)

        self.assertEqual([one for one in results if isinstance(one, Exception)], [])

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
            + [lambda text=text: links.links_changed(text.statement) for text in texts]
        )

        self.assertEqual({type(one) for one in results}, {Revision, dict}, results)
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

    def two_at_once(self, first, other):
        """Both acts, which pause whenever they have locked records, and so meet in the middle."""
        lock = links._lock

        def lock_and_pause(model, ids):
            lock(model, ids)
            if ids:
                time.sleep(0.1)

        with mock.patch("statements.publishing.links._lock", lock_and_pause):
            results = at_once([first, other])
        self.assertEqual([one for one in results if isinstance(one, Exception)], [])

    def test_statements_about_the_ends_of_one_tree_are_published_at_once(self):
        parent = make_event()
        part = make_event(parent=make_event(parent=parent))
        union = make_organisation()
        branch = make_organisation(parent=union)
        people = [make_person() for _n in range(2)]
        statements = []
        for event, organisation, (named, other) in (
            (parent, union, people),
            (part, branch, people[::-1]),
        ):
            text = make_text(published=False, events=[event], organisations=[organisation])
            make_demand_made(text, people=[named])
            make_naming(text, other)
            workflow.publish(text.working_revision)
            statements.append(text.statement)
        linked = (Event, Organisation, Person, Demand)
        for model in linked:
            model.objects.update(public_since=None)

        self.two_at_once(*[partial(links.links_changed, one) for one in statements])

        hidden = [model.objects.filter(public_since=None).count() for model in linked]
        self.assertEqual(hidden, [0, 0, 0, 0])

    def test_sources_of_statements_that_make_the_same_demands_change_at_once(self):
        demands = [make_demand() for _n in range(2)]
        sources = [make_source(published="2020-01"), make_source(published="2020-02")]
        for number in range(4):
            text = make_text(source=sources[number % 2], issued=None)
            make_demand_made(text, demand=demands[(number + number // 2) % 2])

        self.two_at_once(*[partial(links.source_changed, one) for one in sources])

        self.assertEqual({str(demand.raised) for demand in Demand.objects.all()}, {"January 2020"})

    def test_a_part_and_its_parent_are_saved_at_once(self):
        parent = make_event(public_since=timezone.now())
        part = make_event(parent=parent)
        other = make_event(parent=part)

        @transaction.atomic
        def save(event):
            links.lock_with_relatives(event)
            event.refresh_from_db()
            event.save()
            links.record_saved(event)

        self.two_at_once(partial(save, other), partial(save, part))

        self.assertEqual(Event.objects.published().count(), 3)

    def test_a_name_is_withheld_while_words_about_them_are_published(self):
        person = make_person("Amina Okoye")
        text = make_text("Free Amina Okoye")
        make_naming(text, person)
        make_demand_made(text, demand=make_demand("Free her", people=[person]))
        links.links_changed(text.statement)
        text.refresh_from_db()
        words = text.working_revision.words | {"title": "Free Amina Okoye now"}
        last = workflow.save_words(text, words, based_on=text.working_revision_id)

        @transaction.atomic
        def withhold():
            links.lock_with_relatives(person)
            person.refresh_from_db()
            person.shown_as = Person.Shown.WITHHELD
            person.save()
            links.name_shown_otherwise(person)
            links.record_saved(person)

        for acts in (
            (withhold, partial(workflow.publish, last, change="typographical")),
            (withhold, partial(links.links_changed, text.statement)),
        ):
            self.two_at_once(*acts)

        text.refresh_from_db()
        self.assertNotContains(self.client.get(text.get_absolute_url()), "Okoye")

    def test_words_are_saved_while_the_source_changes(self):
        source = make_source()
        text = make_text(source=source)
        make_demand_made(text, "Words.")

        @transaction.atomic
        def save():
            workflow.save_words(text, {"body": "<p>Other.</p>"}, based_on=text.working_revision_id)
            time.sleep(0.1)
            links.links_changed(text.statement)

        self.two_at_once(save, partial(links.source_changed, source))
