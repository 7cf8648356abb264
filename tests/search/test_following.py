"""What is found follows what may be read, in the transaction that changes it."""

from importlib import import_module
from unittest import mock

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TestCase

from statements.ledger import merging
from statements.models import (
    Demand,
    DemandPerson,
    Person,
    PersonName,
    SearchEntry,
    SearchLinks,
    SearchRebuild,
    Text,
)
from statements.organisations import workflow as organisations
from statements.publishing import links, standing, workflow
from statements.reading.facets import MOST_VALUES
from statements.search import finding, gathering
from statements.search import workflow as workflow_of_search
from statements.search.engines import engine
from statements.search.normalising import folded
from statements.search.parsing import parse
from statements.search.terms import link
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_place,
    make_text,
)

Kind = SearchEntry.Kind


def statements(query, links=()):
    return finding.statements(parse(query), links).statements


def records(query, kind):
    return finding.records(parse(query), [kind], 10)[kind]


class TextTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.text = make_text("No evictions", body="<p>Lower the rents</p>")
        cls.found = [cls.text.statement_id]

    def save(self, **words):
        text = Text.objects.get(pk=self.text.pk)
        words = text.working_revision.words | words
        return workflow.save_words(text, words, based_on=text.working_revision_id)

    def test_a_draft_is_not_found_and_a_correction_is(self):
        revision = self.save(body="<p>Raise the wages</p>")
        self.assertEqual((statements("rents"), statements("wages")), (self.found, []))

        workflow.publish(revision, change="correction", note="Not the rents.")
        self.assertEqual((statements("rents"), statements("wages")), ([], self.found))

    def test_withdrawing_and_restoring(self):
        standing.change_standing(self.text.statement, "withdrawn", note="It was wrong.")
        self.assertEqual((statements("rents"), engine().has("rents")), ([], False))

        standing.change_standing(self.text.statement, "current", note="It was right.")
        self.assertEqual(statements("rents"), self.found)

    def test_deleting(self):
        Text.objects.filter(statement=self.text.statement).update(live_revision=None, state="draft")
        self.text.statement.delete()

        self.assertEqual((SearchEntry.objects.count(), engine().has("rents")), (0, False))

    def test_a_translation_is_found_with_its_statement_once(self):
        make_text("Keine Räumungen", statement=self.text.statement, language="de")
        make_text("Nicht öffentlich", statement=self.text.statement, language="da", published=False)

        self.assertEqual(statements("raumungen OR evictions"), self.found)
        self.assertEqual(statements("offentlich"), [])

    def test_what_is_undone_leaves_nothing(self):
        with transaction.atomic():
            standing.change_standing(self.text.statement, "withdrawn", note="It was wrong.")
            transaction.set_rollback(True)

        self.assertEqual(statements("rents"), self.found)


class NameTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.person = make_person("Sviatlana Cichanoŭskaja", language="be")
        for language, name in (
            ("en", "Sviatlana Tsikhanouskaya"),
            ("en", "Tsikhanouskaya"),
            ("ru", "Светлана Тихановская"),
        ):
            PersonName.objects.create(person=cls.person, language=language, name=name)
        cls.text = make_text("Election", body="<p>Tichanovskaya has won</p>")
        make_naming(cls.text, cls.person, "Tichanovskaya")
        cls.demand = make_demand("Let Tsikhanouskaya speak", people=[cls.person])
        cls.made = make_text("Solidarity", body="<p>Let her speak</p>")
        make_demand_made(cls.made, demand=cls.demand)
        cls.demand.refresh_from_db()
        cls.both = {cls.text.statement_id, cls.made.statement_id}

    def show(self, how):
        person = Person.objects.get(pk=self.person.pk)
        person.shown_as = how
        person.save()
        links.record_saved(person)

    def test_every_spelling_finds_whoever_is_named_in_full(self):
        for query in ("Tsikhanouskaya", "тихановская", "cichanouskaja", "Tsikhanousk*"):
            with self.subTest(query):
                self.assertEqual(set(statements(query)), self.both)
                self.assertEqual(records(query, Kind.PERSON), [self.person.pk])
        self.assertEqual(records("tsikhanouskaya", Kind.DEMAND), [self.demand.pk])

    def test_a_name_not_shown_in_full_finds_nothing(self):
        names = ["Tsikhanouskaya", "тихановская", "cichanouskaja", "Tichanovskaya", "Sviatlana"]
        for how in (Person.Shown.WITHHELD, Person.Shown.INITIALS):
            self.show(how)
            for query in names:
                with self.subTest(query, how=how):
                    self.assertEqual(statements(query), [])
                    self.assertEqual(records(query, Kind.PERSON), [])
                    self.assertEqual(records(query, Kind.DEMAND), [])
                    self.assertFalse(engine().has(folded(query)))
            self.assertEqual(statements("won"), [self.text.statement_id])

        self.show(Person.Shown.FULL)
        self.assertEqual(set(statements("Tsikhanouskaya")), self.both)

    def test_a_person_joins_and_leaves_a_demand(self):
        other = make_person("Maria Kalesnikava")
        DemandPerson.objects.create(demand=self.demand, person=other)
        links.record_saved(self.demand)
        self.assertEqual(statements("kalesnikava"), [self.made.statement_id])

        DemandPerson.objects.filter(person=other).delete()
        links.record_saved(self.demand)
        self.assertEqual(statements("kalesnikava"), [])


class RecordTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.place = make_place("FR")
        cls.union = make_organisation("Tenants of Example", acronym="TEX", country=cls.place)
        cls.event = make_event("Rent strike")
        cls.demand = make_demand("Lower the rents")
        cls.text = make_text(organisations=[cls.union], events=[cls.event])
        make_demand_made(cls.text, demand=cls.demand)
        for record in (cls.union, cls.event, cls.demand):
            record.refresh_from_db()

    def test_records_are_found_once_something_public_links_them(self):
        draft = make_event("Bakers' strike")
        make_text(events=[draft], published=False)

        self.assertEqual(records("strike", Kind.EVENT), [self.event.pk])
        self.assertEqual(records("tex", Kind.ORGANISATION), [self.union.pk])
        self.assertEqual(records("lower", Kind.DEMAND), [self.demand.pk])

    def test_a_name_that_is_changed(self):
        self.event.name = "Great refusal"
        self.event.save()
        links.record_saved(self.event)

        self.assertEqual(records("strike", Kind.EVENT), [])
        self.assertEqual(records("refusal", Kind.EVENT), [self.event.pk])

    def test_a_country_that_is_changed(self):
        there = make_place("DE")
        self.union.country = there
        self.union.save()
        links.record_saved(self.union)

        query = parse("words")
        for place, found in ((self.place, []), (there, [self.text.statement_id])):
            asked = [[link("from", place.pk)]]
            self.assertEqual(finding.statements(query, asked).statements, found)

    def test_merges(self):
        editor = get_user_model().objects.create_superuser("editor")
        union, demand = make_organisation("Renters"), make_demand("Cheaper homes")
        other = make_text(organisations=[union])
        make_demand_made(other, demand=demand)
        organisations.merge(union, self.union, by=editor)
        merging.merge(demand, self.demand, by=editor)

        self.assertEqual(records("renters", Kind.ORGANISATION), [self.union.pk])
        self.assertEqual(records("cheaper", Kind.DEMAND), [self.demand.pk])
        for name, value in (("organisation", self.union.slug), ("demand", self.demand.slug)):
            response = self.client.get("/search/", {"q": "words", name: value})
            self.assertContains(response, other.get_absolute_url())

    def test_deleting(self):
        event = make_event("Nothing else points here")
        links.make_public(type(event).objects.filter(pk=event.pk))
        self.assertEqual(records("nothing", Kind.EVENT), [event.pk])

        event.delete()
        self.assertFalse(engine().has("nothing"))


class LinksTests(TestCase):
    """The row of a statement's links says what the tables of links say."""

    @classmethod
    def setUpTestData(cls):
        cls.places = [make_place("FR"), make_place("DE")]
        cls.union = make_organisation("Tenants of Example", country=cls.places[0])
        cls.text = make_text(organisations=[cls.union], events=[make_event("Rent strike")])
        make_demand_made(cls.text, demand=make_demand("Lower the rents"))
        cls.statement = cls.text.statement

    def links(self):
        return dict(SearchLinks.objects.values_list("statement", "links"))

    def assert_right(self):
        self.assertEqual(self.links(), gathering.links_of(list(self.links())))

    def test_whatever_changes_it(self):
        before = self.links()[self.statement.pk]
        self.assertIn(f"from:{self.places[0].pk} kind:statement language:en organisation", before)
        make_text("Die Mieten", statement=self.statement, language="de")
        self.assertIn(" language:de language:en ", self.links()[self.statement.pk])
        self.assert_right()

        self.union.refresh_from_db()
        self.union.country = self.places[1]
        self.union.save()
        links.record_saved(self.union)
        self.assertIn(f"from:{self.places[1].pk} ", self.links()[self.statement.pk])
        self.assert_right()

    def test_what_is_no_longer_shown_has_none(self):
        standing.change_standing(self.statement, "withdrawn", note="It was wrong.")
        self.assertEqual(self.links(), {})

    def test_filters_count_the_same_without_them(self):
        def offered():
            found = self.client.get("/statements/").context["found"]
            return found.total, found.facets

        make_text("Another", events=[make_event("Part", parent=make_event("Whole"))])
        before = offered()
        SearchLinks.objects.all().delete()

        self.assertEqual(offered(), before)
        self.assertEqual(len(before[1]), 7)

    def test_a_statement_whose_texts_are_in_two_batches_has_all_its_links(self):
        make_text("Die Mieten", statement=self.statement, language="de")
        before = self.links()
        with mock.patch.object(workflow_of_search, "BATCH", 1):
            call_command("rebuild_search", verbosity=0)

        self.assertEqual(self.links(), before)

    def test_a_draft_of_another_language_takes_no_links_away(self):
        make_text("Die Mieten", statement=self.statement, language="de", published=False)
        before = self.links()
        with mock.patch.object(workflow_of_search, "BATCH", 1):
            call_command("rebuild_search", verbosity=0)

        self.assertEqual(self.links(), before)
        self.assertEqual(set(before), {self.statement.pk})

    def test_an_update_fills_them(self):
        make_text("Die Mieten", statement=self.statement, language="de", tags=["homes"])
        make_text(places=[self.places[1]])
        make_text("A draft", published=False)
        before = self.links()
        SearchLinks.objects.all().delete()
        filling = import_module("statements.migrations.0023_links_of_statements_in_one_row")
        filling.fill(None, connection.schema_editor())

        def each(rows):
            return {statement: sorted(links.split()) for statement, links in rows.items()}

        self.assertEqual(each(self.links()), each(before))
        self.assertEqual(len(before), 2)

    def test_a_demand_that_is_not_public_takes_nobodys_place(self):
        for number in range(MOST_VALUES):
            make_demand_made(self.text, demand=make_demand(f"Demand {number}"))
        make_text("Another", statement=self.statement, language="de")
        offered = self.client.get("/statements/").context["found"].facets
        before = next(facet for facet in offered if facet.name == "demand")
        other = make_text("Nobody was asked")
        hidden = [make_demand(f"Hidden {number}") for number in range(3)]
        for demand in hidden:
            for text in (self.text, other):
                make_demand_made(text, demand=demand)
        Demand.objects.filter(pk__in=[one.pk for one in hidden]).update(public_since=None)
        SearchLinks.objects.all().delete()

        offered = self.client.get("/statements/").context["found"].facets
        self.assertEqual(next(facet for facet in offered if facet.name == "demand"), before)
        self.assertEqual((len(before.choices), before.has_more), (MOST_VALUES, True))


class RebuildTests(TestCase):
    def test_what_was_written_past_the_workflow_is_mended_and_what_is_gone_forgotten(self):
        kept, gone = make_text("Evictions"), make_text("Obsolete")
        SearchEntry.objects.filter(text=kept).delete()
        Text.objects.filter(pk=gone.pk).update(live_revision=None, state="draft")
        call_command("rebuild_search", verbosity=0)

        self.assertEqual(statements("evictions"), [kept.statement_id])
        self.assertFalse(engine().has("obsolete"))
        self.assertEqual(engine().alike("obsolet", 5), [])
        self.assertFalse(SearchRebuild.objects.exists())

    def test_one_that_was_cut_off_goes_on_where_it_was(self):
        first, second = make_text("Evictions"), make_text("Rents")
        SearchEntry.objects.all().delete()
        SearchRebuild.objects.create(kind=Kind.TEXT, reached=first.pk)
        call_command("rebuild_search", verbosity=0)
        self.assertEqual(
            (statements("evictions"), statements("rents")), ([], [second.statement_id])
        )

        call_command("rebuild_search", verbosity=0)
        self.assertEqual(statements("evictions"), [first.statement_id])
