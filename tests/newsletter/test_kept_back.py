"""Mails have the entries of the feeds, and nothing that is not public when they leave."""

from datetime import timedelta
from unittest import mock

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.test import TestCase
from django.utils import timezone

from statements.models import Following, Mailing, Person, Statement
from statements.newsletter import composing, workflow
from statements.newsletter.news import News
from statements.publishing import links, standing
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_follower,
    make_naming,
    make_organisation,
    make_person,
    make_text,
    make_update,
)
from tests.feeds.test_texts import correct
from tests.newsletter.telling import html_of, tell
from tests.worded import WordedSite

Standing = Statement.Standing


def take_back(text, to=Standing.WITHDRAWN):
    statement = Statement.objects.get(texts=text)
    reason = {"reason": "court"} if to == Standing.TAKEN_DOWN else {"note": "We were wrong."}
    standing.change_standing(statement, to, **reason)


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
