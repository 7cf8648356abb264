"""The demands of a statement in its form, and the words that make them."""

import pytest

from statements.models import DemandAsMade, Naming, Quotation
from tests.admin.posting import EditorCase
from tests.factories import make_demand, make_demand_made, make_person, make_text

# What is asked here is the same on any database.
pytestmark = pytest.mark.once


class QuotationTests(EditorCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.text = make_text(
            "Title", introduction="<p>They ask.</p>", body="<p>Pay the nurses. Free them all.</p>"
        )
        cls.demand = make_demand("Pay the nurses of Example")

    def quote(self, words, row=0, demand=None, **changes):
        return {
            f"demands_made-{row}-demand": (demand or self.demand).pk,
            f"demands_made-{row}-voice": "organisation",
            f"demands_made-{row}-quotations-TOTAL_FORMS": "1",
            f"demands_made-{row}-quotations-INITIAL_FORMS": "0",
            f"demands_made-{row}-quotations-0-words": words,
            f"demands_made-{row}-quotations-0-field": "body",
        } | changes

    def test_words_of_another_part_are_put_down_to_that_part(self):
        self.change(self.text, **self.quote("  They\n ask."))

        quotation = Quotation.objects.get()
        self.assertEqual(
            (quotation.words, quotation.field, quotation.in_live),
            ("They ask.", "introduction", True),
        )

    def test_words_that_are_in_the_words_being_saved_are_taken(self):
        self.change(self.text, body="<p>A new demand.</p>", **self.quote("A new demand."))

        quotation = Quotation.objects.get()
        self.assertEqual((quotation.in_working, quotation.in_live), (True, False))

    def test_words_that_are_nowhere_are_refused_on_their_row(self):
        response = self.change(self.text, **self.quote("Pay the doctors."))

        self.assertContains(response, "These words are not in the text.")
        self.assertEqual(Quotation.objects.count(), 0)

    def test_words_without_a_demand_are_refused(self):
        data = self.quote("Free them all.") | {"demands_made-0-demand": ""}

        response = self.change(self.text, **data)

        self.assertContains(response, "This field is required.")

    def test_a_demand_without_words_is_made(self):
        self.change(self.text, **self.quote(""))

        self.assertEqual(
            list(DemandAsMade.objects.values_list("demand", "voice")),
            [(self.demand.pk, "organisation")],
        )
        self.assertEqual(Quotation.objects.count(), 0)

    def test_a_second_row_of_a_demand_is_a_second_quotation_of_it(self):
        made = make_demand_made(self.text, "Pay the nurses.", demand=self.demand)

        self.change(self.text, **self.quote("Free them all.", row=1))

        self.assertEqual(
            sorted(made.quotations.values_list("words", flat=True)),
            ["Free them all.", "Pay the nurses."],
        )
        self.assertEqual(DemandAsMade.objects.count(), 1)

    def test_the_same_words_twice_are_kept_once(self):
        make_demand_made(self.text, "Pay the nurses.", demand=self.demand)

        self.change(self.text, **self.quote("Pay the nurses.", row=1))

        self.assertEqual(Quotation.objects.count(), 1)

    def test_two_stored_rows_cannot_become_one(self):
        make_demand_made(self.text, "Pay the nurses.", demand=self.demand)
        make_demand_made(self.text, "Free them all.")

        response = self.change(self.text, **{"demands_made-1-demand": self.demand.pk})

        self.assertContains(response, "has a row for this demand already")
        self.assertEqual(DemandAsMade.objects.count(), 2)

    def test_a_quotation_that_an_edit_breaks_is_kept_and_listed(self):
        make_demand_made(self.text, "Pay the nurses.", demand=self.demand)

        self.client.get(self.change(self.text, body="<p>Pay everybody.</p>").url)

        quotation = Quotation.objects.get()
        self.assertEqual((quotation.in_working, quotation.in_live), (False, True))
        page = self.client.get(self.page(self.text))
        self.assertContains(page, "1 quotation is no longer in the text")
        self.assertContains(page, "These words are no longer in the text.")

    def test_publishing_asks_to_settle_what_is_broken(self):
        make_demand_made(self.text, "Pay the nurses.", demand=self.demand)

        response = self.change(self.text, "_publish", body="<p>Pay everybody.</p>")

        self.assertContains(response, "mark them as not in this version")
        self.text.refresh_from_db()
        self.assertFalse(self.text.is_draft)
        self.change(
            self.text,
            "_publish",
            change="typographical",
            body="<p>Pay everybody.</p>",
            **{"demands_made-0-quotations-0-is_gone": "on"},
        )
        self.text.refresh_from_db()
        self.assertEqual(self.text.live_revision.number, 2)

    def test_words_are_removed_and_the_demand_with_them_when_asked(self):
        make_demand_made(self.text, "Pay the nurses.", demand=self.demand)

        self.change(self.text, **{"demands_made-0-quotations-0-DELETE": "on"})
        self.assertEqual((Quotation.objects.count(), DemandAsMade.objects.count()), (0, 1))
        self.change(self.text, **{"demands_made-0-DELETE": "on"})

        self.assertEqual(DemandAsMade.objects.count(), 0)

    def test_a_demand_that_it_makes_no_more_was_raised_by_the_others(self):
        later = make_text(issued="2021-03-01")
        make_demand_made(self.text, "Pay the nurses.", demand=self.demand)
        make_demand_made(later, demand=self.demand)
        self.demand.refresh_from_db()
        self.assertEqual(str(self.demand.raised), "1 August 2020")

        self.change(self.text, **{"demands_made-0-DELETE": "on"})

        self.demand.refresh_from_db()
        self.assertEqual(str(self.demand.raised), "1 March 2021")
        self.change(later, **{"demands_made-0-demand": make_demand().pk})
        self.demand.refresh_from_db()
        self.assertIsNone(self.demand.raised)

    def test_quotations_of_a_translation_are_not_touched(self):
        french = make_text(
            statement=self.text.statement, language="fr", body="<p>Payez les infirmières.</p>"
        )
        made = make_demand_made(self.text, "Pay the nurses.", demand=self.demand)
        other = Quotation.objects.create(made=made, text=french, words="Payez les infirmières.")

        self.change(self.text, **{"demands_made-0-quotations-0-words": "Free them all."})

        self.assertEqual(
            set(Quotation.objects.values_list("pk", "words")),
            {
                (other.pk, other.words),
                (made.quotations.exclude(pk=other.pk).get().pk, "Free them all."),
            },
        )

    def test_a_spelling_that_is_not_in_the_text_is_refused(self):
        person = make_person("Amina Okoye")

        response = self.change(
            self.text, **{"namings-0-spelling": "Amina", "namings-0-person": person.pk}
        )

        self.assertContains(response, "does not name anybody with this spelling")
        self.assertEqual(Naming.objects.count(), 0)
