"""How PostgreSQL is asked: by how common a word is; and that each way finds the same."""

from unittest import mock, skipUnless

from django.db import connection
from django.test import SimpleTestCase, TestCase

from statements.models import SearchEntry
from statements.search import finding, postgresql
from statements.search.parsing import parse
from tests.factories import make_event, make_text

MILLION, LIMIT = 1_000_000, 1_001


class PlanTests(SimpleTestCase):
    def plan(self, share):
        return postgresql._plan(MILLION * share, MILLION, LIMIT)

    def test_all_that_fits_a_rare_word_is_fetched(self):
        self.assertEqual(self.plan(0.0002), (postgresql.SORTED, 1.0))

    def test_the_newest_rows_are_looked_through_for_the_commonest_words(self):
        sql, share = self.plan(0.6)

        self.assertEqual(sql, postgresql.NEWEST)
        self.assertLess(share, 0.02)

    def test_of_other_words_those_that_are_new_enough_are_fetched(self):
        for part in (0.01, 0.1):
            sql, share = self.plan(part)

            self.assertEqual(sql, postgresql.SORTED)
            self.assertAlmostEqual(share, LIMIT * postgresql.MARGIN / MILLION / part)

    def test_a_share_is_reckoned_from_the_last_number(self):
        self.assertEqual(postgresql._since(list(range(1_000, -10, -10)), 0.015), 985)

    def test_all_is_looked_at_where_the_share_is_large_or_nothing_is_known(self):
        self.assertEqual(postgresql._since(list(range(100, -1, -1)), 0.6), 0)
        self.assertEqual(postgresql._since([100], 0.1), 0)
        self.assertEqual(postgresql._since([], 0.1), 0)


@skipUnless(connection.vendor == "postgresql", "how PostgreSQL is asked")
class EachWayTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.texts = [
            make_text(f"Bread {day}", slug=f"bread-{day}", issued=f"2020-01-{day:02}")
            for day in range(1, 29)
        ]
        cls.events = [make_event(f"Bread {n}" if n < 4 else f"Salt {n}") for n in range(9)]
        make_text("Of all of them", events=cls.events)

    def newest(self, word, **plan):
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE statements_searchentry")
        with mock.patch.object(postgresql, "_plan", return_value=tuple(plan.values())):
            found = finding.statements(parse(word))
        return found.statements

    def test_each_way_finds_the_newest_first(self):
        expected = [text.statement_id for text in reversed(self.texts)]

        for sql in (postgresql.NEWEST, postgresql.SORTED):
            # Too little is looked at first, and then more.
            for share in (0.1, 1.0):
                self.assertEqual(self.newest("bread", sql=sql, share=share), expected)

    def test_what_is_asked_for_leaves_the_settings_as_they_were(self):
        def settings():
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('statement_timeout')")
                (timeout,) = cursor.fetchone()
                cursor.execute("SELECT current_setting('work_mem')")
                return timeout, *cursor.fetchone()

        before = settings()
        finding.statements(parse("bread"))
        self.assertEqual(settings(), before)

    def test_records_beyond_the_nearest_are_found_once_each(self):
        kind = SearchEntry.Kind.EVENT
        for nearest in (0, 1, 2, 20):
            with mock.patch.object(postgresql, "NEAREST", nearest):
                for word in ("bread", "salt"):
                    found = finding.records(parse(word), [kind], 3)
                    fitting = [e.pk for e in reversed(self.events) if word.title() in e.name]
                    self.assertEqual(found[kind], fitting[:3])
