"""The label of a choice is found without translating all of them."""

from django.test import SimpleTestCase
from django.utils import translation

from statements.models import Demand, DemandUpdate, Event, Person, Quotation


class LabelTests(SimpleTestCase):
    def test_labels_are_in_the_language_of_the_reader(self):
        update = DemandUpdate(state=Demand.State.MET)
        shown = []
        for language in ("en", "de"):
            with translation.override(language):
                shown.append(
                    (
                        Demand(state="partly-met").get_state_display(),
                        Person(state="released").get_state_display(),
                        Event(type="strike").get_type_display(),
                        Quotation(field="body").get_field_display(),
                        update.get_state_display(),
                    )
                )

        self.assertEqual(
            shown,
            [
                ("partly met", "released", "strike", "body", "met"),
                ("teilweise erfüllt", "freigelassen", "Streik", "Haupttext", "erfüllt"),
            ],
        )

    def test_a_value_that_is_no_choice_stands_for_itself(self):
        self.assertEqual(Demand(state="dreamt").get_state_display(), "dreamt")
        self.assertIsNone(Demand(state=None).get_state_display())
