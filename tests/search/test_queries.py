"""Whatever is typed is a query, and none is an error, on either database."""

from urllib.parse import quote

from django.db import connection
from django.test import SimpleTestCase, TestCase
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from statements.models import SearchEntry
from statements.search import finding, highlighting, suggesting
from statements.search.parsing import LONGEST, MOST_TERMS, parse, without_filters
from tests.factories import make_text

# Every one of these is an error where it is given to FTS5 or to tsquery as it is.
SYNTAX = (
    *('foo"bar', "a-b", "x:y", "(", ")", "*", "it's", "AND", "OR", "NOT", "NEAR(a b)", "a:*", "\\"),
    *(
        "!a",
        "a & b",
        "a | b",
        "a <-> b",
        "-",
        "--",
        '"',
        "''",
        "{a}",
        "^a",
        "a*b",
        "+",
        "%",
        "a\x00b",
    ),
    *("a\x00b", "-a", "- OR -", "OR OR a", '"" ""', "tag:", 'tag:"', "org:( lang:%", "from:'"),
    *(
        "lang:x-y-z",
        "-org:( a -lang:%",
        "\ue000en",
        "\ue002a",
        "\u200d",
        "\u0301",
        "\U000e0041",
        "ﷺ",
        "½",
        "a" * 5000,
        "a b " * 500,
    ),
)
TYPED = (
    *("a", "b*", '"c d"', "-e", '-"f g"', "OR", "|", "tag:x", "tag:y", "-tag:x", "tag: z"),
    *(
        "lang:de",
        "place:FR",
        'org:"of Example"',
        "-org:Union",
        "tag:",
        "from:",
        "-place:",
        "h",
        '"',
        "-",
    ),
)
PIECES = st.one_of(st.text(max_size=12), st.sampled_from(SYNTAX), st.just("words"))


class AnyQueryTests(HypothesisTestCase):
    @classmethod
    def setUpTestData(cls):
        make_text("Some words", body="<p>it's foo-bar (x:y)</p>")

    def ask(self, typed):
        query = parse(typed)
        finding.statements(query)
        finding.records(query, [SearchEntry.Kind.EVENT], 5)
        suggesting.suggestion(query, typed)
        shown = highlighting.passage(["it's foo-bar"], highlighting.Wanted.of(query), "en")
        self.assertEqual("".join(piece.text for piece in shown), "it's foo-bar")

    def test_what_is_syntax_elsewhere(self):
        for typed in SYNTAX:
            with self.subTest(typed):
                self.ask(typed)
                page = f"/search/?q={quote(typed)}"
                # What no text can hold is refused at every address of the site.
                refused = 400 if "\x00" in typed else 200
                self.assertEqual(self.client.get(page).status_code, refused)

    @settings(max_examples=60, deadline=None)
    @given(st.lists(PIECES, max_size=6).map(" ".join))
    def test_any_characters(self, typed):
        self.ask(typed)


class WhatIsLeftTests(SimpleTestCase):
    @settings(max_examples=600, deadline=None)
    @given(st.lists(st.sampled_from(TYPED), max_size=40).map(" ".join), st.randoms())
    def test_without_some_filters_the_rest_means_what_it_meant(self, typed, random):
        whole = parse(typed)
        alone = [group[0] for group in whole.filters if len(group) == 1]
        taken = set(random.sample(alone, random.randint(0, len(alone))))

        rest = parse(without_filters(typed, taken))

        self.assertEqual(
            [group for group in whole.filters if len(group) > 1 or group[0] not in taken],
            list(rest.filters),
        )
        self.assertEqual(
            (whole.clauses, whole.excluded, whole.excluded_filters),
            (rest.clauses, rest.excluded, rest.excluded_filters),
        )
        self.assertFalse(rest.is_cut or rest.has_stray_or)


class ParsingTests(SimpleTestCase):
    def words(self, typed):
        return [[leaf.words for leaf in clause] for clause in parse(typed).clauses]

    def test_words_phrases_and_alternatives(self):
        self.assertEqual(
            self.words('strike OR lockout Paris "no evictions" | rents'),
            [[("strike",), ("lockout",)], [("paris",)], [("no", "evictions"), ("rents",)]],
        )

    def test_what_is_left_out_is_looked_for_nowhere(self):
        query = parse('rents -police -"of the city"')
        self.assertEqual(self.words('rents -police -"of the city"'), [[("rents",)]])
        self.assertEqual(
            [leaf.words for leaf in query.excluded], [("police",), ("of", "the", "city")]
        )
        self.assertFalse(parse("-police").has_words)

    def test_the_last_word_may_go_on_and_a_phrase_may_not(self):
        self.assertEqual(
            [clause[-1].is_prefix for clause in parse("a be* cd ef").clauses],
            [False, True, False, True],
        )
        self.assertFalse(parse('"ef"').clauses[0][0].is_prefix)

    def test_filters(self):
        query = parse('tag:housing org:"Tenants of Example" LANG:de rents')
        self.assertEqual(
            query.filters,
            ((("tag", "housing"),), (("org", "Tenants of Example"),), (("lang", "de"),)),
        )

    def test_one_filter_or_another(self):
        query = parse("tag:a OR tag:b | place:FR rents OR bread lang:de OR strike tag:c")

        self.assertEqual(
            query.filters,
            (
                (("tag", "a"), ("tag", "b"), ("place", "FR")),
                (("lang", "de"),),
                (("tag", "c"),),
            ),
        )
        self.assertEqual(
            [[leaf.words[0] for leaf in clause] for clause in query.clauses],
            [["rents", "bread"], ["strike"]],
        )
        many = parse(" OR ".join(f"tag:t{number}" for number in range(MOST_TERMS + 1)))
        self.assertEqual((many.is_cut, len(many.filters[0])), (True, MOST_TERMS))
        for query in (parse("tag:a " * 9 + "-tag:b " * 9), parse("-tag:b tag:a " * 7)):
            self.assertTrue(query.is_cut)

    def test_or_joins_two_words_or_two_filters_and_nothing_else(self):
        for typed, clauses, filters in (
            ("a1 OR b1 c1", [["a1", "b1"], ["c1"]], []),
            ("a1 OR tag:x b1", [["a1"], ["b1"]], [["x"]]),
            ("tag:x OR a1 OR tag:y", [["a1"]], [["x"], ["y"]]),
            ("a1 OR -b1 c1", [["a1"], ["c1"]], []),
            ("a1 -b1 OR c1", [["a1"], ["c1"]], []),
            ("tag:x OR -tag:y", [], [["x"]]),
            ("-tag:y | tag:x", [], [["x"]]),
        ):
            query = parse(typed)
            with self.subTest(typed):
                self.assertEqual(
                    [[leaf.words[0] for leaf in clause] for clause in query.clauses], clauses
                )
                self.assertEqual([[value for _f, value in one] for one in query.filters], filters)
                self.assertEqual(query.has_stray_or, typed != "a1 OR b1 c1")
        for typed in ("OR a1", "a1 OR", "OR", "tag:x OR"):
            self.assertFalse(parse(typed).has_stray_or)

    def test_what_is_left_when_filters_are_taken_out_means_the_same(self):
        x = {("tag", "x")}
        for typed, left in {
            "a OR tag:x b": "a b",
            "a tag:x OR": "a",
            "tag:x OR tag:y tag:x": "tag:x OR tag:y",
            "tag:y OR tag:x -tag:x": "tag:y OR tag:x -tag:x",
            "from: tag:x Armenia": "from Armenia",
            'a tag:x"': "a",
            "a OR b tag: x | c": "a OR b c",
        }.items():
            with self.subTest(typed):
                self.assertEqual(without_filters(typed, x), left)

    def test_quotation_marks_of_one_kind_hold_those_of_another(self):
        for typed, value in {
            'org:"Центр «Таморо»"': "Центр «Таморо»",
            "org:«Центр Таморо»": "Центр Таморо",
            "org:“Tenants of Example”": "Tenants of Example",
            "org:„Mieter von Beispiel“": "Mieter von Beispiel",
            'org:"Tenants of': "Tenants of",
        }.items():
            self.assertEqual(parse(typed).filters, ((("org", value),),))
        words = parse('"the «very» words" more').clauses[0][0].words
        self.assertEqual(words, ("the", "very", "words"))

    def test_filters_to_leave_out(self):
        typed = 'rents -tag:housing –ORG:"Tenants of Example" lang:de self-tag:none'
        query = parse(typed)

        self.assertEqual(query.filters, ((("lang", "de"),),))
        self.assertEqual(
            query.excluded_filters, (("tag", "housing"), ("org", "Tenants of Example"))
        )
        self.assertEqual(query.excluded, ())
        self.assertEqual(
            without_filters(typed, {("lang", "de"), ("tag", "housing")}),
            typed.replace("lang:de ", ""),
        )

    def test_what_is_too_long_is_cut_off_and_said(self):
        tags = " ".join(f"-tag:{number}" for number in range(MOST_TERMS + 1))
        for typed in ("a" * (LONGEST + 1), "word " * (MOST_TERMS + 1), tags):
            self.assertTrue(parse(typed).is_cut)
        self.assertEqual(len(parse("word " * 40).clauses), MOST_TERMS)


class CostTests(TestCase):
    def test_a_page_of_three_asks_no_more_than_one_of_one(self):
        def count():
            with CaptureQueriesContext(connection) as queries:
                self.client.get("/search/?q=words")
            return len(queries)

        for number in range(3):
            make_text(f"Example {number}", tags=["housing"])
        three = count()
        for number in range(3):
            make_text(f"Further {number}", tags=["housing"])

        self.assertEqual(count(), three)
        self.assertLessEqual(three, 30)
