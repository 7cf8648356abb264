from django.test import TestCase

from statements.models import Quotation, Suggestion
from statements.publishing import suggestions, workflow
from tests.factories import make_demand, make_text


class TakeOverTests(TestCase):
    def suggested(self, words="Pay the workers now.", **fields):
        text = make_text(body="<p>Pay the <b>workers</b> now.</p>", **fields)
        return text, Suggestion.objects.create(
            statement=text.statement,
            kind=Suggestion.Kind.DEMAND,
            words=words,
            field="body",
            voice="organisation",
        )

    def test_the_words_become_a_quotation_and_the_suggestion_is_settled(self):
        text, suggestion = self.suggested()
        demand = make_demand()

        suggestions.take_over(suggestion, demand)

        quotation = Quotation.objects.get()
        self.assertEqual(
            (quotation.made.demand, quotation.made.voice, quotation.text, quotation.in_live),
            (demand, "organisation", text, True),
        )
        self.assertFalse(Suggestion.objects.exists())
        demand.refresh_from_db()
        self.assertTrue(demand.is_public)

    def test_words_that_were_edited_away_leave_everything_as_it_was(self):
        text, suggestion = self.suggested()
        workflow.save_words(
            text, {"title": "T", "body": "<p>Else.</p>"}, based_on=text.working_revision_id
        )

        with self.assertRaises(suggestions.NotInText):
            suggestions.take_over(suggestion, make_demand())

        self.assertTrue(Suggestion.objects.exists())
        self.assertFalse(text.statement.demands_made.exists())
