"""What a record of each noun has."""

from datetime import timedelta

from django.test import TestCase
from django.utils import timezone

from statements.absolute import id_of
from statements.organisations import verification
from statements.records.explained import explained, shapes_within, title_of
from statements.records.nouns import NOUNS
from tests.api.asked import SITE
from tests.api.recorded import DAY, FRANCE, STRIKE, TENANTS, WithRecords, link
from tests.factories import make_update


class RecordTests(WithRecords, TestCase):
    def test_an_event(self):
        self.assertEqual(
            self.ask("events/strike/"),
            {
                "id": id_of("event", self.strike.pk),
                "url": STRIKE["url"],
                "api": STRIKE["api"],
                "slug": "strike",
                "name": "Rent strike",
                "language": "en",
                "type": "strike",
                "start": {
                    "notation": "before 2020-08-09",
                    "earliest": None,
                    "latest": "2020-08-08",
                    "precision": "before",
                },
                "end": None,
                "is_ongoing": True,
                "places": [link(FRANCE, self.france)],
                "part_of": None,
                "is_example": False,
                "names": [
                    {"name": "Rent strike", "language": "en"},
                    {"name": "Grève des loyers", "language": "fr"},
                ],
                "parts": [
                    {
                        "id": id_of("event", self.march.pk),
                        "slug": "march",
                        "name": "March",
                        "language": "en",
                        "url": f"{SITE}/events/march/",
                        "api": f"{SITE}/api/v1/events/march/",
                    }
                ],
                "statements": f"{SITE}/api/v1/statements/?event=strike",
            },
        )
        self.assertEqual(self.ask("events/march/")["part_of"], link(STRIKE, self.strike))

    def test_an_organisation(self):
        verification.verify(
            self.tenants, method="editors", until=timezone.localdate() + timedelta(9), by=None
        )

        record = self.ask("organisations/tenants/")

        found = record.pop("verification")
        self.assertEqual((found["method"], found["vouchers"]), ("editors", []))
        self.assertEqual(
            record,
            {
                "id": id_of("organisation", self.tenants.pk),
                "url": TENANTS["url"],
                "api": TENANTS["api"],
                "slug": "tenants",
                "name": "Tenants",
                "language": "en",
                "acronym": "TE",
                "classification": "",
                "country": link(FRANCE, self.france),
                "website": "https://tenants.example/",
                "part_of": None,
                "is_example": False,
                "names": [
                    {
                        "name": "Tenants",
                        "language": "en",
                        "acronym": "TE",
                        "used_from": None,
                        "used_until": None,
                    },
                    {
                        "name": "Locataires",
                        "language": "fr",
                        "acronym": "L",
                        "used_from": {
                            "notation": "2001-05",
                            "earliest": "2001-05-01",
                            "latest": "2001-05-31",
                            "precision": "month",
                        },
                        "used_until": None,
                    },
                ],
                "founded": {
                    "notation": "1999",
                    "earliest": "1999-01-01",
                    "latest": "1999-12-31",
                    "precision": "year",
                },
                "dissolved": None,
                "parts": [],
                "statements": f"{SITE}/api/v1/statements/?organisation=tenants",
            },
        )

    def test_a_demand_with_what_became_of_it(self):
        record = self.ask("demands/lower/")

        self.assertEqual(
            {name: record[name] for name in ("state", "concerned", "released", "withheld")},
            {"state": "met", "concerned": 1, "released": 1, "withheld": 0},
        )
        self.assertEqual(record["as_of"]["notation"], "2020-09-01")
        self.assertEqual(
            record["addressee"],
            {
                "number": self.demand.addressee_id,
                "name": "The town",
                "language": "en",
                "country": link(FRANCE, self.france),
            },
        )
        number = record["addressee"]["number"]
        [found] = self.ask(f"demands/?addressee={number}")["results"]
        self.assertEqual(found["slug"], "lower")
        self.assertEqual(
            [one["name"] for one in record["names"]], ["Lower all rents", "Baissez tout"]
        )
        self.assertEqual(record["people"], [self.person()])
        self.assertEqual(record["events"], [link(STRIKE, self.strike)])
        [update] = record["updates"]
        update.pop("entered_at")
        self.assertEqual(
            update,
            {
                "id": id_of("personupdate", self.released.pk),
                "state": "released",
                "happened": DAY | dict.fromkeys(("notation", "earliest", "latest"), "2020-09-01"),
                "person": self.person(),
                "quotation": "They are free.",
                "quotation_language": "en",
                "note": "At noon.",
                "note_language": "en",
                "source": {
                    "publication": "Example Gazette",
                    "title": "",
                    "url": "https://example.org/text",
                    "archived_url": "",
                    "published": DAY,
                },
                "replaced_by": None,
                "undone_by": None,
            },
        )
        self.assertEqual(record["statements"], f"{SITE}/api/v1/statements/?demand=lower")

    def test_an_update_that_was_wrong_names_the_one_that_replaces_it(self):
        right = make_update(self.amina, "exiled", "2020-09-01", corrects=self.released)

        first, second, _arrested = self.ask("people/amina/")["updates"]

        by_id = {one["id"]: one for one in (first, second)}
        wrong = by_id[id_of("personupdate", self.released.pk)]
        self.assertEqual(wrong["replaced_by"], id_of("personupdate", right.pk))
        self.assertIsNone(by_id[wrong["replaced_by"]]["replaced_by"])

    def test_a_person(self):
        record = self.ask("people/amina/")

        self.assertEqual([one["state"] for one in record.pop("updates")], ["released", "arrested"])
        self.assertEqual([one["slug"] for one in record.pop("demands")], ["lower"])
        [custody] = record.pop("custody")
        self.assertEqual(
            [custody[name]["notation"] for name in ("start", "end")], ["2020-08-02", "2020-09-01"]
        )
        self.assertEqual(
            record,
            {
                **self.person(),
                "shown_as": "full",
                "state": "released",
                "as_of": DAY | dict.fromkeys(("notation", "earliest", "latest"), "2020-09-01"),
                "changed_on": "2020-09-01",
                "is_example": False,
                "names": [
                    {"name": "Amina Example", "language": "en"},
                    {"name": "أمينة", "language": "ar"},
                ],
            },
        )

    def test_a_place_and_a_tag(self):
        self.assertEqual(
            self.ask("places/FR/"),
            {
                **link(FRANCE, self.france),
                "names": [
                    {"name": "France", "language": "en"},
                    {"name": "Frankreich", "language": "de"},
                    {"name": "فرنسا", "language": "ar"},
                ],
                "statements": f"{SITE}/api/v1/statements/?place=FR",
                "statements_from": f"{SITE}/api/v1/statements/?from=FR",
                "events": f"{SITE}/api/v1/events/?place=FR",
            },
        )
        tag = self.ask("tags/housing/")
        self.assertEqual(
            (tag["name"], tag["url"], tag["statements"]),
            ("housing", f"{SITE}/tags/housing/", f"{SITE}/api/v1/statements/?tag=housing"),
        )

    def test_a_record_of_a_list_is_the_whole_one_with_less(self):
        for noun in NOUNS[:-1]:
            with self.subTest(noun.name):
                for short in self.ask(f"{noun.name}/")["results"]:
                    whole = self.ask(f"{noun.name}/{short['slug']}/")
                    self.assertEqual(list(short), list(noun.in_list.model_fields))
                    self.assertEqual(list(whole), list(noun.record.model_fields))
                    same = set(short) - {"demands", "texts"}
                    self.assertEqual(
                        {name: short[name] for name in same}, {name: whole[name] for name in same}
                    )
                    self.assertEqual(self.client.get(whole["api"].removeprefix(SITE)).json(), whole)
                    self.assertEqual(
                        self.client.get(whole["url"].removeprefix(SITE)).status_code, 200
                    )


class FieldTests(TestCase):
    def test_every_field_is_explained_and_every_shape_has_a_name_of_its_own(self):
        records = [noun.record for noun in NOUNS]
        shapes = [*records, *shapes_within(records)]

        titles = [title_of(shape) for shape in shapes]
        self.assertEqual(len(titles), len(set(titles)), titles)
        for shape in shapes:
            for field in explained(shape):
                self.assertGreater(len(str(field.description)), 5, (shape, field.name))
