"""Every column with words is either shown to visitors or hidden from them: see columns.py."""

from django.test import SimpleTestCase

from tests.columns import HIDDEN, SHOWN, tables, text_fields


class TableTests(SimpleTestCase):
    def test_every_text_field_is_said_to_be_shown_or_hidden(self):
        self.maxDiff = None
        said = {
            label: SHOWN.get(label, set()) | HIDDEN.get(label, set()) for label in SHOWN | HIDDEN
        }
        there = {
            model._meta.label: {field.name for field in text_fields(model)} for model in tables()
        }

        self.assertEqual(said, {label: names for label, names in there.items() if names})

    def test_nothing_is_both(self):
        for label in SHOWN.keys() & HIDDEN.keys():
            self.assertEqual(SHOWN[label] & HIDDEN[label], set())
