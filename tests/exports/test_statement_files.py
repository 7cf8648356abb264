"""A statement to carry away: what is in the files, and what is not."""

import io
import zipfile
from unittest import mock
from xml.etree import ElementTree

import pytest
from django.test import SimpleTestCase, TestCase
from pypdf import PdfReader

from statements.exports import pdf
from statements.exports.document import Line
from statements.exports.writing import Markdown, Plain
from statements.models import Person, Statement, Text
from statements.publishing.slugs import change_slug
from tests.carried import words_of
from tests.factories import (
    make_addressee,
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

# What is asked here is the same on any database.
pytestmark = pytest.mark.once

OPF, PACKAGE = "{http://www.idpf.org/2007/opf}", "EPUB/package.opf"
# What its page asks, and the site's name.
QUERIES = 12
FORMATS = ("txt", "md", "html", "epub", "pdf")
BODY = (
    "<p>Lower the rents, says <em>Amina</em> Example.</p>"
    "<ul><li>now</li><li>and <a href='https://example.org/why'>for good</a></li></ul>"
)


def make_example(**fields):
    """A statement with one of everything that its files tell of."""
    text = make_text(
        "No evictions",
        slug="no-evictions",
        surtitle="Rents",
        introduction="<p>We publish this letter.</p>",
        original_title="Homes for all",
        body=BODY,
        postscript="<p>Translated by friends.</p>",
        organisations=[make_organisation("Tenants of Example", slug="tenants", acronym="TE")],
        events=[make_event("Example rent strike", slug="rent-strike")],
        places=[make_place("FR")],
        source=make_source(publication="Example Tribune"),
        **fields,
    )
    demand = make_demand("Lower the rents", slug="lower-rents", addressee=make_addressee("A town"))
    make_demand_made(text, "Lower the rents", demand=demand)
    return text


class FileTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.text = make_example()

    def file(self, extension, slug="no-evictions"):
        response = self.client.get(f"/statements/{slug}.{extension}")
        self.assertEqual(response.status_code, 200)
        return response

    def test_every_format_has_the_words_and_what_is_known_of_them(self):
        for extension in FORMATS:
            words = " ".join(words_of(self.file(extension).content).split())
            for part in (
                *("Rents", "No evictions", "We publish this letter.", "Homes for all"),
                *("Translated by friends.", "Tenants of Example", "TE", "Example rent strike"),
                *("Example Tribune", "A town", "Raised", "for good"),
                self.text.live_revision.fingerprint,
            ):
                with self.subTest(f"{part} in {extension}"):
                    self.assertIn(part, words)

    def test_headers_name_the_file_and_the_page_that_it_is_of(self):
        kinds = {
            "txt": ("text/plain; charset=utf-8", "inline"),
            "md": ("text/markdown; charset=utf-8", "inline"),
            "html": ("text/html; charset=utf-8", "inline"),
            "epub": ("application/epub+zip", "attachment"),
            "pdf": ("application/pdf", "inline"),
        }
        for extension, (kind, disposition) in kinds.items():
            with self.subTest(extension):
                headers = self.file(extension).headers

                self.assertEqual(headers["Content-Type"], kind)
                self.assertEqual(
                    headers["Content-Disposition"],
                    f'{disposition}; filename="no-evictions.{extension}"',
                )
                self.assertEqual(
                    headers["Link"],
                    '<http://testserver/statements/no-evictions/>; rel="canonical"',
                )
                self.assertEqual(headers["X-Robots-Tag"], "noindex")

    def test_plain_text_has_lists_and_addresses_that_can_be_read(self):
        text = self.file("txt").content.decode()

        self.assertIn("Homes for all\n-------------\n\nLower the rents, says Amina Example.", text)
        self.assertIn("\n\n- now\n- and for good <https://example.org/why>\n\n", text)
        self.assertIn(
            "- Lower the rents <http://testserver/demands/lower-rents/>\n"
            "  State: Raised, 1 August 2020\n",
            text,
        )

    def test_a_file_is_asked_for_again_only_when_it_changed(self):
        for extension in FORMATS:
            with self.subTest(extension):
                etag = self.file(extension).headers["ETag"]
                address = f"/statements/no-evictions.{extension}"

                again = self.client.get(address, headers={"If-None-Match": etag})

                self.assertEqual((again.status_code, again.content), (304, b""))

    def test_a_file_costs_what_its_page_does_however_much_is_linked(self):
        make_demand_made(self.text, "now", demand=make_demand("Now"))
        with self.assertNumQueries(QUERIES):
            self.file("txt")

    def test_a_former_address_leads_to_the_file(self):
        change_slug(self.text, "homes-for-all")

        response = self.client.get("/statements/no-evictions.pdf")

        self.assertRedirects(response, "/statements/homes-for-all.pdf", status_code=301)

    def test_the_name_of_a_withheld_person_is_in_no_file(self):
        person = make_person("Amina Example", shown_as=Person.Shown.WITHHELD)
        make_naming(self.text, person, "Amina Example")
        for extension in FORMATS:
            with self.subTest(extension):
                words = words_of(self.file(extension).content)

                self.assertNotIn("Amina", words)
                self.assertIn("[name withheld]", words.replace("\\", ""))
                # With it, whoever guesses the name could see that it is the one.
                self.assertNotIn(self.text.live_revision.fingerprint[:16], words)

    def test_a_draft_has_no_file_and_a_withdrawn_statement_leads_to_its_notice(self):
        make_text("A draft", slug="a-draft", published=False)
        for extension in FORMATS:
            self.assertEqual(self.client.get(f"/statements/a-draft.{extension}").status_code, 404)
        Statement.objects.filter(pk=self.text.statement_id).update(
            standing=Statement.Standing.WITHDRAWN
        )
        for extension in FORMATS:
            response = self.client.get(f"/statements/no-evictions.{extension}")
            self.assertRedirects(response, "/statements/no-evictions/")

    def test_labels_are_in_the_language_of_the_text_where_the_interface_speaks_it(self):
        make_text("كلمات", slug="words", language="ar", body="<p>كلمات</p>")
        make_text("Paroles", slug="paroles", language="fr")

        arabic = self.file("html", "words").content.decode()
        self.assertIn('<html lang="ar" dir="rtl">', arabic)
        self.assertIn("<dt>النوع</dt>", arabic)
        self.assertIn("http://testserver/statements/words/", arabic)
        self.assertNotIn("/ar/", arabic)
        french = self.file("html", "paroles").content.decode()
        self.assertIn('<html lang="en" dir="ltr">', french)
        self.assertIn('<header lang="fr" dir="ltr">', french)


class BookTests(TestCase):
    """The EPUB, as its rules (EPUB 3.3) and readers of books want it."""

    @classmethod
    def setUpTestData(cls):
        make_example()
        make_text("كلمات", slug="words", language="ar", body="<p>سطر<br>آخر</p>")

    def book(self, slug="no-evictions"):
        content = self.client.get(f"/statements/{slug}.epub").content
        return zipfile.ZipFile(io.BytesIO(content))

    def test_its_kind_comes_first_and_is_not_compressed(self):
        first = self.book().infolist()[0]

        self.assertEqual((first.filename, first.compress_type), ("mimetype", zipfile.ZIP_STORED))
        self.assertEqual(self.book().read("mimetype"), b"application/epub+zip")

    def test_every_page_is_xml_and_every_file_is_in_the_package(self):
        book = self.book("words")
        pages = {name: book.read(name) for name in book.namelist() if name.endswith("ml")}
        for page in pages.values():
            ElementTree.fromstring(page)
        package = ElementTree.fromstring(book.read("EPUB/package.opf"))
        names = {f"EPUB/{item.get('href')}" for item in package.iter() if item.get("href")}

        self.assertEqual(
            names, {name for name in book.namelist() if name.startswith("EPUB/")} - {PACKAGE}
        )
        self.assertEqual(package.find(f"{OPF}spine").get("page-progression-direction"), "rtl")

    def test_the_same_version_gives_the_same_bytes(self):
        one, other = (self.client.get("/statements/no-evictions.epub").content for _ in "12")

        self.assertEqual(one, other)


class PdfTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_example()

    def test_it_says_what_it_is_to_those_who_hear_it(self):
        content = self.client.get("/statements/no-evictions.pdf").content
        document = PdfReader(io.BytesIO(content))

        self.assertEqual(document.metadata.title, "No evictions")
        self.assertEqual(document.metadata.author, "Tenants of Example (TE)")
        self.assertTrue(document.trailer["/Root"]["/MarkInfo"]["/Marked"])
        self.assertEqual(document.trailer["/Root"]["/Lang"], "en")

    def test_it_loads_nothing(self):
        """R-WE6: neither a file of the machine nor what stands elsewhere."""
        weasyprint = pdf.engine()
        asked = []
        with mock.patch.object(
            weasyprint.URLFetcher, "fetch", lambda self, url, *_: asked.append(url)
        ):
            html = '<img src="file:///etc/passwd" alt=""><link rel="stylesheet" href="https://a.example/">'
            pdf.set_pages(html, "", "http://testserver/")

        self.assertEqual(asked, [])

    def test_without_pango_there_is_no_pdf_and_no_link_to_one(self):
        with mock.patch.object(pdf, "engine", lambda: None):
            self.assertEqual(self.client.get("/statements/no-evictions.pdf").status_code, 404)
            self.assertNotContains(self.client.get("/statements/no-evictions/"), ".pdf")
        self.assertContains(
            self.client.get("/statements/no-evictions/"), "/statements/no-evictions.pdf"
        )

    def test_it_is_set_again_when_a_name_is_withheld(self):
        """What is kept is found by all that it was made of."""
        text = Text.objects.get(slug="no-evictions")
        before = words_of(self.client.get("/statements/no-evictions.pdf").content)
        make_naming(text, make_person("Amina Example", shown_as=Person.Shown.WITHHELD))

        after = words_of(self.client.get("/statements/no-evictions.pdf").content)

        self.assertIn("Amina", before)
        self.assertNotIn("Amina", after)


class WritingTests(SimpleTestCase):
    """Rich text without markup, as somebody who pastes it elsewhere needs it."""

    def test_plain_text(self):
        for html, expected in (
            ("<p>One<br>two</p><p>three</p>", "One\ntwo\n\nthree"),
            ("<ol start='3'><li>a</li><li>b<ul><li>c</li></ul></li></ol>", "3. a\n4. b\n   - c"),
            ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
            ("<table><tbody><tr><th>a</th><td>b</td></tr></tbody></table>", "a | b"),
            ("<p><a href='mailto:a@example.org'>a@example.org</a></p>", "a@example.org"),
            ("words<p>more</p>rest", "words\n\nmore\n\nrest"),
            ("<p>a</p><hr><p>b</p>", "a\n\n* * *\n\nb"),
        ):
            with self.subTest(html):
                self.assertEqual(Plain().rich(html), expected)

    def test_no_word_becomes_markdown(self):
        words = "*a* _b_ # c [d](e) `f` <g> 1. h"

        written = Markdown().line(Line(words))
        for sign in ("\\*a\\*", "\\_b\\_", "\\[d\\]", "\\`f\\`", "\\<g\\>"):
            self.assertIn(sign, written)
