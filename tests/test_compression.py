"""What is compressed, and that nobody can guess a form's token from how small a page becomes."""

import gzip
import re

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, SimpleTestCase, TestCase

from solidarity.compression import CompressionMiddleware
from tests.factories import make_text

# What is asked here is the same on any database.
pytestmark = pytest.mark.once

GZIP = {"accept-encoding": "gzip"}
WORDS = b"No evictions. " * 100


def encoding_of(content_type):
    asked = RequestFactory().get("/", headers=GZIP)
    answer = CompressionMiddleware(lambda _: HttpResponse(WORDS, content_type=content_type))(asked)
    return answer.get("Content-Encoding")


class KindTests(SimpleTestCase):
    def test_text_is_compressed_whatever_it_is_for(self):
        for kind in (
            *("text/html; charset=utf-8", "text/plain", "text/csv", "TEXT/CSS"),
            *("application/json", "application/atom+xml; charset=utf-8", "image/svg+xml"),
        ):
            with self.subTest(kind):
                self.assertEqual(encoding_of(kind), "gzip")

    def test_what_is_compressed_already_is_left_alone(self):
        for kind in (
            *("image/png", "image/jpeg", "image/webp", "image/gif", "application/pdf"),
            *("application/zip", "font/woff2", "application/octet-stream", ""),
        ):
            with self.subTest(kind):
                self.assertIsNone(encoding_of(kind))


class PageTests(TestCase):
    def test_a_page_is_compressed_for_those_who_can_read_that(self):
        make_text("No evictions", slug="no-evictions")
        plain = self.client.get("/statements/no-evictions/")
        small = self.client.get("/statements/no-evictions/", headers=GZIP)

        self.assertNotIn("Content-Encoding", plain)
        self.assertEqual(small["Content-Encoding"], "gzip")
        self.assertEqual(gzip.decompress(small.content), plain.content)

    def test_the_token_of_a_form_is_written_anew_each_time_and_the_size_says_nothing(self):
        answers = [self.client.get("/submit/abcdefghijkm/sender/", headers=GZIP) for _ in range(12)]
        pages = [gzip.decompress(one.content).decode() for one in answers]
        tokens = {
            re.search('name="csrfmiddlewaretoken" value="([^"]+)"', page)[1] for page in pages
        }

        self.assertEqual(len(tokens), 12)
        self.assertEqual(len({one.cookies["csrf"].value for one in answers}), 1)
        self.assertGreater(len({len(one.content) for one in answers}), 3)
