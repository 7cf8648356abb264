"""The sheet for those who write to an addressee: whom, what, and a link that opens it."""

import re
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

from django.test import SimpleTestCase, TestCase

from statements.models import Demand, Person
from statements.publishing.slugs import change_slug
from statements.reading.letters import LONGEST_LINK, Letter, mail_link
from tests.factories import (
    make_addressee,
    make_demand,
    make_demand_made,
    make_naming,
    make_person,
    make_place,
    make_text,
    make_update,
)
from tests.pages.shown import words_of

QUERIES = 4


def make_open_demand(**fields):
    text = make_text(slug="appeal")
    demand = make_demand("Free them all", slug="free", **fields)
    make_demand_made(text, demand=demand)
    demand.refresh_from_db()
    return demand


def make_letter(demand, language="en", subject="Free them", words="Dear all,\n\nFree them."):
    return demand.letters.create(language=language, subject=subject, words=words)


def link_in(page):
    found = re.search('href="(mailto:[^"]*)"', page.content.decode())
    return unescape(found[1]) if found else ""


class LinkTests(SimpleTestCase):
    def test_words_come_out_as_they_went_in(self):
        words = "50 % & more?\n\n#1 = «да» + “yes”; a/b: c@d, é, سلام, 自由 🕊\n'\"<b>"
        letter = Letter("en", "A+B & C = D?", words)

        link = mail_link("o'brien+letters@example.org", letter)

        self.assertRegex(link, r"^mailto:[A-Za-z0-9@%._~-]+\?subject=[^&?]*&body=[^&?]*$")
        self.assertNotIn("+", link)
        to, query = urlsplit(link).path, urlsplit(link).query
        self.assertEqual(unquote(to), "o'brien+letters@example.org")
        self.assertEqual(
            parse_qs(query), {"subject": ["A+B & C = D?"], "body": [words.replace("\n", "\r\n")]}
        )

    def test_nothing_in_an_address_becomes_a_field_of_the_message(self):
        link = mail_link("a?bcc=b&cc=c@example.org", Letter("en", "s", "w"))

        self.assertTrue(link.startswith("mailto:a%3Fbcc%3Db%26cc%3Dc@example.org?subject=s&body=w"))

    def test_a_link_is_never_longer_than_systems_hand_on(self):
        short = mail_link("a@example.org", Letter("ru", "Тема", "Я" * 300))
        self.assertIn("&body=", short)
        self.assertLessEqual(len(short), LONGEST_LINK)

        self.assertEqual(
            mail_link("a@example.org", Letter("ru", "s", "Я" * 400)),
            "mailto:a@example.org?subject=s",
        )
        self.assertEqual(
            mail_link("a@example.org", Letter("ru", "Я" * 400, "w")), "mailto:a@example.org"
        )


class SheetTests(TestCase):
    def act(self, prefix="", query=""):
        return self.client.get(f"{prefix}/demands/free/act/{query}")

    def test_it_has_contacts_and_letter_and_a_link_that_opens_them(self):
        to = make_addressee(
            "the Ministry", country=make_place("FR"), contacts="1 Road\nTown", email="m@example.org"
        )
        make_letter(make_open_demand(addressee=to))

        page = self.act()

        words = words_of(page)
        for part in ("the Ministry", "France", "1 Road", "Town", "Dear all,", "Free them."):
            self.assertIn(part, words)
        self.assertIn("With the letter in it.", words)
        self.assertEqual(
            link_in(page),
            "mailto:m@example.org?subject=Free%20them&body=Dear%20all%2C%0D%0A%0D%0AFree%20them.",
        )
        self.assertContains(page, ">Dear all,\n\nFree them.</textarea>")
        self.assertNotContains(page, "<form")
        self.assertNotContains(page, "<script")

    def test_it_says_what_is_not_known(self):
        demand = make_open_demand()
        words = words_of(self.act())
        self.assertIn("Whom this demand is put to is not known to this archive.", words)
        self.assertIn("There is no model letter for this demand yet.", words)

        Demand.objects.update(addressee=make_addressee("the Ministry"))
        self.assertIn("No public contact of the addressee is known", words_of(self.act()))
        self.assertEqual(link_in(self.act()), "")

        demand.refresh_from_db()
        demand.addressee.email = "m@example.org"
        demand.addressee.save()
        page = self.act()
        self.assertEqual(link_in(page), "mailto:m@example.org?subject=Free%20them%20all")
        self.assertIn("With the address in it, and what the demand is.", words_of(page))

    def test_a_letter_that_is_too_long_for_a_link_is_copied(self):
        demand = make_open_demand(addressee=make_addressee(email="m@example.org"))
        make_letter(demand, words="Words. " * 400)

        page = self.act()

        self.assertEqual(link_in(page), "mailto:m@example.org?subject=Free%20them")
        self.assertIn("The letter is too long for such a link", words_of(page))

    def test_the_addressees_language_comes_before_the_readers_and_the_sites(self):
        to = make_addressee(language="en", letter_language="ru")
        demand = make_open_demand(addressee=to)
        for language in ("fr", "en", "de", "be", "ru"):
            make_letter(demand, language, words=f"Words in {language}")

        def shown(prefix="", query=""):
            return re.search(r"Words in (\w+)", words_of(self.act(prefix, query)))[1]

        self.assertEqual((shown("/de"), shown("/de", "?letter=fr")), ("ru", "fr"))
        self.assertEqual(shown(query="?letter=nothing"), "ru")
        demand.letters.filter(language="ru").delete()
        self.assertEqual((shown(), shown("/de"), shown("/ar")), ("en", "de", "en"))
        to.letter_language = ""
        to.language = "be-Latn"
        to.save()
        self.assertEqual(shown(), "be")
        page = self.act()
        for language in ("de", "en", "fr"):
            self.assertContains(page, f'href="?letter={language}"')
        self.assertNotContains(page, 'href="?letter=be"')

    def test_for_a_settled_demand_nobody_writes(self):
        demand = make_open_demand(addressee=make_addressee(email="m@example.org"))
        make_letter(demand)
        for number, (state, is_open) in enumerate(
            (
                *(("refused", True), ("met", False), ("partly-met", True)),
                *(("withdrawn", False), ("unknown", True), ("overtaken", False)),
            ),
            1,
        ):
            make_update(demand, state, f"2020-10-0{number}")
            with self.subTest(state):
                page = self.client.get("/demands/free/").content.decode()
                self.assertEqual("/demands/free/act/" in page, is_open)
                answer = self.act()
                self.assertEqual(answer.status_code, 200 if is_open else 302)
                if not is_open:
                    self.assertEqual(answer["Location"], "/demands/free/")

    def test_it_is_offered_where_there_is_something_to_write_or_to_write_to(self):
        def is_offered():
            return "/free/act/" in self.client.get("/demands/free/").content.decode()

        demand = make_open_demand()
        self.assertFalse(is_offered())
        letter = make_letter(demand)
        self.assertTrue(is_offered())
        letter.delete()
        demand.addressee = make_addressee()
        demand.save()
        self.assertFalse(is_offered())
        demand.addressee.contacts = "1 Road"
        demand.addressee.save()
        self.assertTrue(is_offered())

    def test_a_name_that_is_not_shown_is_in_no_letter(self):
        asked = make_person("Amina Okoye", shown_as=Person.Shown.WITHHELD)
        named = make_person("Ben Adams", shown_as=Person.Shown.INITIALS)
        demand = make_open_demand(addressee=make_addressee(email="m@example.org"), people=[asked])
        make_naming(demand.made.get().statement.texts.get(), named, "Benjamin")
        make_letter(demand, subject="Free Amina Okoye", words="Free Amina Okoye, Benjamin too.")

        page = self.act()

        for name in ("Amina", "Okoye", "Benjamin"):
            self.assertNotIn(name, page.content.decode())
        self.assertContains(page, "Free [name withheld], B. too.")
        self.assertIn("subject=Free%20%5Bname%20withheld%5D", link_in(page))

    def test_whoever_is_withheld_later_is_gone_from_letters_that_no_row_ties_to_them(self):
        demand = make_open_demand(addressee=make_addressee(email="m@example.org"))
        make_letter(demand, subject="Free them", words="Free them, as Amina Okoye asks.")
        self.assertContains(self.act(), "Amina Okoye")

        later = make_person("Amina Okoye", shown_as=Person.Shown.WITHHELD)
        self.assertContains(self.act(), "Free them, as [name withheld] asks.")
        Person.objects.filter(pk=later.pk).update(shown_as="full", is_at_risk=True)
        self.assertContains(self.act(), "Free them, as [name withheld] asks.")
        Person.objects.filter(pk=later.pk).update(is_at_risk=False)
        self.assertContains(self.act(), "Free them, as Amina Okoye asks.")

    def test_a_draft_has_no_sheet_and_a_former_address_leads_on(self):
        make_demand(slug="draft")
        self.assertEqual(self.client.get("/demands/draft/act/").status_code, 404)
        change_slug(make_open_demand(), "release")

        self.assertRedirects(self.act("/de"), "/de/demands/release/act/", status_code=301)

    def test_it_costs_the_same_however_much_there_is(self):
        demand = make_open_demand(addressee=make_addressee(email="m@example.org"))
        for language in ("en", "de", "fr"):
            make_letter(demand, language)
            with self.assertNumQueries(QUERIES):
                self.act()
