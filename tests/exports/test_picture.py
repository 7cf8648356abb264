"""The picture that is shown where a statement is shared: what is drawn, and what is not."""

import io
from unittest import mock

import pytest
from django.core.cache import cache
from django.test import SimpleTestCase, TestCase
from PIL import Image

from statements.exports import lettering, picture, sharing
from statements.exports.lettering import Font, draw
from statements.exports.picture import longest
from statements.models import Person, Statement, Text
from statements.publishing.slugs import change_slug
from tests.factories import (
    make_demand,
    make_demand_made,
    make_naming,
    make_organisation,
    make_person,
    make_text,
)

# What is asked here is the same on any database.
pytestmark = pytest.mark.once

QUERIES = 12
# Of no script: no font has it.
NO_LETTER = "\U000e1234"
FONT = Font(picture.SERIF, 60)
RED = (168, 19, 44)


def drawn(words, language="en", *, is_at_right=False):
    return draw(words, FONT, 1000, language=language, is_at_right=is_at_right)


def inked(mask):
    """Which columns of pixels have ink."""
    return [bool(mask.crop((x, 0, x + 1, mask.height)).getbbox()) for x in range(mask.width)]


class LetteringTests(SimpleTestCase):
    def test_the_scripts_of_the_interface_have_fonts_wherever_pango_is(self):
        for words, language in (
            ("Solidarität mit „allen“ – déjà vu", "de"),
            ("Бастующим нужна защита, Ґанок", "uk"),
            ("الإفراج عن جميع المعتقلين، ٢٠٢٠", "ar"),
        ):
            with self.subTest(language):
                self.assertFalse(drawn(words, language).is_lacking)

    def test_a_letter_without_a_font_is_noticed(self):
        self.assertTrue(drawn(f"Free {NO_LETTER}").is_lacking)

    def test_arabic_letters_are_joined_and_begin_at_the_right(self):
        joined = drawn("سلام", "ar", is_at_right=True).mask.getbbox()
        # With something between them that joins nothing.
        apart = drawn("س\u200cل\u200cا\u200cم", "ar", is_at_right=True).mask.getbbox()

        self.assertLess(joined[2] - joined[0], 0.9 * (apart[2] - apart[0]))
        self.assertGreater(joined[2], 980)
        self.assertLess(drawn("Free").mask.getbbox()[0], 20)

    def test_the_order_of_a_line_is_that_of_its_language(self):
        """A Latin word that comes first in Arabic stands at the right, before what follows."""
        alone, line = (
            drawn(words, "ar", is_at_right=True).mask for words in ("RSD", "RSD سلام سلام سلام")
        )
        start = alone.getbbox()[0]

        self.assertLess(line.getbbox()[0], start - 100)
        self.assertEqual(inked(line)[start:], inked(alone)[start:])

    def test_what_is_no_word_does_no_harm(self):
        for words in ("", "\0", "\ud800", "a\0b", "\n\n", "\u202e\u2066", "e" + "\u0301" * 300):
            with self.subTest(ascii(words)):
                self.assertEqual(drawn(words).mask.width, 1000)

    def test_without_pango_it_says_so(self):
        with mock.patch.object(lettering, "engine", lambda: None):
            self.assertRaises(lettering.NoEngine, drawn, "Free")


class CutTests(SimpleTestCase):
    def test_it_is_cut_between_words(self):
        words = "Free them, all of them – now"
        for room, expected in (
            (26, "Free them, all of them…"),
            (14, "Free them…"),
            (9, "Free…"),
        ):
            with self.subTest(room):
                self.assertEqual(
                    longest(words, lambda part, room=room: len(part) <= room), expected
                )

    def test_a_long_word_is_cut_between_its_letters(self):
        self.assertEqual(longest("自由自由自由", lambda part: len(part) <= 4), "自由自…")
        self.assertEqual(longest("ne\u0301ne\u0301", lambda part: len(part) <= 3), "n…")
        self.assertEqual(longest("a", lambda part: False), "…")


class PictureTests(TestCase):
    def setUp(self):
        cache.clear()

    def get(self, slug="no-evictions"):
        response = self.client.get(f"/statements/{slug}.png")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response["Content-Type"], "image/png")
        return response

    def image(self, slug="no-evictions"):
        return Image.open(io.BytesIO(self.get(slug).content)).convert("RGB")

    def words(self, slug="no-evictions"):
        """What is drawn, the last of each that was tried."""
        with mock.patch.object(picture, "draw", wraps=draw) as drawing:
            self.get(slug)
        return [call.args[0] for call in drawing.call_args_list]

    def make(self, title="No evictions", **fields):
        organisation = make_organisation("Tenants of Example", acronym="TE")
        return make_text(title, slug="no-evictions", organisations=[organisation], **fields)

    def test_it_has_title_organisation_day_and_site(self):
        self.make()

        self.assertEqual(
            self.words(),
            ["Tenants of Example (TE)", "No evictions", "1 August 2020", "Solidarity Statements"],
        )
        self.assertEqual(self.image().size, (1200, 630))
        self.assertLess(len(self.get().content), 40_000)

    def test_an_invented_one_says_so_and_many_authors_are_counted(self):
        unions = [make_organisation(f"Union {number}") for number in range(4)]
        make_text(slug="no-evictions", organisations=unions)
        Statement.objects.update(is_example=True)

        words = self.words()

        self.assertEqual(words[0], "Union 0, Union 1, and 2 more")
        self.assertEqual(words[2], "1 August 2020, Invented example")

    def test_it_is_mirrored_and_speaks_the_language_of_the_text(self):
        make_text("لا للإخلاء", slug="rtl", language="ar")
        make_text("Ne pas expulser", slug="ltr", language="fr")

        self.assertIn("1 أغسطس 2020", self.words("rtl"))
        self.assertIn("1 August 2020", self.words("ltr"))
        left, right = (55, 300), (1200 - 56, 300)
        for slug, there, not_there in (("rtl", right, left), ("ltr", left, right)):
            image = self.image(slug)
            near = sum(abs(a - b) for a, b in zip(image.getpixel(there), RED, strict=True))
            self.assertLess(near, 30)
            self.assertGreater(min(image.getpixel(not_there)), 200)

    def test_a_long_title_ends_between_words(self):
        self.make(" ".join(f"word{number}" for number in range(43)))

        last = self.words()[-3]

        self.assertRegex(last, r"^word0 .*word\d+…$")

    def test_what_cannot_be_drawn_gets_the_plain_picture(self):
        self.make(f"Free {NO_LETTER}")
        plain = picture._written(picture._plain())

        self.assertEqual(self.get().content, plain)
        Text.objects.get().live_revision.__class__.objects.update(title="Free")
        self.assertNotEqual(self.get().content, plain)
        with mock.patch.object(lettering, "engine", lambda: None):
            self.assertEqual(self.get().content, plain)

    def test_a_name_that_is_not_shown_is_not_drawn(self):
        text = self.make("Free Amina Okoye")
        text.statement.authorships.create(name_as_printed="Friends of Amina Okoye", position=2)
        make_naming(text, make_person("Amina Okoye", shown_as=Person.Shown.WITHHELD))
        before = self.words()
        self.assertIn("Free [name withheld]", before)
        self.assertNotIn("Amina", str(before))

        page = self.client.get("/statements/no-evictions/").content.decode()
        self.assertIn(
            '<meta property="og:image:alt" content="Free [name withheld], issued by'
            ' Tenants of Example, Friends of [name withheld]">',
            page,
        )

    def test_it_is_drawn_once_and_again_after_a_change(self):
        text = self.make("Free Amina Okoye")
        person = make_person("Amina Okoye")
        make_naming(text, person)
        with mock.patch.object(sharing, "picture_of", wraps=picture.picture_of) as made:
            etag = self.get()["ETag"]
            self.assertEqual(self.get()["ETag"], etag)
            self.assertEqual(made.call_count, 1)
            self.assertFalse(etag.startswith("W/"))
            again = self.client.get("/statements/no-evictions.png", headers={"If-None-Match": etag})
            self.assertEqual((again.status_code, again.content), (304, b""))

            Person.objects.update(shown_as=Person.Shown.INITIALS)
            self.assertNotEqual(self.get()["ETag"], etag)
            self.assertEqual(made.call_count, 2)

    def test_its_page_names_it_with_its_size_at_an_address_of_its_own(self):
        text = self.make()
        page = self.client.get("/de/statements/no-evictions/")

        address = f"http://testserver/statements/no-evictions.png?{text.changed_at:%Y%m%d%H%M%S}"
        for name, content in (
            *(("image", address), ("image:type", "image/png"), ("image:width", "1200")),
            ("image:height", "630"),
            ("image:alt", "No evictions, herausgegeben von Tenants of Example"),
        ):
            self.assertContains(page, f'<meta property="og:{name}" content="{content}">', count=1)
        self.assertContains(page, '<meta name="twitter:card" content="summary_large_image">')
        self.assertEqual(self.client.get(address).status_code, 200)

    def test_a_draft_has_none_and_withdrawn_words_lead_to_their_notice(self):
        make_text("A draft", slug="a-draft", published=False)
        self.make()
        self.assertEqual(self.client.get("/statements/a-draft.png").status_code, 404)
        Statement.objects.update(standing=Statement.Standing.WITHDRAWN)

        response = self.client.get("/statements/no-evictions.png")

        self.assertRedirects(response, "/statements/no-evictions/")

    def test_a_former_address_leads_to_it(self):
        change_slug(self.make(), "homes-for-all")

        response = self.client.get("/statements/no-evictions.png")

        self.assertRedirects(response, "/statements/homes-for-all.png", status_code=301)

    def test_it_costs_what_its_page_does(self):
        text = self.make()
        with self.assertNumQueries(QUERIES):
            self.get()
        make_demand_made(text, demand=make_demand(people=[make_person()]))
        with self.assertNumQueries(QUERIES):
            self.get()
