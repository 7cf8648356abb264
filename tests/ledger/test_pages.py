"""What visitors read of what became of a demand."""

import re

from django.test import TestCase
from django.utils.html import strip_tags

from tests.factories import (
    make_demand,
    make_demand_made,
    make_organisation,
    make_person,
    make_place,
    make_source,
    make_text,
    make_update,
)


def words_of(page):
    return re.sub(r"\s+", " ", strip_tags(page.content.decode()))


class DemandPageTests(TestCase):
    def make_made(self, people=(), **fields):
        demand = make_demand("Free them", slug="free", kind="release", people=people)
        text = make_text(
            slug="appeal",
            issued="2020-08-12",
            organisations=[make_organisation(country=make_place("FR"))],
            body="<p>Free them!</p>",
            **fields,
        )
        make_demand_made(text, "Free them!", demand=demand)
        return demand

    def test_the_ledger_says_what_changed_with_its_source_and_strikes_what_was_wrong(self):
        demand = self.make_made()
        wrong = make_update(
            demand,
            "met",
            "2020-09-05",
            source=make_source("2020-09-06", publication="Example Wire", url="https://a.example/1"),
        )
        right = make_update(
            demand,
            "negotiated",
            "2020-09-01",
            corrects=wrong,
            quotation="Wir reden.",
            quotation_language="de",
            note="The report spoke of an offer.",
        )

        page = self.client.get("/demands/free/")

        self.assertContains(page, f'<li class="pair" id="update-{wrong.pk}">', 1)
        words = words_of(page)
        self.assertIn(
            "replaced by negotiated, 1 September 2020"
            " Source: Example Wire 6 September 2020 a.example",
            words,
        )
        self.assertContains(page, f'replaced by <a href="#update-{right.pk}">negotiated, ', 1)
        self.assertContains(page, '<p class="serif" lang="de" dir="ltr"><q>Wir reden.</q></p>')
        self.assertContains(page, '<a href="https://a.example/1" rel="noreferrer nofollow">')
        self.assertIn("State today Negotiated as of 1 September 2020", words)
        self.assertIn("The report spoke of an offer.", words)
        self.assertIn("12 August 2020 Raised Source: the statements that make it", words)
        self.assertIn("Made by 1 organisation from 1 country in 1 language", words)
        self.assertIn("Negotiated 1 September 2020", words_of(self.client.get("/demands/")))
        self.assertIn("Negotiated 1 September 2020", words_of(self.client.get("/statements/")))

    def test_what_met_it_for_a_person_stands_in_its_ledger_and_tells_of_nobody_else(self):
        free, held = make_person("Bela Open", slug="bela"), make_person("Dora Held")
        hidden = make_person("Cyril Obscure", shown_as="withheld")
        self.make_made(people=[free, held])
        other = make_demand("Free others", kind="release", people=[free, hidden])
        make_demand_made(make_text(), demand=other)
        make_update(
            free,
            "released",
            "2020-09-03",
            source=make_source(
                title="Open and Obscure walk free",
                publication="Example Wire",
                url="https://a.example/obscure",
            ),
        )
        make_update(held, "detained", "2020-09-04")

        with self.assertNumQueries(14):
            page = self.client.get("/demands/free/")

        words = words_of(page)
        self.assertIn("Partly met 1 of 2 named persons released as of 3 September 2020", words)
        self.assertIn("3 September 2020 Released Bela Open Source: Example Wire", words)
        self.assertContains(page, '<li class="pair" id="person-update-', 1)
        self.assertNotContains(page, "bscure")

    def test_a_release_stays_in_the_ledger_of_a_demand_when_somebody_is_taken_again(self):
        person = make_person("Bela Open", slug="bela")
        self.make_made(people=[person])
        # Before the demand was raised: no release that it could have asked for.
        make_update(person, "released", "2020-01-01")
        wrong = make_update(person, "released", "2020-08-20")
        right = make_update(person, "detained", "2020-08-20", corrects=wrong, note="Not yet.")
        make_update(person, "released", "2020-09-03")
        again = make_update(person, "arrested", "2021-01-01")
        make_update(person, "sentenced", "2021-02-01")

        page = self.client.get("/demands/free/")

        words = words_of(page)
        self.assertIn("State today Raised 0 of 1 named person", words)
        self.assertIn(
            "3 September 2020 Released Bela Open No longer so since arrested, 1 January 2021", words
        )
        self.assertContains(page, f'<a href="/people/bela/#update-{again.pk}">arrested, ', 1)
        self.assertIn("20 August 2020 Released Bela Open Struck through on", words)
        self.assertContains(page, f'<a href="/people/bela/#update-{right.pk}">detained, ', 1)
        self.assertNotIn("1 January 2020", words)

    def test_of_persons_not_named_in_full_no_source_tells_the_name(self):
        short = make_person("Amina Okoye", shown_as="initials")
        hidden = make_person("Cyril Obscure", shown_as="withheld")
        demand = self.make_made(people=[short, hidden])
        told = make_source(title="Okoye and Obscure walk free", url="https://a.example/okoye")
        for record in (short, hidden):
            make_update(record, "released", source=told)
        make_update(demand, "acknowledged", source=told, quotation="Amina Okoye is out", note="x")

        for path in ("/demands/free/", "/demands/", "/statements/appeal/", "/people/"):
            words = words_of(page := self.client.get(path))
            for part in ("Okoye", "okoye", "Obscure", "Amina"):
                self.assertNotContains(page, part)
            self.assertNotIn("2 of 2", words)
        words = words_of(self.client.get("/demands/free/"))
        self.assertIn("1 of 2 named persons released", words)
        self.assertIn("A. O. Released as of 1 September 2020", words)
        self.assertIn("[name withheld] Unknown no source entered yet", words)
        self.assertIn("Its address is not shown", words)
