import re
import time
import unicodedata
from html.parser import HTMLParser

from django.core.exceptions import FieldError
from django.db import connection, transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Concat
from django.test import SimpleTestCase, TestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from statements.markup import (
    ATTRIBUTES,
    SCHEMES,
    STAFF_LENGTH,
    TAGS,
    VOID,
    CleanHTML,
    MarkupRefused,
    clean,
    filled,
    paragraphs,
    pieces,
    plain,
    safe_html,
    words_of,
)
from statements.models import Revision
from statements.prose import Prose
from tests.attacks import FAMILIES, bodies
from tests.cleaning.legitimate import BODIES, LINK
from tests.factories import make_text

SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")


class Seen(HTMLParser):
    """Every tag and attribute of markup."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.others = set(), set(), []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {(tag, name, value) for name, value in attrs}

    def handle_comment(self, data):
        self.others.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


class Parsed(HTMLParser):
    """Markup as (kind, tag, text) by Python's own parser, which knows all of HTML."""

    def __init__(self, html):
        super().__init__()
        self.pieces = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        kind = "void" if tag in VOID else "open"
        self.pieces.append((kind, tag, self.get_starttag_text()))

    def handle_endtag(self, tag):
        self.pieces.append(("close", tag, f"</{tag}>"))

    def handle_data(self, data):
        if self.pieces and self.pieces[-1][0] == "text":
            data = self.pieces.pop()[2] + data
        self.pieces.append(("text", "", data))


def assert_harmless(test, html):
    seen = Seen(html)
    test.assertLessEqual(seen.tags, TAGS)
    test.assertEqual(seen.others, [])
    for tag, name, value in seen.attributes:
        if (tag, name) == ("a", "rel"):
            continue
        test.assertIn(name, ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set()))
        # Browsers drop tabs and line feeds anywhere, and spaces and controls before.
        address = re.sub("[\t\n\r]", "", value or "").lstrip("".join(map(chr, range(33))))
        if name == "href" and (scheme := SCHEME.match(address)):
            test.assertIn(scheme[1].lower(), SCHEMES)


class HostileTests(SimpleTestCase):
    def test_there_are_many_of_them(self):
        self.assertGreaterEqual(len(list(bodies())), 250)
        self.assertEqual(len(FAMILIES), 10)

    def test_nothing_but_allowed_markup_is_left_of_them(self):
        for family, body in bodies():
            with self.subTest(family=family, body=ascii(body)):
                assert_harmless(self, clean(body))

    def test_cleaning_twice_is_cleaning_once(self):
        for family, body in bodies():
            with self.subTest(family=family, body=ascii(body)):
                once = str(clean(body))
                self.assertEqual(clean(once), once)

    def test_the_editors_own_marks_do_not_survive(self):
        for _family, body in bodies():
            seen = Seen(clean(body))
            names = {name for _tag, name, _value in seen.attributes}
            self.assertFalse([name for name in names if "cke" in name])
            self.assertFalse([tag for tag in seen.tags if "cke" in tag])

    def test_contents_of_what_is_never_text_go_too(self):
        for tag in ("script", "style", "template", "noscript", "noembed", "noframes", "xmp"):
            self.assertEqual(clean(f"<p>a</p><{tag}>gone</{tag}>"), "<p>a</p>")
        for tag in ("iframe", "textarea", "title", "select"):
            self.assertEqual(clean(f"<p>a</p><{tag}>gone</{tag}>"), "<p>a</p>")
        for tag in ("svg", "math"):
            self.assertEqual(clean(f"<p>a</p><{tag}><text>gone</text></{tag}>"), "<p>a</p>")

    def test_what_is_merely_unknown_is_unwrapped(self):
        self.assertEqual(
            clean('<div class="x"><font color=red>Words</font> <u>stay</u></div>'), "Words stay"
        )


class LegitimateTests(SimpleTestCase):
    def test_nothing_is_lost_of_what_organisations_write(self):
        self.assertGreaterEqual(len(BODIES), 40)
        for body in BODIES:
            with self.subTest(body=ascii(body)):
                self.assertEqual(clean(body), unicodedata.normalize("NFC", body))

    def test_every_allowed_tag_and_attribute_is_among_them(self):
        seen = Seen("".join(BODIES))
        self.assertEqual(seen.tags, TAGS)
        allowed = {name for names in ATTRIBUTES.values() for name in names} | {"rel"}
        self.assertEqual({name for _tag, name, _value in seen.attributes}, allowed)

    def test_sloppy_markup_of_old_pages_is_kept(self):
        body = "".join(f"<p>Paragraph {n}<img src=x><br>" for n in range(800))
        self.assertEqual(clean(body).count("<p>"), 800)
        self.assertEqual(clean("<ul>" + "<li>x" * 300 + "</ul>").count("<li>"), 300)

    def test_a_mark_that_would_melt_with_a_tag_does_not_break_it(self):
        self.assertEqual(clean("<p>\u0338words</p>"), "<p>words</p>")
        self.assertEqual(clean("<p>&#x338;words</p>"), "<p>words</p>")

    def test_what_an_entity_hides_is_cleaned_as_well(self):
        self.assertEqual(clean("<p>e&#x301;</p>"), "<p>é</p>")
        self.assertEqual(clean("<p>a&#1;&#x202e;b</p>"), "<p>ab</p>")

    def test_a_value_may_hold_what_looks_like_a_tag(self):
        link = f'<a href="/" title="&quot;1 &lt; 2 &gt; 1&quot;" {LINK}>'

        self.assertEqual(
            [pieces(link + "one</a>")[at] for at in (1, 2)],
            [("text", "", "one"), ("close", "a", "</a>")],
        )

    def test_pieces_put_together_again_are_the_text(self):
        for body in (*BODIES, *(body for _family, body in bodies())):
            with self.subTest(body=ascii(body)):
                cleaned = clean(body)
                joined = "".join(
                    text.replace("&", "&amp;").replace("<", "&lt;") if kind == "text" else text
                    for kind, _tag, text in pieces(cleaned)
                )
                self.assertEqual(clean(joined), cleaned)
                self.assertEqual(pieces(cleaned), Parsed(cleaned).pieces)
                self.assertEqual(words_of(cleaned), Prose(cleaned).text)

    def test_words_that_fill_a_form_are_escaped_whatever_they_are(self):
        rows = [("<b>{}</b>", "'{0}' & <i>"), ("<br>",), ("{} {}", safe_html("<p>1</p>"), "2")]

        self.assertEqual(
            filled(rows), "<b>&#x27;{0}&#x27; &amp; &lt;i&gt;</b><br>&lt;p&gt;1&lt;/p&gt; 2"
        )

    def test_each_word_fills_its_own_gap_whatever_it_holds(self):
        link = '<a href="{}">{}</a>'

        self.assertEqual(filled([(link, "/a", "b\0c"), ("<br>",)]), '<a href="/a">bc</a><br>')
        self.assertEqual(filled([("<br>",)]) + filled([]), "<br>")

    def test_paragraphs_of_plain_text_are_escaped(self):
        self.assertEqual(
            paragraphs("1 < 2 & <b>\r\nline\r\n\r\n \r\nnext"),
            "<p>1 &lt; 2 &amp; &lt;b&gt;<br>line</p>\n<p>next</p>",
        )
        self.assertEqual(plain(paragraphs("1 < 2 & <b>")), "1 < 2 & <b>")


FLOODS = {
    "attributes": "<p " + " ".join(f"a{n}" for n in range(45_000)) + ">x",
    "quoted attributes": "<p " + " ".join(f'a{n}=">"' for n in range(25_000)) + ">x",
    "attributes behind a comment": '<!-- <a x=" --><p ' + "a " * 100_000 + '>"',
    "marks": "a" + "\u0301\u0316" * 100_000,
    "ampersands": "&" * 299_000,
    "references": "&notit;" * 40_000,
    "left open": "<div>" * 50_000,
    "formatting left open": "".join(f"<p><b a={n}></p>" for n in range(1_600)),
    "formatting misnested": "<i><b></i>" * 1_600,
    "links left open": "<a href=x>" * 4_000,
    "end tags": "</b>" * 70_000,
    "lists": "<ul><li>" * 30_000,
    "tables": "<table><tr><td>" * 18_000,
    "quotes left open": "<a x='" * 40_000 + '<a y="' * 5_000,
    "unquoted chain": "<a x=" * 4_900 + "y" * 200_000,
    "solidi": "<a " + "/" * 290_000,
    "signs of equality": "<a " + "=" * 290_000,
    "spaces": "<a x" + " " * 290_000 + "y",
    "comments": "<!--" * 70_000,
    "character data": "<![CDATA[" * 30_000,
    "less than": "<" * 299_000,
    "too long": "x" * (STAFF_LENGTH + 1),
}
ENDURED = {
    "depth": "<b>" * 90 + "x" * 200_000,
    "foster children": "<table><tr>" * 45 + "x" * 200_000,
    "open formatting in many blocks": "<b><i><s>" * 30 + "<p>x</p>" * 1_500,
    "adoption": "<a><div>" * 49 + "</a>" * 4_000,
    "references": "&notit;" * 19_999,
    "thirty marks": ("a" + "\u0301\u0316" * 15) * 9_000,
    "one word": "x" * STAFF_LENGTH,
    "line feeds": "\r\n" * 140_000,
}


class FloodTests(SimpleTestCase):
    """The cleaner's worst inputs take half a second of its time at most, refused or not."""

    def timed(self, name, body):
        start = time.process_time()
        try:
            cleaned = clean(body)
        except MarkupRefused as refusal:
            cleaned = refusal
        self.assertLess(time.process_time() - start, 0.5, name)
        return cleaned

    def test_floods_are_over_soon(self):
        for name, body in FLOODS.items():
            with self.subTest(name):
                cleaned = self.timed(name, body)
                if isinstance(cleaned, str):
                    self.assertLess(len(cleaned), 1000)

    def test_odd_texts_within_the_limits_are_cleaned_soon(self):
        for name, body in ENDURED.items():
            with self.subTest(name):
                self.assertIsInstance(self.timed(name, body), CleanHTML)

    def test_refusals_say_why(self):
        for body, code in (
            ("a\x00b", "characters"),
            ("a\ud800b", "characters"),
            ("a" + "\u0301" * 40, "characters"),
            ("x" * (STAFF_LENGTH + 1), "length"),
            ("<b>" * 101, "markup"),
            ("<br>" * 5001, "markup"),
            ("<p>" + "a " * 10 + "<p " + "a " * 101 + ">", "markup"),
        ):
            with self.subTest(code), self.assertRaises(MarkupRefused) as raised:
                clean(body)
            self.assertEqual(raised.exception.code, code)

    def test_a_text_that_grows_over_the_limit_when_cleaned_is_refused_at_once(self):
        with self.assertRaises(MarkupRefused):
            clean('<a href="/">x</a>' * 2400 + "y" * (STAFF_LENGTH - 45_000))


FRAGMENTS = st.sampled_from(
    ["<p>", "</p>", "<b>", "</b>", "<a href='x'>", "</a>", "<table>", "<td>", "</table>", "<svg>"]
    + ["<math>", "<style>", "</style>", "<!--", "-->", "<![CDATA[", "]]>", "<li>", "<ul>", "&lt;"]
    + ["<script>", "</script>", "&#x338;", "&#1;", "\u0338", "<pre>", "<form>", '<i x="', '">']
    + ["<select>", "<template>", "</svg>", "<mtext>", "<mglyph>", "<h2>", "<br/>", "&", ";", "\r"]
)


class PropertyTests(SimpleTestCase):
    @settings(max_examples=300, deadline=None, derandomize=True, database=None)
    @given(st.lists(st.one_of(FRAGMENTS, st.text(max_size=8)), max_size=40))
    def test_any_input_is_refused_or_made_harmless_for_good(self, parts):
        html = "".join(parts)
        try:
            once = str(clean(html))
        except MarkupRefused:
            return
        self.assertEqual(clean(once), once)
        assert_harmless(self, once)
        self.assertEqual(pieces(once), Parsed(once).pieces)
        self.assertEqual(words_of(once), Prose(once).text)
        self.assertNotIn("<", plain(once).replace("<", "") if "&lt;" in once else plain(once))


SCRIPT = "<p>Words</p><script>fire()</script>"


class FieldTests(TestCase):
    """Whatever way rich text takes into the database, it is clean there."""

    def stored(self, revision):
        with connection.cursor() as cursor:
            cursor.execute("SELECT body FROM statements_revision WHERE id = %s", [revision.pk])
            return cursor.fetchone()[0]

    def setUp(self):
        self.revision = make_text().live_revision

    def test_saving_one(self):
        self.revision.body = SCRIPT
        self.revision.save()

        self.assertEqual(self.revision.body, "<p>Words</p>")
        self.assertEqual(self.stored(self.revision), "<p>Words</p>")

    def test_writing_many(self):
        fresh = Revision(text=self.revision.text, title="T", body=SCRIPT)
        Revision.objects.bulk_create([fresh])
        self.assertEqual(self.stored(fresh), "<p>Words</p>")

        fresh.body = SCRIPT.replace("Words", "More")
        Revision.objects.bulk_update([fresh], ["body"])
        self.assertEqual(self.stored(fresh), "<p>More</p>")

        Revision.objects.filter(pk=fresh.pk).update(body=SCRIPT)
        self.assertEqual(self.stored(fresh), "<p>Words</p>")

        Revision.objects.update_or_create(pk=fresh.pk, defaults={"body": SCRIPT + "x"})
        self.assertEqual(self.stored(fresh), "<p>Words</p>x")

    def test_expressions_are_refused_unless_they_copy_rich_text(self):
        rows = Revision.objects.filter(pk=self.revision.pk)
        for expression in (
            Value(SCRIPT),
            F("title"),
            Concat("title", Value(SCRIPT), output_field=CharField()),
        ):
            with self.subTest(expression), self.assertRaises(FieldError), transaction.atomic():
                rows.update(body=expression)
        self.revision.body = Value(SCRIPT)
        with self.assertRaises(FieldError), transaction.atomic():
            self.revision.save()
        with self.assertRaises(FieldError), transaction.atomic():
            Revision.objects.bulk_create(
                [Revision(text=self.revision.text, title="T", body=Value(SCRIPT))]
            )

        rows.update(postscript=F("body"))

        self.assertEqual(rows.get().postscript, "<p>Words.</p>")

    def test_a_refused_text_writes_nothing(self):
        self.revision.body = "<b>" * 200
        with self.assertRaises(MarkupRefused), transaction.atomic():
            self.revision.save()
        self.assertEqual(self.stored(self.revision), "<p>Words.</p>")

    def test_what_was_written_past_the_field_is_shown_harmless(self):
        for raw, shown in (
            (SCRIPT, "<p>Words</p>"),
            ("<b onclick=fire()>x</b>", "<b>x</b>"),
            ("<i>" * 101, "&lt;i&gt;" * 101),
        ):
            self.assertEqual(safe_html(raw), shown)
            self.assertEqual(plain(raw), plain(shown), "the words are those that are shown")
