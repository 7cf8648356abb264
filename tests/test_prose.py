from django.test import SimpleTestCase

from statements.naming import Concealed
from statements.prose import Prose, Span


def claims_of(prose, *quotations):
    """A span for each quotation, numbered from 1."""
    found = []
    for number, words in enumerate(quotations, 1):
        start, end = prose.find(words)
        found.append(
            Span(start, end, number, f"words-{number}", f"demand-{number}", "organisation", "D")
        )
    return found


def mark(words, number=1, is_first=True):
    anchor = f' id="words-{number}"' if is_first else ""
    return f'<mark class="claim organisation"{anchor}>{words}</mark>'


def ref(number=1):
    return f'<a class="ref" href="#demand-{number}" aria-label="D">{number}</a>'


class MarkTests(SimpleTestCase):
    def assert_marked(self, html, quotations, *expected):
        prose = Prose(html)
        blocks = prose.blocks(claims_of(prose, *quotations))
        self.assertEqual([str(block.html) for block in blocks], list(expected))

    def test_words_inside_a_paragraph(self):
        self.assert_marked(
            "<p>We say: pay &amp; rest.</p>",
            ["pay & rest"],
            f"<p>We say: {mark('pay &amp; rest')}{ref()}.</p>",
        )

    def test_words_across_inline_tags(self):
        self.assert_marked(
            "<p>We <strong>demand free</strong> elections now</p>",
            ["demand free elections"],
            f"<p>We <strong>{mark('demand free')}</strong>"
            f"{mark(' elections', is_first=False)}{ref()} now</p>",
        )

    def test_words_across_other_white_space(self):
        for written in ("free\u00a0elections", "free\n  elections", "free<br>elections"):
            with self.subTest(written):
                prose = Prose(f"<p>{written}</p>")
                self.assertEqual(prose.find("free elections"), (1, len(prose.text) - 1))

    def test_words_that_stand_twice_are_marked_where_they_first_stand(self):
        self.assert_marked(
            "<p>No! No!</p><p>No!</p>", ["No!"], f"<p>{mark('No!')}{ref()} No!</p>", "<p>No!</p>"
        )

    def test_quotations_that_overlap(self):
        self.assert_marked(
            "<p>free elections now</p>",
            ["free elections", "elections now"],
            f"<p>{mark('free ')}"
            f"{mark(mark('elections', is_first=False), 2)}{ref(1)}"
            f"{mark(' now', 2, is_first=False)}{ref(2)}</p>",
        )

    def test_a_quotation_inside_another_one(self):
        self.assert_marked(
            "<p>all of it</p>",
            ["all of it", "of"],
            f"<p>{mark('all ')}{mark(mark('of', is_first=False), 2)}{ref(2)}"
            f"{mark(' it', is_first=False)}{ref(1)}</p>",
        )

    def test_arabic_words(self):
        self.assert_marked(
            "<p>نطالب بانتخابات حرة الآن</p>",
            ["انتخابات حرة"],
            f"<p>نطالب ب{mark('انتخابات حرة')}{ref()} الآن</p>",
        )

    def test_words_in_an_entry_of_a_list(self):
        self.assert_marked(
            "<ul>\n<li>Pay</li>\n<li>Rest</li>\n</ul>",
            ["Rest"],
            f"<ul>\n<li>Pay</li>\n<li>{mark('Rest')}{ref()}</li>\n</ul>",
        )

    def test_words_in_a_table_never_mark_what_stands_between_its_cells(self):
        self.assert_marked(
            "<table><tbody><tr>\n<td>Pay</td>\n<td>now</td></tr></tbody></table>",
            ["Pay now"],
            f"<table><tbody><tr>\n<td>{mark('Pay')}</td>\n"
            f"<td>{mark('now', is_first=False)}{ref()}</td></tr></tbody></table>",
        )

    def test_words_across_two_paragraphs(self):
        self.assert_marked(
            "<p>Pay</p>\n<p>now!</p>",
            ["Pay now"],
            f"<p>{mark('Pay')}</p>",
            f"<p>{mark('now', is_first=False)}{ref()}!</p>",
        )

    def test_the_number_of_words_in_a_link_follows_the_link(self):
        html = str(Prose('<p><a href="https://example.org/">pay now</a> and rest</p>').html)
        expected = html.replace("pay", mark("pay")).replace("</a>", f"</a>{ref()}", 1)
        self.assert_marked(html, ["pay"], expected)

    def test_markup_in_words_is_shown_and_not_obeyed(self):
        self.assert_marked(
            "<p>a &lt;b&gt; c</p>", ["<b>"], f"<p>a {mark('&lt;b&gt;')}{ref()} c</p>"
        )

    def test_a_title_is_marked_as_a_line(self):
        prose = Prose.of_line("Pay & rest")

        self.assertEqual(
            str(prose.marked(claims_of(prose, "rest"))), f"Pay &amp; {mark('rest')}{ref()}"
        )

    def test_words_that_are_nowhere(self):
        prose = Prose("<p>One</p><p>Two</p>")

        self.assertEqual([prose.find("OneTwo"), prose.find("three"), prose.find(" ")], [None] * 3)
        self.assertIsNotNone(prose.find("One Two"))


class BlockTests(SimpleTestCase):
    def test_a_text_is_cut_at_its_top_level(self):
        html = (
            "<h2>Title</h2>\n<p>One</p>\n\n<blockquote><p>Two</p><p>Three</p></blockquote>"
            "<hr>\n<ul><li>Four</li></ul>"
        )
        blocks = Prose(html).blocks()

        self.assertEqual([block.tag for block in blocks], ["h2", "p", "blockquote", "hr", "ul"])
        self.assertEqual("".join(block.html for block in blocks), html.replace("\n", ""))

    def test_words_that_stand_in_no_block_become_a_paragraph(self):
        blocks = Prose("One <b>two</b><br>three\n<p>Four</p>five<br>").blocks()

        self.assertEqual(
            [block.html for block in blocks],
            ["<p>One <b>two</b><br>three\n</p>", "<p>Four</p>", "<p>five<br></p>"],
        )

    def test_an_empty_text_has_no_blocks(self):
        self.assertEqual(Prose("").blocks() + Prose(" \n<br>").blocks(), [])

    def test_blocks_know_the_claims_that_begin_in_them(self):
        prose = Prose("<p>One</p><p>Two three</p>")
        blocks = prose.blocks(claims_of(prose, "three", "One"))

        self.assertEqual([[span.number for span in block.spans] for block in blocks], [[2], [1]])


class ConcealedProseTests(SimpleTestCase):
    def test_a_name_is_replaced_across_tags_and_the_rest_stays(self):
        for html, expected in (
            ("<p>Free Ana Quux!</p>", "<p>Free [gap]!</p>"),
            ("<p>Free A<b>na Qu</b>ux!</p>", "<p>Free [gap]<b></b>!</p>"),
            ("<p>Ana&nbsp;Quux and ana\nquux</p>", "<p>[gap] and [gap]</p>"),
            (
                "<table><tbody><tr><td>Ana Quux</td></tr></tbody></table>",
                "<table><tbody><tr><td>[gap]</td></tr></tbody></table>",
            ),
            ("<p>Ana Quuxova</p>", "<p>Ana Quuxova</p>"),
        ):
            with self.subTest(html):
                prose = Prose(html, [Concealed("Ana Quux", "[gap]")])
                self.assertEqual(prose.html, expected)

    def test_what_stands_in_place_is_escaped(self):
        prose = Prose("<p>Ana</p>", [Concealed("Ana", "<b>")])

        self.assertEqual(prose.html, "<p>&lt;b&gt;</p>")

    def test_claims_are_found_in_the_words_as_shown(self):
        prose = Prose("<p>Now free Ana Quux, we say</p>", [Concealed("Ana Quux", "[gap]")])

        self.assertEqual(
            prose.blocks(claims_of(prose, "free [gap]"))[0].html,
            f"<p>Now {mark('free [gap]')}{ref()}, we say</p>",
        )
