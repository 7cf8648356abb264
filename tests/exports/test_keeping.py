"""Files that were made are kept: found by all that they were made of, and in nobody's way."""

from unittest import mock

from django.core.cache import cache
from django.test import SimpleTestCase

from statements.exports import keeping


class KeepingTests(SimpleTestCase):
    def setUp(self):
        cache.clear()

    def test_what_is_kept_is_found_by_all_that_it_was_made_of(self):
        for keep in (keeping.kept, keeping.kept_long):
            with self.subTest(keep.__name__):
                self.assertEqual(keep(("a", "b"), lambda: b"one"), b"one")
                self.assertEqual(keep(("a", "b"), lambda: b"other"), b"one")
                self.assertEqual(keep(("a", "c"), lambda: b"other"), b"other")

    def test_of_long_files_few_are_kept(self):
        with mock.patch.object(keeping, "MOST_LONG", 1):
            keeping.kept_long(["a"], lambda: b"one")
            keeping.kept_long(["b"], lambda: b"two")

            self.assertEqual(keeping.kept_long(["a"], lambda: b"anew"), b"anew")

    def test_one_that_cannot_be_made_stands_in_nobodys_way(self):
        def fail():
            raise ValueError

        with self.assertRaises(ValueError):
            keeping.kept_long(["a"], fail)
        self.assertEqual(keeping.kept_long(["a"], lambda: b"one"), b"one")
