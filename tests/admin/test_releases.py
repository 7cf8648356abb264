from datetime import timedelta
from unittest import mock

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from statements.models import DemandPerson, ReleaseSet, Statement, Text
from statements.publishing import due, releases, review, standing
from tests.admin.posting import EditorCase
from tests.admin.signed_in import make_staff
from tests.factories import make_demand_made, make_event, make_person, make_text, pass_safety

LIST = "/admin/statements/releaseset/"
HOUR = timezone.now().replace(second=0, microsecond=0) + timedelta(days=2)
TYPED = timezone.localtime(HOUR).strftime("%Y-%m-%dT%H:%M")


def approved(title, **fields):
    text = make_text(title, published=False, **fields)
    review.submit(text.working_revision)
    review.approve(text.working_revision)
    return text


class ReleaseSetTests(EditorCase):
    def prepare(self):
        self.client.post(f"{LIST}add/", {"name": "For the first of May", "at": TYPED})
        self.release = ReleaseSet.objects.get()
        self.page_of_set = f"{LIST}{self.release.pk}/change/"
        self.dry_run = f"{LIST}{self.release.pk}/dry-run/"

    def on_first_page(self):
        """Under which heads the set stands there."""
        context = self.client.get("/admin/").context
        return [name for name in ("unsettled", "release_sets") if context.get(name)]

    def act(self, act, **data):
        return self.client.post(self.page_of_set, {"act": act} | data, follow=True)

    def test_a_publisher_puts_texts_together_reads_the_dry_run_and_schedules_it(self):
        person = make_person("Amina Okoye", is_at_risk=True, shown_as="initials")
        event = make_event("Rent strike")
        first, second = approved("Free Amina Okoye", events=[event]), make_text("They strike")
        made = make_demand_made(first, wording="Free Amina Okoye")
        DemandPerson.objects.create(demand=made.demand, person=person)
        pass_safety(first.statement)
        self.prepare()

        # From the set's own page, by the words that were approved.
        self.assertContains(self.client.get(self.page_of_set), "Free Amina Okoye (English)")
        response = self.act("join", revision=first.working_revision_id)
        self.assertContains(response, "It goes out with this set.")
        # From the text's page, with what readers are told.
        data = self.opened(self.page(second)) | {"title": "They strike on"}
        refused = self.change(second, "_join", data)
        self.assertContains(refused, "Choose the set that it goes out with.")
        self.assertContains(refused, "Say what kind of change readers are told of.")
        told = {"release_set": self.release.pk, "change": "update", "note": "The strike went on."}
        told["note_language"] = "fr"
        response = self.client.post(self.page(second), data | told | {"_join": "1"}, follow=True)
        self.assertContains(response, "it goes out with “For the first of May”")
        self.assertContains(response, self.page_of_set)
        self.assertNotContains(response, 'name="_publish"')

        page = self.client.get(self.dry_run)
        for words in ("All of it would go out", "Rent strike", "They strike on", "A. O."):
            self.assertContains(page, words)
        self.assertContains(page, "Shows people whom it could harm to be named: A. O.")
        self.assertContains(page, '<bdi lang="fr" dir="ltr">The strike went on.</bdi>')
        self.assertNotContains(page, "Amina")
        self.assertFalse(Statement.objects.get(pk=first.statement_id).is_public)
        seen = {"seen": page.context["run"].key}
        response = self.client.post(self.dry_run, seen, follow=True)
        self.assertContains(response, "Scheduled. All of it goes out at that moment, or nothing.")
        self.assertEqual(self.on_first_page(), ["release_sets"])
        self.assertNotContains(self.client.get("/admin/"), "held back")

        due.do_due(HOUR)

        self.assertTrue(Text.objects.get(pk=first.pk).is_public)
        response = self.client.get(self.page_of_set)
        self.assertContains(response, "version 2")
        self.assertContains(response, "<td>by itself, at its hour</td>", html=True)
        history = self.client.get(f"/admin/statements/statement/{first.statement_id}/history/")
        self.assertContains(history, "<td>by itself, at its hour</td>", count=1, html=True)
        self.assertEqual(self.on_first_page(), [])

    def test_what_broke_is_seen_before_the_hour_and_told_on_the_first_page_after_it(self):
        first, second = approved("First"), approved("Second")
        self.prepare()
        for text in (first, second):
            self.act("join", revision=text.working_revision_id)
        seen = self.client.get(self.dry_run).context["run"].key
        self.client.post(self.dry_run, {"seen": seen})
        told = self.client.post(
            self.page(first), self.opened(self.page(first)) | {"title": "Other words"}, follow=True
        )
        hour = date_format(timezone.localtime(HOUR), "DATETIME_FORMAT")
        self.assertContains(
            told, f"nothing of the release set “For the first of May” goes out on {hour}"
        )

        why = "its words were changed, or sent back, after they were approved"
        self.assertContains(self.client.get(self.page_of_set), why, count=1)
        self.assertContains(self.client.get(self.page(first)), "The set is held back")
        page = self.client.get(self.dry_run)
        self.assertContains(page, "Nothing of it would go out")
        self.assertContains(page, why)
        desk = self.client.get("/admin/")
        self.assertContains(desk, "held back: a text was changed, or sent back", count=1)
        self.assertNotContains(desk, "Did not happen at its hour")

        with self.assertLogs("statements.publishing.due", "ERROR"):
            due.do_due(HOUR)

        self.assertFalse(Text.objects.get(pk=second.pk).is_public)
        for address in ("/admin/", self.page_of_set):
            self.assertContains(self.client.get(address), why)
        self.assertContains(self.client.get(self.page_of_set), "Held back at its hour")
        for role, sees in (("Publishers", True), ("Editors", False)):
            self.client.force_login(make_staff(role.lower(), role))
            self.assertEqual(self.on_first_page(), ["unsettled"] if sees else [])
        self.client.force_login(self.user)
        self.assertContains(self.act("unschedule"), "It is being prepared again")
        self.assertEqual(self.on_first_page(), [])
        member = self.release.members.get(text=first)
        self.assertContains(self.act("leave", member=member.pk), "Taken out of the set.")
        self.assertContains(self.act("cancel"), "Cancelled. Its texts are free again.")
        self.assertContains(self.act("cancel"), "Somebody else changed the release set")

    def test_what_is_typed_wrong_is_said(self):
        self.prepare()
        public = make_text("Public")
        Text.objects.filter(pk=public.pk).update(live_revision=None, state="draft")
        for data, words in (
            ({"act": "join"}, "This field is required."),
            ({"act": "describe", "name": "X", "at": "2020-01-01T10:00"}, "This moment has passed."),
            ({"act": "join", "revision": public.working_revision_id}, "Select a valid choice."),
        ):
            with self.subTest(data):
                self.assertContains(self.client.post(self.page_of_set, data), words)
        self.assertEqual(self.client.post(self.page_of_set, {"act": "x"}).status_code, 404)
        self.assertContains(self.client.get(self.dry_run), "There is no text in it.")

    def test_the_page_costs_the_same_for_one_text_and_for_three(self):
        def queries():
            with CaptureQueriesContext(connection) as found:
                self.client.get(self.page_of_set)
            return len(found)

        self.prepare()
        texts = [approved(f"Text {n}") for n in range(3)]
        releases.join(self.release, texts[0].working_revision)
        queries()
        one = queries()
        for text in texts[1:]:
            releases.join(self.release, text.working_revision)
        self.assertEqual(queries(), one)


class UnsettledTests(EditorCase):
    def test_texts_and_standings_that_were_refused_stand_on_the_first_page_until_settled(self):
        now = HOUR - timedelta(hours=1)
        text = make_text("Lower the rents", body="<p>Lower the rents.</p>", published=False)
        made = make_demand_made(text, "Lower the rents.")
        review.schedule(text.working_revision, at=HOUR, now=now)
        made.quotations.update(words="Words that are not there")
        public = make_text("They strike").statement
        told = {"reason": "safety", "note": "Somebody asked for it."}
        standing.schedule_standing(public, "taken-down", at=HOUR, now=now, **told)
        Statement.objects.filter(pk=public.pk).update(next_reason="")

        for _again in range(2):
            with self.assertLogs("statements.publishing.due", "ERROR"):
                due.do_due(HOUR)

        found = [(one.name, [str(why) for why in one.why]) for one in self.first_page()]
        self.assertEqual(
            [why for _name, why in found],
            [
                ["quotations of demands are no longer in the text"],
                ["readers are not told why"],
            ],
        )
        self.assertEqual([one.entry.code for one in text.decisions.all()][:1], ["quotations"])
        self.assertEqual(text.decisions.filter(entry__act="refuse").count(), 1)
        self.assertContains(self.client.get(self.page(text)), "Not published at its hour")

        text.refresh_from_db()
        review.send_back(text.working_revision)
        standing.unschedule_standing(public)
        self.assertEqual(self.first_page(), [])

    def first_page(self):
        with mock.patch("django.utils.timezone.now", return_value=HOUR):
            self.client.force_login(self.user)
            return self.client.get("/admin/").context["unsettled"]

    def test_what_nothing_looked_for_is_told_too(self):
        text = make_text("Late", published=False)
        ago = timezone.now() - timedelta(minutes=10)
        review.schedule(text.working_revision, at=ago, now=ago - timedelta(hours=1))
        self.assertContains(self.client.get("/admin/"), "does the operator run “run_due”?")
