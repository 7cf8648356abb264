"""Whom a save would show at once in what is public already: the questions come first."""

from django.utils import timezone

from statements.models import Authorship, Person
from statements.publishing import links
from statements.safety import workflow
from tests.admin.posting import EditorCase
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_place,
    make_text,
)
from tests.safety.test_gate import NEXT_YEAR


class ShownAtOnceTests(EditorCase):
    """What the next save would show on a public page asks before, and keeps what was typed."""

    def setUp(self):
        super().setUp()
        self.text = make_text("They strike", body="<p>Free Amina Okoye!</p>")
        self.safety = f"/admin/statements/statement/{self.text.statement_id}/safety/"

    def assert_asks(self, response, also):
        """The form is refused, and its link leads to questions that are about them too."""
        self.assertContains(response, "Answer the safety questions first.")
        link = f"{self.safety}?also={also}"
        self.assertContains(response, link)
        page = self.client.get(link)
        answers = {"agreed": "yes", "asked": "her sister", "wished": "yes", "may_be_indexed": "no"}
        answers |= {"about": page.context["concerned"].key, "also": page.context["also"]}
        self.client.post(self.safety, answers | {"review_on": NEXT_YEAR.isoformat()})
        self.assertEqual(workflow.concerns(self.text.statement), workflow.Concerns([], []))

    def test_a_name_that_was_withheld(self):
        person = make_person("Amina Okoye", is_at_risk=True, shown_as="withheld")
        make_naming(self.text, person)
        page = f"/admin/statements/person/{person.pk}/change/"
        data = self.opened(page) | {"shown_as": "full"}
        self.assert_asks(self.client.post(page, data), f"person-{person.pk}")
        self.assertNotContains(self.client.get(self.text.get_absolute_url()), "Amina")

        self.client.post(page, data)

        self.assertContains(self.client.get(self.text.get_absolute_url()), "Amina Okoye")

    def test_an_organisation_that_speaks_from_inside_the_country(self):
        country = make_place("BY")
        inside = make_organisation("Union at home", country=country)
        other = make_organisation("Union there", country=country)
        Authorship.objects.create(statement=self.text.statement, organisation=other)
        data = self.opened(self.page(self.text))
        row = {"authorships-1-organisation": str(inside.pk), "authorships-1-role": "author"}
        data |= row | {"authorships-1-position": "1", "authorships-TOTAL_FORMS": "2"}
        # With the place that makes both of them speak from inside.
        data |= {"places": [str(country.pk)]}
        refused = self.client.post(self.page(self.text), data | {"_continue": "1"})
        self.assertNotContains(self.client.get(self.text.get_absolute_url()), "at home")

        # One after the other: answers for the second hold for the first too.
        for organisation in (inside, other):
            self.assert_asks(refused, f"organisation-{organisation.pk}")
            self.assertNotContains(self.client.get(self.text.get_absolute_url()), "at home")
        self.client.post(self.page(self.text), data | {"_continue": "1"})

        self.assertContains(self.client.get(self.text.get_absolute_url()), "at home")

    def test_an_organisation_whose_country_is_entered_or_becomes_that_of_an_event(self):
        country, event = make_place("BY"), make_event()
        event.places.add(make_place("DE"))
        at_home = make_organisation("Union at home", country=country)
        other = make_organisation("Union there")
        for organisation in (at_home, other):
            Authorship.objects.create(statement=self.text.statement, organisation=organisation)
        self.text.statement.events.add(event)
        links.links_changed(self.text.statement)
        for record, also, changes in (
            (event, at_home, {"places": [str(country.pk)]}),
            (other, other, {"country": str(country.pk)}),
        ):
            page = f"/admin/statements/{record._meta.model_name}/{record.pk}/change/"
            data = self.opened(page) | changes
            refused = self.client.post(page, data)
            self.assert_asks(refused, f"organisation-{also.pk}")

            self.assertEqual(self.client.post(page, data).status_code, 302)
            record.refresh_from_db()
        self.assertEqual((event.places.get(), other.country), (country, country))

    def test_a_person_who_is_public_already(self):
        person = make_person("Amina Okoye", is_at_risk=True)
        Person.objects.update(public_since=timezone.now())
        data = self.opened(self.page(self.text)) | {
            "namings-0-spelling": "Amina Okoye",
            "namings-0-person": str(person.pk),
        }
        refused = self.client.post(self.page(self.text), data | {"_continue": "1"})
        self.assertFalse(person.namings.exists())
        self.assert_asks(refused, f"person-{person.pk}")

        self.client.post(self.page(self.text), data | {"_continue": "1"})

        self.assertTrue(person.namings.exists())

    def test_a_demand_about_a_person_who_is_public_already(self):
        person = make_person("Amina Okoye", is_at_risk=True)
        Person.objects.update(public_since=timezone.now())
        made, demand = make_demand_made(self.text).demand, make_demand(people=[person])
        page = f"/admin/statements/demand/{made.pk}/change/"
        rows = {"demand_people-0-person": str(person.pk), "demand_people-0-position": "0"}
        about = self.opened(page) | rows | {"demand_people-TOTAL_FORMS": "1"}
        self.assertContains(self.client.post(page, about), "Answer the safety questions first.")
        self.assertFalse(made.people.exists())
        data = self.opened(self.page(self.text))
        row = {"demands_made-1-demand": str(demand.pk), "demands_made-1-voice": "organisation"}
        self.assert_asks(
            self.client.post(self.page(self.text), data | row | {"_continue": "1"}),
            f"person-{person.pk}",
        )

        self.client.post(page, about)

        self.assertEqual(list(made.people.all()), [person])
