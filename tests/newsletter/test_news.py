"""What followers are told: what their feeds say, each thing once, in the words of today."""

import re
from datetime import timedelta

from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from statements.models import Following, Mailing, SiteSettings, Statement, Text
from statements.newsletter import composing, sending, workflow
from statements.newsletter.news import MOST_OF_ONE
from statements.newsletter.telling import due_until
from statements.publishing import links
from tests.factories import (
    make_demand,
    make_event,
    make_follower,
    make_organisation,
    make_text,
    make_update,
)
from tests.feeds.test_texts import correct
from tests.newsletter.telling import html_of, some_days_later, tell


class MailTests(TestCase):
    def setUp(self):
        self.union = make_organisation("Dockers of Example", slug="dockers")

    def make_text(self, title="Lower the rents", **fields):
        fields = {"organisations": [self.union], "body": "<p>Rents are wages.</p>"} | fields
        return make_text(title, **fields)

    def test_a_mail_says_what_is_new_who_says_it_and_where_it_stands(self):
        follower = make_follower(self.union, email="amina@example.org")
        self.make_text(slug="rents")
        [letter] = tell(days=1)

        private, leave = (
            workflow.token_of(follower, one) for one in (workflow.PRIVATE, workflow.LEAVE)
        )
        self.assertEqual(letter.to, ["amina@example.org"])
        self.assertEqual(
            letter.body,
            "Dockers of Example\n"
            "http://testserver/organisations/dockers/\n"
            "\n"
            "Lower the rents\n"
            "Dockers of Example\n"
            "Rents are wages.\n"
            "http://testserver/statements/rents/\n"
            "\n"
            "-- \n"
            "What you follow, how often, and in which language:\n"
            f"http://testserver/follow/mine/{private}/\n"
            "\n"
            "Leave, and have your address erased:\n"
            f"http://testserver/follow/leave/{leave}/\n",
        )
        with some_days_later(1):
            until = due_until("daily", timezone.now())
        self.assertEqual(
            letter.subject,
            f"Solidarity Statements: what is new, {until:%-d %B %Y}",
        )

    def test_it_has_what_mail_programmes_and_servers_go_by(self):
        follower = make_follower(self.union)
        self.make_text()
        [letter] = tell()

        mailing = Mailing.objects.get()
        leave = workflow.token_of(follower, workflow.LEAVE)
        self.assertEqual(letter.from_email, f"bounces+{mailing.handle}@testserver")
        self.assertEqual(
            letter.extra_headers,
            {
                "From": "no-reply@testserver",
                "Message-ID": f"<{mailing.handle}@testserver>",
                "List-Id": "<newsletter.testserver>",
                "List-Unsubscribe": f"<http://testserver/follow/leave/{leave}/>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
                "Precedence": "bulk",
                "Content-Language": "en",
            },
        )
        with override_settings(NEWSLETTER_RETURN_PATH=""):
            with some_days_later(10):
                self.make_text("More", slug="more")
            [letter] = tell(days=16)
        self.assertEqual(letter.from_email, "no-reply@testserver")

    def test_nothing_is_fetched_when_it_is_opened_and_no_link_tells_who_opens_it(self):
        follower = make_follower(self.union, self.make_text_event())
        self.make_text(events=[self.event])
        [letter] = tell()
        html = html_of(letter)

        self.assertIsNone(re.search(r"\bsrc=|url\(|@import|<link|<img|<script|<iframe", html))
        addresses = set(re.findall(r'href="([^"]+)"', html))
        own = {
            f"http://testserver/follow/{page}/{workflow.token_of(follower, purpose)}/"
            for page, purpose in (("mine", workflow.PRIVATE), ("leave", workflow.LEAVE))
        }
        self.assertEqual(
            addresses - own,
            {
                "http://testserver/statements/lower-the-rents/",
                "http://testserver/organisations/dockers/",
                f"http://testserver/events/{self.event.slug}/",
            }
            & addresses,
        )
        self.assertLess(own, addresses)

    def make_text_event(self):
        self.event = make_event()
        return self.event

    def test_the_style_sheet_needs_no_escaping(self):
        self.assertEqual(composing.style_sheet().count("<style>"), 1)
        self.assertNotIn("&", composing.style_sheet())

    def test_each_speaks_the_language_that_its_follower_chose(self):
        make_follower(self.union, language="ar")
        self.make_text(slug="rents")
        [letter] = tell()

        self.assertIn("http://testserver/ar/statements/rents/", letter.body)
        self.assertIn("http://testserver/ar/follow/mine/", letter.body)
        # What is written in the other direction turns nothing round in plain text.
        self.assertIn("\u2068Lower the rents\u2069", letter.body)
        html = html_of(letter)
        self.assertIn('<body lang="ar" dir="rtl">', html)
        self.assertIn('lang="en" dir="ltr">Lower the rents</a>', html)
        self.assertEqual(letter.extra_headers["Content-Language"], "ar")

    def test_who_reads_another_language_is_told_of_the_text_in_it(self):
        make_follower(self.union, language="de")
        text = self.make_text()
        make_text("Mieten runter", slug="mieten", statement=text.statement, language="de")
        [letter] = tell()

        self.assertIn("Mieten runter\n", letter.body)
        self.assertNotIn("Lower the rents", letter.body)

    def test_where_nothing_happened_nothing_is_sent_and_once_is_enough(self):
        make_follower(self.union)
        self.assertEqual(tell(days=1), [])
        with some_days_later(1):
            self.make_text("Of others", organisations=[])
        self.assertEqual(tell(days=2), [])
        with some_days_later(2):
            self.make_text()

        self.assertEqual([len(tell(days)) for days in (3, 3, 4, 5)], [1, 0, 0, 0])

    def test_what_was_there_before_somebody_followed_is_no_news(self):
        self.make_text("Before")
        make_follower(self.union)
        self.make_text("After")
        [letter] = tell()

        self.assertNotIn("Before", letter.body)
        self.assertIn("After", letter.body)

    def test_each_thing_stands_once_however_much_of_what_it_has_to_do_with_is_followed(self):
        event = make_event("Rent strike")
        make_follower(None, self.union, event, email="amina@example.org")
        self.make_text(events=[event])
        self.make_text("Of others", organisations=[])
        [letter] = tell()

        headings = re.findall(r"<h2><a[^>]*><bdi[^>]*>([^<]+)", html_of(letter))
        self.assertEqual(headings, ["Rent strike", "Solidarity Statements"])
        self.assertEqual(letter.body.count("Lower the rents"), 1)
        self.assertEqual(letter.body.count("Of others"), 1)

    def test_what_changed_says_so_and_what_is_invented_too(self):
        text = self.make_text()
        make_follower(self.union)
        correct(text, title="Lower all rents")
        Statement.objects.update(is_example=True)
        [letter] = tell()

        self.assertIn(
            "Lower all rents\nInvented example\nChanged since it was published here\n", letter.body
        )
        self.assertIn("Invented example", html_of(letter))

    def test_after_a_flood_a_mail_has_so_many_and_leads_on(self):
        make_follower(self.union)
        for number in range(MOST_OF_ONE + 2):
            self.make_text(f"Text number {number}.")
        [letter] = tell()

        self.assertEqual(letter.body.count("Text number"), MOST_OF_ONE)
        self.assertIn(
            "There was no room for more. All of it:\nhttp://testserver/organisations/dockers/\n",
            letter.body,
        )

    def test_the_list_of_all_is_of_what_was_left_out(self):
        strike = make_event("Rent strike", slug="rent-strike")
        make_follower(strike, language="de", email="amina@example.org")
        make_follower(language="de", email="site@example.org")
        for number in range(MOST_OF_ONE + 2):
            self.make_text(f"Text number {number}.", events=[strike])
        letters = {letter.to[0]: letter.body for letter in tell()}

        for address, page in {
            "site@example.org": "/de/statements/",
            "amina@example.org": "/de/statements/?event=rent-strike",
        }.items():
            self.assertIn(f"http://testserver{page}\n\n-- ", letters[address])
            shown = self.client.get(page)
            self.assertContains(shown, "Text number 21.")

    def test_nobody_is_led_on_for_what_was_told_before(self):
        """Others have more to be told, for whom the same was gathered."""
        make_follower(self.union, email="behind@example.org")
        follower = make_follower(self.union, email="told@example.org")
        made = [self.make_text(f"Text number {number}.") for number in range(MOST_OF_ONE + 1)]
        for minutes, text in enumerate(made):
            moment = timezone.now() + timedelta(minutes=minutes)
            Text.objects.filter(pk=text.pk).update(changed_at=moment)
        first = Text.objects.get(pk=made[0].pk).changed_at
        Following.objects.filter(follower=follower).update(told_until=first)
        letters = {letter.to[0]: letter.body for letter in tell()}

        led_on = {address for address, body in letters.items() if "no room for more" in body}
        self.assertEqual(led_on, {"behind@example.org"})
        self.assertEqual(letters["told@example.org"].count("Text number"), MOST_OF_ONE)

    def test_what_has_no_room_in_one_section_and_stands_in_another_was_not_left_out(self):
        strike = make_event("Rent strike", slug="rent-strike")
        make_follower(self.union, strike, email="both@example.org")
        for number in range(MOST_OF_ONE + 1):
            events = [] if number else [strike]
            self.make_text(f"Text number {number}.", events=events)

        [letter] = tell()

        self.assertEqual(letter.body.count("Text number"), MOST_OF_ONE + 1)
        self.assertNotIn("no room for more", letter.body)

    def test_what_is_closed_sends_nothing(self):
        make_follower(self.union)
        self.make_text()
        with some_days_later(8), self.settings(NEWSLETTER_OPEN=False):
            self.assertEqual(sending.run_due(), sending.Done())
        self.assertEqual(len(tell()), 1)

    def test_hostile_words_stay_words(self):
        SiteSettings.objects.create(pk=1).texts.create(
            language="en", name="Us\r\nBcc: x@example.org & <b>"
        )
        make_follower(self.union)
        self.make_text('<script>alert("1")</script>')
        [letter] = tell()

        self.assertNotIn("<script>", html_of(letter))
        self.assertIn('<script>alert("1")</script>\n', letter.body)
        self.assertNotIn("\n", letter.subject)
        self.assertEqual(letter.recipients(), letter.to)


class CostTests(TestCase):
    """Queries are those of what is new, and a few for each mail."""

    # Five, and the two of their transaction.
    OF_A_MAIL = 7

    def setUp(self):
        self.union = make_organisation()
        self.demand = make_demand()
        links.make_public(type(self.demand).objects.filter(pk=self.demand.pk))

    def queries(self, days):
        with some_days_later(days - 1):
            make_text(organisations=[self.union])
            make_update(self.demand, "refused", entered_at=timezone.now())
        with CaptureQueriesContext(connection) as found:
            mails = len(tell(days))
        return len(found), mails

    def test_a_mail_more_costs_the_same_few_and_gathering_nothing(self):
        make_follower(self.union, self.demand)
        one, mails = self.queries(2)
        self.assertEqual(mails, 1)
        for _number in range(9):
            make_follower(self.union, self.demand)
        ten, mails = self.queries(4)

        self.assertEqual(mails, 10)
        self.assertEqual(ten - one, 9 * self.OF_A_MAIL)

    def test_what_is_followed_and_has_nothing_new_costs_nothing(self):
        make_follower(self.union, self.demand)
        few, _mails = self.queries(2)
        for _number in range(5):
            quiet = make_demand()
            links.make_public(type(quiet).objects.filter(pk=quiet.pk))
            make_follower(make_organisation(), make_event(), quiet)
        many, mails = self.queries(4)

        self.assertEqual(mails, 1)
        # They are told that there is nothing, all at once.
        self.assertLessEqual(many - few, 6)

    def test_where_nobody_follows_no_text_is_asked_for(self):
        with CaptureQueriesContext(connection) as found, translation.override("en"):
            tell()
        self.assertEqual([one["sql"] for one in found if "revision" in one["sql"]], [])
        self.assertLess(len(found), 12)
