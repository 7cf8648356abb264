"""Whatever bytes come: the reader refuses with its own error, or keeps every word in order."""

import re

from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from statements.importers import text
from statements.importers.decoding import decode
from statements.importers.draft import NotReadable, Part

LINES = st.one_of(
    st.sampled_from(
        [
            *("", "", "\f", "PS: note", "2", "Page 2 of 3", "- a point", "  indented line"),
            *("We demand bread!", "One Union", "the end of a re-", "election,", "а\u00ad", "و"),
            *("A heading", "We call on all.", "please donate towards this article", "x " * 90),
        ]
    ),
    st.text(max_size=40),
)


def letters(words):
    """The words of a text as one run: joining lines may take a hyphen, and nothing else."""
    return re.sub(r"[\s\-\u2010\u00ad\f]", "", words)


class WordTests(SimpleTestCase):
    @given(st.binary(max_size=200))
    @settings(deadline=None)
    def test_any_bytes_are_read_or_refused(self, data):
        self.read(data)

    @given(st.lists(LINES, max_size=30))
    @settings(deadline=None, max_examples=300)
    def test_no_word_is_lost_and_none_changes_its_place(self, lines):
        self.read("\n".join(lines).encode("utf-8", "ignore"))

    def read(self, data):
        try:
            draft = text.read(data)
        except NotReadable as error:
            self.assertNotIn("\n", str(error))
            return
        words = letters(decode(data))
        marks = draft.of(Part.PAGE_MARK)
        kept = letters("".join(passage.words for passage in draft.passages))
        if marks:
            # A mark may stand within the lines of a paragraph, and is put after it.
            words, kept = sorted(words), sorted(kept)
        self.assertEqual(kept, words)
