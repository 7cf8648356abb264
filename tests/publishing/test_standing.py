from django.test import TestCase

from statements.models import AuditEntry, Correction, Statement
from statements.publishing import standing, states
from tests.factories import make_demand_made, make_event, make_organisation, make_text

Standing = Statement.Standing


class StandingTests(TestCase):
    def setUp(self):
        self.event = make_event(slug="strike")
        self.text = make_text(
            "Lower the rents", organisations=[make_organisation()], events=[self.event]
        )
        self.statement = self.text.statement

    def change(self, to, **said):
        standing.change_standing(self.statement, to, **said)
        self.statement.refresh_from_db()

    def test_only_the_moves_of_the_table_are_possible(self):
        for before in Standing.values:
            for to in Standing.values:
                Statement.objects.update(standing=before)
                with self.subTest(before=before, to=to):
                    if to in states.STANDINGS[before]:
                        self.change(to, note="Because.", reason="safety")
                        self.assertEqual(self.statement.standing, to)
                    else:
                        with self.assertRaises(states.IllegalMove):
                            self.change(to, note="Because.", reason="safety")

    def test_a_draft_has_no_standing_to_change(self):
        draft = make_text(published=False).statement

        with self.assertRaises(states.IllegalMove):
            standing.change_standing(draft, Standing.ARCHIVED)

    def test_the_public_is_told_why(self):
        for to in (Standing.WITHDRAWN, Standing.RETRACTED, Standing.TAKEN_DOWN):
            with self.subTest(to=to), self.assertRaises(standing.ReasonMissing):
                self.change(to, note="" if to != Standing.TAKEN_DOWN else "Only a note.")
        self.assertEqual(Correction.objects.count(), 0)
        self.assertEqual(Statement.objects.get().standing, "current")

    def test_archiving_and_taking_it_back_are_no_entries(self):
        self.change(Standing.ARCHIVED)
        self.change(Standing.CURRENT)

        self.assertEqual(Correction.objects.count(), 0)

    def test_each_is_decided_and_logged(self):
        before = AuditEntry.objects.count()
        self.change(Standing.TAKEN_DOWN, reason="safety")

        entry = AuditEntry.objects.get(number=before + 1)
        self.assertEqual(
            (entry.act, entry.before, entry.after, entry.code, entry.decision.statement),
            ("change-standing", "current", "taken-down", "safety", self.statement),
        )

    def test_a_demand_is_no_longer_raised_by_what_was_withdrawn(self):
        demand = make_demand_made(self.text, slug="rents").demand
        later = make_text(issued="2021-01-01")
        make_demand_made(later, demand=demand)
        self.change(Standing.WITHDRAWN, note="The league no longer stands by it.")

        demand.refresh_from_db()
        self.assertEqual(str(demand.raised), "1 January 2021")
