"""How often followers are told: each day, each week, or when a state changes, missing nothing."""

import re
from datetime import UTC, datetime

from django.core import mail
from django.test import TestCase

from statements.newsletter import sending, workflow
from statements.newsletter.telling import due_until
from statements.publishing import links
from tests.factories import (
    make_demand,
    make_demand_made,
    make_follower,
    make_naming,
    make_organisation,
    make_person,
    make_source,
    make_text,
    make_update,
)
from tests.newsletter.telling import some_days_later, some_minutes_later, tell


class RhythmTests(TestCase):
    def test_a_day_a_week_and_a_quarter_of_an_hour_end_when_all_that_was_in_them_is_written(self):
        for now, change, daily, weekly in (
            # A Friday.
            ("2026-11-27 05:59", "11-27 05:45", "11-26 06:00", "11-23 06:00"),
            ("2026-11-27 06:04", "11-27 05:45", "11-26 06:00", "11-23 06:00"),
            ("2026-11-27 06:05", "11-27 06:00", "11-27 06:00", "11-23 06:00"),
            ("2026-11-27 23:59", "11-27 23:45", "11-27 06:00", "11-23 06:00"),
            # Mondays.
            ("2026-11-30 06:04", "11-30 05:45", "11-29 06:00", "11-23 06:00"),
            ("2026-11-30 06:05", "11-30 06:00", "11-30 06:00", "11-30 06:00"),
            ("2026-11-30 00:03", "11-29 23:45", "11-29 06:00", "11-23 06:00"),
        ):
            moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
            found = [
                f"{due_until(one, moment):%m-%d %H:%M}" for one in ("change", "daily", "weekly")
            ]
            with self.subTest(now):
                self.assertEqual(found, [change, daily, weekly])
        with self.settings(NEWSLETTER_HOUR=23):
            moment = datetime(2026, 11, 30, 1, tzinfo=UTC)
            self.assertEqual(due_until("daily", moment).isoformat(), "2026-11-29T23:00:00+00:00")

    def test_once_a_week_is_once_a_week_and_misses_nothing(self):
        union = make_organisation()
        make_follower(union, rhythm="weekly")
        sent = []
        for day in range(1, 22):
            with some_days_later(day):
                make_text(f"Day {day}.", organisations=[union])
            sent += tell(day)

        self.assertLessEqual(len(sent), 3)
        told = [int(day) for letter in sent for day in re.findall(r"Day (\d+)\.\n", letter.body)]
        self.assertEqual(sorted(told), list(range(1, len(told) + 1)))
        self.assertGreaterEqual(len(told), 13)

    def test_who_changes_how_often_misses_nothing_and_is_told_nothing_twice(self):
        union = make_organisation()
        follower = make_follower(union, rhythm="weekly")
        make_text("Before.", organisations=[union])
        [following] = follower.followings.all()
        workflow.change(follower, language="en", rhythms={following.pk: "daily"}, stopped=[])
        [letter] = tell(days=1)
        self.assertIn("Before.\n", letter.body)
        workflow.change(follower, language="en", rhythms={following.pk: "weekly"}, stopped=[])

        self.assertEqual(tell(days=16), [])

    def test_only_a_change_of_state_is_told_to_who_wants_no_more(self):
        person = make_person("Amina Example", slug="amina")
        text = make_text("Free Amina", body="<p>Free Amina Example.</p>")
        demand = make_demand("Free her", slug="free-her", kind="release", people=[person])
        make_demand_made(text, demand=demand)
        make_naming(text, person)
        make_follower(person, demand, rhythm="change", email="amina@example.org")
        more = make_text("Free her now", body="<p>Free Amina Example.</p>")
        make_naming(more, person)
        self.assertEqual(tell(days=1), [])
        source = make_source(publication="Example Gazette")
        make_update(person, "released", "2020-09-01", source=source)
        # Soon after, and not before it is over for certain that nothing else comes with it.
        with some_minutes_later(4):
            sending.send_due()
        self.assertEqual(mail.outbox, [])
        with some_minutes_later(21):
            sending.send_due()
        [letter] = mail.outbox

        self.assertEqual(letter.subject, "Solidarity Statements: something has changed")
        self.assertIn(
            "Amina Example\nhttp://testserver/people/amina/\n\n"
            "Released: Amina Example\n"
            "Released, 1 September 2020\n"
            "Source: Example Gazette · 12 August 2020\n"
            "http://testserver/people/amina/#update-",
            letter.body,
        )
        # For the demand it is the same entry, which stands there once.
        self.assertEqual(letter.body.count("1 September 2020"), 1)
        self.assertEqual(tell(days=3), [])

    def test_what_was_struck_through_says_what_replaces_it(self):
        demand = make_demand("Lower the rents")
        links.make_public(type(demand).objects.filter(pk=demand.pk))
        wrong = make_update(demand, "met", "2020-09-01")
        make_follower(demand, rhythm="change")
        make_update(demand, "refused", "2020-09-02", corrects=wrong)
        [letter] = tell()

        self.assertRegex(
            letter.body,
            r"Met: Lower the rents\nChanged since it was published here\n"
            r"Struck through on .*, replaced by: refused, 2 September 2020\n",
        )
        self.assertIn("Refused: Lower the rents\n", letter.body)
