"""A query that is written once gives what Django would give that writes it each time."""

from unittest import mock

from django.db import connection
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext

from statements.models import Authorship, Demand, Organisation
from statements.models.base import shown_name
from statements.prepared import Prepared
from tests.factories import make_demand, make_organisation, make_source, make_text


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

    def test_records_are_those_that_django_makes_with_others_and_annotations(self):
        self.organisations[0].names.create(language="ar", name="اتحاد")
        texts = [
            make_text("One", organisations=self.organisations[:1], source=make_source()),
            make_text("Two", organisations=self.organisations, source=None),
        ]

        def write(keys):
            self.written += 1
            authors = Authorship.objects.filter(statement__in=keys)
            authors = authors.select_related("statement__source", "organisation")
            return authors.annotate(**shown_name(Organisation, "organisation__", "ar"))

        def told(author):
            source, known = author.statement.source, author.__dict__.keys()
            days = (author.statement.sort_on, source and source.published)
            return author, author.organisation.name, author.shown, days, known

        prepared = Prepared(write, lists=1)
        expected = [told(one) for one in write([one.statement_id for one in texts])]
        for _n in range(2):
            with self.assertNumQueries(1):
                found = [told(one) for one in prepared.records([t.statement_id for t in texts])]
            self.assertEqual(found, expected)
        self.assertEqual(prepared.records([]), [])
        self.assertEqual(len(expected), 3)
        self.assertEqual(self.written, 2)

    def test_it_has_to_be_given_every_list(self):
        with self.assertRaises(ValueError):
            self.prepared.rows([1])

    def test_sql_can_be_given_with_parameters_of_its_own(self):
        prepared = Prepared(
            lambda keys: (
                "SELECT id, %s FROM statements_demand WHERE id IN (%s) AND wording LIKE 'D%%'",
                ["100%s", *keys],
            ),
            lists=1,
        )

        keys = [one.pk for one in self.demands[:2]]
        self.assertCountEqual(prepared.rows(keys), [(key, "100%s") for key in keys])


class ConnectionTests(TransactionTestCase):
    def test_behind_a_pooler_nothing_is_planned_for_a_connection(self):
        demand = make_demand("Demand")
        prepared = Prepared(lambda keys: Demand.objects.filter(pk__in=keys), lists=1)

        pooled = mock.patch.dict(connection.settings_dict, DISABLE_SERVER_SIDE_CURSORS=True)
        with pooled, CaptureQueriesContext(connection) as asked:
            self.assertEqual(prepared.records([demand.pk]), [demand])
        self.assertTrue(asked[0]["sql"].startswith("SELECT"))

    def test_a_new_connection_is_told_the_query_again(self):
        demand = make_demand("Demand")
        prepared = Prepared(lambda keys: Demand.objects.filter(pk__in=keys), lists=1)

        for _n in range(2):
            self.assertEqual(prepared.records([demand.pk]), [demand])
            connection.close()
