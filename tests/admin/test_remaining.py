"""Editors are told where a name that is not shown in full can still be read."""

import re

from statements.models import Demand, DemandWording, PersonName
from statements.publishing import links
from tests.admin.posting import EditorCase
from tests.admin.signed_in import rows
from tests.admin.test_withholding import WithholdCase
from tests.factories import (
    make_demand,
    make_demand_made,
    make_naming,
    make_person,
    make_source,
    make_text,
    make_update,
)


class ReportTests(WithholdCase):
    def test_what_still_has_the_name_is_reported(self):
        """Demands that nobody linked to her, another case, a part of the name, and updates."""
        person = self.person
        PersonName.objects.create(person=person, language="ru", name="Светлана Тихановская")
        unlinked = make_demand("Release Amina Okoye", slug="release")
        make_demand_made(self.text, demand=unlinked)
        inflected = make_demand("Let her speak", slug="speak", people=[person])
        DemandWording.objects.create(
            demand=inflected, language="ru", name="Освободить Светлану Тихановскую"
        )
        make_demand_made(self.text, demand=inflected)
        part = make_text("She wrote", body="<p>Okoye is in prison.</p>", slug="she-wrote")
        make_naming(part, person)
        beside = make_text("Okoye Street stays", slug="street")
        about_others = make_demand("Another", slug="another")
        make_demand_made(beside, demand=about_others)
        update = make_update(about_others, "met", note="Amina Okoye is free.")
        make_update(inflected, "met", note="Amina Okoye is free.")
        for record in (unlinked, inflected):
            record.refresh_from_db()
            links.record_saved(record)

        response = self.withhold()

        [told] = [
            str(one) for one in response.context["messages"] if "can still be read" in str(one)
        ]
        leads = re.findall(r'href="/admin/statements/([^"]+)"', told)
        self.assertEqual(
            leads,
            [
                f"person/{person.pk}/change/",
                f"statement/{part.statement_id}/change/",
                f"demand/{unlinked.pk}/change/",
                f"demand/{inflected.pk}/change/",
                f"demand/{update.demand_id}/updates/",
            ],
        )

    def test_where_nothing_is_left_nothing_is_said(self):
        self.assertNotContains(self.withhold(), "can still be read")

    def test_a_demand_that_names_somebody_who_is_withheld_already_is_reported(self):
        self.withhold()
        demand = make_demand("Release Amina Okoye", slug="release")
        fields = {"language": "en", "kind": "release", "slug": "release"}
        people = {"demand_people-0-person": self.person.pk, "demand_people-TOTAL_FORMS": 1}

        def save(**changes):
            demand.refresh_from_db()
            inlines = rows("names") | rows("demand_people") | rows("letters")
            asked = fields | {"wording": demand.wording, "edition": demand.edition} | inlines
            address = f"/admin/statements/demand/{demand.pk}/change/"
            return self.client.post(address, asked | changes, follow=True)

        told = "The name of somebody who is not shown in full stands in it, and will be read:"
        self.assertContains(save(), told)
        self.assertNotContains(save(**people), told)

    def test_an_update_that_names_somebody_who_is_withheld_is_reported(self):
        self.withhold()
        about, other = Demand.objects.get(), make_demand("Another", slug="another")
        source = make_source()
        for demand, is_told in ((other, True), (about, False)):
            response = self.client.post(
                f"/admin/statements/demand/{demand.pk}/updates/",
                {
                    "state": "met",
                    "happened_0": "",
                    "happened_1": "2026-11-02",
                    "source": source.pk,
                    "quotation_language": "en",
                    "note": "Amina Okoye is free.",
                    "language": "en",
                },
                follow=True,
            )
            told = [str(one) for one in response.context["messages"]]
            self.assertEqual(any("stands in it, and will be read" in one for one in told), is_told)
            self.assertEqual(demand.updates.count(), 1)


class PublishedTests(EditorCase):
    def test_whoever_publishes_a_part_of_a_name_is_told(self):
        person = make_person("Amina Okoye", shown_as="withheld")
        text = make_text("Free them", body="<p>Amina Okoye wrote.</p>")
        make_naming(text, person)
        links.links_changed(text.statement)
        told = "is not shown in full, and the name, or a part of it, can still be read"

        def publish(words):
            response = self.change(
                text, "_publish", body=f"<p>{words}</p>", change="update", note="A."
            )
            self.assertEqual(response.status_code, 302)
            return self.client.get(response["Location"])

        self.assertNotContains(publish("Amina Okoye wrote again."), told)
        self.assertContains(publish("Mrs Okoye wrote again."), told)
