import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from statements.dates import PartialDate
from statements.models import SiteSettings
from tests.admin.signed_in import EditorTestCase, make_staff
from tests.factories import (
    make_addressee,
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_place,
    make_source,
    make_text,
    make_update,
)

NOUNS = ("organisation", "event", "demand", "person", "place", "addressee", "source")


def make_linked_statement(number):
    """A statement with something of every noun, all of it its own."""
    country = make_place(f"X{number}")
    parent = make_organisation(country=country)
    union = make_organisation(country=country, parent=parent)
    union.names.create(language="fr", name=f"Syndicat {number}")
    event = make_event(parent=make_event())
    event.places.add(country)
    text = make_text(
        organisations=[union],
        events=[event],
        places=[country],
        tags=[f"tag {number}"],
        source=make_source(),
    )
    person = make_person()
    make_demand_made(text, people=[person], addressee=make_addressee(country=country))
    make_naming(text, person)
    return text


class ListTests(EditorTestCase):
    def queries_of(self, address):
        with CaptureQueriesContext(connection) as queries:
            response = self.client.get(address)
        self.assertEqual(response.status_code, 200, address)
        return len(queries)

    def test_a_list_asks_as_often_for_three_rows_as_for_one(self):
        addresses = [f"/admin/statements/{noun}/" for noun in NOUNS] + ["/admin/taggit/tag/"]
        make_linked_statement(1)
        for address in addresses:
            self.client.get(address)
        before = {address: self.queries_of(address) for address in addresses}
        make_linked_statement(2)
        make_linked_statement(3)

        self.assertEqual({address: self.queries_of(address) for address in addresses}, before)
        self.assertLessEqual(max(before.values()), 10)

    def test_a_form_asks_as_often_with_three_names_as_with_one(self):
        union = make_organisation(country=make_place("XA"), parent=make_organisation())
        union.names.create(language="fr", name="Syndicat")
        address = f"/admin/statements/organisation/{union.pk}/change/"
        self.client.get(address)
        before = self.queries_of(address)
        union.names.create(language="es", name="Sindicato")
        union.names.create(language="de", name="Gewerkschaft")

        self.assertEqual(self.queries_of(address), before)

    def test_a_list_says_what_is_unfinished(self):
        make_organisation("Alone")
        linked = make_organisation(
            "Linked", country=make_place("XA"), classification="union", acronym="LNK"
        )
        make_text(organisations=[linked])

        page = self.client.get("/admin/statements/organisation/")

        cells = re.findall(r'<t[dh] class="field-(\w+)[^>]*>(.*?)</t[dh]>', page.content.decode())
        plain = [(name, strip_tags(cell)) for name, cell in cells]
        self.assertEqual(
            [cell for name, cell in plain if name in ("own_name", "in_statements", "missing")],
            ["Alone", "0", "statements, country, classification", "Linked", "1", "—"],
        )
        self.assertEqual(
            [cell for name, cell in cells if name == "public"],
            [
                '<img src="/static/admin/img/icon-no.svg" alt="False">',
                '<img src="/static/admin/img/icon-yes.svg" alt="True">',
            ],
        )

    def test_the_list_of_demands_says_since_when_each_is_in_its_state(self):
        make_demand("Raised", raised=PartialDate.parse("2020-08"))
        make_update(make_demand("Met"), "met", "2020-09-01")

        page = self.client.get("/admin/statements/demand/?o=1")

        cells = re.findall(r'<td class="field-(\w+)[^>]*>(.*?)</td>', page.content.decode())
        told = [strip_tags(cell) for name, cell in cells if name in ("state", "state_as_of")]
        self.assertEqual(told, ["met", "1 September 2020", "raised", "August 2020"])
        self.assertContains(page, "Last change")

    def test_a_list_is_filtered_by_look_up_and_keeps_the_other_filters(self):
        here, there = make_place("XA"), make_place("XB")
        inside = make_organisation("Inside", country=here, classification="union")
        make_organisation("Party", country=here, classification="party")
        make_organisation("Outside", country=there, classification="union")

        response = self.client.get(
            f"/admin/statements/organisation/?classification__exact=union"
            f"&country__id__exact={here.pk}&q=ins"
        )

        self.assertEqual(list(response.context["cl"].result_list), [inside])
        option = f'<option value="{here.pk}" selected>{here.name}</option>'
        self.assertContains(response, option, html=True)
        self.assertContains(
            response, '<input type="hidden" name="classification__exact" value="union">', html=True
        )

    def test_a_filter_value_that_is_no_record_is_refused_politely(self):
        for value in ("x", "9" * 40, "-1", "²"):
            with self.subTest(value=value):
                response = self.client.get(
                    "/admin/statements/organisation/", {"country__id__exact": value}, follow=True
                )
                self.assertEqual(response.status_code, 200)

    def test_places_are_found_by_their_name_in_any_language_of_the_interface(self):
        for term in ("german", "DEUTSCHLAND", "ألمانيا", "DE"):
            with self.subTest(term=term):
                found = self.client.get(
                    "/admin/autocomplete/",
                    {
                        "app_label": "statements",
                        "model_name": "organisation",
                        "field_name": "country",
                        "term": term,
                    },
                ).json()["results"]
                self.assertIn("Germany", [one["text"] for one in found])


class PagesTests(EditorTestCase):
    def test_the_start_page_lists_the_nouns_in_the_order_of_work(self):
        page = self.client.get("/admin/")

        groups = [
            (str(group["name"]), [entry["object_name"] for entry in group["models"]])
            for group in page.context["app_list"]
        ]
        self.assertEqual(
            [group for group in groups if group[0] != "Statements"],
            [
                ("What they are about", ["Event", "Demand", "Person", "Place"]),
                ("Who speaks, to whom, and where from", ["Organisation", "Addressee", "Source"]),
            ],
        )
        self.assertContains(page, "Solidarity Statements")

    def test_the_site_settings_are_one_row_edited_directly(self):
        self.client.force_login(make_staff("administrator", "Administrators"))
        form = {
            "contact_email": "editors@example.org",
            "appeal_url": "",
            "texts-TOTAL_FORMS": 1,
            "texts-INITIAL_FORMS": 0,
            "texts-0-language": "en",
            "proof_of_work": "0",
            "texts-0-name": "Statements from everywhere",
            "texts-0-motto": "",
            "texts-0-about": "<p>Who <script>alert(1)</script>we are.</p>",
            "texts-0-privacy": "",
            "texts-0-appeal": "",
        }
        first = self.client.get("/admin/statements/sitesettings/")
        self.assertRedirects(first, "/admin/statements/sitesettings/add/")

        self.assert_saved(self.client.post("/admin/statements/sitesettings/add/", form))

        site = SiteSettings.objects.get()
        self.assertEqual((site.pk, site.contact_email), (1, "editors@example.org"))
        self.assertEqual(site.texts.get().about, "<p>Who we are.</p>")
        again = self.client.get("/admin/statements/sitesettings/")
        self.assertRedirects(again, "/admin/statements/sitesettings/1/change/")
        page = self.client.get("/admin/statements/sitesettings/1/change/")
        self.assertContains(page, "Statements from everywhere")
        self.assertContains(page, "BidiRtl")
        self.assertNotContains(page, "QuoteDemand")
        self.assertIn("style-src 'self' 'unsafe-inline'", page["Content-Security-Policy"])
        self.assertIn("script-src 'self';", page["Content-Security-Policy"])
        self.assertEqual(self.client.get("/admin/statements/sitesettings/add/").status_code, 404)

    def test_users_and_groups_are_for_superusers(self):
        self.assertEqual(self.client.get("/admin/auth/user/").status_code, 404)
        self.assertEqual(self.client.get("/admin/auth/group/").status_code, 404)


class NamedListTests(EditorTestCase):
    """The names that lists go by."""

    def test_a_list_stands_right_below_the_first_page(self):
        """The application bears the same name as one of its nouns."""
        organisation = make_organisation("Dockers")
        here = f"/admin/statements/organisation/{organisation.pk}"
        german = make_text(statement=make_text("No evictions").statement, language="de")
        paths = {
            "/admin/statements/statement/": "Home › Statements",
            f"{here}/change/": "Home › Organisations › Dockers",
            f"{here}/history/": "Home › Organisations › Dockers › History",
            f"{here}/delete/": "Home › Organisations › Dockers › Delete",
            f"/admin/statements/text/{german.pk}/change/": (
                "Home › Statements › No evictions › Change the translation"
            ),
        }
        found = {path: self.crumbs(self.client.get(path)) for path in paths}
        self.assertEqual(found, paths)

    def crumbs(self, page):
        (found,) = re.findall(r'<div class="breadcrumbs">(.*?)</div>', page.content.decode(), re.S)
        return " ".join(strip_tags(found).split())

    def test_the_log_is_one_and_its_entries_are_counted(self):
        self.client.force_login(make_staff("auditor", "Auditors"))

        self.assertContains(self.client.get("/admin/"), ">Audit log</a>")
        self.assertContains(self.client.get("/admin/statements/auditentry/"), "0 audit entries")

    def test_what_another_package_calls_its_nouns_is_translated(self):
        self.client.force_login(make_staff("boss", is_superuser=True))

        for prefix, name in (("/de", "Hintergrundaufgaben"), ("/ar", "المهام في الخلفية")):
            self.assertContains(self.client.get(f"{prefix}/admin/"), f">{name}</a>")

    def test_a_label_begins_with_a_capital(self):
        page = self.client.get("/admin/statements/organisation/add/")

        labels = [strip_tags(one) for one in re.findall("<label.*?</label>", page.content.decode())]
        self.assertIn("Founded:", labels)
        self.assertEqual([one for one in labels if one[:1].islower()], [])
