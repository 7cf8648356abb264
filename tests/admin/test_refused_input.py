"""What an editor typed wrongly is refused in words, and is still in the form."""

from statements.models import Organisation, Statement, Text
from tests.admin.test_statement_form import LIST, EditorCase
from tests.factories import make_text


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
