"""What followers are told: what their feeds say, each thing once, in the words of today."""

import re
from datetime import UTC, datetime, timedelta
from unittest import mock

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from statements.models import Following, Mailing, Person, SiteSettings, Statement, Text
from statements.newsletter import composing, sending, workflow
from statements.newsletter.news import MOST_OF_ONE, News
from statements.newsletter.telling import due_until
from statements.publishing import links, standing
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_follower,
    make_naming,
    make_organisation,
    make_person,
    make_source,
    make_text,
    make_update,
)
from tests.feeds.test_texts import correct
from tests.newsletter.telling import html_of, some_days_later, some_minutes_later, tell
from tests.worded import WordedSite

Standing = Statement.Standing


def take_back(text, to=Standing.WITHDRAWN):
    statement = Statement.objects.get(texts=text)
    reason = {"reason": "court"} if to == Standing.TAKEN_DOWN else {"note": "We were wrong."}
    standing.change_standing(statement, to, **reason)


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


class PublicTests(TestCase):
    """Nothing that is not public when a mail leaves stands in it."""

    def setUp(self):
        self.union = make_organisation("Dockers of Example", slug="dockers")
        self.person = make_person("Amina Example", slug="amina-example")
        self.text = make_text(
            "Free Amina Example",
            slug="free",
            body="<p>Amina Example must be free.</p>",
            organisations=[self.union],
        )
        make_naming(self.text, self.person)
        self.demand = make_demand("Free Amina Example", kind="release", people=[self.person])
        make_demand_made(self.text, demand=self.demand)
        self.editor = get_user_model().objects.create_superuser("editor")

    def withhold(self, shown_as):
        """As the form of a person does it."""
        self.client.force_login(self.editor)
        Person.objects.filter(pk=self.person.pk).update(shown_as=shown_as)
        self.person.refresh_from_db()
        links.name_shown_otherwise(self.person)

    def test_what_was_withdrawn_is_told_without_its_words(self):
        make_follower(self.union)
        take_back(self.text)
        [letter] = tell()

        self.assertIn("Withdrawn", letter.body)
        for words in (letter.body, html_of(letter)):
            self.assertNotIn("Amina", words)
            self.assertNotIn("must be free", words)

    def test_what_was_taken_down_is_told_to_who_follows_the_site_and_of_nobody(self):
        site = make_follower()
        make_follower(self.union), make_follower(self.person, rhythm="weekly")
        take_back(self.text, Standing.TAKEN_DOWN)
        [letter] = tell(days=20)

        self.assertEqual(Mailing.objects.get().follower, site)
        self.assertIn("/corrections/", letter.body)
        for words in (letter.body, html_of(letter)):
            for hidden in ("Amina", "Dockers", "/statements/"):
                self.assertNotIn(hidden, words)

    def test_a_name_that_is_withheld_or_shown_as_initials_is_so_in_mails(self):
        for shown, expected in (("initials", "Free A. E."), ("withheld", "Free [name withheld]")):
            with self.subTest(shown):
                make_follower(None, self.person, self.demand, email=f"{shown}@example.org")
                make_update(self.person, "released", quotation="Amina Example is free")
                self.withhold(shown)
                [letter] = tell(days=8 if shown == "initials" else 16)

                self.assertIn(expected, letter.body)
                for words in (letter.body, html_of(letter), str(letter.message())):
                    self.assertNotIn("Amina", words)
                    self.assertNotIn("amina-example", words)
                self.assertEqual("A. E." in letter.body, shown == "initials")
                workflow.leave(Mailing.objects.latest("pk").follower)

    def test_what_is_taken_back_while_mails_are_written_is_not_sent(self):
        """Between the gathering for all and the mail to the second one."""
        make_follower(self.union), make_follower(self.union)
        correct(self.text, body="<p>Amina Example must be free now.</p>")
        written, write = [], composing.Composer.message

        def message(composer, *args):
            written.append(write(composer, *args))
            if len(written) == 2:
                take_back(self.text)
            return written[-1]

        with mock.patch.object(composing.Composer, "message", message):
            [first] = tell(days=2)

        self.assertIn("must be free now", first.body)
        self.assertIn("must be free now", written[1].body)
        self.assertEqual(Mailing.objects.count(), 1)
        # It is news of the next day that it was withdrawn, for both.
        for letter in tell(days=4):
            self.assertIn("Withdrawn", letter.body)
            self.assertNotIn("must be free", letter.body)
        self.assertEqual(Mailing.objects.filter(state="sent").count(), 3)

    def test_a_mail_is_written_anew_whatever_was_changed_meanwhile(self):
        """A correction of a name: there is no list of all the ways in which words can change."""
        make_follower(self.union)
        correct(self.text, title="Free her")
        write = composing.Composer.message

        def message(composer, *args):
            if type(self.union).objects.filter(name="Dockers of Example").update(name="Dockers"):
                LogEntry.objects.create(user=self.editor, action_flag=2, object_repr="dockers")
            return write(composer, *args)

        with mock.patch.object(composing.Composer, "message", message):
            [letter] = tell()

        self.assertNotIn("Dockers of Example", letter.body)
        self.assertIn("Dockers\nhttp", letter.body)


class SameTests(TestCase):
    """Followers are told what feeds say, of whatever they follow."""

    @classmethod
    def setUpTestData(cls):
        cls.whole = make_event("General strike", slug="general-strike")
        cls.part = make_event("Rent strike", slug="rent-strike", parent=cls.whole)
        cls.deep = make_event("March", slug="march", parent=cls.part)
        cls.union, cls.other = make_organisation(), make_organisation()
        cls.person, cls.beside = make_person(), make_person(shown_as="initials")
        cls.demand = make_demand(kind="release", people=[cls.person, cls.beside])
        one = make_text("One", organisations=[cls.union], events=[cls.deep])
        make_demand_made(one, demand=cls.demand)
        two = make_text("Two", organisations=[cls.union, cls.other], events=[cls.whole])
        make_naming(two, cls.person)
        gone = make_text("Gone", organisations=[cls.other], events=[cls.part])
        make_naming(gone, cls.person)
        down = make_text("Down", organisations=[cls.union], events=[cls.part])
        make_update(cls.person, "detained")
        make_update(cls.beside, "released")
        make_update(cls.demand, "acknowledged")
        take_back(gone), take_back(down, Standing.TAKEN_DOWN)

    def test_the_entries_are_those_of_the_feed(self):
        long_ago = timezone.now() - timedelta(days=9000)
        records = {
            "events": (self.whole, self.part, self.deep),
            "organisations": (self.union, self.other),
            "people": (self.person, self.beside),
            "demands": (self.demand,),
        }
        compared = 0
        for noun, ones in records.items():
            for record in ones:
                address = getattr(record, "address", record.slug)
                key = (record._meta.model_name, record.pk)
                news = News(long_ago, timezone.now(), {key})
                compared += self.compare(f"{noun}/{address}", news.of(key, long_ago).entries)
        news = News(long_ago, timezone.now(), {("site", 0)})
        compared += self.compare("statements", news.of(("site", 0), long_ago).entries)
        self.assertGreater(compared, 20)

    def compare(self, feed, entries):
        items = self.client.get(f"/feeds/{feed}.json").json()["items"]
        told = [(one.id, one.title, one.url, one.summary) for one in entries]
        fed = [(one["id"], one["title"], one["url"], one.get("summary", "")) for one in items]
        with self.subTest(feed):
            self.assertEqual(told, fed)
        return len(told)


class LeakTests(WordedSite, TestCase):
    def test_no_mail_has_a_word_that_is_not_public(self):
        """Everything there is changed today, and somebody in each language follows all of it."""
        Following.objects.all().delete()
        records = [
            one
            for model in (Person, type(self.demand), type(self.event), type(self.organisation))
            for one in model.objects.all()
        ]
        for language in ("en", "de", "ar"):
            email = f"{language}@example.org"
            make_follower(None, *records, email=email, language=language, rhythm="weekly")
        Following.objects.update(told_until=timezone.now() - timedelta(days=30))
        letters = tell(days=8)

        self.assertEqual(len(letters), 3)
        met = set()
        for letter in letters:
            words = f"{letter.subject}\n{letter.body}\n{html_of(letter)}"
            self.assertEqual(
                {self.secret.places[word] for word in self.secret.within(words)}, set()
            )
            met |= {self.public.places[word] for word in self.public.within(words)}
        self.assertIn("statements.Revision.title of a public text", met)
        self.assertIn("statements.Person.name", met)


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
