"""Where a date that is not exact decides, whoever enters it is told first."""

from statements.dates import PartialDate
from statements.ledger.doubts import doubts
from statements.models import DemandUpdate, PersonUpdate
from tests.admin.signed_in import EditorTestCase
from tests.factories import make_demand, make_demand_made, make_person, make_text, make_update
from tests.ledger.test_entering import NEW, RELEASED, words_of

TOLD = "Not entered yet: a date that is not exact would decide."


class DoubtTests(EditorTestCase):
    def told(self, record, state, day, **corrected):
        found = doubts([record], state=state, happened=PartialDate.parse(day), **corrected)
        return [(str(one.decisive), str(one.other)) for one in found]

    def test_a_coarse_date_that_decides_is_told_and_one_that_decides_nothing_is_not(self):
        person = make_person()
        june = make_update(person, "released", "2020-06")

        year = ("arrested, 2020", "released, June 2020")
        after = ("released, June 2020", "arrested, after 3 April 2020")
        for state, day, expected in (
            ("arrested", "2020", [year]),
            ("arrested", "after 2020-04-03", [after]),
            ("arrested", "2020-06-05", [("released, June 2020", "arrested, 5 June 2020")]),
            ("arrested", "2020-06-30", [("released, June 2020", "arrested, 30 June 2020")]),
            ("arrested", "2020-07", []),
            ("arrested", "2020-05-31", []),
            ("arrested", "before 2020-06", []),
            ("released", "2020", []),
        ):
            with self.subTest(state, day=day):
                self.assertEqual(self.told(person, state, day), expected)
        self.assertEqual(self.told(person, "arrested", "2020", corrects=june), [])

    def test_what_became_of_persons_counts_for_a_demand_about_them(self):
        person = make_person()
        demand = make_demand(people=[person], kind="release")
        make_demand_made(make_text(issued="2020-05-01"), demand=demand)
        make_update(person, "released", "2020-06-05")

        told = [("refused, 2020", "met, 5 June 2020")]
        self.assertEqual(self.told(demand, "refused", "2020"), told)
        self.assertEqual(self.told(demand, "refused", "2020-06-01"), [])

    def test_an_editor_enters_a_finer_day_or_the_update_as_it_is(self):
        for how, day in (("finer", "2020-05-31"), ("as it is", "2020")):
            person = make_person()
            make_update(person, "released", "2020-06")
            page = f"/admin/statements/person/{person.pk}/updates/"
            data = RELEASED | NEW | {"state": "arrested", "happened_1": "2020"}

            asked = self.client.post(page, data)

            self.assertContains(asked, TOLD)
            words = "The state would be “arrested” (2020), though “released” (June 2020) may have"
            self.assertIn(words, words_of(asked))
            self.assertEqual(person.updates.count(), 1, how)
            # Whoever changes the date is not taken at the word given for another one.
            other = {"happened_1": "after 2020-04", "as_it_is": "2020"}
            self.assertContains(self.client.post(page, data | other), TOLD)
            self.assertEqual(person.updates.count(), 1)

            self.client.post(page, data | {"happened_1": day, "as_it_is": "2020"})

            entered = PersonUpdate.objects.latest("pk")
            self.assertEqual((entered.person, str(entered.happened.notation)), (person, day))

    def test_of_several_demands_those_are_named_of_which_it_is_so(self):
        one, other = make_demand("Pay wages"), make_demand("Open the gates")
        make_update(one, "negotiated", "2020-06")
        page = f"/admin/statements/demand/updates/?ids={one.pk}&ids={other.pk}"

        asked = self.client.post(page, RELEASED | NEW | {"state": "met", "happened_1": "2020"})

        words = words_of(asked)
        self.assertIn("Pay wages: The state would be", words)
        self.assertNotIn("Open the gates: The state", words)
        self.assertEqual(DemandUpdate.objects.count(), 1)
