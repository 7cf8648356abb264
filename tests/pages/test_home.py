from django.test import TestCase

from statements.models import SiteSettings, SiteText
from tests.factories import (
    make_addressee,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_text,
    make_update,
)


class HomeTests(TestCase):
    def test_a_fresh_site_says_what_to_do(self):
        response = self.client.get("/")

        self.assertContains(response, "No statement has been published yet.")
        self.assertContains(response, '<a href="/admin/">To the administration</a>')

    def test_the_motto_is_the_sites_own_in_the_language_of_the_interface(self):
        site = SiteSettings.objects.create(pk=1)
        SiteText.objects.create(site=site, language="en", name="Voices", motto="In their words.")
        SiteText.objects.create(site=site, language="de", name="Stimmen", motto="Im Wortlaut.")

        self.assertContains(self.client.get("/"), "<title>Voices · In their words.</title>")
        self.assertContains(self.client.get("/de/"), '<p class="deck motto">Im Wortlaut.</p>')

    def test_the_newest_statement_leads_in_the_organisations_own_words(self):
        make_text("Older", issued="2020-01-01")
        text = make_text(
            "Newest",
            issued="2020-08-12",
            introduction="<p>We ask for their release.</p>",
            body="<p>Free elections for Belarus now.</p>",
        )
        make_demand_made(text, "We ask for their release", voice="editors", field="introduction")
        make_demand_made(text, "Free elections for Belarus")

        response = self.client.get("/")

        self.assertEqual([row.title for row in response.context["rows"]], ["Newest", "Older"])
        self.assertContains(
            response,
            '<blockquote class="says" lang="en" dir="ltr">'
            "<p>Free elections for Belarus</p></blockquote>",
            html=True,
        )
        self.assertContains(response, "lead-story", count=1)

    def test_a_withheld_name_is_not_quoted(self):
        text = make_text(body="<p>Free Amina Okoye now.</p>")
        make_naming(text, make_person("Amina Okoye", shown_as="withheld"))
        make_demand_made(text, "Free Amina Okoye now")

        response = self.client.get("/")

        self.assertContains(response, "Free [name withheld] now")
        self.assertNotContains(response, "Okoye")

    def test_demands_that_moved_last_say_when_by_how_many_and_to_whom(self):
        text = make_text(issued="2020-08-12", organisations=[make_organisation()])
        made = make_demand_made(text, wording="Count again", addressee=make_addressee("The court"))
        old = make_demand_made(make_text(issued="2019-01-01"), wording="Pay the workers").demand
        make_demand_made(make_text(issued="2018-01-01"), wording="Open the border")
        make_update(old, "met", happened="2021-05")

        response = self.client.get("/")

        demands = response.context["demands"]
        self.assertEqual(
            [(str(demand), str(demand.state_date)) for demand in demands],
            [
                ("Pay the workers", "May 2021"),
                ("Count again", "12 August 2020"),
                ("Open the border", "1 January 2018"),
            ],
        )
        self.assertContains(response, "by 1 organisation</span>")
        self.assertContains(response, '<bdi lang="en" dir="ltr">The court</bdi>')
        self.assertContains(response, f'href="{made.demand.get_absolute_url()}"')

    def test_events_going_on_are_listed_with_what_there_is_about_them_and_their_parts(self):
        strike = make_event("The strike", is_ongoing=True)
        part = make_event("The picket", parent=strike)
        make_event("Over", is_ongoing=False)
        text = make_text(events=[part])
        make_demand_made(text)
        make_text(events=[strike])
        make_text(events=[strike], published=False)

        response = self.client.get("/")

        self.assertEqual([str(event) for event in response.context["events"]], ["The strike"])
        self.assertContains(
            response,
            '<div class="quiet"><p>2 statements</p><p>1 demand</p></div>',
            html=True,
        )

    def test_drafts_and_what_only_they_point_at_are_not_on_it(self):
        make_text("Seen")
        draft = make_text(
            "Hidden statement",
            issued="2022-01-01",
            published=False,
            events=[make_event("Hidden event", is_ongoing=True)],
        )
        make_demand_made(draft, "Words", wording="Hidden demand")

        self.assertNotContains(self.client.get("/"), "Hidden")

    def test_queries_are_as_many_for_one_of_each_as_for_three(self):
        def add():
            person = make_person(shown_as="initials")
            text = make_text(
                events=[make_event(is_ongoing=True)], organisations=[make_organisation()]
            )
            make_demand_made(text, "Words", people=[person], addressee=make_addressee())

        add()
        with self.assertNumQueries(14):
            self.client.get("/")
        add(), add()
        with self.assertNumQueries(14):
            response = self.client.get("/")
        self.assertEqual([len(response.context[k]) for k in ("rows", "demands", "events")], [3] * 3)
