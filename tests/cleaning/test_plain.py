import time
import unicodedata

from django.db import DataError, transaction
from django.test import SimpleTestCase, TestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from statements.models import Organisation
from statements.plain import has_many_marks, line
from tests.cleaning.legitimate import LINES
from tests.factories import make_organisation


class LineTests(SimpleTestCase):
    def test_names_and_titles_of_all_scripts_are_kept(self):
        for words in LINES:
            with self.subTest(ascii(words)):
                self.assertEqual(line(words), unicodedata.normalize("NFC", words))

    def test_what_reorders_hides_or_controls_is_dropped(self):
        for words, kept in (
            ("Union\u202egnp.exe", "Uniongnp.exe"),
            ("\u2066Union\u2069 \u200fof\u200e \u061call", "Union of all"),
            ("Uni\u200bon\u2060 \ufeffof\u00ad all", "Union of all"),
            ("a\x00b\x1b[31mc\x7f\x9bd", "ab[31mcd"),
            ("a\ud800b", "ab"),
            ("A\U000e0041\U000e007f", "A"),
            ("two\r\nlines\tand\u2028more\x85still", "two lines and more still"),
            ("  a \u00a0 b\u3000c  ", "a b c"),
            ("cafe\u0301", "café"),
        ):
            with self.subTest(ascii(words)):
                self.assertEqual(line(words), kept)

    def test_marks_that_pile_up_are_cut(self):
        self.assertEqual(line("Z" + "\u0335" * 40 + "algo"), "Z" + "\u0335" * 5 + "algo")
        self.assertEqual(line("a" + "\u20dd" * 9), "a" + "\u20dd" * 5)

    def test_marks_are_counted_on_one_letter(self):
        for words, are_many in (
            ("a" + "\u0301" * 31, True),
            ("a" + "\u0301" * 30, False),
            ("\u4e00\u4e8c" * 50, False),
            ("\u4e00" * 40 + "\U0001e8d0" * 31, True),
            (("a" + "\u0301" * 30) * 3, False),
        ):
            with self.subTest(ascii(words)):
                self.assertEqual(has_many_marks(words, 30), are_many)

    def test_a_flood_of_marks_is_over_soon(self):
        start = time.process_time()
        self.assertEqual(len(line("a" + "\u0316\u0317" * 500_000)), 6)
        self.assertLess(time.process_time() - start, 0.5)

    @settings(max_examples=300, deadline=None, derandomize=True, database=None)
    @given(st.text(alphabet=st.characters(codec=None), max_size=60))
    def test_twice_is_once(self, words):
        once = line(words)
        self.assertEqual(line(once), once)
        self.assertTrue(unicodedata.is_normalized("NFC", once))


class LineFieldTests(TestCase):
    def test_every_way_into_the_database_makes_it_safe(self):
        union = make_organisation("Uni\u202eon")
        self.assertEqual(union.name, "Union")

        Organisation.objects.filter(pk=union.pk).update(name="  A\u202e  b ")
        self.assertEqual(Organisation.objects.get().name, "A b")

        union.name = "Bulk\x07"
        Organisation.objects.bulk_update([union], ["name"])
        self.assertEqual(Organisation.objects.get().name, "Bulk")

    def test_a_line_too_long_is_refused_by_both_databases(self):
        union = make_organisation("x" * 300)
        for write in (
            lambda: make_organisation("x" * 301),
            lambda: Organisation.objects.filter(pk=union.pk).update(name="y" * 301),
        ):
            with self.assertRaises(DataError), transaction.atomic():
                write()
        self.assertEqual(Organisation.objects.get().name, "x" * 300)
