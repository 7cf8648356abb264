import time

from django.template.loader import render_to_string
from django.test import SimpleTestCase

from statements.diff import compare, compare_html, count


def read(blocks):
    """Differences as one line a block: +words put in+, -words taken out-."""
    signs = {"same": "", "put-in": "+", "taken-out": "-"}
    return [
        "".join(signs[run.kind] + run.words + signs[run.kind] + run.after for run in block.runs)
        for block in blocks
    ]


class CompareTests(SimpleTestCase):
    def test_words_are_compared_inside_a_block(self):
        for old, new, expected in (
            ("before May.", "before 1 May.", "before +1+ May."),
            ("recognise the unions", "recognise all unions", "recognise -the- +all+ unions"),
            ("No evictions!", "No evictions", "No evictions-!-"),
            ("don't go", "don’t go", "-don't- +don’t+ go"),
            ("صوت العمال", "صوت جميع العمال", "صوت +جميع+ العمال"),
            ("停止镇压", "立即停止镇压", "+立即+停止镇压"),
            ("same  words", "same words", "same words"),
            ("", "new", "+new+"),
            ("old", "", "-old-"),
        ):
            self.assertEqual(read(compare(old, new)), [expected])

    def test_blocks_put_in_or_taken_out_leave_the_others_alone(self):
        old = "<p>One stands.</p><p>Two will go away.</p><ul><li>Three is here</li></ul>"
        new = "<h2>New heading</h2><p>One stands.</p><ul><li>Three was here</li><li>Four</li></ul>"

        blocks = compare_html(old, new)

        self.assertEqual(
            read(blocks),
            [
                "+New heading+",
                "One stands.",
                "-Two will go away.-",
                "Three -is- +was+ here",
                "+Four+",
            ],
        )
        self.assertEqual([block.tag for block in blocks], ["h2", "p", "p", "li", "li"])

    def test_a_change_of_form_alone_is_no_change_of_words(self):
        blocks = compare_html("<p>All <b>power</b></p>", "<p>All po<em>wer</em></p>")

        self.assertEqual([block.is_changed for block in blocks], [False])

    def test_two_long_texts_without_a_common_word_are_compared_in_a_moment(self):
        old = " ".join(f"a{n}" for n in range(20_000))
        new = " ".join(f"a{n} the" for n in range(20_000, 40_000))
        start = time.perf_counter()

        compare_html(f"<p>the {old} the</p>", f"<p>{new}</p>")
        compare_html(f"<p>x {old}</p>", f"<p>{old} y {old[:60]}</p>")

        self.assertLess(time.perf_counter() - start, 5)

    def test_markup_in_compared_words_is_shown_and_not_obeyed(self):
        html = render_to_string("_difference.html", {"blocks": compare("a", "<b>x</b>")})

        self.assertIn("&lt;b&gt;x&lt;/b&gt;", html)
        self.assertNotIn("<b>", html)


class CountTests(SimpleTestCase):
    def test_words_are_counted_whatever_their_order(self):
        self.assertEqual(count(["one two, three"], ["three two", "four five"]), (2, 1))
