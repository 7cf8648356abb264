"""What the page that searches everything shows of what it found, and what that costs."""

import re

from django.db import connection
from django.test import TestCase

from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_organisation,
    make_place,
    make_source,
    make_text,
)

# With an event, an organisation and a demand, and statements in several languages. PostgreSQL is
# told a limit of time and asked how common words are.
QUERIES = {"postgresql": 28, "sqlite": 14}


class HitTests(TestCase):
    def get(self, query):
        return self.client.get("/search/", {"q": query})

    def html(self, query):
        return self.get(query).content.decode()

    def test_a_hit_says_who_when_and_in_which_language(self):
        text = make_text(
            "قصاص <b>لا</b>",
            language="ar",
            slug="qisas",
            body="<p>A &lt;strike&gt; is {no} crime.</p>",
            organisations=[
                make_organisation("Tenants of Example", acronym="TEX", country=make_place("FR")),
                *(make_organisation(f"Union <{number}>") for number in range(7)),
            ],
            issued="before 2020-08-09",
        )
        name = "Union &lt;{}&gt;"
        [html] = re.findall(
            r'<article class="row hit">.*?qisas.*?</article>', self.html("strike is"), re.DOTALL
        )

        for part in (
            'before <time datetime="2020-08-09">9 August 2020</time></span> <span>Arabic</span>',
            f'<h3><a class="plain" href="{text.get_absolute_url()}"'
            ' lang="ar" dir="rtl" hreflang="ar">'
            "قصاص &lt;b&gt;لا&lt;/b&gt;</a></h3>",
            '<bdi lang="en" dir="ltr">Tenants of Example</bdi></a>'
            ' <span class="acronym">(<bdi>TEX</bdi>)</span>',
            '<span class="of">France</span></li>',
            f"{name.format(4)}</bdi></a></li><li>and 2 more</li></ul>",
            '<p class="excerpt" lang="ar" dir="rtl">A &lt;<mark class="hit">strike</mark>&gt; ',
            "{no} crime.</p>",
        ):
            with self.subTest(part):
                self.assertIn(part, html)

    def test_what_is_invented_is_marked(self):
        mark = '<span class="sample">Invented example</span>'
        make_text("Boycott now", is_example=True)
        union = make_organisation("Sailors of Example", is_example=True)
        make_text("Sailors are free", is_example=True, organisations=[union])
        strike = make_event("Walk-out", is_example=True)
        make_text("We walk out", events=[strike], is_example=True)

        self.assertEqual(self.html("boycott").count(mark), 1)
        html = self.html("sailors free")
        self.assertIn(f"Sailors of Example</bdi></a> {mark}</li>", html)
        self.assertEqual(html.count(mark), 1)
        self.assertIn(f'<mark class="hit">Walk</mark>-out</a> {mark}</li>', self.html("walk"))

    def test_queries_are_as_many_whatever_is_found(self):
        def strike(number):
            union = make_organisation(f"Strikers {number}", country=make_place("FR"))
            text = make_text(
                f"Strike {number}",
                organisations=[union],
                events=[make_event(f"Strike of {number}")],
                places=[make_place("FR")],
                source=make_source(),
                issued=None,
            )
            make_text(f"Strike {number}", statement=text.statement, language="fr")
            make_demand_made(text, demand=make_demand(f"Strike for {number}"))

        # Of fewer another word would be looked for.
        for number in range(3):
            strike(number)
        # What is written once is written now.
        self.get("strike")
        with self.assertNumQueries(QUERIES[connection.vendor]):
            self.get("strike")
        for number in range(3, 6):
            strike(number)
        with self.assertNumQueries(QUERIES[connection.vendor]):
            self.get("strike")
