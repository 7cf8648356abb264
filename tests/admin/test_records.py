import re

from statements import plain
from statements.models import (
    Demand,
    Event,
    FormerSlug,
    Organisation,
    OrganisationName,
    Person,
    Source,
    Statement,
)
from statements.publishing import slugs
from tests.admin.signed_in import EditorTestCase, rows
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_organisation,
    make_person,
    make_place,
    make_source,
    make_text,
)


def organisation_form(**changes):
    fields = {
        "name": "Example Dockers",
        "language": "en",
        "acronym": "",
        "classification": "",
        "country": "",
        "parent": "",
        "founded_0": "",
        "founded_1": "",
        "dissolved_0": "",
        "dissolved_1": "",
        "website": "",
        "slug": "",
        "edition": "0",
    }
    return fields | rows("names") | changes


def event_form(**changes):
    fields = {
        "name": "Example strike",
        "language": "en",
        "type": "strike",
        "start_0": "",
        "start_1": "2020-08",
        "end_0": "",
        "end_1": "",
        "parent": "",
        "slug": "",
        "edition": "0",
    }
    return fields | rows("names") | changes


class NewRecordTests(EditorTestCase):
    def test_an_editor_adds_an_organisation_with_its_names(self):
        country = make_place("XA")

        response = self.client.post(
            "/admin/statements/organisation/add/",
            organisation_form(
                name="Докеры Примера",
                language="ru",
                country=country.pk,
                founded_0="before",
                founded_1="1990-05-09",
            )
            | rows("names", {"language": "en", "name": "Example Dockers", "acronym": "ED"}),
        )

        self.assert_saved(response)
        organisation = Organisation.objects.get()
        self.assertEqual(organisation.slug, "докеры-примера")
        self.assertEqual(str(organisation.founded), "before 9 May 1990")
        self.assertEqual(
            list(organisation.names.values_list("language", "name", "acronym")),
            [("en", "Example Dockers", "ED")],
        )
        self.assertFalse(organisation.is_public)

    def test_the_part_of_a_public_event_is_public_at_once(self):
        parent = make_event()
        make_text(events=[parent])

        response = self.client.post(
            "/admin/statements/event/add/", event_form(parent=parent.pk, slug="example-strike")
        )

        self.assert_saved(response)
        self.assertEqual(
            Event.objects.published().filter(slug="example-strike").get().parent, parent
        )

    def test_an_event_neither_ends_before_it_starts_nor_contains_itself(self):
        event = make_event(slug="strike")
        part = make_event(parent=event)

        response = self.client.post(
            f"/admin/statements/event/{event.pk}/change/",
            event_form(parent=part.pk, end_1="2019", slug="strike"),
        )

        self.assertEqual(
            response.context["adminform"].form.errors,
            {
                "parent": ["A record cannot be part of itself."],
                "end": ["It ends before it starts."],
            },
        )

    def test_a_new_source_date_moves_the_statements_that_have_no_day_of_their_own(self):
        source = make_source("2020-08-12")
        text = make_text(issued=None, source=source)

        response = self.client.post(
            f"/admin/statements/source/{source.pk}/change/",
            {
                "publication": "Example Gazette",
                "title": "",
                "url": "",
                "published_0": "",
                "published_1": "2020-08-13",
                "archived_url": "",
                "edition": "0",
            },
        )

        self.assert_saved(response)
        self.assertEqual(str(Statement.objects.get(pk=text.statement_id).sort_on), "2020-08-13")
        self.assertEqual(Source.objects.get().edition, 1)


class AddressTests(EditorTestCase):
    def change(self, organisation, **changes):
        data = organisation_form(
            name=organisation.name, slug=organisation.slug, edition=organisation.edition
        )
        return self.client.post(
            f"/admin/statements/organisation/{organisation.pk}/change/", data | changes
        )

    def test_an_address_stays_when_the_name_changes(self):
        organisation = make_organisation("Old name", slug="old-name")

        self.assert_saved(self.change(organisation, name="New name"))

        organisation.refresh_from_db()
        self.assertEqual((organisation.name, organisation.slug), ("New name", "old-name"))

    def test_a_deliberate_change_of_a_public_address_leaves_a_redirect(self):
        organisation = make_organisation(slug="old")
        make_text(organisations=[organisation])

        self.assert_saved(self.change(organisation, slug="new"))

        organisation.refresh_from_db()
        self.assertEqual(organisation.slug, "new")
        self.assertEqual(
            list(FormerSlug.objects.values_list("noun", "slug", "object_id")),
            [("organisation", "old", organisation.pk)],
        )

    def test_an_address_that_another_record_had_is_refused_and_leads_to_it(self):
        other = make_organisation("Union of <Dockers>", slug="old")
        make_text(organisations=[other])
        other.refresh_from_db()
        slugs.change_slug(other, "new")
        organisation = make_organisation(slug="mine")

        response = self.change(organisation, slug="old")

        self.assertContains(
            response,
            "Another record has, or had, this address:"
            f' <a href="/admin/statements/organisation/{other.pk}/change/" target="_blank"'
            ' rel="noopener" lang="en" dir="ltr">Union of &lt;Dockers&gt;</a>',
        )
        organisation.refresh_from_db()
        self.assertEqual(organisation.slug, "mine")

    def test_an_address_of_a_record_that_was_deleted_stays_taken(self):
        organisation = make_organisation(slug="mine")
        FormerSlug.objects.create(noun="organisation", slug="old", object_id=organisation.pk + 1)

        response = self.change(organisation, slug="old")

        self.assertEqual(
            response.context["adminform"].form.errors,
            {"slug": ["A record that was deleted had this address."]},
        )

    def test_view_on_site_leads_to_public_records_only(self):
        hidden, shown = make_organisation(slug="hidden"), make_organisation(slug="shown")
        make_text(organisations=[shown])

        for organisation, address in ((hidden, None), (shown, "/organisations/shown/")):
            page = self.client.get(f"/admin/statements/organisation/{organisation.pk}/change/")
            self.assertEqual(page.context["absolute_url"], address)


class RowsTests(EditorTestCase):
    def test_every_field_of_a_row_bears_its_name(self):
        organisation = make_organisation()
        OrganisationName.objects.create(organisation=organisation, name="Gewerkschaft")

        page = self.client.get(f"/admin/statements/organisation/{organisation.pk}/change/")

        rows = page.content.decode().split('id="names-0"')[1].split("</tr>")[0]
        self.assertEqual(
            re.findall(r'aria-label="(.*?)"', rows),
            [
                "Language",
                "Name",
                "Acronym",
                "Used from: before, on or after",
                "Used from: day, month or year",
                "Used until: before, on or after",
                "Used until: day, month or year",
                "Delete",
            ],
        )


class MakePublicTests(EditorTestCase):
    def act(self, *records):
        return self.client.post(
            "/admin/statements/event/",
            {"action": "make_public", "_selected_action": [record.pk for record in records]},
        )

    def test_an_editor_makes_an_event_and_its_parts_public_by_their_own_act(self):
        event = make_event()
        part = make_event(parent=event)
        stranger = make_event()

        self.act(event)

        self.assertEqual(set(Event.objects.published()), {event, part})
        self.assertNotIn(stranger, Event.objects.published())

    def test_persons_at_risk_wait_for_the_safety_questions(self):
        person, other = make_person("Amina Okoye", is_at_risk=True), make_person()
        asked = {"action": "make_public", "_selected_action": [person.pk, other.pk]}
        page = self.client.post("/admin/statements/person/", asked, follow=True)

        self.assertContains(page, "1 record is public now.")
        self.assertContains(page, "wait for the safety questions of a statement")
        self.assertEqual(list(Person.objects.published()), [other])

    def test_who_may_not_publish_is_not_even_offered_it(self):
        group = self.editor.groups.get()
        group.permissions.remove(group.permissions.get(codename="publish_event"))
        event = make_event()

        self.act(event)

        self.assertEqual(Event.objects.published().count(), 0)
        self.assertNotContains(self.client.get("/admin/statements/event/"), "make_public")


class DeleteTests(EditorTestCase):
    def test_what_statements_point_at_is_not_deleted_and_the_page_says_what_points(self):
        event, organisation, place = make_event(), make_organisation(), make_place("XA")
        text = make_text(events=[event], organisations=[organisation], tags=["strike"])
        text.statement.places.add(place)
        demand = make_demand_made(text).demand
        tag = text.statement.tags.get()

        for noun, record, pointing in (
            ("statements/event", event, "Statements: 1"),
            ("statements/organisation", organisation, "Authors and signatories: 1"),
            ("statements/place", place, "Statements: 1"),
            ("statements/demand", demand, "Demands made: 1"),
            ("taggit/tag", tag, "Taggings: 1"),
        ):
            with self.subTest(noun=noun):
                address = f"/admin/{noun}/{record.pk}/delete/"
                self.assertContains(self.client.get(address), pointing)
                self.client.post(address, {"post": "yes"})
                self.assertTrue(type(record).objects.filter(pk=record.pk).exists())

    def test_what_nothing_points_at_is_deleted(self):
        demand = make_demand()

        self.client.post(f"/admin/statements/demand/{demand.pk}/delete/", {"post": "yes"})

        self.assertFalse(Demand.objects.exists())


class LetterTests(EditorTestCase):
    def test_a_letter_is_kept_as_plain_paragraphs(self):
        fields = {"wording": "Lower the rents", "language": "en", "kind": "labour"}
        letter = {
            "language": "de",
            "subject": " Mieten\n senken ",
            "words": "Sehr  geehrte\u202e\r\n\r\n\r\n\r\n<b>Senken</b>\x07 Sie!\r\nJetzt. ",
        }

        response = self.client.post(
            "/admin/statements/demand/add/",
            fields | rows("names") | rows("demand_people") | rows("letters", letter),
        )

        self.assert_saved(response)
        saved = Demand.objects.get().letters.get()
        self.assertEqual((saved.language, saved.subject), ("de", "Mieten senken"))
        self.assertEqual(saved.words, "Sehr geehrte\n\n<b>Senken</b> Sie!\nJetzt.")
        self.assertEqual(plain.text(saved.words), saved.words)

    def test_a_letter_that_is_longer_than_a_page_is_refused_with_all_of_it(self):
        fields = {"wording": "Lower the rents", "language": "en", "kind": "labour"}
        letter = {"language": "de", "subject": "s", "words": "a" * 2001}

        response = self.client.post(
            "/admin/statements/demand/add/",
            fields | rows("names") | rows("demand_people") | rows("letters", letter),
        )

        self.assertContains(response, "a" * 2001)
        self.assertFalse(Demand.objects.exists())
