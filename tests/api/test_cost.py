"""How many queries an answer costs: the same for one record and for many."""

from datetime import timedelta
from unittest.mock import patch

from django.test import TestCase, override_settings
from django.utils import timezone

from statements.models import DemandWording, StatementRelation
from statements.organisations import verification
from statements.publishing import standing
from statements.records.nouns import NOUNS
from tests.api.asked import API
from tests.factories import (
    make_addressee,
    make_attachment,
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_place,
    make_text,
    make_update,
)

# (its list, its record), without the limit's own.
COSTS = {
    "statements": (8, 16),
    "events": (3, 5),
    "organisations": (2, 6),
    "demands": (1, 9),
    "people": (1, 7),
    "tags": (1, 1),
    "places": (1, 1),
    "tombstones": (6, 6),
}
# Two counts, each read and written under a savepoint of the tests.
LIMIT = 14


@override_settings(API_REQUESTS=0)
class CostTests(TestCase):
    number = 0

    def more(self, number):
        """Each linked to two of everything, one of them shared with all others."""
        for _each in range(number):
            type(self).number += 1
            slug = f"no-{self.number}"
            place = make_place("FR")
            parent = make_organisation(country=place)
            union = make_organisation(slug=slug, parent=parent, country=place)
            verification.verify(
                union, method="editors", until=timezone.localdate() + timedelta(1), by=None
            )
            event = make_event(slug=slug, parent=make_event())
            event.places.set([place, make_place("DE")])
            person = make_person(slug=slug)
            text = make_text(
                slug=slug,
                organisations=[union, parent],
                events=[event, make_event()],
                places=[place, make_place("DE")],
                tags=[slug, "shared"],
            )
            make_text(statement=text.statement, language="de")
            make_naming(text, make_person(shown_as="initials"))
            make_attachment(text)
            demand = make_demand(
                slug=slug, kind="release", people=[person], addressee=make_addressee(country=place)
            )
            DemandWording.objects.create(demand=demand, language="de", name="Anders")
            make_demand_made(text, "Words", demand=demand)
            make_update(demand, "refused")
            make_update(person, "released")
            StatementRelation.objects.create(
                statement=text.statement, kind="responds", other=make_text().statement
            )
            gone = make_text(slug=f"gone-{self.number}", organisations=[union]).statement
            standing.change_standing(gone, "withdrawn", note="Not ours.")
            self.gone = gone.pk

    def addresses(self, noun):
        last = {"places": "FR", "tombstones": self.gone}.get(noun.name, f"no-{self.number}")
        return f"{API}{noun.name}/", f"{API}{noun.name}/{last}/"

    def test_a_list_and_a_record_cost_as_much_among_one_as_among_four(self):
        for further in (1, 3):
            self.more(further)
            for noun in NOUNS:
                for address, queries in zip(self.addresses(noun), COSTS[noun.name], strict=True):
                    with self.subTest(address), self.assertNumQueries(queries):
                        self.assertEqual(self.client.get(address).status_code, 200)

    def test_many_are_gathered_in_as_many_queries_as_one(self):
        """But for ledgers: those of records that have one are read one by one."""
        self.more(3)
        for noun in NOUNS:
            if noun.name not in ("demands", "people"):
                with self.subTest(noun.name), self.assertNumQueries(COSTS[noun.name][1]):
                    self.assertGreater(len(noun.gather(noun.rows().order_by("pk"))), 1)

    def test_the_limit_costs_the_same_however_often_it_was_asked(self):
        with override_settings(API_REQUESTS=100), patch("statements.limits._salt", lambda day: "s"):
            self.client.get(f"{API}tags/")
            for _time in range(2):
                with self.assertNumQueries(LIMIT + COSTS["tags"][0]):
                    self.client.get(f"{API}tags/")
