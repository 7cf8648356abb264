"""The form of a statement and its leading text: added, changed, published, deleted."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from statements.models import Authorship, FormerSlug, Naming, Quotation, Revision, Statement, Text
from statements.publishing import slugs
from tests.admin.posting import LIST, EditorCase
from tests.admin.signed_in import confirm
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_place,
    make_text,
)

# What is asked here is the same on any database.
pytestmark = pytest.mark.once


class AddTests(EditorCase):
    def add(self, button="_continue", **changes):
        data = self.opened(f"{LIST}add/") | {button: "1"} | changes
        return self.client.post(f"{LIST}add/", data)

    def test_an_address_that_cannot_be_one_is_refused_in_plain_words_and_kept(self):
        response = self.add(language="en", title="No evictions", slug="No evictions!")

        form = response.context["adminform"].form
        self.assertEqual(
            (form.errors, form["slug"].value()),
            (
                {
                    "slug": [
                        "An address is made of letters, digits, hyphens and underscores,"
                        " without spaces."
                    ]
                },
                "No evictions!",
            ),
        )

    def test_a_statement_is_made_with_its_text_and_all_that_it_is_linked_to(self):
        union, event, place = make_organisation(), make_event(), make_place()
        demand, person = make_demand(), make_person("Amina Okoye")

        response = self.add(
            language="ar",
            title="لا للإخلاء",
            body="<p>Free Amina Okoye now. Pay us.</p>",
            kind="appeal",
            issued_0="before",
            issued_1="2020-08-09",
            events=[event.pk],
            places=[place.pk],
            tags=["strikes", "2020"],
            **{
                "authorships-0-organisation": union.pk,
                "demands_made-0-demand": demand.pk,
                "demands_made-0-voice": "organisation",
                "demands_made-0-quotations-0-words": "Pay us.",
                "demands_made-0-quotations-0-field": "body",
                "namings-0-spelling": "Amina Okoye",
                "namings-0-person": person.pk,
            },
        )

        text = Text.objects.get()
        statement = text.statement
        self.assertRedirects(response, self.page(text))
        self.assertEqual(
            (text.language, text.slug, text.is_public, str(statement.issued), statement.kind),
            ("ar", "لا-للإخلاء", False, "before 9 August 2020", "appeal"),
        )
        self.assertEqual(text.working_revision.by, self.user)
        self.assertEqual([str(one) for one in statement.authorships.all()], [union.name])
        self.assertEqual(list(statement.events.all()), [event])
        self.assertEqual(list(statement.places.all()), [place])
        self.assertEqual(sorted(statement.tags.names()), ["2020", "strikes"])
        quotation = Quotation.objects.get()
        self.assertEqual(
            (quotation.made.demand, quotation.words, quotation.in_working),
            (demand, "Pay us.", True),
        )
        self.assertEqual(Naming.objects.get().person, person)

    def test_without_the_editor_a_blank_line_makes_a_paragraph(self):
        self.add(language="en", title="Plain", body="One & one.\n\nTwo.")

        self.assertEqual(Revision.objects.get().body, "<p>One &amp; one.</p>\n<p>Two.</p>")

    def test_a_refused_form_keeps_everything_and_makes_nothing(self):
        demand = make_demand()

        response = self.add(
            language="en",
            title="",
            body="<p>Pay us.</p>",
            **{
                "demands_made-0-demand": demand.pk,
                "demands_made-0-quotations-0-words": "Pay nobody.",
            },
        )

        self.assertEqual(Statement.objects.count(), 0)
        self.assertContains(response, "&lt;p&gt;Pay us.&lt;/p&gt;")
        self.assertContains(response, "Pay nobody.")
        self.assertContains(response, "These words are not in the text.")
        self.assertContains(response, demand.wording)

    def test_save_and_publish_publishes_what_was_saved(self):
        event = make_event()

        self.add("_publish", language="en", title="Now", body="<p>W.</p>", events=[event.pk])

        text = Text.objects.get()
        self.assertEqual(text.live_revision, text.working_revision)
        self.assertEqual(text.live_revision.number, 1)
        event.refresh_from_db()
        self.assertTrue(event.is_public)


class ChangeTests(EditorCase):
    def test_saving_unchanged_changes_nothing(self):
        text = make_text(
            "Title",
            introduction="<p>Intro &amp; more</p>",
            body="<p>Pay us.</p>",
            tags=["one"],
            events=[make_event()],
            organisations=[make_organisation()],
        )
        make_demand_made(text, "Pay us.")
        before = text.statement.sort_on

        response = self.change(text)

        self.assertRedirects(response, self.page(text))
        text = Text.objects.get(pk=text.pk)
        self.assertFalse(text.is_draft)
        self.assertEqual(
            (Revision.objects.count(), Quotation.objects.count(), Authorship.objects.count()),
            (1, 1, 1),
        )
        self.assertEqual(list(text.statement.tags.names()), ["one"])
        self.assertEqual(text.statement.sort_on, before)

    def test_the_log_and_the_message_say_what_was_changed_and_no_more(self):
        """An editor of rich text writes the same words in its own way."""
        text = make_text("Rent strike", body="<p>No rent.</p><p>No evictions.</p>")
        retold = "<p>No rent.</p>\r\n\r\n<p>No evictions.</p>\r\n"

        self.change(text, body=retold)
        response = self.change(text, button="_save", body=retold, title="Rent strike, week two")

        told = LogEntry.objects.order_by("pk").values_list("change_message", flat=True)
        self.assertEqual(list(told), ["[]", '[{"changed": {"fields": ["Title"]}}]'])
        messages = [str(one) for one in get_messages(response.wsgi_request)]
        self.assertIn(">Rent strike, week two</a>” was changed", messages[-1])

    def test_what_is_said_of_a_change_is_not_lost_where_there_is_none(self):
        text = make_text("Old words")

        for button, fields, refused in (
            ("_continue", {"why": "A typing error"}, "The words are as they were"),
            ("_continue", {"title": "New", "note": "A name"}, "Readers are told of words"),
            ("_publish", {"note": "A name", "change": "correction"}, "Readers are told of words"),
        ):
            with self.subTest(button, **fields):
                page = self.change(text, button, **fields)

                self.assertContains(page, refused)
                self.assertContains(
                    page, f'value="{fields["why"]}"' if "why" in fields else "A name"
                )
        self.assertEqual(Revision.objects.count(), 1)

    def test_a_draft_over_a_public_text_shows_nothing_until_it_is_published(self):
        text = make_text("Old words")

        self.change(text, title="New words", why="A typing error")

        text.refresh_from_db()
        self.assertEqual(
            (text.live_revision.title, text.working_revision.title, text.working_revision.why),
            ("Old words", "New words", "A typing error"),
        )
        self.change(text, "_publish", change="typographical")
        text.refresh_from_db()
        self.assertEqual((text.live_revision.title, text.live_revision.number), ("New words", 2))

    def test_a_further_version_says_what_it_changed_and_keeps_what_was_typed(self):
        text = make_text("Old words")
        for said, error in (
            ({}, "Say what kind of change readers are told of."),
            ({"change": "correction"}, "Say in a sentence what changed"),
            ({"change": "correction", "note": " "}, "Say in a sentence what changed"),
            (
                {"change": "typographical", "note": "Two."},
                "readers are told nothing: take this out",
            ),
        ):
            with self.subTest(said):
                response = self.change(text, "_publish", title="New words", **said)
                self.assertContains(response, error)
                self.assertContains(response, "New words")

        self.change(text, "_publish", title="New words", change="update", note="They won.")

        text.refresh_from_db()
        self.assertEqual(
            (text.live_revision.change, text.live_revision.correction.note), ("update", "They won.")
        )

    def test_publishing_the_published_words_again_says_so(self):
        text = make_text()

        response = self.client.get(self.change(text, "_publish").url)

        self.assertContains(response, "The words are those of the published version")
        self.assertEqual(Revision.objects.count(), 1)

    def test_the_address_stays_with_the_title_and_leaves_a_redirect_when_changed(self):
        text = make_text("Old", slug="old")

        self.change(text, title="New")
        text.refresh_from_db()
        self.assertEqual(text.slug, "old")
        self.change(text, slug="new")

        text.refresh_from_db()
        self.assertEqual(text.slug, "new")
        self.assertEqual(FormerSlug.objects.get(slug="old").object_id, text.pk)

    def test_an_address_that_another_text_had_is_refused(self):
        other = make_text(slug="taken")
        slugs.change_slug(other, "elsewhere")
        text = make_text(slug="mine")

        response = self.change(text, slug="taken")

        self.assertContains(
            response,
            "Another record has, or had, this address:"
            f' <a href="/admin/statements/text/{other.pk}/change/"',
            count=2,  # at the field, and in the list at the head of the form
        )
        text.refresh_from_db()
        self.assertEqual(text.slug, "mine")

    def test_the_leading_text_cannot_take_the_language_of_a_translation(self):
        text = make_text()
        make_text(statement=text.statement, language="fr")

        response = self.change(text, language="fr")

        self.assertContains(response, "has a text in this language already")

    def test_markup_that_is_too_deep_is_refused_and_comes_back_as_its_source(self):
        text = make_text()
        deep = "<b>" * 101 + "x"

        response = self.change(text, body=deep)

        self.assertContains(response, "nested too deeply")
        self.assertContains(response, "&lt;b&gt;" * 101 + "x</textarea>")
        body = re.search(r'<textarea name="body".*?>', response.content.decode())[0]
        self.assertNotIn("ckeditortype", body)

    def test_a_public_statement_cannot_be_deleted_and_a_draft_can(self):
        public, draft = make_text(), make_text(published=False)
        make_demand_made(draft, "Words.")

        confirm(self.client)
        refused = self.client.post(f"{LIST}{public.statement_id}/delete/", {"post": "yes"})
        self.client.post(f"{LIST}{draft.statement_id}/delete/", {"post": "yes"})

        self.assertEqual(refused.status_code, 404)
        self.assertEqual(list(Text.objects.all()), [public])


class QueryTests(EditorCase):
    def fill(self, text, count):
        for number in range(count):
            make_demand_made(text, "Words.", demand=make_demand())
            make_naming(text, make_person("Words"), "Words")
            Authorship.objects.create(statement=text.statement, organisation=make_organisation())
            make_text(statement=text.statement, language=["fr", "de", "es", "ar"][number])

    def test_the_form_asks_as_much_for_three_rows_of_each_kind_as_for_one(self):
        counts = []
        self.client.get(LIST)  # The session's first request notes when it began.
        for rows in (1, 4):
            text = make_text()
            self.fill(text, rows)
            with CaptureQueriesContext(connection) as captured:
                self.assertEqual(self.client.get(self.page(text)).status_code, 200)
            counts.append(len(captured))

        self.assertEqual(counts[0], counts[1])
