"""The part of a text that shows what was found: what stands in it is marked, all of it."""

import random
import re

from django.test import SimpleTestCase, TestCase

from statements.models import Naming, Revision
from statements.search import workflow
from statements.search.highlighting import LONGEST, STRETCH, Wanted, passage
from statements.search.parsing import parse
from tests.factories import make_person, make_text

FILLER = "lorem ipsum dolor sit amet "


class PassageTests(SimpleTestCase):
    def shown(self, query, text, language="en"):
        return passage([text], Wanted.of(parse(query)), language)

    def marked(self, *asked):
        return [piece.text for piece in self.shown(*asked) if piece.is_found]

    def test_a_word_far_into_a_text_is_found(self):
        for times in (0, 1, STRETCH // len(FILLER), 3 * STRETCH // len(FILLER), 400):
            with self.subTest(times):
                self.assertEqual(
                    self.marked("strike", FILLER * times + "the strike goes on"), ["strike"]
                )

    def test_all_of_them_are_marked_wherever_a_stretch_ends(self):
        for gap in range(0, LONGEST // 2, 3):
            text = f"{FILLER * 8}{'x' * gap} striking {FILLER * 4}strikes {FILLER * 9}"
            with self.subTest(gap):
                self.assertEqual(self.marked("strike", text), ["striking", "strikes"])

    def test_whatever_is_shown_is_marked(self):
        dice = random.Random(8)
        for _n in range(300):
            words = dice.choices([*FILLER.split() * 6, "strike", "strikes", "striking"], k=150)
            pieces = self.shown("strike", " ".join(words))
            plain = "".join(piece.text for piece in pieces if not piece.is_found)
            self.assertIsNone(re.search(r"\bstrik(e|es|ing)\b", plain), pieces)

    def test_what_stands_apart_in_a_text_does_so_in_its_passage(self):
        pieces = passage(["Strike at the works", "We join it."], Wanted.of(parse("strike")), "en")
        self.assertEqual(
            [piece.text for piece in pieces], ["Strike", " at the works · We join it."]
        )

    def test_scripts_without_spaces(self):
        sentence = "我们要求立即释放被捕的工人。"
        text = sentence * 30 + "罢工还在继续，罢工不会停止。" + sentence * 30

        self.assertEqual(self.marked("罢工", text, "zh"), ["罢工", "罢工"])
        self.assertEqual(self.marked("罢工", sentence * 60, "zh"), [])

    def test_of_a_word_that_the_edge_of_a_passage_cuts_the_rest_is_marked(self):
        without_spaces = "学结束" + "我们要求释" * 50 + "我" * 6 + "结果" + "我们" * 50
        self.assertEqual(self.marked("结", without_spaces, "zh"), ["结束", "结"])
        long = "strike" + "a1b2" * 80
        self.assertEqual(self.marked("strike", f"see {long} end"), [long[: LONGEST - len("see ")]])


class StoredPastTheFieldsTests(TestCase):
    def test_a_name_that_is_withheld_is_not_shown_and_not_found(self):
        person = make_person("Ana Quux", shown_as="withheld")
        for stored in ("Ana\u202d Quux", "A\x07na Quux", "Ana<!-- > --> Quux"):
            text = make_text("No evictions", body="<p>Free Ana Quux of the strike!</p>")
            Naming.objects.create(text=text, person=person, spelling="Ana Quux")
            Revision.objects.filter(text=text).update(body=f"<p>Free {stored} of the strike!</p>")
            workflow.statements_changed([text.statement_id])
            with self.subTest(stored):
                page = self.client.get("/search/", {"q": "strike"})

                self.assertContains(page, "[name withheld]")
                self.assertNotContains(page, "Quux")
                self.assertContains(
                    self.client.get("/search/", {"q": "quux"}), "No published statement"
                )
            text.statement.delete()
