"""Records that pages have by the hundred are made of rows without what Django does besides."""

from django.apps import apps
from django.db import models
from django.db.models.signals import post_init, pre_init
from django.test import SimpleTestCase, TestCase
from django.utils import translation

from statements.models import Demand, DemandUpdate, Event, Person, Quotation, Text
from statements.models.base import Listed
from tests.factories import make_demand_made, make_event, make_naming, make_person, make_text

LISTED = [model for model in apps.get_models() if issubclass(model, Listed)]


class FromRowTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        text = make_text(body="<p>Open the borders.</p>")
        make_naming(text, make_person())
        make_demand_made(text, "Open the borders.")
        make_event()

    def test_a_row_gives_the_record_that_django_would_make_of_it(self):
        compared = set()
        for model in LISTED:
            names = [field.attname for field in model._meta.concrete_fields]
            # What a query with deferred columns fetches.
            for fetched in (names, names[:2]):
                for row in model.objects.order_by("pk").values_list(*fetched):
                    ours = model.from_db("default", fetched, row)
                    theirs = models.Model.from_db.__func__(model, "default", fetched, row)
                    compared.add(model)
                    self.assertEqual(told(ours), told(theirs))

        self.assertLess({Demand, Event, Person, Quotation, Text}, compared)

    def test_what_was_not_fetched_is_fetched_when_it_is_asked_for(self):
        demand = Demand.objects.only("slug").get()

        with self.assertNumQueries(1):
            wording = demand.wording

        self.assertEqual(wording, Demand.objects.get().wording)

    def test_a_record_that_was_fetched_is_changed_and_not_made_again(self):
        demand = Demand.objects.get()
        demand.wording = "Open the border"
        demand.save()

        self.assertEqual(Demand.objects.get().wording, "Open the border")


class NoSignalTests(SimpleTestCase):
    def test_nothing_waits_for_a_record_to_be_made(self):
        waiting = [
            model
            for model in LISTED
            if pre_init.has_listeners(model) or post_init.has_listeners(model)
        ]
        files = [
            field
            for model in LISTED
            for field in model._meta.concrete_fields
            if isinstance(field, models.FileField)
        ]

        self.assertEqual([waiting, files], [[], []])


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


def told(record: models.Model) -> tuple:
    values = {name: value for name, value in vars(record).items() if name != "_state"}
    return values, record._state.adding, record._state.db, record.get_deferred_fields()
