"""What is not public stands in no public answer.

The site is full of words, each in one field: every public address is read, in every language of
the interface. A new text field fails the first test here until somebody says whether visitors
may see it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from urllib.parse import quote, unquote, urlsplit

import pytest
from django.conf import settings
from django.test import TestCase
from django.utils.translation import get_language_from_path
from taggit.models import Tag

from statements.data.workflow import served
from statements.models import (
    Attachment,
    Demand,
    Event,
    Organisation,
    Person,
    Place,
    SearchTerm,
    Text,
)
from statements.search import finding
from statements.search.engines import engine
from statements.search.parsing import parse
from tests.carried import words_of
from tests.columns import ALWAYS, HIDDEN, SHOWN
from tests.routes import ANSWERS, FORMATS, PAGES, make_dump
from tests.worded import WordedSite

RECORDS = {
    "events": Event,
    "organisations": Organisation,
    "demands": Demand,
    "people": Person,
    "tags": Tag,
    "places": Place,
}


class LeakTests(WordedSite, TestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        make_dump()

    def test_every_field_has_a_word_to_look_for(self):
        fields = {
            f"{label}.{name}"
            for label, names in [*SHOWN.items(), *HIDDEN.items()]
            for name in names
            if label not in ALWAYS and not name.endswith("fingerprint")
        }
        tried = {place.split(" ")[0] for place in self.secret.places.values()}

        self.assertEqual(fields - tried, set())

    def addresses(self) -> Iterator[str]:
        """What a visitor could ask for without following a link."""
        yield from ANSWERS
        for route in PAGES:
            if "<" not in route:
                yield f"/{route}"
        for noun, record in self.drafts.items():
            yield f"/{noun}/{record.slug}/"
        yield f"/demands/{self.drafts['demands'].slug}/act/"
        yield f"/statements/{self.drafts['statements'].slug}/versions/"
        for number in (1, 2, 3):
            yield f"/statements/{self.drafts['statements'].slug}/versions/{number}/"
            yield f"/statements/public/versions/{number}/"
        for text in Text.objects.all():
            yield f"/statements/{text.slug}/"
            yield f"/statements/{text.slug}/card/"
            yield f"/oembed?url={settings.SITE_URL}/statements/{text.slug}/"
        for person in Person.objects.all():
            yield f"/people/{person.slug}/"
            yield from self.feeds("people", person.slug)
        for language in ("en", "de", "fr"):
            yield from self.feeds("languages", language)
        for noun, record in self.drafts.items():
            yield from self.feeds(noun, record.slug)
        for noun in ("tag", "place"):
            yield from self.feeds(f"{noun}s", self.filters[noun])
        for attachment in Attachment.objects.all():
            yield f"/media/{attachment.file.name}"
        for name, value in self.filters.items():
            yield f"/statements/?{name}={value}"
        # Words that are in everything here, and the beginnings of those that are in one place.
        for words in ("free OR beside", "zp*", "zq*", "statement OR words OR lower"):
            for noun in ("search", "statements", "events", "organisations", "demands", "people"):
                yield f"/{noun}/?q={quote(words)}"

    def for_programs(self) -> Iterator[str]:
        """The record of everything, public or not, the lists by whatever only drafts have, and all
        that is there to be carried away."""
        yield from (f"/data/{file.name}" for file in served().files)
        for text in Text.objects.all():
            yield f"/api/v1/statements/{text.slug}/"
            yield f"/statements/{text.slug}.json"
            yield f"/api/v1/tombstones/{text.statement_id}/"
        for noun, model in RECORDS.items():
            for record in model.objects.all():
                yield f"/api/v1/{noun}/{getattr(record, 'code', None) or record.slug}/"
        for person in Person.objects.all():
            yield f"/api/v1/people/~{person.pk}/"
        for name, value in self.filters.items():
            yield f"/api/v1/statements/?{name}={value}"
        for words in ("free OR beside", "zp*", "zq*"):
            for noun in ("statements", "events", "organisations", "demands", "people"):
                yield f"/api/v1/{noun}/?q={quote(words)}"

    def feeds(self, noun: str, address: str) -> Iterator[str]:
        return (f"/feeds/{noun}/{address}.{one}" for one in FORMATS)

    def crawl(self, first: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Addresses and every one that their answers link to in the same language, with what each
        says."""
        waiting = list(first)
        seen, language = set(waiting), get_language_from_path(waiting[0])
        while waiting:
            address = waiting.pop()
            response = self.client.get(address)
            content = b"".join(response) if response.streaming else response.content
            body = words_of(content)
            yield address, unescape(unquote(body)) + unquote(str(dict(response.items())))
            links = re.findall(r'(?:href|src|action)="([^"]+)"', body)
            links.append(response.get("Location", ""))
            for link in map(unescape, links):
                # Two filters at once show nothing that one of them does not.
                is_page = link.startswith("/") and not link.startswith(("/static/", "/admin"))
                is_page = is_page and get_language_from_path(link) == language
                link = link.partition("#")[0]
                if is_page and urlsplit(link).query.count("=") < 2 and link not in seen:
                    seen.add(link)
                    waiting.append(link)

    def assert_no_leak(self, first: Iterable[str]) -> set[str]:
        """Of the words that are public those that were met."""
        self.maxDiff = None
        leaks, met = {}, set()
        for address, text in self.crawl(first):
            # What a visitor typed into the address may come back to that visitor.
            typed = self.secret.within(address)
            for word in self.secret.within(text) - typed:
                leaks.setdefault(self.secret.places[word], address)
            met |= self.public.within(text)
        self.assertEqual(leaks, {})
        return met

    def test_what_is_not_public_stands_nowhere_and_what_is_public_does(self):
        met = self.assert_no_leak([*self.addresses(), *self.for_programs()])

        unmet = {place for word, place in self.public.places.items() if word not in met}
        self.assertEqual(unmet, set())

    @pytest.mark.once
    def test_what_is_not_public_stands_nowhere_in_other_languages(self):
        for code, _name in settings.LANGUAGES:
            if code != settings.LANGUAGE_CODE:
                with self.subTest(code):
                    self.assert_no_leak(f"/{code}{address}" for address in self.addresses())

    def test_nothing_is_found_by_a_word_that_is_not_public(self):
        for word, place in self.secret.places.items():
            found = finding.statements(parse(word)).statements
            records = finding.records(parse(word), (2, 3, 4, 5), 5)
            with self.subTest(place):
                self.assertEqual(
                    (found, any(records.values()), engine().has(word)), ([], False, False)
                )
        self.assertEqual(
            [one for one in SearchTerm.objects.all() if self.secret.within(one.word)], []
        )

    def test_a_draft_has_no_address(self):
        for noun, record in self.drafts.items():
            with self.subTest(noun):
                self.assertEqual(self.client.get(f"/{noun}/{record.slug}/").status_code, 404)
                for feed in self.feeds(noun, record.slug):
                    self.assertEqual(self.client.get(feed).status_code, 404, feed)
