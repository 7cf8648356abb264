from django.test import TestCase

from statements.models import Demand, Event, FormerSlug, Revision
from statements.publishing import links, slugs, workflow
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_text,
)


class PublishTests(TestCase):
    def test_a_published_revision_becomes_version_one_with_fingerprints(self):
        text = make_text(body="<p>No  evictions.</p>")

        revision = text.live_revision
        self.assertEqual((revision.number, len(revision.fingerprint)), (1, 64))
        self.assertEqual(text.working_revision, revision)
        self.assertTrue(text.statement.__class__.objects.get(pk=text.statement_id).is_public)

    def test_the_fingerprint_is_that_of_the_words_and_not_of_their_layout(self):
        one = make_text("No evictions", body="<p>No  evictions.</p>").live_revision
        other = make_text("No evictions", body="<p>No <b>evictions</b>.</p>").live_revision

        self.assertEqual(one.own_fingerprint, other.own_fingerprint)

    def test_publishing_takes_the_revision_it_is_given_and_not_a_newer_one(self):
        text = make_text(published=False)
        first = text.working_revision
        workflow.save_words(text, {"title": "Newer"}, based_on=first.pk)

        workflow.publish(first)

        text.refresh_from_db()
        self.assertEqual(text.live_revision, first)
        self.assertTrue(text.is_draft)

    def test_a_revision_without_words_is_not_published(self):
        text = make_text(published=False)
        empty = workflow.save_words(text, {"title": " "}, based_on=text.working_revision_id)

        with self.assertRaises(workflow.NothingToPublish):
            workflow.publish(empty)
        text.refresh_from_db()
        self.assertFalse(text.is_public)

    def test_a_second_editor_is_told_and_nothing_is_written(self):
        text = make_text()
        workflow.save_words(text, {"title": "First"}, based_on=text.working_revision_id)

        with self.assertRaises(workflow.EditedMeanwhile):
            workflow.save_words(text, {"title": "Second"}, based_on=text.live_revision_id)
        self.assertEqual(
            list(text.revisions.values_list("title", flat=True)),
            ["First", text.live_revision.title],
        )

    def test_saving_the_same_words_makes_no_revision(self):
        text = make_text("Title", body="<p>A &amp; b</p>")

        workflow.save_words(
            text, {"title": "Title ", "body": "<p>A & b</p>"}, based_on=text.working_revision_id
        )

        self.assertEqual(Revision.objects.count(), 1)

    def test_paragraphs_that_an_editor_lays_out_otherwise_are_the_same_words(self):
        text = make_text("Title", body="<p>A <b>b</b> <i>c</i><br>d</p>\n<ul><li>E</li></ul>")
        laid_out = "<p>A <b>b</b> <i>c</i><br />\r\nd</p>\r\n\r\n<ul>\r\n\t<li>E</li>\r\n</ul>\r\n"

        for body, revisions in (
            (laid_out, 1),
            (laid_out.replace("</b> <i>", "</b><i>"), 2),
            (laid_out.replace("A", "A\u00a0"), 3),
        ):
            workflow.save_words(
                text, {"title": "Title", "body": body}, based_on=text.working_revision_id
            )
            self.assertEqual(Revision.objects.count(), revisions)
            text.refresh_from_db()

    def test_a_translation_waits_for_the_leading_text(self):
        leading = make_text(published=False)
        translation = make_text(
            statement=leading.statement, language="fr", published=False, title="Texte"
        )

        with self.assertRaises(workflow.LeadingTextNotPublished):
            workflow.publish(translation.working_revision)

    def test_links_become_public_with_the_text_and_their_trees_too(self):
        parent = make_event()
        event = make_event(parent=parent)
        part = make_event(parent=event)
        stranger = make_event()
        union = make_organisation()
        person = make_person()
        text = make_text(published=False, events=[event], organisations=[union])
        made = make_demand_made(text, people=[person])
        self.assertEqual(Event.objects.published().count(), 0)

        workflow.publish(text.working_revision)

        self.assertEqual(set(Event.objects.published()), {parent, event, part})
        self.assertNotIn(stranger, Event.objects.published())
        self.assertEqual(list(type(union).objects.published()), [union])
        self.assertEqual(list(type(person).objects.published()), [person])
        demand = Demand.objects.get(pk=made.demand_id)
        self.assertEqual((demand.is_public, str(demand.raised)), (True, "1 August 2020"))

    def test_a_broken_quotation_stops_publication_until_it_is_settled(self):
        text = make_text(body="<p>Pay the workers now.</p>")
        quotation = make_demand_made(text, "Pay the workers").quotations.get()
        self.assertTrue(quotation.in_live)
        revision = workflow.save_words(
            text,
            {"title": "T", "body": "<p>Pay everybody.</p>"},
            based_on=text.working_revision_id,
        )
        quotation.refresh_from_db()
        self.assertEqual((quotation.in_working, quotation.in_live), (False, True))

        with self.assertRaises(workflow.QuotationsBroken):
            workflow.publish(revision, change="typographical")
        quotation.is_gone = True
        quotation.save()
        workflow.publish(revision, change="typographical")

        quotation.refresh_from_db()
        self.assertFalse(quotation.in_live)


class SlugTests(TestCase):
    def test_a_former_address_goes_when_the_withheld_name_in_it_is_entered_afterwards(self):
        text = make_text(slug="free-amina-okoye")
        person = make_person("Amina Okoye", shown_as="withheld")
        slugs.change_slug(text, "free-her")
        self.assertRedirects(
            self.client.get("/statements/free-amina-okoye/"), "/statements/free-her/", 301
        )

        make_naming(text, person)

        self.assertEqual(self.client.get("/statements/free-amina-okoye/").status_code, 404)

    def test_so_do_those_of_a_demand_that_is_said_to_be_about_a_withheld_person_afterwards(self):
        demand = make_demand(slug="free-amina-okoye")
        text = make_text(slug="for-amina-okoye")
        make_demand_made(text, demand=demand)
        slugs.change_slug(text, "for-her")
        demand.refresh_from_db()
        slugs.change_slug(demand, "free-her")
        self.assertEqual(FormerSlug.objects.count(), 2)

        demand.people.add(make_person("Amina Okoye", shown_as="withheld"))
        links.record_saved(demand)

        self.assertEqual(FormerSlug.objects.count(), 0)

    def test_a_changed_address_of_a_public_text_is_remembered(self):
        text = make_text(slug="old")

        slugs.change_slug(text, "new")

        other = make_text(title="Old")
        self.assertEqual((text.slug, other.slug), ("new", "old-2"))
        with self.assertRaises(slugs.SlugTaken):
            slugs.change_slug(other, "old")
