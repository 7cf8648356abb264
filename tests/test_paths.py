"""Paths of records are those that Django would find by itself."""

from django.conf import settings
from django.test import SimpleTestCase
from django.test.utils import override_script_prefix
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from statements.paths import path_of

SLUGS = ("no-evictions", "свободу", "100%", "a b", "o'neill", "-record-", "?x=1", "a%2Fb", "..")


class PathTests(SimpleTestCase):
    def test_they_are_what_reverse_gives_in_every_language(self):
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                for slug in SLUGS:
                    with self.subTest(language=language, slug=slug):
                        self.assertEqual(
                            path_of("pages:demand", slug), reverse("pages:demand", args=[slug])
                        )

    def test_they_follow_the_prefix_of_the_site(self):
        usual = path_of("pages:event", "strike")
        with override_script_prefix("/archive/"):
            self.assertEqual(path_of("pages:event", "strike"), "/archive/events/strike/")

        self.assertEqual([usual, path_of("pages:event", "strike")], ["/events/strike/"] * 2)

    def test_what_is_no_part_of_a_path_is_refused_as_ever(self):
        for slug in ("", "a/b"):
            with self.subTest(slug=slug), self.assertRaises(NoReverseMatch):
                path_of("pages:event", slug)
