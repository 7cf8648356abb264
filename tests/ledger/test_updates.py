"""What became of a demand or a person follows from its updates, and from nothing else."""

from io import StringIO
from itertools import permutations

from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import SimpleTestCase, TestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from statements.dates import PartialDate
from statements.ledger import workflow
from statements.models import AuditEntry, Demand, DemandPerson, DemandUpdate, Person, PersonUpdate
from statements.models.update import meets
from statements.publishing import links
from tests.factories import (
    make_demand,
    make_demand_made,
    make_person,
    make_source,
    make_text,
    make_update,
)

DAYS = ("2020-08-30", "2020-08-31", "2020-08", "after 2020-08-30", "before 2020-09", "2020")


def updates(model):
    states = st.sampled_from(getattr(model, model.ABOUT).field.related_model.State.values)
    one = st.tuples(states, st.sampled_from(DAYS))
    return st.lists(one, max_size=5).flatmap(
        lambda some: st.tuples(st.just(some), st.permutations(some))
    )


def rows(model, entered):
    return [
        model(pk=number, state=state, happened=PartialDate.parse(day))
        for number, (state, day) in enumerate(entered, 1)
    ]


class OrderTests(SimpleTestCase):
    """The order in which updates are entered changes nothing."""

    @settings(deadline=None)
    @given(updates(PersonUpdate), updates(DemandUpdate))
    def test_a_state_is_the_same_in_whatever_order_updates_are_entered(self, persons, demands):
        answers = set()
        for person, demand in zip(persons, demands, strict=True):
            derived, decisive = workflow.state_of_person(rows(PersonUpdate, person))
            asked = Demand(kind="release", raised_on=PartialDate.parse("2020-08-30").latest)
            met = decisive if meets(decisive, asked) else None
            of_demand = workflow.state_of_demand(asked, rows(DemandUpdate, demand), [met, None])
            answers.add((derived, of_demand, met is None))

        self.assertEqual(len(answers), 1)


class StateTests(TestCase):
    def state(self, record):
        record = type(record).objects.get(pk=record.pk)
        return record.state, str(record.state_date or "") if isinstance(record, Demand) else str(
            record.as_of or ""
        )

    def test_without_updates_a_demand_is_raised_and_a_person_unknown(self):
        person = make_person()
        demand = make_demand(people=[person])
        make_demand_made(make_text(issued="2020-08-01"), demand=demand)

        self.assertEqual(self.state(demand), ("raised", "1 August 2020"))
        self.assertEqual(self.state(person), ("unknown", ""))

    def test_the_latest_decides_and_on_one_day_the_later_in_the_list_but_never_unknown(self):
        for entered, state in (
            ([("met", "2020-09-01"), ("acknowledged", "2020-08-15")], ("met", "1 September 2020")),
            ([("refused", "2020-09-01"), ("met", "2020-09-01")], ("refused", "1 September 2020")),
            ([("unknown", "2020-09-01"), ("raised", "2020-09-01")], ("raised", "1 September 2020")),
            ([("met", "2020-09-01"), ("unknown", "2020-09-02")], ("unknown", "2 September 2020")),
            # September ends after its first day; what is after the 10th begins on the 11th.
            ([("ignored", "2020-09"), ("met", "2020-09-29")], ("ignored", "September 2020")),
            (
                [("met", "after 2020-09-10"), ("ignored", "2020-09-12")],
                ("ignored", "12 September 2020"),
            ),
        ):
            for order in permutations(entered):
                demand = make_demand()
                for one, day in order:
                    make_update(demand, one, day)
                self.assertEqual(self.state(demand), state, order)

    def test_persons_released_meet_a_demand_one_by_one(self):
        one, other = make_person(), make_person()
        demand = make_demand(people=[one, other], kind="release")
        make_demand_made(make_text(issued="2020-08-12"), demand=demand)

        make_update(one, "released", "2020-08-01")
        self.assertEqual(self.state(demand), ("raised", "12 August 2020"), "before it was raised")
        make_update(one, "detained", "2020-08-02")
        first = make_update(one, "released", "2020-09-01")
        self.assertEqual(self.state(demand), ("partly-met", "1 September 2020"))
        make_update(other, "exchanged", "2020-09-02")
        self.assertEqual(self.state(demand), ("partly-met", "1 September 2020"))
        make_update(demand, "negotiated", "2020-09-03")
        self.assertEqual(self.state(demand), ("negotiated", "3 September 2020"))
        second = make_update(other, "released", "2020-09-04")
        self.assertEqual(self.state(demand), ("met", "4 September 2020"))
        met_by = demand.demand_people.order_by("position").values_list("met_by", flat=True)
        self.assertEqual(list(met_by), [first.pk, second.pk])

        make_update(one, "arrested", "2021-01-01")
        self.assertEqual(self.state(demand), ("partly-met", "4 September 2020"))
        self.verify()

    def test_of_somebody_whose_name_is_withheld_nothing_shows(self):
        one, hidden = make_person(), make_person(shown_as=Person.Shown.WITHHELD)
        demand = make_demand(people=[one, hidden], kind="release")
        make_demand_made(make_text(), demand=demand)
        make_update(hidden, "released")
        self.assertEqual(self.state(demand)[0], "raised")

        self.show(hidden, Person.Shown.INITIALS)
        links.record_saved(hidden)
        self.assertEqual(self.state(demand)[0], "partly-met")

        self.show(hidden, Person.Shown.WITHHELD)
        with self.assertRaisesMessage(CommandError, "1 stored states or counts differ"):
            self.verify()
        links.record_saved(hidden)
        self.assertEqual(self.state(demand)[0], "raised")
        self.assertEqual(DemandPerson.objects.exclude(met_by=None).count(), 0)

    def show(self, person, how):
        Person.objects.filter(pk=person.pk).update(shown_as=how)
        person.refresh_from_db()

    def test_a_correction_is_a_new_entry_and_decides_in_place_of_the_old_one(self):
        demand = make_demand()
        wrong = make_update(demand, "met", "2020-09-05")
        right = make_update(demand, "acknowledged", "2020-09-01", corrects=wrong, note="Misread.")

        self.assertEqual(self.state(demand), ("acknowledged", "1 September 2020"))
        wrong.refresh_from_db()
        self.assertEqual((wrong.state, wrong.replaced_by), ("met", right))
        with self.assertRaises(workflow.AlreadyCorrected):
            make_update(demand, "refused", corrects=wrong)
        acts = AuditEntry.objects.filter(noun="demandupdate").order_by("number")
        self.assertEqual(
            list(acts.values_list("act", "object_id", "before", "after", "code")),
            [
                ("add-update", wrong.pk, "raised", "met", f"demand-{demand.pk}"),
                (
                    *("correct-update", right.pk, "met", "acknowledged"),
                    f"demand-{demand.pk}-corrects-{wrong.pk}",
                ),
            ],
        )

    def test_the_database_refuses_an_update_without_a_source_or_a_day(self):
        demand, day = make_demand(), PartialDate.parse("2020-09-01")
        for fields in (
            {"happened": day},
            {"source": make_source()},
            {"happened": day, "source": make_source(), "state": "solved"},
        ):
            with self.assertRaises(IntegrityError), transaction.atomic():
                DemandUpdate.objects.create(**{"demand": demand, "state": "met"} | fields)

    def test_the_command_names_what_differs(self):
        make_update(make_demand(), "met")
        person = make_person()
        make_update(person, "released")
        self.assertIn("every stored state is what the updates say", self.verify())

        Person.objects.filter(pk=person.pk).update(state="arrested")
        errors = StringIO()
        Demand.objects.update(maker_count=7)
        with self.assertRaisesMessage(CommandError, "2 stored states or counts differ"):
            call_command("verify_ledger", stderr=errors)
        self.assertIn(f"person {person.pk} ", errors.getvalue())
        self.assertIn(f"Not as many make demand {Demand.objects.get().pk} ", errors.getvalue())

    def verify(self):
        out = StringIO()
        call_command("verify_ledger", stdout=out, stderr=StringIO())
        return out.getvalue()
