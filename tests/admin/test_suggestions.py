"""What an import suggests, in the statement's form: take over, dismiss, leave."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from statements.demo.workflow import CONTENT
from statements.importers import workflow
from statements.models import DemandAsMade, Quotation, Suggestion
from tests.admin.signed_in import EditorTestCase
from tests.factories import make_demand

# What is asked here is the same on any database.
pytestmark = pytest.mark.once


def posted(response):
    """What a browser would send back if nothing was touched."""
    context = response.context
    forms = [context["adminform"].form]
    data = {}
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
        for form in inline.formset.forms:
            if quotations := getattr(form, "quotations", None):
                forms += [quotations.management_form, *quotations.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            widget = bound.field.widget
            if value is None or value is False:
                continue
            if hasattr(widget, "decompress"):
                parts = widget.decompress(value)
                data |= {f"{bound.html_name}_{n}": part or "" for n, part in enumerate(parts)}
            else:
                data[bound.html_name] = value
    return data


class SuggestionTests(EditorTestCase):
    def setUp(self):
        super().setUp()
        draft = workflow.read_file(CONTENT / "seed.en.txt")
        self.text = workflow.import_draft(draft)
        self.statement = self.text.statement
        self.url = f"/admin/statements/statement/{self.statement.pk}/change/"

    def rows(self, response):
        return next(
            inline.formset
            for inline in response.context["inline_admin_formsets"]
            if inline.formset.model is Suggestion
        )

    def save(self, changes=None, **more):
        """Open the form, change it, save it. Changes are keyed by the suggestion's words."""
        response = self.client.get(self.url)
        data = posted(response)
        for form in self.rows(response).forms:
            for name, value in (changes or {}).get(form.instance.words, {}).items():
                data[f"{form.prefix}-{name}"] = value
        return self.client.post(self.url, data | {"_continue": "1"} | more)

    def test_the_form_shows_what_the_import_saw_and_left_out(self):
        response = self.client.get(self.url)

        self.assertContains(response, "Demands that the import suggests")
        self.assertContains(response, "No to repressions!</blockquote>")
        self.assertContains(response, "Notes of the import")
        self.assertContains(response, "please consider donating")
        self.assertNotContains(
            self.client.get("/admin/statements/statement/add/"), "Notes of the import"
        )

    def test_saving_without_deciding_keeps_every_suggestion(self):
        response = self.save()

        self.assertRedirects(response, self.url)
        self.assertEqual(Suggestion.objects.count(), 7)
        self.assertFalse(DemandAsMade.objects.exists())

    def test_taking_over_makes_the_demand_with_its_exact_words(self):
        demand = make_demand("End the repression in Belarus")

        self.save({"No to repressions!": {"demand": demand.pk}})

        made = self.statement.demands_made.get()
        self.assertEqual((made.demand, made.voice), (demand, "organisation"))
        quotation = made.quotations.get()
        self.assertEqual(
            (quotation.text, quotation.field, quotation.words, quotation.in_working),
            (self.text, "body", "No to repressions!", True),
        )
        self.assertFalse(Suggestion.objects.filter(words="No to repressions!").exists())
        self.assertEqual(Suggestion.objects.count(), 6)
        self.assertFalse(quotation.in_live)

    def test_two_suggestions_may_be_one_demand_and_the_voice_may_be_changed(self):
        demand = make_demand()

        self.save(
            {
                "No to repressions!": {"demand": demand.pk, "voice": "quoted"},
                "Hands off from free elections!": {"demand": demand.pk, "voice": "quoted"},
            }
        )

        made = self.statement.demands_made.get()
        self.assertEqual((made.voice, made.quotations.count()), ("quoted", 2))

    def test_dismissing_removes_the_suggestion_alone(self):
        self.save({"No to repressions!": {"DELETE": "on"}})

        self.assertEqual(Suggestion.objects.count(), 6)
        self.assertFalse(DemandAsMade.objects.exists())

    def test_words_that_were_edited_away_are_not_taken_over(self):
        demand = make_demand()

        response = self.save(
            {"No to repressions!": {"demand": demand.pk}}, body="<p>Something else.</p>"
        )

        self.assertContains(response, "The words are no longer in the text.")
        self.assertFalse(Quotation.objects.exists())
        self.assertEqual(Suggestion.objects.count(), 7)

    def test_a_statement_with_everything_settled_has_no_such_part(self):
        self.statement.suggestions.all().delete()

        response = self.client.get(self.url)

        self.assertNotContains(response, "part-import")
        self.assertNotContains(response, "Notes of the import")

    def test_the_form_takes_as_many_queries_for_one_suggestion_as_for_four(self):
        self.client.get(self.url)  # The session's first request notes when it began.
        with CaptureQueriesContext(connection) as four:
            self.client.get(self.url)
        keep = self.statement.suggestions.demands().first().pk
        self.statement.suggestions.demands().exclude(pk=keep).delete()

        with self.assertNumQueries(len(four)):
            self.client.get(self.url)
