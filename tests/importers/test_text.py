from django.test import SimpleTestCase

from statements.importers.draft import NotReadable, Part, sentences
from statements.importers.text import read
from statements.models import Suggestion

PROSE = (
    "The harbour stands still since Monday, and nobody from the company has spoken with us about\n"
    "the wages that it owes to everybody who worked here in the spring of this year."
)
JOINED = PROSE.replace("\n", " ")
MORE = "We have waited long enough for an answer, and so have our families in the town."


def draft(text, **options):
    return read(text.encode(), **options)


def noted(found, kind):
    return [seen.words for seen in found.seen if seen.kind == kind]


class PartTests(SimpleTestCase):
    def test_without_a_second_title_everything_after_the_title_is_body(self):
        found = draft(f"Pay the dockers\n\n{PROSE}\n\n{MORE}\n\nExample Dockers’ Union\n")

        self.assertEqual(
            (found.title, found.introduction, found.original_title, found.body),
            ("Pay the dockers", [], "", [JOINED, MORE, "Example Dockers’ Union"]),
        )

    def test_a_second_title_alone_on_its_line_ends_the_introduction(self):
        found = draft(f"From the harbour\n\n{MORE}\n\nPay the dockers\n\n{PROSE}\n")

        self.assertEqual(
            (found.introduction, found.original_title, found.body),
            ([MORE], "Pay the dockers", [JOINED]),
        )

    def test_a_title_may_stand_on_its_text_without_a_blank_line(self):
        found = draft(f"Pay the dockers\n{PROSE}\n")

        self.assertEqual((found.title, found.body), ("Pay the dockers", [JOINED]))

    def test_a_title_of_two_lines_is_joined(self):
        found = draft(f"Pay the dockers of the harbour\nand of the river\n\n{PROSE}\n")

        self.assertEqual(found.title, "Pay the dockers of the harbour and of the river")

    def test_a_file_of_one_line_is_a_title(self):
        self.assertEqual(draft("Pay!").of(*Part), ["Pay!"])

    def test_a_long_paragraph_is_no_title(self):
        with self.assertRaisesMessage(NotReadable, "The file has no title"):
            draft("word " * 80)

    def test_a_signature_of_many_lines_keeps_them_and_its_date_is_no_author(self):
        found = draft(f"Pay\n\n{PROSE}\n\nSigned by:\nOne Union\nAnother Union\n\n8 August 2020\n")

        self.assertEqual(
            found.signature, ["Signed by:", "One Union", "Another Union", "8 August 2020"]
        )
        self.assertEqual(
            noted(found, Suggestion.Kind.NOT_AN_AUTHOR), ["Signed by:", "8 August 2020"]
        )

    def test_names_and_a_date_that_close_a_text_are_not_its_second_title(self):
        found = draft(f"Pay\n\n{PROSE}\n\nRiverside Tenants’ Circle\n1 October 2026\n")

        self.assertEqual((found.introduction, found.original_title), ([], ""))
        self.assertEqual(found.signature, ["Riverside Tenants’ Circle", "1 October 2026"])

    def test_a_text_that_nobody_signed_says_so(self):
        found = draft(f"Pay\n\n{PROSE}\n")

        self.assertEqual(noted(found, Suggestion.Kind.NO_SIGNATURE), [""])

    def test_a_postscript_of_the_organisation_stays(self):
        found = draft(f"Pay\n\n{PROSE}\n\nOne Union\nP.S. Bring your drums. Donate to our fund.\n")

        self.assertEqual(found.postscript, ["P.S. Bring your drums. Donate to our fund."])
        self.assertEqual(found.appeal, [])

    def test_our_own_appeal_is_left_out_without_any_mark(self):
        appeal = "This archive is paid for by those who read it."
        found = draft(f"Pay\n\n{PROSE}\n\nOne Union\n\n{appeal}\n", appeals=[f"{appeal} Thanks."])

        self.assertEqual((found.signature, found.appeal), (["One Union"], [appeal]))

    def test_slogans_are_the_exclamations_that_close_the_text(self):
        found = draft(f"Pay\n\n{PROSE} Enough!\n\nPay now!\nNo “pay later”!\n\nOne Union")

        self.assertEqual(found.slogans, ["Pay now!", "No “pay later”!"])
        self.assertEqual(found.body[1], "Pay now!\nNo “pay later”!")

    def test_the_language_is_the_commonest_of_the_script(self):
        self.assertEqual(
            [draft(title).language for title in ("Löhne", "Бастующим", "لا للقمع", "12 ½ x")],
            ["en", "ru", "ar", "en"],
        )
        self.assertEqual(draft("Löhne", language="de").language, "de")


class DemandTests(SimpleTestCase):
    def test_demanding_words_are_seen_in_six_languages(self):
        sentences_that_demand = [
            "We call on the city to stop.",
            "Wir fordern Lohn.",
            "Nous exigeons leur libération.",
            "Exigimos su liberación.",
            "Мы требуем свободы.",
            "نطالب بالحرية.",
        ]
        for words in sentences_that_demand:
            with self.subTest(words):
                found = draft(f"Title\n\nThe sun rose. {words} It set again.")
                self.assertEqual(noted(found, Suggestion.Kind.DEMAND), [words])

    def test_a_sentence_without_them_is_no_demand(self):
        found = draft("Title\n\nThe commander was recalled. Forderungen? Nous demeurons. Право.")

        self.assertEqual(noted(found, Suggestion.Kind.DEMAND), [])

    def test_a_sentence_ends_only_where_a_new_one_can_begin(self):
        self.assertEqual(
            list(sentences("He said “Stop!” and left. “Why?” ¿Cuándo? e.g. this… or that")),
            ["He said “Stop!” and left.", "“Why?”", "¿Cuándo? e.g. this… or that"],
        )


class LayoutTests(SimpleTestCase):
    def body(self, text):
        return draft(f"Title\n\n{text}").body

    def test_hyphens_go_only_where_it_is_certain(self):
        known = "Democratic rights and the re-election. "
        for lines, words in [
            ("a soft\u00ad\nware", "a software"),
            ("for demo-\ncratic rights", "for democratic rights"),
            ("his re-\nelection was", "his re-election was"),
            ("killed -\nthat is", "killed - that is"),
            ("left-\nand right-wing", "left- and right-wing"),
            ("the left-\nwing press", "the left-wing press"),
            ("Covid-\n19 was", "Covid- 19 was"),
        ]:
            with self.subTest(lines):
                self.assertEqual(self.body(known + lines), [known + words])

    def test_a_hyphen_that_may_or_may_not_belong_is_noted(self):
        found = draft("Title\n\nThe left-\nwing press and the re-\nelection. A re-election.")

        self.assertEqual(noted(found, Suggestion.Kind.HYPHEN), ["left-wing"])

    def test_a_list_keeps_its_lines(self):
        self.assertEqual(
            self.body("We want\n- bread and\n  roses\n- peace\n1. now"),
            ["We want\n- bread and roses\n- peace\n1. now"],
        )

    def test_an_indented_line_begins_a_paragraph(self):
        self.assertEqual(
            self.body("First line\nand more.\n    Second paragraph\nand more."),
            ["First line and more.", "Second paragraph and more."],
        )

    def test_long_lines_are_paragraphs(self):
        long = "No printer broke this line. " * 12
        self.assertEqual(self.body(f"{long}\n{long}"), [long.strip(), long.strip()])

    def test_a_paragraph_goes_on_over_the_page_and_marks_are_left_out(self):
        found = draft(
            "Title\n\nThe page ends in the\n\n- 1 -\n\fmiddle of a sentence.\n\nPage 2 of 2\n"
        )

        self.assertEqual(found.body, ["The page ends in the middle of a sentence."])
        self.assertEqual(noted(found, Suggestion.Kind.PAGE_MARK), ["- 1 -", "Page 2 of 2"])

    def test_a_number_amid_the_text_is_no_page_mark(self):
        self.assertEqual(self.body("We were many.\n\n2020\n\nWe are more.")[1], "2020")


class DecodingTests(SimpleTestCase):
    def refusal(self, data):
        with self.assertRaises(NotReadable) as caught:
            read(data)
        return str(caught.exception)

    def test_what_is_no_plain_text_is_refused_with_the_reason(self):
        for data, reason in [
            (b"", "The file is empty: there is no word in it."),
            (b" \n\f\n --- \n", "The file is empty: there is no word in it."),
            (b"\xff\xfe", "The file is empty: there is no word in it."),
            (b"%PDF-1.7\n", "This is a PDF, not plain text. Save it as plain text first."),
            (
                b"Pay\nthem\x00now",
                "The file holds NUL bytes (first in line 2): it is not plain text.",
            ),
            (
                b"Pay\x1b[1m",
                "The file holds the control U+001B (first in line 1): it is not plain text.",
            ),
            (
                "Pay\nthe caf\xe9".encode("cp1252"),
                "The file is not UTF-8: byte 0xE9 at position 12, line 2. It may be Windows-1252"
                " or another older encoding: save it as UTF-8.",
            ),
            (
                b"\xff\xfeP\x00a\x00y",
                "The file is not sound UTF-16-LE: byte 0x79 at position 7, line 1.",
            ),
            (
                b"P\x00a\x00y\x00",
                "The file holds NUL bytes (first in line 1): it is not plain text.",
            ),
            (
                b"word " * 300_000,
                "The file is too large: at most 1,200,000 bytes can be read.",
            ),
        ]:
            with self.subTest(data[:20]):
                self.assertEqual(self.refusal(data), reason)
