"""A statement in other places: words to copy, and a card."""

import re
from html import unescape
from re import findall
from urllib.parse import quote

import pytest
from django.test import TestCase

from statements.models import SiteSettings, Statement, Text
from statements.publishing.slugs import change_slug
from tests.factories import (
    make_naming,
    make_organisation,
    make_person,
    make_source,
    make_text,
)

# What is asked here is the same on any database.
pytestmark = pytest.mark.once

BOX = r'(?s)<textarea id="copy-(\w+)"[^>]*>(.*?)</textarea>'


class RepublishingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.text = make_text(
            "No *evictions*",
            slug="no-evictions",
            introduction="<p>We publish this letter.</p>",
            body="<p>Lower the <em>rents</em>, says Amina Example &amp; others.</p>",
            organisations=[make_organisation("Tenants of Example", slug="tenants")],
            licence="CC BY 4.0",
        )

    def copies(self, path="/statements/no-evictions/republish/"):
        """What stands in the boxes, as it is copied."""
        page = self.client.get(path)
        self.assertEqual(page.status_code, 200)
        boxes = findall(BOX, page.content.decode())
        return {key: unescape(words) for key, words in boxes}

    def test_words_come_with_who_issued_them_where_from_and_the_licence(self):
        credit = (
            "Issued by: Tenants of Example <http://testserver/organisations/tenants/>\n\n"
            "Issued: 1 August 2020\n\nLicence: CC BY 4.0\n\n"
            "Published on Solidarity Statements <http://testserver/statements/no-evictions/>\n"
        )
        copies = self.copies()

        self.assertEqual([*copies], ["text", "html", "markdown", "card"])
        self.assertEqual(
            copies["text"],
            "No *evictions*\n==============\n\nIntroduction by the editors\n"
            "---------------------------\n\nWe publish this letter.\n\n"
            f"Lower the rents, says Amina Example & others.\n\n{credit}",
        )
        self.assertIn("# No \\*evictions\\*", copies["markdown"])
        self.assertIn("Lower the *rents*, says Amina Example", copies["markdown"])
        self.assertIn(
            "<p>Lower the <em>rents</em>, says Amina Example &amp; others.</p>", copies["html"]
        )
        self.assertEqual(
            copies["html"].partition('<p lang="en" dir="ltr">')[2],
            'Issued by: <a href="http://testserver/organisations/tenants/">'
            '<bdi lang="en" dir="ltr">Tenants of Example</bdi></a><br>\n'
            "Issued: <bdi>1 August 2020</bdi><br>\nLicence: <bdi>CC BY 4.0</bdi><br>\n"
            '<a href="http://testserver/statements/no-evictions/">'
            "<bdi>Published on Solidarity Statements</bdi></a></p>\n</article>",
        )

    def translated(self, **fields):
        """A translation that the editors made of a text which stood elsewhere before."""
        source = make_source(
            publication="Example *Gazette*", archived_url="https://archive.example/text"
        )
        original = make_text("Aucune expulsion", language="fr", source=source)
        fields = {
            "language": "en",
            "authority": "unofficial",
            "translator": "the editors",
            "translated_from": original.live_revision,
        } | fields
        text = make_text("No evictions", slug="ours", statement=original.statement, **fields)
        return self.copies(f"/statements/{text.slug}/republish/")

    def test_a_translation_says_that_it_is_one_and_where_the_text_was_published_before(self):
        copies = self.translated()

        site = "Published on Solidarity Statements"
        self.assertEqual(
            copies["text"].partition("Words.\n\n")[2].split("\n\n"),
            [
                "Issued: 1 August 2020",
                "Source: Example *Gazette*, 12 August 2020 <https://example.org/text>,"
                " Archived copy <https://archive.example/text>",
                "Language: English (unofficial translation)",
                "Translated by: the editors",
                "Translated from: version 1 in French",
                f"{site} <http://testserver/statements/ours/>\n",
            ],
        )
        self.assertEqual(
            copies["markdown"].partition("Words.\n\n")[2].split("\n\n"),
            [
                "Issued: 1 August 2020",
                "Source: [Example \\*Gazette\\*, 12 August 2020](<https://example.org/text>),"
                " [Archived copy](<https://archive.example/text>)",
                "Language: English (unofficial translation)",
                "Translated by: the editors",
                "Translated from: version 1 in French",
                f"[{site}](<http://testserver/statements/ours/>)\n",
            ],
        )
        self.assertEqual(
            copies["html"].partition('<p lang="en" dir="ltr">')[2].split("<br>\n"),
            [
                "Issued: <bdi>1 August 2020</bdi>",
                'Source: <a href="https://example.org/text"><bdi>Example *Gazette*,'
                ' 12 August 2020</bdi></a>, <a href="https://archive.example/text">'
                "<bdi>Archived copy</bdi></a>",
                "Language: <bdi>English (unofficial translation)</bdi>",
                "Translated by: <bdi>the editors</bdi>",
                "Translated from: <bdi>version 1 in French</bdi>",
                f'<a href="http://testserver/statements/ours/"><bdi>{site}</bdi></a></p>\n</article>',
            ],
        )

    def test_what_is_said_of_a_text_is_what_its_files_say(self):
        text = self.translated()["text"]
        file = self.client.get("/statements/ours.txt").content.decode()
        for line in text.partition("Words.\n\n")[2].split("\n\n")[:-1]:
            with self.subTest(line):
                self.assertIn(f"\n- {line}\n", file)

    def test_only_a_text_that_is_known_to_be_the_organisations_own_goes_without_saying(self):
        said = {
            "original": "",
            "equal": "",
            "organisation": "Language: English (translation by the organisation)",
            "authorised": "Language: English (authorised translation)",
            "unofficial": "Language: English (unofficial translation)",
            "machine": "Language: English (machine draft)",
            "unknown": "Language: English (not known whether it is the original)",
        }
        self.assertEqual([*said], Text.Authority.values)
        for authority, line in said.items():
            Text.objects.filter(pk=self.text.pk).update(authority=authority)
            with self.subTest(authority):
                found = findall("(?m)^Language: .*$", self.copies()["text"])
                self.assertEqual(found, [line] if line else [])

    def test_the_credit_is_in_the_language_of_the_text_where_the_interface_speaks_it(self):
        copies = self.translated(language="ar")

        self.assertIn("\n\nالمصدر: Example *Gazette*", copies["text"])
        self.assertIn("\n\nاللغة: العربية (ترجمة غير رسمية)\n\n", copies["text"])
        credit = copies["html"].partition('<p lang="ar" dir="rtl">')[2]
        self.assertIn('المصدر: <a href="https://example.org/text"><bdi>Example *Gazette*', credit)

    def test_without_a_licence_of_its_own_the_usual_one_of_the_site_holds(self):
        Statement.objects.update(licence="")
        page = self.client.get("/statements/no-evictions/republish/")
        self.assertContains(page, "No licence is known: ask the organisation")

        SiteSettings.objects.create(pk=1, licence="CC0").texts.create(language="en")

        self.assertIn("Licence: CC0", self.copies()["text"])

    def test_a_withheld_name_is_in_nothing_that_is_copied_or_shown_elsewhere(self):
        source = make_source(title="Amina Example speaks", url="https://example.org/amina-example")
        Statement.objects.update(licence="as Amina Example said", source=source)
        Text.objects.update(authority="unofficial", translator="Amina Example")
        make_naming(self.text, make_person("Amina Example", shown_as="withheld"))

        copies = str(self.copies())
        self.assertIn("Example Gazette, [name withheld] speaks", copies)
        self.assertNotIn("amina", copies.lower())
        for path in ("/statements/no-evictions/card/", "/statements/no-evictions/"):
            self.assertNotContains(self.client.get(path), "Amina")

    def test_what_is_withdrawn_is_neither_copied_nor_shown_elsewhere(self):
        Statement.objects.update(standing=Statement.Standing.WITHDRAWN)

        republish = self.client.get("/statements/no-evictions/republish/")
        self.assertRedirects(republish, "/statements/no-evictions/")
        self.assertEqual(self.client.get("/statements/no-evictions/card/").status_code, 404)
        self.assertEqual(self.embed().status_code, 404)

    def embed(self, url="http://testserver/statements/no-evictions/", **asked):
        return self.client.get("/oembed", {"url": url, **asked})

    def test_a_page_elsewhere_is_told_how_to_show_the_card(self):
        """The fields of oEmbed 1.0, section 2.3.4."""
        found = self.embed()

        self.assertEqual(found.headers["Access-Control-Allow-Origin"], "*")
        self.assertEqual(
            found.json(),
            {
                "version": "1.0",
                "type": "rich",
                "title": "No *evictions*",
                "author_name": "Tenants of Example",
                "provider_name": "Solidarity Statements",
                "provider_url": "http://testserver/",
                "cache_age": 86400,
                "width": 480,
                "height": 260,
                "html": '<iframe src="http://testserver/statements/no-evictions/card/" width="480"'
                ' height="260" title="No *evictions*" loading="lazy"'
                ' sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>',
            },
        )
        self.assertEqual(self.copies()["card"], found.json()["html"])

    def test_a_title_with_signs_of_html_is_copied_as_it_has_to_be_written(self):
        title = 'Rents & "homes" </textarea>'
        make_text(title, slug="signs")

        copies = self.copies("/statements/signs/republish/")

        escaped = "Rents &amp; &quot;homes&quot; &lt;/textarea&gt;"
        self.assertIn(f'title="{escaped}"', copies["card"])
        self.assertIn(f"<h1>{escaped}</h1>", copies["html"])
        self.assertIn(title, copies["text"])

    def test_its_page_says_where_to_ask(self):
        address = quote("http://testserver/statements/no-evictions/", safe="")
        self.assertContains(
            self.client.get("/statements/no-evictions/"),
            '<link rel="alternate" type="application/json+oembed"'
            f' href="http://testserver/oembed?url={address}">',
            html=True,
        )

    def test_an_address_in_another_script_is_understood_too(self):
        make_text("Нет выселениям", slug="нет-выселениям", language="ru")
        page = self.client.get("/statements/нет-выселениям/").content.decode()
        [address] = re.findall(r'href="http://testserver(/oembed[^"]+)"', page)

        self.assertEqual(self.client.get(address).json()["title"], "Нет выселениям")

    def test_a_card_is_never_larger_than_was_asked_for(self):
        found = self.embed(maxwidth="300", maxheight="100").json()
        self.assertEqual((found["width"], found["height"]), (300, 100))
        for wrong in ("-1", "0x", "9" * 30, "", "²"):
            self.assertEqual(self.embed(maxwidth=wrong).json()["width"], 480)

    def test_an_address_of_something_else_has_no_card(self):
        make_text("A draft", slug="a-draft", published=False)
        for url in (
            *("", "nonsense", "http://[", "https://elsewhere.example/statements/no-evictions/"),
            *("http://testserver/events/", "http://testserver/statements/a-draft/"),
        ):
            with self.subTest(url):
                self.assertEqual(self.embed(url).status_code, 404)
        self.assertEqual(self.embed(format="xml").status_code, 501)

    def test_a_former_address_and_one_in_another_language_have_one(self):
        change_slug(self.text, "homes-for-all")

        for path in ("/statements/no-evictions/", "/de/statements/homes-for-all/"):
            with self.subTest(path):
                found = self.embed(f"http://testserver{path}").json()
                self.assertIn("http://testserver/statements/homes-for-all/card/", found["html"])
