"""How long ago something was is told as exactly as its date says."""

from datetime import date

from django.test import SimpleTestCase

from statements.dates import PartialDate
from statements.reading.age import exact_since, time_since


class AgeTests(SimpleTestCase):
    today = date(2021, 3, 1)

    def test_it_is_as_exact_as_the_date(self):
        for notation, expected in {
            "2021-02-28": "1 day ago",
            "2021-02-01": "28 days ago",
            "2021-02": "1 to 28 days ago",
            "2020-03-02": "364 days ago",
            "2020": "60 to 425 days ago",
            "before 2021-02-01": "at least 29 days ago",
            "after 2021-02-01": "at most 27 days ago",
            "2021-03-01": "",
            "2021-03": "",
            "2021": "at most 59 days ago",
        }.items():
            with self.subTest(notation):
                day = PartialDate.parse(notation)
                self.assertEqual(time_since(day, self.today), expected)
                self.assertEqual(exact_since(day, self.today), "")
        self.assertEqual(time_since(None, self.today), "")

    def test_from_a_year_on_it_is_told_in_years_and_the_days_beside_them(self):
        for notation, expected, days in (
            ("2020-03-01", "1 year ago", "365 days ago"),
            ("2018-03-01", "3 years ago", "1,096 days ago"),
            ("2018-05-04", "2 years and 9 months ago", "1,032 days ago"),
            ("2019-01-31", "2 years and 1 month ago", "760 days ago"),
            ("2018-05", "more than 2 years ago", "1,005 to 1,035 days ago"),
            ("2018", "2 to 3 years ago", "791 to 1,155 days ago"),
        ):
            with self.subTest(notation):
                day = PartialDate.parse(notation)
                self.assertEqual(time_since(day, self.today), expected)
                self.assertEqual(exact_since(day, self.today), days)
