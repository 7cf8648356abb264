from django.test import TestCase

from statements.models import Authorship, Demand
from tests.factories import make_demand, make_demand_made, make_organisation, make_text


class CountTests(TestCase):
    def count(self, demand):
        return Demand.objects.counted().get(pk=demand.pk).organisation_count

    def test_each_organisation_that_makes_a_demand_counts_once(self):
        demand = make_demand()
        union, party = make_organisation(), make_organisation()
        make_demand_made(make_text(organisations=[union]), demand=demand)
        make_demand_made(make_text(organisations=[union, party]), demand=demand, voice="quoted")

        self.assertEqual(self.count(demand), 2)

    def test_a_name_as_printed_counts_and_a_signatory_does_not(self):
        demand = make_demand()
        text = make_text()
        make_demand_made(text, demand=demand)
        for name, role in (("A committee", "author"), ("A signatory", "signatory")):
            Authorship.objects.create(statement=text.statement, name_as_printed=name, role=role)

        self.assertEqual(self.count(demand), 1)

    def test_the_editors_and_drafts_count_for_nobody(self):
        demand = make_demand()
        make_demand_made(
            make_text(organisations=[make_organisation()]), demand=demand, voice="editors"
        )
        draft = make_text(organisations=[make_organisation()], published=False)
        make_demand_made(draft, demand=demand)

        self.assertEqual(self.count(demand), 0)

    def test_the_editors_voice_is_told_apart(self):
        theirs, ours, both, drafted = (make_demand() for _ in range(4))
        text, draft = make_text(), make_text(published=False)
        make_demand_made(text, demand=theirs)
        make_demand_made(text, demand=ours, voice="editors")
        make_demand_made(text, demand=both)
        make_demand_made(text, demand=both, voice="editors")
        make_demand_made(draft, demand=drafted, voice="editors")

        told = Demand.objects.counted().order_by("pk").values_list("is_of_editors", flat=True)

        self.assertEqual(list(told), [None, True, True, None])
