"""A query that is written once gives what Django would give that writes it each time."""

from django.test import TestCase

from statements.models import Demand, Organisation
from statements.prepared import Prepared
from tests.factories import make_demand, make_organisation


class PreparedTests(TestCase):
    def setUp(self):
        self.demands = [make_demand(f"Demand {number}") for number in (1, 2, 3)]
        self.organisations = [make_organisation(f"Union {number}") for number in (1, 2)]
        self.written = 0
        self.prepared = Prepared(self.write, lists=2)

    def write(self, demands, organisations):
        self.written += 1
        chosen = Demand.objects.filter(pk__in=demands).values_list("pk", "wording").order_by()
        others = Organisation.objects.filter(pk__in=organisations).exclude(name="100%s")
        return chosen.union(others.values_list("pk", "name").order_by())

    def test_rows_are_those_of_the_query_whatever_lists_it_is_given(self):
        for demands in ([], self.demands[:1], self.demands):
            for organisations in ([], self.organisations):
                keys = [[one.pk for one in rows] for rows in (demands, organisations)]
                with self.subTest(keys=keys):
                    expected = [(one.pk, str(one)) for one in (*demands, *organisations)]
                    with self.assertNumQueries(1 if any(keys) else 0):
                        found = self.prepared.rows(*keys)
                    self.assertCountEqual(found, expected)

        self.assertEqual(self.written, 1)

    def test_it_has_to_be_given_every_list(self):
        with self.assertRaises(ValueError):
            self.prepared.rows([1])
