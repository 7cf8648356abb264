"""Two organisations that are one become one, and nothing that pointed at either is lost."""

import time
from datetime import date
from functools import partial
from unittest import mock, skipUnless

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection
from django.test import TestCase, TransactionTestCase

from statements.dates import PartialDate
from statements.models import AuditEntry, Authorship, Organisation, SafetyCheck
from statements.organisations import verification, workflow
from statements.publishing import drafts
from statements.publishing import workflow as publishing
from statements.safety import workflow as safety
from statements.submissions import workflow as submissions
from tests.factories import (
    make_demand_made,
    make_organisation,
    make_place,
    make_submission,
    make_text,
)
from tests.publishing import test_races

# What merging moves; a new table that points at organisations has to be thought of.
MOVED = {
    ("Organisation", "parent"),
    ("OrganisationName", "organisation"),
    ("Authorship", "organisation"),
    # Follows from its statements.
    ("DemandMaker", "organisation"),
    ("Submission", "organisation"),
    ("SafetyCheck", "organisations"),
    ("Verification", "organisation"),
    ("Verification", "vouchers"),
    # The same rows as Authorship.
    ("Statement", "organisations"),
    # Goes with its organisation, and is written anew for the one that stays.
    ("SearchEntry", "organisation"),
    # tests/newsletter/test_followings.py
    ("FollowRequest", "organisation"),
    ("Following", "organisation"),
}


class MergeTests(TestCase):
    def setUp(self):
        self.by = get_user_model().objects.create_superuser("publisher")
        self.gone = make_organisation(
            "Tenants Union",
            slug="tenants-union",
            acronym="TU",
            country=make_place("FR"),
            website="https://tenants.example/",
            founded=PartialDate.parse("1999"),
        )
        self.into = make_organisation("Union of Tenants", slug="union-of-tenants", language="fr")

    def merge(self):
        return workflow.merge(self.gone, self.into, by=self.by)

    def test_everything_that_points_at_organisations_is_thought_of(self):
        found = {
            (one.related_model.__name__, one.field.name)
            for one in Organisation._meta.get_fields(include_hidden=True)
            if one.auto_created and one.is_relation
            if "_" not in one.related_model.__name__
        }
        self.assertEqual(found, MOVED)

    def test_statements_names_and_addresses_go_to_the_one_that_stays(self):
        self.gone.names.create(language="de", name="Mieterverein", acronym="MV")
        text = make_text(organisations=[self.gone])
        sent = make_submission(organisation_name="Tenants Union")
        part = make_organisation("Branch", parent=self.gone)

        self.merge()

        self.into.refresh_from_db()
        sent.refresh_from_db()
        part.refresh_from_db()
        self.assertEqual(
            [one.organisation for one in text.statement.authorships.all()], [self.into]
        )
        self.assertEqual(
            set(self.into.names.values_list("language", "name", "acronym")),
            {("en", "Tenants Union", "TU"), ("de", "Mieterverein", "MV")},
        )
        self.assertEqual((sent.organisation, part.parent), (self.into, self.into))
        self.assertRedirects(
            self.client.get("/organisations/tenants-union/"),
            "/organisations/union-of-tenants/",
            status_code=301,
        )
        self.assertContains(
            self.client.get("/organisations/union-of-tenants/"), text.live_revision.title
        )
        entry = AuditEntry.objects.get(act="merge")
        self.assertEqual((entry.object_id, entry.before[:13]), (self.into.pk, "organisation-"))

    def test_what_it_does_not_say_is_filled_in_and_what_it_says_stays(self):
        self.into.acronym = "UT"
        self.into.save()

        self.merge()

        self.into.refresh_from_db()
        self.assertEqual(
            (self.into.acronym, self.into.country.code, self.into.website, self.into.founded),
            ("UT", "FR", "https://tenants.example/", PartialDate.parse("1999")),
        )

    def test_one_that_both_issued_keeps_one_row_and_the_name_as_printed(self):
        text = make_text(organisations=[self.gone, self.into])
        text.statement.authorships.filter(organisation=self.gone).update(
            name_as_printed="Tenants' U."
        )

        self.merge()

        row = Authorship.objects.get(statement=text.statement)
        self.assertEqual(
            (row.organisation, row.position, row.name_as_printed), (self.into, 0, "Tenants' U.")
        )

    def test_the_answers_about_its_safety_hold_for_the_one_that_stays(self):
        text = make_text(organisations=[self.gone], places=[make_place("FR")])
        self.assertEqual(SafetyCheck.objects.get().organisations.get(), self.gone)

        self.merge()

        check = SafetyCheck.objects.get(statement=text.statement)
        self.assertEqual(list(check.organisations.all()), [self.into])

    def test_whoever_would_speak_from_inside_the_country_is_asked_about_first(self):
        self.client.force_login(self.by)
        text = make_text(organisations=[self.into], places=[make_place("FR")])
        page = f"/admin/statements/organisation/{self.gone.pk}/merge/"
        asked = f"/admin/statements/statement/{text.statement_id}/safety/?also=organisation-"
        told = self.client.get(f"{page}?into={self.into.pk}")
        self.assertContains(told, f"{asked}{self.into.pk}")
        self.assertNotContains(told, "Merge into “")
        refused = self.client.post(page, {"into": self.into.pk}, follow=True)
        self.assertContains(refused, "nobody was asked")
        self.assertTrue(Organisation.objects.filter(pk=self.gone.pk).exists())

        answers = {"agreed": "yes", "wished": "yes", "may_be_indexed": "no"}
        also = {"also": f"organisation-{self.into.pk}", "review_on": date(9999, 1, 1)}
        safety.answer(text.statement, by=self.by, **answers, **also)
        self.assertContains(self.client.get(f"{page}?into={self.into.pk}"), "Merge into “")
        self.client.post(page, {"into": self.into.pk})

        self.into.refresh_from_db()
        self.assertEqual(self.into.country.code, "FR")
        self.assertFalse(safety.concerns(text.statement))

    def test_a_whole_merged_into_its_part_leaves_no_circle(self):
        above = make_organisation("Federation")
        self.gone.parent = above
        self.gone.save()
        between = make_organisation("Between", parent=self.gone)
        self.into.parent = between
        self.into.save()

        self.merge()

        self.into.refresh_from_db()
        between.refresh_from_db()
        self.assertEqual((self.into.parent, between.parent), (above, self.into))

    def test_a_part_merged_into_its_whole_leaves_no_circle(self):
        self.gone.parent = self.into
        self.gone.save()

        self.merge()

        self.into.refresh_from_db()
        self.assertIsNone(self.into.parent)

    def test_former_addresses_of_both_go_on(self):
        make_text(organisations=[self.gone])
        first = workflow.merge(self.gone, self.into, by=self.by)
        last = make_organisation("Tenants International", slug="international")

        workflow.merge(first, last, by=self.by)

        for slug in ("tenants-union", "union-of-tenants"):
            self.assertRedirects(
                self.client.get(f"/organisations/{slug}/"),
                "/organisations/international/",
                status_code=301,
            )

    def test_not_into_itself_and_not_into_one_that_is_gone(self):
        with self.assertRaises(workflow.NotMergeable):
            workflow.merge(self.gone, self.gone, by=self.by)
        self.into.delete()
        with self.assertRaises(workflow.NotMergeable):
            workflow.merge(self.gone, self.into, by=self.by)


class AlikeTests(TestCase):
    def test_found_by_acronym_other_name_near_spelling_and_website(self):
        one = make_organisation("Tenants Union", acronym="TU", website="https://www.tu.example/a")
        acronym = make_organisation("Travailleurs unis", acronym="tu")
        other_name = make_organisation("Mieterverein")
        other_name.names.create(language="en", name="TENANTS  union")
        near = make_organisation("Tenants Unions")
        website = make_organisation("Habitat", website="https://tu.example/")
        make_organisation("Bakers Union")

        self.assertCountEqual(workflow.alike(one), [acronym, other_name, near, website])


class MergePageTests(TestCase):
    def setUp(self):
        self.client.force_login(get_user_model().objects.create_superuser("publisher"))
        self.gone = make_organisation("Tenants Union", acronym="TU")
        self.into = make_organisation("Union of Tenants", acronym="TU")
        self.address = f"/admin/statements/organisation/{self.gone.pk}/merge/"

    def test_what_did_not_happen_is_not_in_the_history(self):
        with mock.patch(
            "statements.organisations.workflow.merge", side_effect=workflow.NotMergeable
        ):
            page = self.client.post(self.address, {"into": self.into.pk}, follow=True)

        self.assertContains(page, "One of the two is gone")
        self.assertFalse(LogEntry.objects.exists())

    def test_choose_read_what_will_happen_and_merge(self):
        form = self.client.get(f"/admin/statements/organisation/{self.gone.pk}/change/")
        self.assertContains(form, self.address)
        self.assertContains(self.client.get(self.address), f"?into={self.into.pk}")
        asked = self.client.get(self.address, {"into": self.into.pk})
        self.assertContains(asked, "“<bdi>Tenants Union</bdi>” is gone afterwards.")
        self.assertEqual(Organisation.objects.count(), 2)

        response = self.client.post(self.address, {"into": self.into.pk}, follow=True)

        self.assertContains(response, "“Tenants Union” is one with “Union of Tenants” now")
        self.assertEqual(list(Organisation.objects.all()), [self.into])
        history = self.client.get(f"/admin/statements/organisation/{self.into.pk}/history/")
        self.assertContains(history, "“Tenants Union” was merged into it.")

    def test_the_page_says_what_comes_and_where_they_differ(self):
        self.gone.founded = PartialDate.parse("1999-05")
        self.gone.website, self.gone.country = (
            "https://tenants.example/",
            make_place("FR"),
        )
        self.gone.save()
        self.gone.names.create(language="en", name="Union of Tenants")
        self.gone.names.create(language="de", name="Mieterverein")
        self.into.country, self.into.is_example = make_place("DE"), True
        self.into.save()
        verification.verify(self.gone, "mail", by=None, until=date(2999, 1, 2))

        page = self.client.get(self.address, {"into": self.into.pk})

        names = [name.name for name in page.context["names"]]
        self.assertEqual(names, ["Tenants Union", "Mieterverein"])
        self.assertContains(page, "⁨https://tenants.example/⁩ · founded ⁨May 1999⁩")
        self.assertContains(page, "They differ: country. “⁨France⁩” goes, and “⁨Germany⁩” stays.")
        self.assertContains(page, "One of the two is an invented example")
        self.assertContains(
            page,
            "is: it wrote from the mail domain of its website, until 2 January 2999.",
        )
        self.assertContains(
            page, f"/admin/statements/organisation/{self.into.pk}/merge/?into={self.gone.pk}"
        )

        self.client.post(self.address, {"into": self.into.pk})

        self.into.refresh_from_db()
        self.assertCountEqual(self.into.names.values_list("name", flat=True), names)
        self.assertEqual(self.into.founded.notation, "1999-05")
        self.assertEqual(self.into.verifications.valid().get().method, "mail")

    def test_the_statements_that_are_asked_about_first_are_named(self):
        place = make_place("FR")
        self.gone.country = place
        self.gone.save()
        text = make_text("No evictions", organisations=[self.into], places=[place])

        page = self.client.get(self.address, {"into": self.into.pk})

        self.assertContains(page, "<li><bdi>No evictions</bdi>: <a href=")
        self.assertContains(page, f"/admin/statements/statement/{text.statement_id}/safety/")
        self.assertNotContains(page, "Merge into “Union")
        self.assertContains(page, "The other way round")

    def test_what_cannot_be_chosen_is_said(self):
        for wrong in (self.gone.pk, 4711):
            with self.subTest(wrong):
                response = self.client.get(self.address, {"into": wrong})
                self.assertContains(response, "Select a valid choice.")
        self.assertContains(self.client.get(self.address, {"into": "x"}), "What would happen?")
        self.client.post(self.address, {"into": self.gone.pk})
        self.assertEqual(Organisation.objects.count(), 2)


@skipUnless(
    connection.vendor == "postgresql",
    "SQLite has one writer at a time, and a database in memory one connection",
)
class RaceTests(TransactionTestCase):
    def setUp(self):
        self.by = get_user_model().objects.create_superuser("publisher")

    def test_merging_waits_in_no_circle_with_who_moderates_and_publishes(self):
        gone, into = make_organisation(), make_organisation()
        text = make_text(published=False, organisations=[into])
        make_demand_made(text)
        sent = submissions.take_up(make_submission(), by=self.by)
        type(sent).objects.filter(pk=sent.pk).update(organisation=gone)

        with paused(workflow, "_fill", 0.4), paused(drafts, "_source", 0.2):
            results = test_races.at_once(
                [
                    partial(workflow.merge, gone, into, by=self.by),
                    partial(submissions.accept, sent, by=self.by),
                    partial(publishing.publish, text.working_revision),
                ]
            )

        self.assertEqual([one for one in results if isinstance(one, OperationalError)], [])
        self.assertFalse(Organisation.objects.filter(pk=gone.pk).exists(), results)


def paused(module, name, seconds):
    """Let an act wait before one of its steps, so that another one comes in between."""
    step = getattr(module, name)

    def wait(*args, **kwargs):
        time.sleep(seconds)
        return step(*args, **kwargs)

    return mock.patch.object(module, name, wait)
