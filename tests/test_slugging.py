"""Addresses in every script keep what makes a word of its letters."""

import unicodedata

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.test import SimpleTestCase, TestCase

from statements import slugging
from statements.models import Event, FormerSlug, Text
from statements.publishing import slugs, workflow
from tests.admin.test_records import event_form
from tests.factories import make_naming, make_person, make_text

# Titles, and what stands of them in an address.
TITLES = {
    "बेदखली बंद करो!": "बेदखली-बंद-करो",
    "ক্ষমতা জনগণের": "ক্ষমতা-জনগণের",
    "ห้ามไล่ที่ น้ำสะอาด": "ห้ามไล่ที่-น้ำสะอาด",
    "ອຳນາດ ປະຊາຊົນ": "ອຳນາດ-ປະຊາຊົນ",
    "အလုပ်သမားများ၏ ထုတ်ပြန်ချက်": "အလုပ်သမားများ၏-ထုတ်ပြန်ချက်".replace("၏", ""),
    "வெளியேற்றம் வேண்டாம்": "வெளியேற்றம்-வேண்டாம்",
    "ឈប់បណ្តេញចេញ": "ឈប់បណ្តេញចេញ",
    "ഒഴിപ്പിക്കൽ വേണ്ട": "ഒഴിപ്പിക്കൽ-വേണ്ട",
    "བོད་ཀྱི": "བོདཀྱི",
    # As before: what a word can do without goes.
    "الحُرِّيَّة للجميع": "الحرية-للجميع",
    "שָׁלוֹם עכשיו": "שלום-עכשיו",
    "Свобо́да и йод": "свобода-и-йод",
    "Nước sạch": "nước-sạch",
    "❤️ Housing for all": "housing-for-all",
    "İşçiler": "işçiler",
    "ﬁrst ＡＢＣ": "first-abc",
    "  A -- b_c - ": "a-b_c",
    "!?": "",
    "\u093f\u0940": "",
}


class SlugifyTests(SimpleTestCase):
    def test_words_keep_the_signs_of_their_vowels(self):
        for title, slug in TITLES.items():
            with self.subTest(title):
                self.assertEqual(slugging.slugify(title), slug)
                self.assertTrue(unicodedata.is_normalized("NFC", slug))
                slugging.validate(slug)

    def test_what_is_decomposed_gives_the_same_address(self):
        for title, slug in TITLES.items():
            with self.subTest(title):
                self.assertEqual(slugging.slugify(unicodedata.normalize("NFD", title)), slug)

    def test_a_long_one_is_cut_between_letters(self):
        for most, slug in ((4, "किकि"), (3, "कि"), (2, "कि"), (1, "")):
            with self.subTest(most):
                self.assertEqual(slugging.slugify("किकिकि", most), slug)

    def test_what_is_no_letter_is_refused(self):
        for slug in ("a b", "a/b", "a.b", "a%b", "a\u200db", "a\u202eb", "❤", "a\ufe0f"):
            with self.subTest(ascii(slug)), self.assertRaises(ValidationError):
                slugging.validate(slug)


class AddressTests(TestCase):
    def test_a_statement_is_found_at_the_address_that_its_title_gives(self):
        for title, slug in list(TITLES.items())[:8]:
            with self.subTest(title):
                text = make_text(title, language="hi")

                self.assertEqual(text.slug, slug)
                self.assertContains(self.client.get(text.get_absolute_url()), title.split()[0])

    def test_an_address_can_be_typed_in_any_script(self):
        self.client.force_login(get_user_model().objects.create_superuser("editor"))
        typed = unicodedata.normalize("NFD", "बेदखली-ो-ห้าม-nước")
        self.client.post("/admin/statements/event/add/", event_form(slug=typed))

        self.assertEqual(Event.objects.get().slug, unicodedata.normalize("NFC", typed))

    def test_an_address_that_was_made_before_stays(self):
        text = make_text("बेदखली बंद करो", slug="बदखल-बद-कर")
        workflow.save_words(text, {"title": "बेदखली"}, based_on=text.working_revision_id)

        self.assertEqual(Text.objects.get().slug, "बदखल-बद-कर")
        self.assertEqual(self.client.get("/statements/बदखल-बद-कर/").status_code, 200)

    def test_a_concealed_name_is_found_in_older_addresses_too(self):
        text = make_text("T", slug="अमन-रह-कर")
        slugs.change_slug(text, "अमीना-रिहा-करो")
        slugs.change_slug(text, "अमीनाक-रिहा-करो")
        slugs.change_slug(text, "t")
        make_naming(text, make_person("अमीना", shown_as="withheld"))

        self.assertEqual([one.slug for one in FormerSlug.objects.all()], ["अमीनाक-रिहा-करो"])
