"""An event to carry away: what is in its files, how much of it, and what is not."""

import io
import re
import shutil
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path
from unittest import mock
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import SimpleTestCase, TestCase
from pypdf import PdfReader

from statements.dates import PartialDate
from statements.exports import event as files
from statements.exports import keeping, pdf
from statements.exports.dossier import Bounds
from statements.markup import lowered, safe_html
from statements.models import EventName, Person, Statement
from statements.publishing.slugs import change_slug
from tests.carried import words_of
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
    make_update,
)

# What is asked here is the same on any database.
pytestmark = pytest.mark.once

OPF, PACKAGE = "{http://www.idpf.org/2007/opf}", "EPUB/package.opf"
XHTML, DIRECTION = "{http://www.w3.org/1999/xhtml}", "page-progression-direction"
FORMATS = ("epub", "pdf")
# Three for what the event and its statements are, eight for what is linked, four for what became
# of it, four for the words; the site's name is one.
QUERIES = 19
CHECKER = Path("/usr/bin/epubcheck")
# It runs for seconds: what makes long runs faster only makes it slower.
BRIEFLY = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
SMALL = Bounds(letters=600, entries=2, claims=1, claims_of_a_demand=1)


def make_example():
    """An event with one of everything that its files tell of."""
    event = make_event(
        "Example rent strike",
        slug="rent-strike",
        start=PartialDate.parse("2020-08"),
        is_ongoing=True,
    )
    event.places.add(make_place("FR"))
    text = make_text(
        "No evictions",
        slug="no-evictions",
        introduction="<p>We publish this letter.</p>",
        original_title="Homes for all",
        body="<h2>First</h2><p>Lower the rents, says Amina Example.</p>",
        organisations=[make_organisation("Tenants of Example", slug="tenants")],
        events=[event],
        source=make_source(publication="Example Tribune", url="https://example.org/letter"),
    )
    person = make_person("Amina Example", slug="amina")
    demand = make_demand("Lower all rents", slug="lower-rents", people=[person])
    make_demand_made(text, "Lower the rents", demand=demand)
    make_naming(text, person)
    make_update(demand, "refused", "2020-09-03", source=make_source(publication="Town Gazette"))
    return text


class Files(TestCase):
    def setUp(self):
        cache.clear()

    def file(self, extension, slug="rent-strike", prefix=""):
        response = self.client.get(f"{prefix}/events/{slug}.{extension}")
        self.assertEqual(response.status_code, 200)
        return response

    def words(self, extension, prefix=""):
        words = re.sub("</?time[^>]*>", "", words_of(self.file(extension, prefix=prefix).content))
        return " ".join(words.split())


class ContentTests(Files):
    @classmethod
    def setUpTestData(cls):
        cls.text = make_example()
        cls.event = cls.text.statement.events.get()

    def test_both_formats_have_the_event_and_the_words_about_it(self):
        for extension in FORMATS:
            words = self.words(extension)
            for part in (
                *("Event: strike", "Example rent strike", "France", "since August 2020"),
                "One organisation spoke about it, in one language, and made one demand.",
                *("Contents", "Timeline", "Who demands what", "People", "Sources"),
                *("3 September 2020", "Refused", "Town Gazette", "Lower all rents"),
                *("Tenants of Example", "Amina Example", "We publish this letter."),
                *("Homes for all", "Lower the rents, says Amina Example.", "Example Tribune"),
                *("http://testserver/statements/no-evictions/", "https://example.org/letter"),
                "No licence is known: ask the organisation that issued the text.",
                self.text.live_revision.fingerprint,
            ):
                with self.subTest(f"{part} in {extension}"):
                    self.assertIn(part, words)

    def test_headers_name_the_file_and_the_page_that_it_is_of(self):
        for prefix in ("", "/de"):
            headers = self.file("pdf", prefix=prefix).headers
            self.assertEqual(headers["Content-Type"], "application/pdf")
            self.assertEqual(headers["Content-Disposition"], 'inline; filename="rent-strike.pdf"')
            self.assertEqual(
                headers["Link"], '<http://testserver/events/rent-strike/>; rel="canonical"'
            )
            self.assertEqual(headers["X-Robots-Tag"], "noindex")
        headers = self.file("epub").headers
        self.assertEqual(headers["Content-Type"], "application/epub+zip")
        self.assertEqual(headers["Content-Disposition"], 'attachment; filename="rent-strike.epub"')

    def test_a_file_is_asked_for_again_only_when_it_changed(self):
        for extension in FORMATS:
            with self.subTest(extension):
                etag = self.file(extension).headers["ETag"]
                address = f"/events/rent-strike.{extension}"

                again = self.client.get(address, headers={"If-None-Match": etag})

                self.assertEqual((again.status_code, again.content), (304, b""))

    def test_it_speaks_the_language_of_the_interface(self):
        EventName.objects.create(event=self.event, language="ar", name="إضراب المستأجرين")

        book = zipfile.ZipFile(io.BytesIO(self.file("epub", prefix="/ar").content))

        overview = ElementTree.fromstring(book.read("EPUB/overview.xhtml"))
        self.assertEqual((overview.get("lang"), overview.get("dir")), ("ar", "rtl"))
        self.assertEqual(overview.find(f".//{XHTML}h1").text, "إضراب المستأجرين")
        package = ElementTree.fromstring(book.read(PACKAGE))
        self.assertEqual(package.find(f"{OPF}spine").get(DIRECTION), "rtl")
        # What the file leads to has one address.
        self.assertNotIn("/ar/", "".join(map(str, map(book.read, book.namelist()))))

    def test_its_page_offers_what_there_is_words_for(self):
        make_event("Nobody spoke", slug="nobody", public_since=self.event.public_since)

        page = self.client.get("/de/events/rent-strike/")

        self.assertContains(page, 'href="/de/events/rent-strike.pdf"')
        self.assertContains(page, 'href="/de/events/rent-strike.epub"')
        self.assertNotContains(self.client.get("/events/nobody/"), ".epub")

    def test_without_pango_there_is_no_pdf_and_no_link_to_one(self):
        with mock.patch.object(pdf, "engine", lambda: None):
            self.assertEqual(self.client.get("/events/rent-strike.pdf").status_code, 404)
            page = self.client.get("/events/rent-strike/")
        self.assertNotContains(page, ".pdf")
        self.assertContains(page, "/events/rent-strike.epub")

    def test_a_former_address_leads_to_the_file(self):
        change_slug(self.event, "strike-of-tenants")

        response = self.client.get("/de/events/rent-strike.epub")

        self.assertRedirects(response, "/de/events/strike-of-tenants.epub", status_code=301)

    def test_an_event_of_drafts_has_no_file_and_withdrawn_words_are_in_none(self):
        make_event("Draft", slug="draft")
        other = make_text("Another letter", slug="another", events=[self.event])
        Statement.objects.filter(pk=other.statement_id).update(
            standing=Statement.Standing.WITHDRAWN
        )
        for extension in FORMATS:
            self.assertEqual(self.client.get(f"/events/draft.{extension}").status_code, 404)
            self.assertNotIn("Another letter", self.words(extension))

    def test_a_name_that_is_not_shown_is_in_no_file(self):
        for shown in (Person.Shown.INITIALS, Person.Shown.WITHHELD):
            Person.objects.update(shown_as=shown)
            for extension in FORMATS:
                with self.subTest(f"{shown} in {extension}"):
                    words = self.words(extension)

                    self.assertNotIn("Amina", words)
                    self.assertIn("A. E." if shown == "initials" else "[name withheld]", words)
                    self.assertNotIn(self.text.live_revision.fingerprint[:16], words)

    def test_it_costs_the_same_however_much_is_said(self):
        with self.assertNumQueries(QUERIES):
            self.file("epub")
        for number in range(3):
            text = make_text(
                organisations=[make_organisation()], events=[self.event], source=make_source()
            )
            person = make_person()
            make_demand_made(text, "Words", demand=make_demand(people=[person]))
            make_update(person, "detained", f"2020-10-0{number + 1}")
        with self.assertNumQueries(QUERIES):
            self.file("epub")


class BoundTests(Files):
    """What there is no room for is listed with its address, in the file itself."""

    @classmethod
    def setUpTestData(cls):
        text = make_example()
        event = text.statement.events.get()
        for number in (1, 2):
            newer = make_text(
                f"Letter {number}",
                slug=f"letter-{number}",
                issued=f"2021-0{number}",
                events=[event],
            )
            make_demand_made(newer, "Words", demand=make_demand(f"Pay number {number}"))

    def bounded(self, extension):
        form = next(one for one in files.FORMATS if one.extension == extension)
        with mock.patch.dict(files.FORMATS, {form: SMALL}):
            return self.words(extension)

    def test_the_newest_are_in_it_with_their_words_and_the_others_by_their_addresses(self):
        for extension in FORMATS:
            with self.subTest(extension):
                words = self.bounded(extension)

                self.assertIn("the words of 2 statements: they are in the list", words)
                self.assertIn("http://testserver/statements/letter-1/", words)
                self.assertIn("http://testserver/statements/no-evictions/", words)
                self.assertNotIn("Homes for all", words)
                # Its own facts, which stand over its words.
                self.assertEqual(words.count("Published here"), 1)

    def test_it_says_where_the_rest_of_the_timeline_and_of_the_demands_is(self):
        for extension in FORMATS:
            with self.subTest(extension):
                words = self.bounded(extension)

                self.assertIn("The newest entries. All of them:", words)
                self.assertIn("http://testserver/events/rent-strike/timeline/", words)
                self.assertIn("2 more demands are not in this file:", words)
                self.assertIn("http://testserver/events/rent-strike/comparison/", words)

    def test_one_that_is_too_long_keeps_no_shorter_one_out(self):
        make_text(
            "A book",
            body=f"<p>{'word ' * 200}</p>",
            issued="2022-01",
            events=[Statement.objects.earliest("pk").events.get()],
        )

        words = self.bounded("epub")

        self.assertIn("the words of 3 statements: they are in the list", words)
        self.assertEqual(words.count("Published here"), 1)

    def test_nothing_is_said_of_a_rest_where_there_is_none(self):
        for extension in FORMATS:
            words = self.words(extension)
            for part in ("no room in this file", "The newest entries", "not in this file"):
                self.assertNotIn(part, words)


class PdfTests(Files):
    @classmethod
    def setUpTestData(cls):
        make_example()

    def test_it_has_an_outline_and_says_what_it_is(self):
        document = PdfReader(io.BytesIO(self.file("pdf").content))

        self.assertEqual(document.metadata.title, "Example rent strike")
        self.assertTrue(document.trailer["/Root"]["/MarkInfo"]["/Marked"])
        self.assertEqual(document.trailer["/Root"]["/Lang"], "en")
        [event, below] = document.outline
        self.assertEqual(event.title, "Example rent strike")
        self.assertEqual(
            [one.title for one in below if not isinstance(one, list)],
            ["Contents", "Timeline", "Who demands what", "People", "Statements", "Sources"],
        )
        titles = [one.title for nested in below if isinstance(nested, list) for one in nested]
        self.assertEqual(titles, ["Labour and wages", "No evictions"])

    def test_while_another_one_is_made_it_asks_to_come_back(self):
        with keeping.making:
            response = self.client.get("/de/events/rent-strike.pdf")

            self.assertEqual(response.status_code, 503)
            self.assertEqual(response.headers["Retry-After"], "20")
        self.file("pdf", prefix="/de")
        with keeping.making:
            self.file("pdf", prefix="/de")


class BookTests(Files):
    @classmethod
    def setUpTestData(cls):
        make_example()

    def book(self):
        return zipfile.ZipFile(io.BytesIO(self.file("epub").content))

    def test_every_page_is_xml_and_every_file_is_in_the_package_and_in_its_order(self):
        book = self.book()
        for name in book.namelist():
            if name.endswith("ml"):
                ElementTree.fromstring(book.read(name))
        package = ElementTree.fromstring(book.read(PACKAGE))
        names = {f"EPUB/{item.get('href')}" for item in package.iter() if item.get("href")}
        self.assertEqual(
            names, {name for name in book.namelist() if name.startswith("EPUB/")} - {PACKAGE}
        )
        statement = f"statement-{Statement.objects.get().pk}"
        self.assertEqual(
            [one.get("idref") for one in package.iter(f"{OPF}itemref")],
            ["overview", "timeline", "demands", "people", "statements", statement, "sources"],
        )
        nav = ElementTree.fromstring(book.read("EPUB/nav.xhtml"))
        self.assertEqual(
            [one.get("href") for one in nav.iter(f"{XHTML}a")],
            [
                *("overview.xhtml", "timeline.xhtml", "demands.xhtml", "people.xhtml"),
                *("statements.xhtml", f"{statement}.xhtml", "sources.xhtml"),
            ],
        )

    def test_the_same_event_gives_the_same_bytes(self):
        one = self.file("epub").content
        cache.clear()

        self.assertEqual(self.file("epub").content, one)


@unittest.skipUnless(CHECKER.exists() and shutil.which("java"), "needs epubcheck")
class ValidTests(Files):
    """Every EPUB of the site, as the checker of the format's own makers sees it."""

    def test_nothing_is_wrong_with_any(self):
        make_example()
        make_text(
            "كلمات",
            slug="words",
            language="ar",
            body="<p>سطر<br>آخر &nbsp;</p><table><tr><td>a</td></tr></table><hr>",
            events=[Statement.objects.get().events.get()],
        )
        for address in (
            *("/events/rent-strike.epub", "/ar/events/rent-strike.epub"),
            *("/statements/no-evictions.epub", "/statements/words.epub"),
        ):
            with self.subTest(address), tempfile.NamedTemporaryFile(suffix=".epub") as file:
                file.write(self.client.get(address).content)
                file.flush()
                checked = subprocess.run(  # noqa: S603
                    ["java", *BRIEFLY, "-jar", str(CHECKER), file.name],  # noqa: S607
                    capture_output=True,
                    text=True,
                    check=False,
                )
                self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
                self.assertIn("No errors or warnings detected", checked.stdout + checked.stderr)


class HeadingTests(SimpleTestCase):
    def test_headings_go_down_as_far_as_there_are_any_and_words_stay(self):
        html = safe_html('<h2 dir="ltr">a</h2><h4>b</h4><p>&lt;h2&gt;</p><hr>')

        self.assertEqual(lowered(html, 3), '<h5 dir="ltr">a</h5><h6>b</h6><p>&lt;h2&gt;</p><hr>')
        self.assertEqual(lowered("<h2>", 1), "&lt;h2&gt;")
