"""Demands that are one become one: nothing is lost or doubled, in whatever order."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import TestCase
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyTestCase

from statements.ledger import merging
from statements.models import (
    AuditEntry,
    Demand,
    DemandAsMade,
    DemandPerson,
    FormerSlug,
    Person,
    Quotation,
    SafetyCheck,
)
from statements.publishing import links, slugs
from tests.factories import (
    make_addressee,
    make_demand,
    make_demand_made,
    make_person,
    make_text,
    make_update,
)

# What merging moves; a new table that points at demands has to be thought of.
MOVED = {
    ("DemandAsMade", "demand"),
    # Follows from those that make it.
    ("DemandMaker", "demand"),
    ("DemandLetter", "demand"),
    ("DemandPerson", "demand"),
    ("DemandUpdate", "demand"),
    ("DemandWording", "demand"),
    # The same rows as DemandAsMade.
    ("Statement", "demands"),
    # Goes with its demand, and is written anew for the one that stays.
    ("SearchEntry", "demand"),
    # tests/newsletter/test_followings.py
    ("FollowRequest", "demand"),
    ("Following", "demand"),
}
MOVED_WITH_A_ROW = {("Quotation", "made")}


def relations_to(model):
    return {
        (one.related_model.__name__, one.field.name)
        for one in model._meta.get_fields(include_hidden=True)
        if one.auto_created and one.is_relation and "_" not in one.related_model.__name__
    }


def what_it_says(demand):
    """All that a demand has, in values that are the same however it came to have them."""
    demand = Demand.objects.named("fr").to_somebody().get(pk=demand.pk)
    quotations = Quotation.objects.filter(made__demand=demand).values_list(
        "made__statement", "made__voice", "text", "field", "words", "is_gone"
    )
    return {
        "made": sorted(demand.made.values_list("statement", "voice")),
        "quotations": sorted(quotations),
        "updates": list(demand.updates.order_by("pk").values_list("pk", "corrects", "entered_by")),
        "people": sorted(demand.demand_people.values_list("person", "met_by"), key=str),
        "wordings": sorted([(demand.language, demand.wording), *_names(demand)]),
        "in French": demand.shown,
        "letters": sorted(demand.letters.values_list("language", "subject", "words")),
        "addresses": sorted(
            FormerSlug.objects.filter(noun="demand", object_id=demand.pk).values_list(
                "slug", flat=True
            )
        ),
        "kind": demand.kind,
        "addressee": demand.addressee,
        "state": (demand.state, str(demand.as_of), demand.changed_on),
        "raised": str(demand.raised),
    }


def _names(demand):
    return demand.names.values_list("language", "name")


class MergeTests(TestCase):
    def setUp(self):
        self.by = get_user_model().objects.create_superuser("publisher")

    def merge(self, gone, into):
        return merging.merge(gone, into, by=self.by)

    def test_everything_that_points_at_demands_is_thought_of(self):
        self.assertEqual(relations_to(Demand), MOVED)
        self.assertEqual(relations_to(DemandAsMade), MOVED_WITH_A_ROW)

    def test_quotations_updates_people_wordings_and_addresses_go_to_the_one_that_stays(self):
        amina, other = make_person(), make_person()
        gone = make_demand(
            "Free them", [amina], slug="first", kind="release", addressee=make_addressee()
        )
        gone.names.create(language="fr", name="Libérez-les")
        into = make_demand("Release both", [amina, other], kind="release")
        into.names.create(language="fr", name="Libération")
        gone.letters.create(language="fr", subject="Lettre", words="Mots")
        into.letters.create(language="fr", subject="Autre", words="Mots")
        both = make_text(issued="2020-08-10", body="<p>Free them. Release both. Now!</p>")
        alone = make_text(issued="2020-08-01", introduction="<p>Free them</p>")
        make_demand_made(both, "Free them.", demand=gone)
        make_demand_made(both, "Now!", demand=gone)
        make_demand_made(both, "Release both.", demand=into)
        make_demand_made(both, "Now!", demand=into)
        make_demand_made(alone, "Free them", demand=gone, voice="editors", field="introduction")
        wrong = make_update(gone, "refused", "2020-10-01")
        right = make_update(gone, "acknowledged", "2020-08-20", corrects=wrong, by=self.by)
        released = make_update(amina, "released", "2020-09-01")
        gone.refresh_from_db()
        slugs.change_slug(gone, "free-them")
        foretold = merging.foretell(gone, into)
        number, edition = gone.pk, both.statement.edition

        self.merge(gone, into)

        self.assertEqual(
            what_it_says(into),
            {
                "made": sorted(
                    [(alone.statement_id, "editors"), (both.statement_id, "organisation")]
                ),
                "quotations": sorted(
                    [
                        (alone.statement_id, "editors", alone.pk)
                        + ("introduction", "Free them", False),
                        *(
                            (both.statement_id, "organisation", both.pk, "body", words, False)
                            for words in ("Free them.", "Now!", "Release both.")
                        ),
                    ]
                ),
                "updates": [(wrong.pk, None, None), (right.pk, wrong.pk, self.by.pk)],
                "people": sorted([(amina.pk, released.pk), (other.pk, None)], key=str),
                "wordings": [
                    ("en", "Free them"),
                    ("en", "Release both"),
                    ("fr", "Libération"),
                    ("fr", "Libérez-les"),
                ],
                "letters": [("fr", "Autre", "Mots"), ("fr", "Lettre", "Mots")],
                "in French": "Libération",
                "addresses": ["first", "free-them"],
                "kind": "release",
                "addressee": gone.addressee,
                "state": ("partly-met", "1 September 2020", released.happened.latest),
                # The editors' demand is as old as its statement.
                "raised": "1 August 2020",
            },
        )
        self.assertEqual(
            (foretold.state, str(foretold.as_of), str(foretold.raised)),
            ("partly-met", "1 September 2020", "1 August 2020"),
        )
        self.assertEqual((foretold.statements, foretold.quotations), (2, 4))
        self.assertEqual([one.subject for one in foretold.letters], ["Autre", "Lettre"])
        both.statement.refresh_from_db()
        self.assertEqual(both.statement.edition, edition + 1)
        entry = AuditEntry.objects.get(act="merge")
        self.assertEqual((entry.object_id, entry.before), (into.pk, f"demand-{number}"))
        for slug in ("first", "free-them"):
            self.assertRedirects(
                self.client.get(f"/de/demands/{slug}/"), f"/de/demands/{into.slug}/", 301
            )

    def test_nobody_at_risk_is_named_by_a_wording_that_becomes_public_with_the_other(self):
        amina = make_person(is_at_risk=True)
        hidden = make_demand(f"Release {amina}", [amina], kind="release")
        public = Demand.objects.get(pk=make_demand_made(make_text()).demand_id)
        for pair in ((hidden, public), (public, hidden)):
            self.assertEqual(merging.foretell(*pair).unasked, [amina])
            with self.assertRaises(merging.NotAsked):
                self.merge(*pair)

        Person.objects.filter(pk=amina.pk).update(shown_as=Person.Shown.WITHHELD)
        self.merge(hidden, public)

        page = self.client.get(f"/demands/{public.slug}/")
        self.assertContains(page, "Release [")
        self.assertNotContains(page, amina.name)

    def test_nobody_at_risk_is_shown_at_once_in_statements_that_were_not_asked_about(self):
        amina = make_person(is_at_risk=True, public_since=timezone.now())
        text, other = make_text(), make_text()
        into = make_demand_made(text).demand
        gone = make_demand(people=[amina])
        make_demand_made(other, demand=gone)
        for demand in (into, gone):
            demand.refresh_from_db()

        with self.assertRaises(merging.NotAsked):
            self.merge(gone, into)

        check = SafetyCheck.objects.create(
            statement=text.statement, agreed="yes", wished="yes", review_on="2999-01-01"
        )
        check.persons.add(amina)
        self.merge(gone, into)
        self.assertEqual(into.people.get(), amina)

    def test_not_into_itself_and_not_into_one_that_is_gone(self):
        one, other = make_demand(), make_demand()
        with self.assertRaises(merging.NotMergeable):
            self.merge(one, one)
        self.merge(other, make_demand())
        with self.assertRaises(merging.NotMergeable):
            self.merge(one, other)


THREE = st.integers(0, 2)
WORDS = ("Free", "them", "now")
MADE = st.tuples(THREE, THREE, st.sampled_from(DemandAsMade.Voice.values), st.sets(THREE))
UPDATES = st.tuples(
    THREE, st.sampled_from(Demand.State.values), st.sampled_from(("2020-08-30", "2020-08", "2021"))
)
WORDINGS = st.tuples(THREE, st.sampled_from(("fr", "de")), st.sampled_from(WORDS))
DEMANDS = st.fixed_dictionaries(
    {
        "made": st.lists(MADE, max_size=6),
        "updates": st.lists(UPDATES, max_size=4),
        "people": st.sets(st.tuples(THREE, THREE), max_size=4),
        "wordings": st.sets(WORDINGS, max_size=5),
        "own": st.tuples(*[st.tuples(st.sampled_from(("en", "fr")), st.sampled_from(WORDS))] * 3),
        "kinds": st.tuples(*[st.sampled_from(("release", "labour"))] * 3),
        "addressees": st.sets(THREE),
    }
)


class TakenBack(Exception):
    """What was done is compared, and undone."""


class OrderTests(PropertyTestCase):
    """In whatever order demands are merged, the last one has the same."""

    @classmethod
    def setUpTestData(cls):
        cls.by = get_user_model().objects.create_superuser("publisher")
        body = f"<p>{' '.join(WORDS)}</p>"
        days = ("2020-08-01", "2020-07", None)
        cls.texts = [make_text(issued=day, body=body) for day in days]
        cls.people = [make_person() for _n in range(3)]
        make_update(cls.people[0], "released", "2020-09-01")
        make_update(cls.people[1], "released", "2020-07-15")
        cls.addressees = [make_addressee(f"Office {number}") for number in range(3)]

    def three(self, drawn):
        demands = [
            make_demand(
                words,
                language=language,
                slug=f"demand-{number}",
                kind=drawn["kinds"][number],
                addressee=self.addressees[number] if number in drawn["addressees"] else None,
            )
            for number, (language, words) in enumerate(drawn["own"])
        ]
        for one, person in sorted(drawn["people"]):
            DemandPerson.objects.create(demand=demands[one], person=self.people[person])
        for one, language, words in sorted(drawn["wordings"]):
            if language != demands[one].language:
                demands[one].names.create(language=language, name=words)
        for one, text, voice, words in drawn["made"]:
            made, _created = DemandAsMade.objects.get_or_create(
                demand=demands[one], statement=self.texts[text].statement, voice=voice
            )
            for word in words:
                made.quotations.get_or_create(
                    text=self.texts[text], field="body", words=WORDS[word]
                )
        links.make_public(Demand.objects.filter(pk__in=[one.pk for one in demands]))
        links.links_changed(*[text.statement for text in self.texts])
        before = {}
        for one, state, day in drawn["updates"]:
            corrects = before.get(one) if day == "2021" else None
            before[one] = make_update(demands[one], state, day, corrects=corrects)
        return [Demand.objects.get(pk=one.pk) for one in demands]

    def merged(self, drawn, *steps):
        """What the last one says after these steps, each with what was foretold of it."""
        found = {}
        try:
            with transaction.atomic():
                demands = self.three(drawn)
                first = demands[0].updates.model.objects.order_by("pk").first()
                for gone, into in steps:
                    demands[into].refresh_from_db()
                    demands[gone].refresh_from_db()
                    foretold = merging.foretell(demands[gone], demands[into])
                    merging.merge(demands[gone], demands[into], by=self.by)
                    demands[into].refresh_from_db()
                    self.assertEqual(
                        (foretold.state, foretold.as_of, foretold.raised),
                        (demands[into].state, demands[into].as_of, demands[into].raised),
                    )
                found = what_it_says(demands[2])
                raise TakenBack
        except TakenBack:
            shift = first.pk if first else 0
            found["updates"] = [
                (pk - shift, corrects and corrects - shift)
                for pk, corrects, _by in found["updates"]
            ]
        return found

    @settings(deadline=None, max_examples=8)
    @given(DEMANDS)
    def test_merging_is_associative(self, drawn):
        one = self.merged(drawn, (0, 1), (1, 2))
        other = self.merged(drawn, (1, 2), (0, 2))
        third = self.merged(drawn, (0, 2), (1, 2))

        self.assertEqual(one, other)
        # Which of two comes first decides what shows where the last one says nothing.
        for said in (one, third):
            del said["in French"], said["addressee"]
        self.assertEqual(one, third)
