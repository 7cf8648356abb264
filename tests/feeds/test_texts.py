"""Statements in feeds: what an entry says, in which order, and what it becomes."""

from datetime import timedelta
from unittest import mock

from django.test import TestCase
from django.utils import timezone
from django.utils.http import http_date

from statements.feeds import entries, texts
from statements.models import FormerSlug, Statement, Text
from statements.publishing import slugs, standing, workflow
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_place,
    make_text,
    make_update,
)
from tests.feeds.following import Follows

Standing = Statement.Standing


def correct(text, **words):
    text.refresh_from_db()
    saved = workflow.save_words(
        text, text.working_revision.words | words, based_on=text.working_revision_id
    )
    workflow.publish(saved, change="correction", note="Our copy had left out a word.")


class EntryTests(Follows, TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.union = make_organisation("Dockers of Example", slug="dockers")
        cls.event = make_event("Rent strike", slug="rent-strike")
        cls.text = make_text(
            "Lower the rents",
            slug="rents",
            introduction="<p>We met them.</p>",
            body='<p>Rents are <a href="/events/rent-strike/">wages</a>.</p>',
            postscript="<p>Printed in May.</p>",
            organisations=[cls.union],
            events=[cls.event],
            places=[make_place("FR")],
            tags=["housing"],
        )
        demand = make_demand("Lower all rents", slug="lower-rents")
        make_demand_made(cls.text, demand=demand)
        make_update(demand, "refused", "2020-09-01")
        arabic = make_text(
            "خفضوا الإيجارات",
            slug="arabic",
            statement=cls.text.statement,
            language="ar",
            body="<p>الإيجار أجر.</p>",
        )
        cls.arabic = arabic
        cls.id = f"tag:testserver,2026:text-{cls.text.pk}"

    def test_it_is_the_statement_in_full_with_what_belongs_to_it(self):
        [entry] = self.parsed("/feeds/statements.atom").entries

        self.assertEqual((entry.id, entry.title), (self.id, "Lower the rents"))
        self.assertEqual(entry.link, "http://testserver/statements/rents/")
        self.assertEqual([one.name for one in entry.authors], ["Dockers of Example"])
        self.assertEqual([tag.term for tag in entry.tags], ["housing", "Rent strike", "France"])
        [item] = self.client.get("/feeds/statements.json").json()["items"]
        content = item["content_html"]
        for words in (
            '<a href="http://testserver/events/rent-strike/"',
            "<strong>Introduction by the editors</strong></p>\n"
            '<div lang="en" dir="ltr"><p>We met them.</p></div></blockquote>',
            "<p>Printed in May.</p>",
            "Lower all rents</bdi></a> · refused, ",
            'href="http://testserver/demands/lower-rents/"',
        ):
            self.assertIn(words, content)
        self.assertNotIn('href="/', content)

    def test_it_was_published_when_its_first_version_was_and_updated_with_its_last(self):
        first = self.text.live_revision
        type(first).objects.filter(pk=first.pk).update(
            published_at=first.published_at - timedelta(days=3)
        )
        correct(self.text, body="<p>Rents are wages, they say.</p>")
        self.text.refresh_from_db()

        [atom], [rss] = (self.parsed(f"/feeds/statements.{one}").entries for one in ("atom", "rss"))
        last = self.text.live_revision.published_at
        for entry in (atom, rss):
            self.assertEqual(entry.id, self.id)
            self.assertEqual(entry.published_parsed[:3], (last - timedelta(days=3)).timetuple()[:3])
            self.assertEqual(entry.updated_parsed[:6], last.utctimetuple()[:6])

    def test_each_language_has_its_own_and_the_site_one_for_each_statement(self):
        self.assertEqual(self.titles("/feeds/statements"), ["Lower the rents"])
        self.assertEqual(self.titles("/feeds/languages/en"), ["Lower the rents"])
        [entry] = self.client.get("/feeds/languages/ar.json").json()["items"]

        self.assertEqual((entry["title"], entry["language"]), (self.arabic_title(), "ar"))
        self.assertIn('<div lang="ar" dir="rtl"><p>الإيجار أجر.</p></div>', entry["content_html"])
        self.assertContains(self.client.get("/feeds/languages/ar.atom"), '<entry xml:lang="ar">')
        for unknown in ("fr", "AR", "nonsense-that-is-none"):
            self.assertEqual(self.client.get(f"/feeds/languages/{unknown}.atom").status_code, 404)

    def arabic_title(self):
        return self.arabic.live_revision.title

    def test_every_record_has_its_feed_with_the_same_entry(self):
        make_text("Of others")

        for path in ("organisations/dockers", "events/rent-strike", "tags/housing", "places/FR"):
            found = self.entries(f"/feeds/{path}")
            self.assertEqual([one[:2] for one in found], [(self.id, "Lower the rents")], path)
            self.assertEqual(self.client.get("/feeds/organisations/none.rss").status_code, 404)

    def test_what_is_corrected_moves_up_and_keeps_its_id_as_at_another_address(self):
        make_text("Newer")
        self.assertEqual(self.titles("/feeds/statements"), ["Newer", "Lower the rents"])

        correct(self.text, title="Lower the rents at once")
        self.text.refresh_from_db()
        slugs.change_slug(self.text, "at-once")

        newest = self.entries("/feeds/statements")[0]
        self.assertEqual(newest[:2], (self.id, "Lower the rents at once"))
        self.assertIn("http://testserver/statements/at-once/", newest[2])

    def test_a_former_address_of_a_record_leads_to_its_feed(self):
        FormerSlug.objects.create(noun="organisation", slug="stevedores", object_id=self.union.pk)

        self.assertRedirects(
            self.client.get("/feeds/organisations/stevedores.rss"),
            "/feeds/organisations/dockers.rss",
            status_code=301,
        )

    def test_there_are_at_most_so_many_entries(self):
        for number in range(3):
            make_text(f"Text {number}")

        with (
            mock.patch.object(texts, "MOST_ENTRIES", 2),
            mock.patch.object(entries, "MOST_ENTRIES", 2),
        ):
            self.assertEqual(self.titles("/feeds/statements"), ["Text 2", "Text 1"])

    def test_characters_that_xml_cannot_hold_are_left_out(self):
        revision = self.text.live_revision
        odd = "Lower\x0b the \x1brents\ufffe"
        type(revision).objects.filter(pk=revision.pk).update(title=odd, body="<p>\uffffWords</p>")

        for format in ("atom", "rss"):
            [entry] = self.parsed(f"/feeds/statements.{format}").entries
            self.assertEqual(entry.title, "Lower the rents")


class TakenBackTests(Follows, TestCase):
    @classmethod
    def setUpTestData(cls):
        union = make_organisation("Dockers of Example", slug="dockers")
        cls.text = make_text(
            "Lower the rents", slug="rents", body="<p>Secretwords.</p>", organisations=[union]
        )
        make_text("Another", organisations=[union])
        cls.id = f"tag:testserver,2026:text-{cls.text.pk}"

    def take_back(self, to, **said):
        standing.change_standing(self.text.statement, to, **said)

    def test_a_notice_takes_the_place_of_the_words_that_followers_kept(self):
        self.take_back(Standing.WITHDRAWN, note="The dockers no longer stand by it.")

        for path in ("/feeds/statements", "/feeds/organisations/dockers", "/feeds/languages/en"):
            with self.subTest(path):
                key, title, content = self.entries(path)[0]
                self.assertEqual((key, title), (self.id, "This statement was withdrawn"))
                self.assertIn("The dockers no longer stand by it.", content)
                for one in ("atom", "rss", "json"):
                    said = self.client.get(f"{path}.{one}").content.decode()
                    self.assertNotIn("Secretwords", said)
                    self.assertNotIn("Lower the rents", said)

    def test_what_was_taken_down_tells_nothing_and_stands_in_the_sites_feed_alone(self):
        self.take_back(Standing.TAKEN_DOWN, reason="safety")

        key, title, content = self.entries("/feeds/statements")[0]
        self.assertEqual((key, title), (self.id, "This statement was taken down"))
        self.assertIn("For the safety of people", content)
        [item, _other] = self.client.get("/feeds/statements.json").json()["items"]
        self.assertEqual(item["url"], "http://testserver/corrections/")
        self.assertNotIn("authors", item)
        for path in ("/feeds/organisations/dockers", "/feeds/languages/en"):
            self.assertEqual(self.titles(path), ["Another"])

    def test_put_back_it_is_read_again(self):
        self.take_back(Standing.RETRACTED, note="It was not theirs.")
        self.take_back(Standing.CURRENT, note="It was theirs after all.")

        key, title, content = self.entries("/feeds/statements")[0]
        self.assertEqual((key, title), (self.id, "Lower the rents"))
        self.assertIn("Secretwords", content)


class NamesTests(Follows, TestCase):
    def test_a_name_that_is_withheld_stands_in_no_entry(self):
        person = make_person("Amina Example", shown_as="withheld", slug="amina")
        text = make_text(
            "Free Amina Example",
            introduction="<p>Of Amina Example.</p>",
            body="<p>Free Amina Example!</p>",
            postscript="<p>Amina Example agreed.</p>",
        )
        make_naming(text, person)

        for format in ("atom", "rss", "json"):
            said = self.client.get(f"/feeds/statements.{format}").content.decode()
            self.assertNotIn("Amina", said)
            self.assertIn("Free [name withheld]", said)


class CostTests(Follows, TestCase):
    def test_the_number_of_queries_is_the_same_for_few_and_for_many(self):
        union = make_organisation(slug="dockers")

        def more(number):
            for _each in range(number):
                text = make_text(organisations=[union], events=[make_event()], tags=["a", "b"])
                make_demand_made(text)
                gone = make_text(organisations=[union])
                standing.change_standing(gone.statement, Standing.WITHDRAWN, note="Not ours.")

        more(1)
        for path, queries in (("statements.atom", 12), ("organisations/dockers.json", 13)):
            with self.subTest(path), self.assertNumQueries(queries):
                self.client.get(f"/feeds/{path}")
        more(2)
        for path, queries in (("statements.atom", 12), ("organisations/dockers.json", 13)):
            with self.subTest(path), self.assertNumQueries(queries):
                self.client.get(f"/feeds/{path}")

    def test_what_has_not_changed_is_not_sent_again(self):
        text = make_text("Lower the rents")
        first = self.client.get("/feeds/statements.atom")
        asked = {"if-none-match": first["ETag"]}
        answer = self.client.get("/feeds/statements.atom", headers=asked)
        self.assertEqual((answer.status_code, answer.content), (304, b""))
        correct(text, title="Lower the rents at once")
        Text.objects.update(changed_at=text.changed_at + timedelta(seconds=2))

        answer = self.client.get("/feeds/statements.atom", headers=asked)
        self.assertContains(answer, "at once")

    def test_what_was_taken_out_is_not_kept_by_who_asks_with_a_day(self):
        """What stays is older than what went: by its day nothing would have changed."""
        union = make_organisation(slug="dockers")
        make_text("Older", organisations=[union])
        gone = make_text("Lower the rents", organisations=[union])
        seen = http_date(timezone.now().timestamp())
        standing.change_standing(gone.statement, Standing.TAKEN_DOWN, reason="court")

        answer = self.client.get(
            "/feeds/organisations/dockers.atom", headers={"if-modified-since": seen}
        )

        self.assertContains(answer, "Older")
        self.assertNotContains(answer, "Lower the rents")
