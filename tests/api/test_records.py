"""What a record of each noun has."""

from datetime import timedelta

from django.test import TestCase
from django.utils import timezone

from statements.absolute import id_of
from statements.dates import PartialDate
from statements.models import (
    DemandWording,
    EventName,
    OrganisationName,
    PersonName,
    StatementRelation,
    Text,
)
from statements.organisations import verification
from statements.publishing import workflow
from statements.records.explained import explained, shapes_within, title_of
from statements.records.nouns import NOUNS
from tests.api.asked import SITE, Asks
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
    make_source,
    make_text,
    make_update,
)

FRANCE = {
    "slug": "FR",
    "name": "France",
    "language": "en",
    "url": f"{SITE}/places/FR/",
    "api": f"{SITE}/api/v1/places/FR/",
}
STRIKE = {
    "slug": "strike",
    "name": "Rent strike",
    "language": "en",
    "url": f"{SITE}/events/strike/",
    "api": f"{SITE}/api/v1/events/strike/",
}
TENANTS = {
    "slug": "tenants",
    "name": "Tenants",
    "language": "en",
    "url": f"{SITE}/organisations/tenants/",
    "api": f"{SITE}/api/v1/organisations/tenants/",
}
DAY = {
    "notation": "2020-08-12",
    "earliest": "2020-08-12",
    "latest": "2020-08-12",
    "precision": "day",
}


def link(links, record):
    return {"id": id_of(record._meta.model_name, record.pk), **links}


class RecordTests(Asks, TestCase):
    maxDiff = None

    @classmethod
    def setUpTestData(cls):
        cls.france = make_place("FR")
        cls.tenants = make_organisation(
            "Tenants",
            slug="tenants",
            acronym="TE",
            country=cls.france,
            founded=PartialDate.parse("1999"),
            website="https://tenants.example/",
        )
        OrganisationName.objects.create(
            organisation=cls.tenants,
            language="fr",
            name="Locataires",
            acronym="L",
            used_from=PartialDate.parse("2001-05"),
        )
        cls.strike = make_event(
            "Rent strike",
            slug="strike",
            start=PartialDate.parse("before 2020-08-09"),
            is_ongoing=True,
        )
        cls.strike.places.set([cls.france])
        EventName.objects.create(event=cls.strike, language="fr", name="Grève des loyers")
        cls.march = make_event("March", slug="march", parent=cls.strike)
        cls.text = make_text(
            "Lower the rents",
            slug="rents",
            surtitle="Rents",
            introduction="<p>We met them.</p>",
            body='<p>Lower <a href="/events/strike/">all rents</a>, says Amina.</p>',
            organisations=[cls.tenants],
            events=[cls.strike],
            places=[cls.france],
            tags=["housing"],
            source=make_source(title="Rents", published="2020-08-12"),
            licence="CC BY 4.0",
        )
        cls.statement = cls.text.statement
        cls.french = make_text(
            "Baissez les loyers",
            slug="loyers",
            statement=cls.statement,
            language="fr",
            authority="unofficial",
            translator="Friends",
            translated_from=cls.text.live_revision,
        )
        cls.amina = make_person("Amina Example", slug="amina")
        PersonName.objects.create(person=cls.amina, language="ar", name="أمينة")
        make_naming(cls.text, cls.amina)
        cls.demand = make_demand(
            "Lower all rents",
            slug="lower",
            kind="release",
            people=[cls.amina],
            addressee=make_addressee("The town", country=cls.france),
        )
        DemandWording.objects.create(demand=cls.demand, language="fr", name="Baissez tout")
        make_demand_made(cls.text, "Lower all rents", demand=cls.demand)
        cls.released = make_update(
            cls.amina, "released", "2020-09-01", quotation="They are free.", note="At noon."
        )
        make_update(cls.amina, "arrested", "2020-08-02")
        cls.attachment = make_attachment(cls.text, "attachments/api.png", caption="The square")

    def test_a_statement(self):
        record = self.ask("statements/rents/")

        demand = {
            "id": id_of("demand", self.demand.pk),
            "slug": "lower",
            "name": "Lower all rents",
            "language": "en",
            "url": f"{SITE}/demands/lower/",
            "api": f"{SITE}/api/v1/demands/lower/",
            "state": "met",
            "voice": "organisation",
        }
        [quotation] = record["demands"][0].pop("quotations")
        self.assertEqual(record.pop("demands"), [demand])
        self.assertEqual(
            {name: quotation[name] for name in ("words", "language", "part")},
            {"words": "Lower all rents", "language": "en", "part": "body"},
        )
        self.assertRegex(quotation["url"], r"^http://testserver/statements/rents/#words-\d+$")
        texts = record.pop("texts")
        moments = record.pop("published_at"), record.pop("changed_at")
        self.assertTrue(all(one.endswith("Z") for one in moments))
        self.assertEqual([one["url"] for one in record.pop("attachments")], [self.picture()])
        tag = record.pop("tags")
        self.assertEqual([one["slug"] for one in tag], ["housing"])
        self.assertEqual(
            record,
            {
                "id": id_of("statement", self.statement.pk),
                "url": f"{SITE}/statements/rents/",
                "api": f"{SITE}/api/v1/statements/rents/",
                "slug": "rents",
                "title": "Lower the rents",
                "language": "en",
                "kind": "statement",
                "standing": "current",
                "issued": DAY | dict.fromkeys(("notation", "earliest", "latest"), "2020-08-01"),
                "sorted_on": "2020-08-01",
                "authors": [
                    {
                        "name": "Tenants",
                        "language": "en",
                        "as_printed": "",
                        "organisation": link(TENANTS, self.tenants),
                        "acronym": "TE",
                        "country": link(FRANCE, self.france),
                    }
                ],
                "events": [link(STRIKE, self.strike)],
                "places": [link(FRANCE, self.france)],
                "is_example": False,
                "may_be_indexed": True,
                "signatories": [],
                "people": [self.person()],
                "source": {
                    "publication": "Example Gazette",
                    "title": "Rents",
                    "url": "https://example.org/text",
                    "archived_url": "",
                    "published": DAY,
                },
                "licence": "CC BY 4.0",
                "relations": [],
                "corrections": [],
            },
        )
        self.check_texts(texts)

    def person(self):
        return {
            "id": id_of("person", self.amina.pk),
            "slug": "amina",
            "name": "Amina Example",
            "language": "en",
            "url": f"{SITE}/people/amina/",
            "api": f"{SITE}/api/v1/people/amina/",
        }

    def picture(self):
        return f"{SITE}/media/attachments/api.png"

    def check_texts(self, texts):
        english, french = texts
        self.assertEqual(
            english["words"],
            {
                "surtitle": "Rents",
                "title": "Lower the rents",
                "subtitle": "",
                "introduction": "<p>We met them.</p>",
                "original_title": "",
                "body": f'<p>Lower <a href="{SITE}/events/strike/"'
                ' rel="noopener noreferrer nofollow ugc">all rents</a>, says Amina.</p>',
                "postscript": "",
            },
        )
        self.assertEqual(english["fingerprint"], self.text.live_revision.fingerprint)
        self.assertEqual(len(english["fingerprint"]), 64)
        self.assertEqual(
            [(one["number"], one["url"], one["is_sealed"]) for one in english["versions"]],
            [(1, f"{SITE}/statements/rents/versions/1/", False)],
        )
        self.assertEqual(
            {name: french[name] for name in ("id", "translator", "authority", "translated_from")},
            {
                "id": id_of("text", self.french.pk),
                "translator": "Friends",
                "authority": "unofficial",
                "translated_from": {
                    "id": id_of("text", self.text.pk),
                    "language": "en",
                    "version": 1,
                    "is_current": True,
                },
            },
        )

    def test_a_statement_is_found_by_any_of_its_texts_and_beside_its_page(self):
        record = self.client.get("/api/v1/statements/rents/")
        beside = self.client.get("/statements/loyers.json")

        self.assertEqual(self.ask("statements/loyers/"), record.json())
        self.assertEqual(beside.content, record.content)
        self.assertEqual(beside["Link"], '<http://testserver/statements/loyers/>; rel="canonical"')
        self.assertContains(self.client.get("/statements/rents/"), 'href="/statements/rents.json"')

    def test_a_further_version_stands_in_the_history_and_makes_the_translation_old(self):
        text = Text.objects.get(pk=self.text.pk)
        saved = workflow.save_words(
            text,
            text.working_revision.words | {"title": "Lower them"},
            based_on=text.working_revision_id,
        )
        workflow.publish(saved, change="correction", note="One word.", note_language="en")

        record = self.ask("statements/rents/")

        english, french = record["texts"]
        self.assertEqual(
            [(one["number"], one["change"], one["note"]) for one in english["versions"]],
            [(2, "correction", "One word."), (1, "", "")],
        )
        self.assertFalse(french["translated_from"]["is_current"])
        self.assertEqual([one["kind"] for one in record["corrections"]], ["correction"])

    def test_statements_that_refer_to_each_other(self):
        other = make_text("Answer", slug="answer").statement
        StatementRelation.objects.create(statement=other, kind="responds", other=self.statement)
        draft = make_text(published=False).statement
        StatementRelation.objects.create(statement=draft, kind="responds", other=self.statement)

        relation = {"relation": "responds", "is_inward": True}
        relation |= {"id": id_of("statement", other.pk), "api": f"{SITE}/api/v1/statements/answer/"}
        self.assertEqual(self.ask("statements/rents/")["relations"], [relation])
        [outward] = self.ask("statements/answer/")["relations"]
        self.assertEqual(
            (outward["is_inward"], outward["api"]), (False, f"{SITE}/api/v1/statements/rents/")
        )

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
            {"name": "The town", "language": "en", "country": link(FRANCE, self.france)},
        )
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
