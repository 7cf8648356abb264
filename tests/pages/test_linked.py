"""What pages say to programs: JSON-LD, and their addresses in other languages."""

import json
import re
from urllib.parse import quote

from django.test import TestCase

from statements.dates import PartialDate
from statements.models import Organisation, OrganisationName, Statement, Text
from statements.publishing import links, workflow
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_place,
    make_source,
    make_text,
)
from tests.test_contexts import HOSTILE

SITE = "http://testserver"
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


class LinkedTests(TestCase):
    maxDiff = None

    @classmethod
    def setUpTestData(cls):
        cls.union = make_organisation(
            "Tenants of Example",
            slug="tenants",
            acronym="TE",
            country=make_place("FR"),
            website="https://tenants.example/",
            founded=PartialDate.parse("1991-05"),
            dissolved=PartialDate.parse("after 2020"),
        )
        OrganisationName.objects.create(organisation=cls.union, language="de", name="Mieter")
        cls.event = make_event(
            "Rent strike",
            slug="rent-strike",
            start=PartialDate.parse("2020-08"),
            end=PartialDate.parse("before 2021-01-01"),
        )
        cls.event.places.add(make_place("FR"))
        cls.text = make_text(
            "Lower the rents",
            slug="rents",
            body="<p>Free Amina and Bela.</p>",
            organisations=[cls.union],
            events=[cls.event],
            places=[make_place("FR")],
            tags=["housing"],
            source=make_source(),
        )
        cls.shown = make_person("Amina", slug="amina")
        cls.initials = make_person("Bela Novak", shown_as="initials")
        for person in (cls.shown, cls.initials):
            make_naming(cls.text, person)
        cls.german = make_text(
            "Runter mit den Mieten", slug="mieten", language="de", statement=cls.text.statement
        )
        Text.objects.filter(pk=cls.german.pk).update(translated_from=cls.text.live_revision)

    def said(self, path):
        found = BLOCK.findall(self.client.get(path).content.decode())
        return [one for block in found for one in json.loads(block)]

    def data(self, path):
        return [one for one in self.said(path) if one["@type"] != "BreadcrumbList"]

    def trail(self, path):
        """(name, address) of each step of the only way to a page."""
        [found] = [one for one in self.said(path) if one["@type"] == "BreadcrumbList"]
        steps = found["itemListElement"]
        self.assertEqual(found["@context"], "https://schema.org")
        self.assertEqual([one["position"] for one in steps], list(range(1, len(steps) + 1)))
        self.assertEqual({one["@type"] for one in steps}, {"ListItem"})
        return [(one["name"], one["item"].removeprefix(SITE)) for one in steps]

    def test_a_statement_says_who_when_about_what_and_in_which_languages(self):
        [data] = self.data("/statements/rents/")

        article = f"{SITE}/statements/rents/"
        author = f"{SITE}/organisations/tenants/"
        self.assertEqual(
            data,
            {
                "@context": "https://schema.org",
                "@type": "OpinionNewsArticle",
                "@id": article,
                "url": article,
                "headline": "Lower the rents",
                "description": "Free Amina and Bela.",
                "inLanguage": "en",
                "datePublished": self.text.live_revision.published_at.isoformat(),
                "dateModified": self.text.changed_at.isoformat(),
                "dateCreated": "2020-08-01",
                "author": [
                    {
                        "@type": "Organization",
                        "@id": author,
                        "url": author,
                        "name": "Tenants of Example",
                    }
                ],
                "isBasedOn": "https://example.org/text",
                "about": [
                    {
                        "@type": "Event",
                        "@id": f"{SITE}/events/rent-strike/",
                        "name": "Rent strike",
                    }
                ],
                "mentions": [{"@type": "Person", "@id": f"{SITE}/people/amina/", "name": "Amina"}],
                "contentLocation": [{"@type": "Place", "name": "France"}],
                "keywords": ["housing"],
                "workTranslation": [
                    {
                        "@type": "OpinionNewsArticle",
                        "@id": f"{SITE}/statements/mieten/",
                        "inLanguage": "de",
                    }
                ],
            },
        )
        [german] = self.data("/statements/mieten/")
        self.assertEqual(
            german["translationOfWork"],
            {"@type": "OpinionNewsArticle", "@id": article, "inLanguage": "en"},
        )

    def test_a_correction_is_said(self):
        saved = workflow.save_words(
            self.text, {"title": "Lower all rents"}, based_on=self.text.working_revision_id
        )
        workflow.publish(saved, change="correction", note="A word was left out.")

        [data] = self.data("/statements/rents/")
        [correction] = data["correction"]
        self.assertEqual(
            (correction["@type"], correction["text"]),
            ("CorrectionComment", "A word was left out."),
        )
        self.assertGreater(data["dateModified"], data["datePublished"])

    def test_records_say_what_is_known_of_them_exactly(self):
        [organisation] = self.data("/organisations/tenants/")
        [event] = self.data("/events/rent-strike/")
        [person] = self.data("/people/amina/")

        for found, expected in (
            (
                organisation,
                {
                    "@type": "Organization",
                    "name": "Tenants of Example",
                    "alternateName": ["TE", "Mieter"],
                    "sameAs": "https://tenants.example/",
                    "foundingDate": "1991-05",
                    "location": [{"@type": "Place", "name": "France"}],
                },
            ),
            (
                event,
                {
                    "@type": "Event",
                    "name": "Rent strike",
                    "startDate": "2020-08",
                    "location": [{"@type": "Place", "name": "France"}],
                },
            ),
            (person, {"@type": "Person", "name": "Amina"}),
        ):
            said = {name: value for name, value in found.items() if name not in ("@id", "url")}
            self.assertEqual(said, {"@context": "https://schema.org"} | expected)

    def test_nothing_is_said_of_who_is_not_shown_in_full_of_inventions_and_of_what_is_hidden(self):
        self.assertEqual(self.said(f"/people/~{self.initials.pk}/"), [])
        for changes in ({"is_example": True}, {"may_be_indexed": False}):
            Statement.objects.update(**{"is_example": False, "may_be_indexed": True} | changes)
            self.assertEqual(self.said("/statements/rents/"), [])
        type(self.event).objects.update(is_example=True)
        self.assertEqual(self.said("/events/rent-strike/"), [])

    def test_a_page_says_what_leads_to_it(self):
        part = make_event("Rally", slug="rally", parent=self.event)
        make_organisation("Branch", slug="branch", parent=self.union)
        demand = make_demand("Free Bela Novak", slug="free", people=[self.initials])
        self.text.statement.events.add(part)
        make_demand_made(self.text, demand=demand)
        links.make_public(Organisation.objects.filter(slug="branch"))
        for path, expected in (
            (
                "/de/statements/rents/",
                [("Erklärungen", "/statements/"), ("Lower the rents", "/statements/rents/")],
            ),
            (
                "/events/rally/",
                [
                    ("Events", "/events/"),
                    ("Rent strike", "/events/rent-strike/"),
                    ("Rally", "/events/rally/"),
                ],
            ),
            (
                "/organisations/branch/",
                [
                    ("Organisations", "/organisations/"),
                    ("Tenants of Example", "/organisations/tenants/"),
                    ("Branch", "/organisations/branch/"),
                ],
            ),
            ("/people/amina/", [("People", "/people/"), ("Amina", "/people/amina/")]),
            ("/demands/free/", [("Demands", "/demands/"), ("Free B. N.", "/demands/free/")]),
        ):
            with self.subTest(path):
                self.assertEqual(self.trail(path), expected)
        # A demand is said to be nothing: the word means goods there.
        self.assertEqual(self.data("/demands/free/"), [])

    def test_a_page_leads_programs_to_the_same_in_other_forms(self):
        make_demand_made(self.text, demand=make_demand())
        for path, expected in (
            (
                "/de/statements/rents/",
                {
                    "application/pdf": "/statements/rents.pdf",
                    "application/epub+zip": "/statements/rents.epub",
                    "text/plain": "/statements/rents.txt",
                    "text/markdown": "/statements/rents.md",
                    "text/html": "/statements/rents.html",
                    "application/json": "/statements/rents.json",
                    "application/json+oembed": f"{SITE}/oembed?url={quote(SITE, '')}"
                    "%2Fstatements%2Frents%2F",
                },
            ),
            (
                "/de/events/rent-strike/",
                {
                    "application/atom+xml": "/feeds/events/rent-strike.atom",
                    "application/rss+xml": "/feeds/events/rent-strike.rss",
                    "application/feed+json": "/feeds/events/rent-strike.json",
                    "application/pdf": "/de/events/rent-strike.pdf",
                    "application/epub+zip": "/de/events/rent-strike.epub",
                    "text/csv": "/events/rent-strike.csv",
                    "text/calendar": "/events/rent-strike.ics",
                },
            ),
        ):
            page = self.client.get(path).content.decode()
            found = re.findall(r'<link rel="alternate" type="([^"]+)" href="([^"]+)"', page)
            self.assertEqual(dict(found), expected)
            for _kind, address in found:
                self.assertEqual(self.client.get(address).status_code, 200, address)

    def test_what_is_read_by_programs_names_the_page_that_it_is_of(self):
        for address, page in (
            ("/statements/rents.pdf", "/statements/rents/"),
            ("/statements/rents.json", "/statements/rents/"),
            ("/statements/rents.png", "/statements/rents/"),
            ("/de/events/rent-strike.epub", "/events/rent-strike/"),
            ("/events/rent-strike.ics", "/events/rent-strike/"),
            ("/events/rent-strike.csv", "/events/rent-strike/comparison/"),
        ):
            with self.subTest(address):
                self.assertEqual(
                    self.client.get(address)["Link"], f'<{SITE}{page}>; rel="canonical"'
                )

    def test_words_that_would_end_the_block_come_out_as_they_are(self):
        revision = self.text.live_revision
        for words in HOSTILE:
            with self.subTest(words):
                type(revision).objects.filter(pk=revision.pk).update(title=words)
                page = self.client.get("/statements/rents/").content.decode()
                [block] = BLOCK.findall(page)

                self.assertEqual(json.loads(block)[0]["headline"], words)
                self.assertNotRegex(block, "[<>&]")
                self.assertEqual(len(re.findall("<script", page)), 1)

    def test_a_page_names_its_addresses_in_the_languages_of_the_interface(self):
        for prefix in ("", "/de", "/ar"):
            page = self.client.get(f"{prefix}/events/rent-strike/")
            for language, start in (("en", ""), ("de", "/de"), ("ar", "/ar"), ("x-default", "")):
                url = f"{SITE}{start}/events/rent-strike/"
                self.assertContains(
                    page, f'<link rel="alternate" hreflang="{language}" href="{url}">', count=1
                )

        text = self.client.get("/de/statements/rents/").content.decode()
        self.assertEqual(re.findall('<link rel="alternate" hreflang="([^"]+)"', text), ["en", "de"])

    def test_what_is_shared_has_its_title_and_its_address(self):
        page = self.client.get("/ar/statements/rents/")

        for name, content in (
            ("type", "article"),
            ("title", "Lower the rents"),
            ("url", f"{SITE}/statements/rents/"),
            ("site_name", "Solidarity Statements"),
        ):
            self.assertContains(page, f'<meta property="og:{name}" content="{content}">', count=1)
