"""Words that would end what they stand in: feeds, and JSON in and beside pages (R-CO10)."""

import json
import re
from html import escape, unescape
from xml.etree import ElementTree

import pytest
from django.test import TestCase

from statements.publishing import workflow
from tests.admin.signed_in import make_editor
from tests.factories import make_event, make_organisation, make_text

# What is asked here is the same on any database.
pytestmark = pytest.mark.once

CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
ATOM = "{http://www.w3.org/2005/Atom}"
# Each would end an element, an attribute, a comment, a CDATA section, a script or a string.
HOSTILE = (
    "</summary><script>alert(1)</script>",
    "]]><b>out</b><![CDATA[",
    "--><b>out</b><!--",
    "<!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
    "<?xml version='1.0'?>",
    '" onload="alert(1)',
    "' onload='alert(1)",
    "&lt;b&gt; &amp;amp; &#60;b&#62;",
    "</script><script>alert(1)</script>",
    '"}];alert(1);[{"',
    "\\u003cb\\u003e",
    "${7*7} {{ 7*7 }} {% now %}",
)


def words_in(html):
    """The text of the only paragraph of a body, in an entry's markup."""
    paragraph = re.search(r'<div lang="en" dir="ltr"><p>(.*?)</p></div>', html, re.DOTALL)[1]
    assert "<" not in paragraph
    return unescape(paragraph)


class FeedTests(TestCase):
    """Texts and the register, in every format, with hostile words wherever there can be some."""

    @classmethod
    def setUpTestData(cls):
        organisation = make_organisation("Tenants", slug="tenants")
        for number, words in enumerate(HOSTILE):
            text = make_text(f"Old {number}", slug=f"text-{number}", organisations=[organisation])
            words = {"title": f"T {words}", "body": f"<p>{escape(words)}</p>"}
            workflow.publish(
                workflow.save_words(text, words, based_on=text.working_revision_id),
                change="correction",
                note=f"N {words['title']}",
            )

    def test_atom_is_xml_and_says_every_word_as_it_is(self):
        response = self.client.get("/feeds/corrections.atom")

        entries = ElementTree.fromstring(response.content).findall(f"{ATOM}entry")
        said = {
            (entry.find(f"{ATOM}title").text, entry.find(f"{ATOM}summary").text)
            for entry in entries
        }
        expected = {(f"Correction: T {words}", f"N T {words}") for words in HOSTILE}
        self.assertEqual(said, expected)
        self.assertEqual({child.tag for entry in entries for child in entry} & {"script"}, set())

    def test_every_format_says_the_title_and_the_words_as_they_are(self):
        expected = {(f"T {words}", words) for words in HOSTILE}
        for path in ("/feeds/statements", "/feeds/organisations/tenants"):
            items = self.client.get(f"{path}.json").json()["items"]
            found = {"json": {(one["title"], one["content_html"]) for one in items}}
            atom = ElementTree.fromstring(self.client.get(f"{path}.atom").content)
            found["atom"] = {
                (one.find(f"{ATOM}title").text, one.find(f"{ATOM}content").text)
                for one in atom.findall(f"{ATOM}entry")
            }
            rss = ElementTree.fromstring(self.client.get(f"{path}.rss").content)
            found["rss"] = {
                (one.find("title").text, one.find(f"{CONTENT}encoded").text)
                for one in rss.iter("item")
            }
            for name, items in found.items():
                with self.subTest(path, format=name):
                    said = {(title, words_in(html)) for title, html in items}
                    self.assertEqual(said, expected)


class JsonTests(TestCase):
    def setUp(self):
        self.client.force_login(make_editor())

    def test_what_look_ups_answer_is_json_that_no_browser_takes_for_a_page(self):
        for words in HOSTILE:
            with self.subTest(words):
                make_event(words)
                response = self.client.get(
                    "/admin/autocomplete/",
                    {
                        "app_label": "statements",
                        "model_name": "event",
                        "field_name": "parent",
                        "term": words[:30],
                    },
                )

                self.assertIn(words, [one["text"] for one in response.json()["results"]])
                self.assertEqual(response["Content-Type"], "application/json")
                self.assertEqual(response["X-Content-Type-Options"], "nosniff")

    def test_json_in_a_page_ends_where_it_should(self):
        text = make_text("T", organisations=[make_organisation(words) for words in HOSTILE])
        page = self.client.get(
            f"/admin/statements/statement/{text.statement_id}/change/"
        ).content.decode()
        scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL)

        written = [body for attributes, body in scripts if "application/json" in attributes]
        self.assertEqual([type(json.loads(body)) for body in written], [dict])
        loaded = {body.strip() for attributes, body in scripts if "src=" in attributes}
        self.assertEqual(loaded, {""})
