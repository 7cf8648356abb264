"""The addresses that search engines are given."""

from unittest import mock
from xml.etree import ElementTree

from django.test import TestCase

from statements.models import Statement
from statements.publishing import standing
from statements.sitemap import files
from tests.factories import make_event, make_person, make_text
from tests.routes import make_example_site

NAMES = {"s": files.SITEMAP, "x": files.XHTML}
SITE = "http://testserver"


class SitemapTests(TestCase):
    def read(self, path):
        return ElementTree.fromstring(self.client.get(path).content)

    def locations(self, path):
        return [one.text.removeprefix(SITE) for one in self.read(path).iterfind("*/s:loc", NAMES)]

    def alternates(self, path):
        """By address: its languages, and the addresses in them."""
        return {
            url.find("s:loc", NAMES).text.removeprefix(SITE): {
                link.get("hreflang"): link.get("href").removeprefix(SITE)
                for link in url.iterfind("x:link", NAMES)
            }
            for url in self.read(path)
        }

    def test_every_public_record_is_reached_from_the_address_in_robots_txt(self):
        make_example_site()
        make_text("Draft", slug="draft", published=False)
        make_event(slug="of-a-draft")
        self.assertContains(self.client.get("/robots.txt"), f"Sitemap: {SITE}/sitemap.xml\n")

        found = [page for file in self.locations("/sitemap.xml") for page in self.locations(file)]

        records = [one for one in found if one.count("/") == 3]
        self.assertEqual(
            sorted(records),
            [
                "/demands/lower-rents/",
                "/events/rent-strike/",
                "/organisations/tenants/",
                "/people/amina/",
                "/places/FR/",
                "/statements/no-evictions/",
                "/tags/housing/",
            ],
        )
        self.assertEqual(len(found) - len(records), len(files.LISTS))
        for page in found:
            self.assertEqual(self.client.get(page).status_code, 200, page)

    def test_a_text_names_its_siblings_and_a_page_its_languages(self):
        text = make_text(slug="rents", places=[], events=[make_event(slug="strike")])
        make_text(slug="الإيجار", language="ar", statement=text.statement)
        make_text(slug="alone")

        texts = self.alternates("/sitemaps/statements-0.xml")

        both = {"en": "/statements/rents/"}
        both["ar"] = "/statements/%D8%A7%D9%84%D8%A5%D9%8A%D8%AC%D8%A7%D8%B1/"
        self.assertEqual(texts, {both["en"]: both, both["ar"]: both, "/statements/alone/": {}})
        path = "/events/strike/"
        self.assertEqual(
            self.alternates("/sitemaps/events-0.xml")[path],
            {"en": path, "x-default": path, "de": f"/de{path}", "ar": f"/ar{path}"},
        )

    def test_it_says_when_a_text_last_changed(self):
        text = make_text()

        [moment] = self.read("/sitemaps/statements-0.xml").iterfind("*/s:lastmod", NAMES)
        self.assertEqual(moment.text, text.changed_at.isoformat())

    def test_what_nobody_is_to_find_is_not_in_it(self):
        hidden, gone = make_text(slug="hidden"), make_text(slug="gone")
        Statement.objects.filter(pk=hidden.statement_id).update(may_be_indexed=False)
        standing.change_standing(gone.statement, Statement.Standing.WITHDRAWN, note="Not ours.")
        for shown_as in ("initials", "withheld"):
            person = make_person(shown_as=shown_as)
            type(person).objects.filter(pk=person.pk).update(public_since=gone.changed_at)

        for name in ("statements", "people"):
            self.assertEqual(self.locations(f"/sitemaps/{name}-0.xml"), [])

    def test_a_file_has_a_range_of_numbers_and_costs_the_same_however_many(self):
        def queries():
            with self.assertNumQueries(2):
                self.client.get("/sitemaps/statements-0.xml")
            with self.assertNumQueries(7):
                self.client.get("/sitemap.xml")

        first = make_text(slug="first")
        queries()
        for number in range(3):
            make_text(slug=f"text-{number}")
        queries()
        with mock.patch.object(files, "RANGE", first.pk + 1):
            listed = [one for one in self.locations("/sitemap.xml") if "statements" in one]
            self.assertGreater(len(listed), 1)
            self.assertEqual(self.locations(listed[0]), ["/statements/first/"])
            self.assertEqual(sum(len(self.locations(one)) for one in listed), 4)

    def test_another_name_has_no_file(self):
        for name in ("nothing-0", "statements-9999999999999999999999"):
            self.assertEqual(self.client.get(f"/sitemaps/{name}.xml").status_code, 404)
