"""Editors choose two demands, read what will happen, and merge them."""

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from statements.models import Demand, DemandPerson
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_person,
    make_text,
    make_update,
)


class MergePageTests(TestCase):
    def setUp(self):
        self.client.force_login(get_user_model().objects.create_superuser("publisher"))
        self.gone = make_demand("Release everybody who was arrested", kind="release")
        self.into = make_demand("Release everybody arrested in August", kind="release")
        self.page = f"/admin/statements/demand/{self.gone.pk}/merge/"

    def test_choose_read_what_will_happen_and_merge(self):
        text = make_text(events=[make_event()])
        make_demand_made(text, demand=self.gone)
        by_links = make_demand_made(
            make_text(events=text.statement.events.all()),
            people=[amina := make_person()],
            wording="Open the gates",
        ).demand
        DemandPerson.objects.create(demand=self.gone, person=amina)
        self.gone.letters.create(language="fr", subject="Libérez tout le monde", words="Monsieur,")
        make_demand("Pay the nurses", kind="labour")
        make_update(self.gone, "refused", "2020-09-01")
        self.assertContains(self.client.get(f"{self.page[:-6]}change/"), self.page)
        asked = self.client.get(self.page)
        self.assertEqual(asked.context["alike"], [self.into, by_links])

        foretold = self.client.get(self.page, {"into": self.into.pk})

        self.assertContains(foretold, "<strong>refused</strong>")
        self.assertContains(foretold, "Merge the two")
        self.assertContains(foretold, "Libérez tout le monde")
        self.assertContains(foretold, "is not public yet: it becomes public.")
        self.assertEqual(Demand.objects.filter(pk=self.gone.pk).count(), 1)
        done = self.client.post(self.page, {"into": self.into.pk}, follow=True)
        self.assertContains(done, "is one with “Release everybody arrested in August” now")
        self.into.refresh_from_db()
        self.assertEqual((self.into.state, self.into.is_public), ("refused", True))

    def test_two_that_are_chosen_in_the_list_lead_there(self):
        make_demand_made(make_text(), demand=self.into)
        act = {"action": "merge_chosen", "_selected_action": [self.into.pk, self.gone.pk]}
        answer = self.client.post("/admin/statements/demand/", act)
        self.assertRedirects(answer, f"{self.page}?into={self.into.pk}")
        act["_selected_action"].pop()
        answer = self.client.post("/admin/statements/demand/", act, follow=True)
        self.assertContains(answer, "Choose two demands")

    def test_the_pages_ask_as_often_whatever_there_is(self):
        self.client.get(self.page)
        asked = []
        for _n in range(2):
            for demand in (self.gone, self.into):
                make_demand_made(make_text(events=[make_event()]), "Words.", demand=demand)
                DemandPerson.objects.create(demand=demand, person=make_person())
                make_update(demand, "met")
                make_demand(demand.wording, kind="release")
            for query in ({}, {"into": self.into.pk}):
                with CaptureQueriesContext(connection) as queries:
                    self.client.get(self.page, query)
                asked.append(len(queries))
        self.assertEqual(asked[:2], asked[2:])

    def test_who_may_not_be_named_yet_is_said_and_nothing_is_done(self):
        amina = make_person(is_at_risk=True)
        make_demand_made(make_text(), demand=self.into)
        DemandPerson.objects.create(demand=self.gone, person=amina)

        page = self.client.get(self.page, {"into": self.into.pk})
        answer = self.client.post(self.page, {"into": self.into.pk}, follow=True)

        self.assertContains(page, amina.name)
        self.assertNotContains(page, "Merge the two")
        self.assertContains(answer, "Not done: readers would see somebody at risk")
        self.assertTrue(Demand.objects.filter(pk=self.gone.pk).exists())
