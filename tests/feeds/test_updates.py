"""What became of demands and persons, and the register of corrections, in feeds."""

from django.test import TestCase
from django.utils import translation

from statements.feeds import updates
from statements.models import Demand
from statements.publishing import workflow
from tests.factories import (
    make_demand,
    make_demand_made,
    make_naming,
    make_person,
    make_source,
    make_text,
    make_update,
)
from tests.feeds.following import Follows
from tests.routes import make_example_site


class DemandTests(Follows, TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.person = make_person("Amina Example", slug="amina")
        cls.text = make_text("Free Amina", body="<p>Free Amina Example.</p>")
        cls.demand = make_demand("Free them", slug="free-them", kind="release", people=[cls.person])
        make_demand_made(cls.text, demand=cls.demand)
        make_naming(cls.text, cls.person)

    def test_every_change_of_state_is_an_entry_with_its_source(self):
        source = make_source(publication="Example Gazette", url="https://example.org/no")
        made = make_update(
            self.demand, "refused", "2020-09-01", source=source, quotation="We will not."
        )

        [(key, title, content)] = self.entries("/feeds/demands/free-them")

        self.assertEqual(key, f"tag:testserver,2026:demandupdate-{made.pk}")
        self.assertEqual(title, "Refused: Free them")
        for words in ("We will not.", "Example Gazette", 'href="https://example.org/no"'):
            self.assertIn(words, content)
        [item] = self.client.get("/feeds/demands/free-them.json").json()["items"]
        self.assertEqual(item["url"], f"http://testserver/demands/free-them/#update-{made.pk}")

    def test_a_day_stands_after_a_state_as_the_language_writes_it(self):
        make_update(self.demand, "refused", "2020-09-01")
        with translation.override("ar"):
            [entry] = updates.of_demand(Demand.objects.named().with_people().get())

        self.assertRegex(entry.summary, r"^[^,،]+، 1 [^,،]+ 2020$")

    def test_what_was_wrong_is_struck_through_and_moves_up_with_what_replaces_it(self):
        wrong = make_update(self.demand, "met", "2020-09-01")
        other = make_update(self.demand, "acknowledged", "2020-08-20")
        right = make_update(self.demand, "refused", "2020-09-02", corrects=wrong)

        found = self.entries("/feeds/demands/free-them")
        said = {title: content for _id, title, content in found}
        self.assertEqual(
            set(said), {"Met: Free them", "Acknowledged: Free them", "Refused: Free them"}
        )
        self.assertIn("<s><strong>Met</strong>", said["Met: Free them"])
        ids = [int(key.rpartition("-")[2]) for key, _title, _content in found]
        self.assertEqual((set(ids[:2]), ids[2]), ({wrong.pk, right.pk}, other.pk))

    def test_a_demand_that_nothing_became_of_has_a_feed_without_entries(self):
        self.assertEqual(self.entries("/feeds/demands/free-them"), [])

    def test_a_persons_feed_has_what_became_of_them_and_what_statements_say(self):
        make_update(self.person, "released", "2020-09-01")

        self.assertEqual(
            set(self.titles("/feeds/people/amina")), {"Released: Amina Example", "Free Amina"}
        )
        self.assertEqual(self.titles("/feeds/demands/free-them"), ["Released: Free them"])

    def test_who_is_not_shown_in_full_is_followed_by_number_or_not_at_all(self):
        number = f"~{self.person.pk}"
        self.assertRedirects(
            self.client.get(f"/feeds/people/{number}.rss"),
            "/feeds/people/amina.rss",
            status_code=301,
        )
        make_update(self.person, "released", "2020-09-01")
        people = type(self.person).objects.filter(pk=self.person.pk)
        people.update(shown_as="initials")

        self.assertEqual(self.client.get("/feeds/people/amina.rss").status_code, 404)
        self.assertEqual(
            set(self.titles(f"/feeds/people/{number}")), {"Released: A. E.", "Free Amina"}
        )
        self.assertNotContains(self.client.get(f"/feeds/people/{number}.atom"), "Amina Example")
        people.update(shown_as="withheld")
        for address in ("amina", number):
            self.assertEqual(self.client.get(f"/feeds/people/{address}.json").status_code, 404)


class RegisterTests(Follows, TestCase):
    def test_the_register_is_followed_in_every_format(self):
        text = make_text("Lower the rents", slug="rents")
        saved = workflow.save_words(
            text, {"title": "Lower all rents"}, based_on=text.working_revision_id
        )
        workflow.publish(saved, change="correction", note="A word was left out.")

        [(_id, title, content)] = self.entries("/feeds/corrections")
        self.assertEqual(title, "Correction: Lower all rents")
        self.assertIn('<p lang="en" dir="ltr">A word was left out.</p>', content)


class FoundTests(TestCase):
    def test_pages_lead_to_their_feeds_in_the_head_and_where_readers_look(self):
        make_example_site()
        for page, feed in {
            "/": "statements",
            "/statements/": "statements",
            "/statements/?language=en": "languages/en",
            "/statements/?tag=housing": "tags/housing",
            "/organisations/tenants/": "organisations/tenants",
            "/events/rent-strike/": "events/rent-strike",
            "/tags/housing/": "tags/housing",
            "/places/FR/": "places/FR",
            "/demands/lower-rents/": "demands/lower-rents",
            "/people/amina/": "people/amina",
            "/corrections/": "corrections",
        }.items():
            response = self.client.get(page)
            for one in ("atom", "rss"):
                with self.subTest(page, format=one):
                    link = f'type="application/{one}+xml" href="/feeds/{feed}.{one}"'
                    self.assertContains(response, f'<link rel="alternate" {link}')
                    self.assertContains(response, f'<a href="/feeds/{feed}.{one}"')
            self.assertContains(response, f'type="application/feed+json" href="/feeds/{feed}.json"')

        self.assertNotContains(self.client.get("/statements/?tag=housing&language=en"), "/feeds/")
