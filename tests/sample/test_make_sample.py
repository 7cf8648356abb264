from io import StringIO

from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Q
from django.test import TestCase

from statements import languages
from statements.ledger import workflow as ledger
from statements.models import (
    Authorship,
    Demand,
    DemandAsMade,
    DemandPerson,
    DemandUpdate,
    Event,
    Naming,
    Organisation,
    Person,
    PersonUpdate,
    Place,
    Quotation,
    Revision,
    Statement,
    Text,
)
from statements.publishing import links, wording
from statements.sample import writing
from tests.factories import make_demand_made, make_event, make_text

LINKED = (Event, Organisation, Demand, Person)


def make_sample(statements, seed=1):
    out = StringIO()
    call_command("make_sample", statements=statements, seed=seed, stdout=out)
    return out.getvalue()


def contents():
    """All that visitors could see of it, without the keys of rows."""
    return [
        list(Text.objects.order_by("slug").values_list("slug", "working_revision__body")),
        list(Demand.objects.order_by("slug").values_list("slug", "raised_on", "public_since")),
        list(Demand.objects.order_by("slug").values_list("slug", "state", "changed_on")),
        list(Quotation.objects.order_by("text__slug", "words").values_list("words", "in_live")),
        list(Organisation.objects.order_by("slug").values_list("slug", "name")),
    ]


class MakeSampleTests(TestCase):
    """What was written in bulk is what workflow would have left behind."""

    @classmethod
    def setUpTestData(cls):
        make_sample(200)

    def test_there_is_something_of_everything(self):
        counts = {
            "statements": Statement.objects.count(),
            "organisations": Organisation.objects.count(),
            "demands": Demand.objects.count(),
            "persons": Person.objects.count(),
        }
        self.assertEqual(
            counts, {"statements": 200, "organisations": 50, "demands": 80, "persons": 20}
        )
        texts = Text.objects.count()
        self.assertTrue(240 <= texts <= 300, texts)
        scripts = {
            languages.direction(code) for code in Text.objects.values_list("language", flat=True)
        }
        self.assertEqual(scripts, {"ltr", "rtl"})
        for one in (
            Text.objects.filter(live_revision=None),
            Text.objects.published().exclude(live_revision__number=1),
            Text.objects.published().exclude(working_revision_id=F("live_revision_id")),
            Naming.objects.all(),
            Event.objects.exclude(parent=None),
            Statement.objects.filter(issued_precision="before"),
            Statement.objects.exclude(source=None),
            Authorship.objects.filter(organisation=None),
        ):
            self.assertTrue(one.exists(), one.query)

    def test_every_record_is_marked_as_an_invented_example(self):
        for model in (Statement, *LINKED):
            self.assertEqual(model.objects.filter(is_example=False).count(), 0, model)

    def test_workflow_finds_nothing_to_mend_in_the_statements(self):
        before = list(Statement.objects.order_by("pk").values())
        quotations = list(Quotation.objects.order_by("pk").values())
        demands = list(Demand.objects.order_by("pk").values())
        linked = {model: self.public(model) for model in LINKED}

        for statement in Statement.objects.all():
            links.links_changed(statement)

        self.assertEqual(list(Statement.objects.order_by("pk").values()), before)
        self.assertEqual(list(Quotation.objects.order_by("pk").values()), quotations)
        self.assertEqual(list(Demand.objects.order_by("pk").values()), demands)
        self.assertEqual({model: self.public(model) for model in LINKED}, linked)
        self.assertTrue(any(not row["in_live"] for row in quotations))
        self.assertTrue(any(row["in_live"] for row in quotations))

    def test_states_are_what_the_updates_say(self):
        self.assertEqual(list(ledger.differences()), [])
        states = set(Demand.objects.values_list("state", flat=True))
        self.assertGreater(len(states), 5, states)
        self.assertTrue(DemandPerson.objects.exclude(met_by=None).exists())

    def test_workflow_finds_nothing_to_mend_in_the_trees(self):
        linked = {model: self.public(model) for model in LINKED}

        for model in LINKED:
            for record in model.objects.all():
                links.record_saved(record)

        self.assertEqual({model: self.public(model) for model in LINKED}, linked)

    def public(self, model):
        return list(model.objects.published().order_by("pk").values_list("pk", flat=True))

    def test_nothing_is_public_that_only_drafts_point_at(self):
        public = Q(statements__public_since__isnull=False)
        for model in (Demand, Organisation):
            lonely = model.objects.exclude(pk__in=model.objects.filter(public).values("pk"))
            if hasattr(model, "parent"):
                lonely = lonely.filter(parent=None, children=None)
            self.assertEqual(lonely.published().count(), 0, model)

    def test_versions_are_numbered_and_fingerprinted_as_publish_does(self):
        versions = Revision.objects.exclude(number=None)
        self.assertGreater(versions.filter(number__gt=1).count(), 10)
        for revision in versions:
            self.assertEqual(
                (revision.fingerprint, revision.own_fingerprint),
                wording.fingerprints(revision),
            )
        self.assertEqual(
            Revision.objects.filter(number=None).exclude(fingerprint="").count(),
            0,
        )
        for text in Text.objects.published():
            numbers = text.revisions.exclude(number=None).order_by("pk")
            self.assertEqual(
                list(numbers.values_list("number", flat=True)),
                list(range(1, len(numbers) + 1)),
            )
            self.assertEqual(text.live_revision, numbers.last())
            changes = ["", *["typographical"] * (len(numbers) - 1)]
            self.assertEqual(list(numbers.values_list("change", flat=True)), changes)

    def test_rows_are_as_the_fields_store_them(self):
        models = apps.get_app_config("statements").get_models()
        filled = [model for model in models if model.objects.exists()]
        self.assertTrue({Statement, Text, Revision, Quotation, *LINKED} < set(filled), filled)
        for model in filled:
            links = [one.name for one in model._meta.concrete_fields if one.remote_field]
            for row in model.objects.all():
                stored = vars(row).copy()
                row.clean_fields(exclude=links)
                self.assertEqual(vars(row), stored)

    def test_moments_are_stored_in_the_form_in_which_they_are_looked_up(self):
        for model, name in (
            (Statement, "public_since"),
            (Statement, "created_at"),
            (Revision, "published_at"),
            (Text, "changed_at"),
            (Revision, "at"),
        ):
            moment = model.objects.exclude(**{name: None}).values_list(name, flat=True).first()
            self.assertTrue(model.objects.filter(**{name: moment}).exists(), name)

    def test_editors_go_on_writing_after_it(self):
        text = make_text(events=[make_event()])
        make_demand_made(text, "Words.")

        self.assertGreater(text.pk, Text.objects.exclude(pk=text.pk).latest("pk").pk)

    def test_a_statement_is_public_with_its_leading_text_and_has_one(self):
        leading = Statement.objects.annotate(
            leading=Count("texts", filter=Q(texts__is_leading=True)),
            public=Count("texts", filter=Q(texts__live_revision__isnull=False)),
            public_leading=Count(
                "texts", filter=Q(texts__live_revision__isnull=False, texts__is_leading=True)
            ),
        )
        for one in leading:
            self.assertEqual(
                (one.leading, one.public_leading, bool(one.public)),
                (1, int(one.is_public), one.is_public),
            )
        translations = Text.objects.filter(is_leading=False)
        self.assertGreater(len(translations), 10)
        for text in translations:
            self.assertEqual(text.translated_from.text.statement_id, text.statement_id)
            self.assertTrue(text.translated_from.text.is_leading)

    def test_a_public_text_says_quotations_in_its_own_words(self):
        quotations = Quotation.objects.readable().select_related("text__live_revision")
        self.assertGreater(len(quotations), 100)
        for quotation in quotations:
            self.assertTrue(
                wording.contains(quotation.text.live_revision, quotation.field, quotation.words)
            )

    def test_another_seed_adds_more_and_the_same_one_is_refused(self):
        make_sample(20, seed=2)
        self.assertEqual(Statement.objects.count(), 220)

        with self.assertRaisesMessage(CommandError, "take another --seed"):
            make_sample(20, seed=2)
        self.assertEqual(Statement.objects.count(), 220)

    def test_the_same_seed_makes_the_same_content(self):
        first = contents()
        updates = (DemandPerson, DemandUpdate, PersonUpdate)
        for model in (Quotation, DemandAsMade, Naming, Authorship, *updates):
            model.objects.all().delete()
        nothing = dict.fromkeys(("working_revision", "live_revision", "translated_from"))
        Text.objects.update(state="draft", **nothing)
        for model in (Revision, Text, Statement, Organisation, Event, Demand, Person):
            if hasattr(model, "parent"):
                model.objects.update(parent=None)
            model.objects.all().delete()

        make_sample(200)

        self.assertEqual(contents(), first)


class SizeTests(TestCase):
    def test_one_statement_is_possible_and_two_thousand_are(self):
        make_sample(1)
        self.assertEqual(Statement.objects.count(), 1)

        said = make_sample(2100, seed=7)

        self.assertEqual(Statement.objects.count(), 2101)
        self.assertIn("     2100 Statement\n", said)
        busy = Event.objects.annotate(n=Count("statements")).order_by("-n").first()
        about = DemandAsMade.objects.filter(statement__events=busy)
        self.assertEqual(
            (
                busy.n >= 200,
                Organisation.objects.filter(statements__events=busy).distinct().count() >= 50,
                about.values("demand").distinct().count() >= 60,
            ),
            (True, True, True),
        )

    def test_what_was_stored_before_an_interruption_is_whole(self):
        batches = writing.make_sample(statements=2100, seed=3)
        next(batches)
        batches.close()

        self.assertEqual(Statement.objects.count(), 1000)
        before = list(Demand.objects.order_by("pk").values())
        for statement in Statement.objects.order_by("pk")[::50]:
            links.links_changed(statement)
        self.assertEqual(list(Demand.objects.order_by("pk").values()), before)

    def test_a_site_without_places_gets_content_too(self):
        Place.objects.all().delete()

        make_sample(30)

        self.assertEqual(Statement.objects.count(), 30)

    def test_numbers_that_make_no_sense_are_refused(self):
        for statements in (0, -5, 1_000_001):
            with self.assertRaises(CommandError):
                make_sample(statements)
        self.assertEqual(Statement.objects.count(), 0)
