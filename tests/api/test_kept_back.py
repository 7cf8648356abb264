"""What is not public, and who is not shown in full, for programs; and what moved."""

from django.test import TestCase

from statements.ledger import merging
from statements.models import FormerSlug, Person
from statements.organisations import workflow as organisations
from statements.publishing import slugs
from tests.api.asked import API, Asks
from tests.factories import (
    make_attachment,
    make_demand,
    make_demand_made,
    make_naming,
    make_organisation,
    make_person,
    make_source,
    make_text,
    make_update,
)


class NameTests(Asks, TestCase):
    """One withheld, one as initials; both named in all that a statement has."""

    @classmethod
    def setUpTestData(cls):
        cls.withheld = make_person("Amina Hidden", slug="amina-hidden", shown_as="withheld")
        cls.initials = make_person("Boris Concealed", slug="boris-c", shown_as="initials")
        both = "Amina Hidden and Boris Concealed"
        cls.text = make_text(
            f"Free {both}",
            slug="free",
            introduction=f"<p>Of <b>{both}</b>.</p>",
            body=f"<p>Free {both}!</p>",
            source=make_source(title=both, url="https://example.org/free-amina-hidden"),
            licence=both,
        )
        german = make_text(
            f"Freiheit: {both}", slug="frei", statement=cls.text.statement, language="de"
        )
        make_naming(cls.text, cls.withheld)
        make_naming(german, cls.initials)
        cls.demand = make_demand(
            f"Free {both}", slug="d", kind="release", people=[cls.withheld, cls.initials]
        )
        make_demand_made(cls.text, f"Free {both}!", demand=cls.demand)
        make_attachment(cls.text, "attachments/a.png", caption=both, alternative=both)
        source = make_source(title=f"Free {both}")
        make_update(cls.demand, "refused", source=source, quotation=both, note=both)
        make_update(cls.initials, "released", source=source, quotation=both, note=both)

    def answers(self):
        for address in (
            *("statements/", "statements/free/", "statements/frei/", "demands/", "demands/d/"),
            *("people/", f"people/~{self.initials.pk}/", "statements/?q=hidden"),
            *("people/?q=concealed", "demands/?q=amina"),
        ):
            yield address, self.client.get(API + address).content.decode()
        yield "file", self.client.get("/statements/free.json").content.decode()

    def test_no_answer_has_a_name_that_is_not_shown(self):
        for address, said in self.answers():
            for name in ("Amina", "Hidden", "Boris", "Concealed", "amina-h", "boris-c"):
                self.assertNotIn(name, said, address)
        self.assertEqual(self.ask("statements/free/")["title"], "Free [name withheld] and B. C.")

    def test_no_fingerprint_at_which_a_name_could_be_guessed_is_there(self):
        for text in self.ask("statements/free/")["texts"]:
            self.assertEqual((text["fingerprint"], text["own_fingerprint"]), ("", ""))

    def test_a_withheld_person_has_no_record_and_one_as_initials_a_number(self):
        for address in (f"people/~{self.withheld.pk}/", "people/amina-hidden/", "people/boris-c/"):
            self.refused(404, address)
        record = self.ask(f"people/~{self.initials.pk}/")
        self.assertEqual(
            {name: record[name] for name in ("slug", "name", "names", "shown_as")},
            {
                "slug": f"~{self.initials.pk}",
                "name": "B. C.",
                "names": [],
                "shown_as": "initials",
            },
        )
        self.assertEqual([one["name"] for one in self.ask("people/")["results"]], ["B. C."])

    def test_a_demand_says_that_it_is_about_one_more(self):
        record = self.ask("demands/d/")

        self.assertEqual([one["name"] for one in record["people"]], ["B. C."])
        self.assertEqual((record["withheld"], record["concerned"], record["released"]), (1, 2, 1))
        self.assertEqual({one["source"]["url"] for one in record["updates"]}, {""})

    def test_shown_in_full_the_number_leads_to_the_slug(self):
        Person.objects.filter(pk=self.initials.pk).update(shown_as="full")

        response = self.client.get(f"{API}people/~{self.initials.pk}/")

        self.assertRedirects(response, f"{API}people/boris-c/", status_code=301)
        self.assertEqual(response["Access-Control-Allow-Origin"], "*")


class MovedTests(Asks, TestCase):
    def test_former_addresses_lead_to_the_present_ones(self):
        text = make_text(slug="rents")
        slugs.change_slug(text, "lower-rents")

        for before, after in (
            (f"{API}statements/rents/?fields=slug", f"{API}statements/lower-rents/?fields=slug"),
            ("/statements/rents.json", "/statements/lower-rents.json"),
        ):
            response = self.client.get(before)
            self.assertRedirects(response, after, status_code=301)
            self.assertEqual(response["Cache-Control"], "no-cache")

    def test_what_was_merged_is_found_at_its_former_address(self):
        one, other = make_organisation(slug="one"), make_organisation(slug="other")
        make_text(organisations=[one])
        make_text(organisations=[other])
        organisations.merge(one, into=other, by=None)
        self.assertRedirects(
            self.client.get(f"{API}organisations/one/"),
            f"{API}organisations/other/",
            status_code=301,
        )

        demands = make_demand(slug="a"), make_demand(slug="b")
        for demand in demands:
            make_demand_made(make_text(), demand=demand)
        merging.merge(demands[0], into=demands[1], by=None)
        self.assertRedirects(
            self.client.get(f"{API}demands/a/"), f"{API}demands/b/", status_code=301
        )

    def test_a_former_address_of_what_is_no_longer_there_is_not_found(self):
        draft = make_text(published=False)
        FormerSlug.objects.create(noun="text", slug="before", object_id=draft.pk)

        self.refused(404, "statements/before/")
