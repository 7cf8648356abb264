"""What an editor typed wrongly is refused in words, and is still in the form."""

import pytest

from statements.dates import refusal
from statements.models import Organisation, Statement, Text
from tests.admin.posting import LIST, EditorCase
from tests.factories import make_demand, make_event, make_text

# What is asked here is the same on any database.
pytestmark = pytest.mark.once


class RefusedInputTests(EditorCase):
    def add(self, **typed):
        data = self.opened(f"{LIST}add/") | {"language": "en", "title": "T", "_continue": "1"}
        return self.client.post(f"{LIST}add/", data | typed)

    def refused(self, name, typed):
        """The errors of the form and what it shows in the field."""
        form = self.add(**{name: typed}).context["adminform"].form
        self.assertFalse(Statement.objects.exists())
        return form.errors, form[name].value()

    def test_a_name_of_a_language_is_no_tag(self):
        self.assertEqual(
            self.refused("language", "German"),
            (
                {
                    "language": [
                        "“German” is not a language tag. Write it like en, pt-BR or sr-Latn."
                    ]
                },
                "German",
            ),
        )

    def test_a_tag_is_stored_in_its_usual_case_and_is_the_same_language(self):
        leading = make_text("Title")
        self.add(language="SR_latn")
        self.assertEqual(set(Text.objects.values_list("language", flat=True)), {"en", "sr-Latn"})

        page = f"/admin/statements/text/add/?statement={leading.statement_id}"
        data = self.opened(page) | {"language": "EN", "title": "T", "_continue": "1"}
        response = self.client.post(page, data)

        self.assertContains(response, "has a text in this language already")

    def test_what_is_too_long_is_refused_and_no_browser_cuts_it(self):
        page = self.client.get(f"{LIST}add/")
        form = page.context["adminform"].form
        lines = ["language", "translator", "surtitle", "title", "subtitle", "slug"]
        lines += ["original_title", "why"]
        for name in lines:
            with self.subTest(name=name):
                self.assertNotIn("maxlength", str(form[name]))
        self.assertEqual(
            self.refused("title", "x" * 301),
            (
                {"title": ["Ensure this value has at most 300 characters (it has 301)."]},
                "x" * 301,
            ),
        )

    def test_a_record_is_not_cut_either(self):
        address = "/admin/statements/organisation/add/"
        form = self.client.get(address).context["adminform"].form
        long = "x" * (Organisation._meta.get_field("name").max_length + 1)

        self.assertNotIn("maxlength", str(form["name"]))
        refused = self.client.post(address, self.opened(address) | {"name": long})

        self.assertContains(refused, "Ensure this value has at most")
        self.assertContains(refused, long)


class ToMendTests(EditorCase):
    def test_each_error_is_listed_at_the_head_with_the_way_to_its_field(self):
        text = make_text("Title", body="<p>Pay us.</p>")
        page = self.page(text)
        data = self.opened(page) | {
            "_continue": "1",
            "title": "",
            "issued_1": "31 February",
            "namings-0-spelling": "Nobody",
            "demands_made-0-demand": make_demand().pk,
            "demands_made-0-quotations-0-words": "Pay them",
        }

        response = self.client.post(page, data)

        self.assertEqual(
            [(one.anchor, one.number, one.words) for one in response.context["to_mend"]],
            [
                ("id_title", None, "This field is required."),
                ("id_issued_0", None, refusal()),
                (
                    "id_demands_made-0-quotations-0-words",
                    1,
                    "These words are not in the text. They must stand there exactly like this.",
                ),
                ("id_namings-0-person", 1, "This field is required."),
                (
                    "id_namings-0-spelling",
                    1,
                    "The text does not name anybody with this spelling.",
                ),
            ],
        )
        self.assertContains(response, '<a href="#id_title">Title</a>', html=True)
        self.assertContains(
            response, '<a href="#id_namings-0-person">Namings, row 1: Person</a>', html=True
        )

    def test_a_form_without_errors_has_no_such_list(self):
        self.assertNotContains(self.client.get(self.page(make_text())), "To be corrected")


class DirectionTests(EditorCase):
    def test_a_name_stands_in_its_own_direction_above_an_arabic_form(self):
        event = make_event("2020 strike")

        page = self.client.get(f"/ar/admin/statements/event/{event.pk}/change/")

        self.assertContains(page, "<h2><bdi>2020 strike</bdi></h2>", html=True)
        self.assertContains(page, "› <bdi>2020 strike</bdi>")

    def test_a_date_to_copy_is_not_turned_round_in_arabic(self):
        page = self.client.get(f"/ar{LIST}add/")

        self.assertContains(page, "\u20662020-08-12\u2069 أو \u20662020-08\u2069 أو 2020")
