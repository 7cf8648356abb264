"""A follower's own page behind the links in every mail: changing what comes, and leaving."""

from django.core import mail
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from statements.mail import send_due
from statements.models import Follower, Following, FollowRequest, Token
from statements.newsletter import workflow
from tests.factories import (
    make_demand,
    make_event,
    make_follow_request,
    make_follower,
    make_organisation,
    make_person,
    make_text,
)
from tests.newsletter.signing_up import ask, easy, links, press


class LeavingTests(TestCase):
    def setUp(self):
        self.union = make_organisation("Dockers of Example", slug="dockers")
        self.demand = make_demand("Lower the rents", slug="lower-rents")
        for record in (self.union, self.demand):
            type(record).objects.filter(pk=record.pk).update(public_since=timezone.now())
        self.follower = make_follower(self.union, self.demand, email="amina@example.org")
        self.other = make_follower(self.union)

    def link(self, purpose=workflow.PRIVATE, page="mine"):
        return f"/follow/{page}/{workflow.token_of(self.follower, purpose)}/"

    def open(self):
        return self.client.get(self.link(), follow=True)

    def rhythms(self):
        return {str(one): one.rhythm for one in self.follower.followings.all()}

    def gone(self):
        return not Follower.objects.filter(email_digest=self.follower.email_digest).exists()

    def test_the_private_page_says_what_is_followed_and_no_address(self):
        page = self.open()

        self.assertEqual(page.request["PATH_INFO"], f"/follow/mine/{self.follower.handle}/")
        self.assertContains(page, "Dockers of Example")
        self.assertContains(page, "Lower the rents")
        self.assertNotContains(page, "amina")
        self.assertContains(page, '<option value="en" selected>English</option>')
        self.assertContains(page, '<option value="daily" selected>once a day</option>', count=2)
        self.assertEqual(page["Cache-Control"], "no-store")

    def test_how_often_and_the_language_are_changed_and_one_thing_is_stopped(self):
        self.open()
        union, demand = self.follower.followings.order_by("pk")
        response = self.client.post(
            f"/follow/mine/{self.follower.handle}/",
            {
                f"{union.pk}-rhythm": "weekly",
                f"{demand.pk}-rhythm": "change",
                "language": "ar",
            },
            follow=True,
        )
        self.assertContains(response, "It is saved.")
        self.assertEqual(
            self.rhythms(),
            {f"organisation {self.union.pk}": "weekly", f"demand {self.demand.pk}": "change"},
        )
        self.follower.refresh_from_db()
        self.assertEqual(self.follower.language, "ar")
        self.client.post(
            f"/follow/mine/{self.follower.handle}/",
            {
                f"{union.pk}-rhythm": "weekly",
                f"{demand.pk}-rhythm": "change",
                f"{demand.pk}-stop": "on",
                "language": "ar",
            },
        )
        self.assertEqual(self.rhythms(), {f"organisation {self.union.pk}": "weekly"})

    def test_nothing_of_another_is_changed_from_a_page_of_ones_own(self):
        self.open()
        [theirs] = self.other.followings.all()
        mine = {f"{one.pk}-rhythm": "daily" for one in self.follower.followings.all()}
        self.client.post(
            f"/follow/mine/{self.follower.handle}/",
            mine | {f"{theirs.pk}-stop": "on", f"{theirs.pk}-rhythm": "weekly", "language": "en"},
        )
        theirs.refresh_from_db()
        self.assertEqual(theirs.rhythm, "daily")
        for page in ("", "leave/"):
            response = self.client.post(f"/follow/mine/{self.other.handle}/{page}", {})
            self.assertEqual(response.status_code, 404)
        self.assertEqual(Follower.objects.count(), 2)

    def test_whoever_stops_the_last_thing_has_left(self):
        self.open()
        data = {f"{one.pk}-stop": "on" for one in self.follower.followings.all()}
        data |= {f"{one.pk}-rhythm": "daily" for one in self.follower.followings.all()}
        response = self.client.post(
            f"/follow/mine/{self.follower.handle}/", data | {"language": "en"}
        )

        self.assertRedirects(response, "/follow/left/")
        self.assertTrue(self.gone())

    def test_leaving_erases_all_and_ends_the_links(self):
        make_follow_request(email="amina@example.org")
        self.open()
        response = self.client.post(f"/follow/mine/{self.follower.handle}/leave/")

        self.assertRedirects(response, "/follow/left/")
        self.assertTrue(self.gone())
        self.assertEqual(list(Follower.objects.all()), [self.other])
        self.assertEqual(Following.objects.count(), 1)
        self.assertEqual(FollowRequest.objects.count(), 0)
        self.assertEqual(
            set(Token.objects.values_list("purpose", "object_id")),
            {(workflow.PRIVATE, self.other.pk), (workflow.LEAVE, self.other.pk)},
        )
        self.assertEqual(self.client.get(self.link()).status_code, 404)

    def test_a_mail_programme_leaves_with_one_post_without_cookies(self):
        program = Client(enforce_csrf_checks=True)
        link = self.link(workflow.LEAVE, "leave")
        for _time in range(3):
            self.assertContains(program.get(link), "Leave, and erase my address")
        self.assertFalse(self.gone())
        response = program.post(link, {"List-Unsubscribe": "One-Click"})

        self.assertEqual((response.status_code, response.cookies.output()), (200, ""))
        self.assertTrue(self.gone())
        # Once more, and for a link that never was, it is answered the same.
        again = program.post(link, {"List-Unsubscribe": "One-Click"})
        never = program.post(f"/follow/leave/{'a' * 43}/")
        self.assertEqual([again.content, never.content], [response.content] * 2)
        self.assertEqual(Follower.objects.count(), 1)

    def test_each_link_opens_what_it_is_for_and_nothing_else(self):
        leave = workflow.token_of(self.follower, workflow.LEAVE)
        self.assertEqual(self.client.get(f"/follow/mine/{leave}/").status_code, 404)
        private = workflow.token_of(self.follower, workflow.PRIVATE)
        self.client.post(f"/follow/leave/{private}/")
        self.assertFalse(self.gone())

    def test_what_is_closed_can_still_be_left(self):
        with self.settings(NEWSLETTER_OPEN=False):
            self.open()
            self.client.post(f"/follow/mine/{self.follower.handle}/leave/")
        self.assertTrue(self.gone())

    def test_the_private_page_costs_the_same_however_much_is_followed(self):
        self.open()
        few = self.count()
        for _number in range(3):
            union, demand = make_organisation(), make_demand()
            for record in (union, demand):
                type(record).objects.filter(pk=record.pk).update(public_since=timezone.now())
            make_follower(union, demand, email="amina@example.org")
        self.assertEqual(self.count(), few)

    def count(self):
        with CaptureQueriesContext(connection) as queries:
            self.client.get(f"/follow/mine/{self.follower.handle}/")
        return len(queries)


@easy
class BeginningTests(TestCase):
    """The links are there from the beginning, and not from the first news on."""

    @classmethod
    def setUpTestData(cls):
        make_text(events=[make_event("Rent strike", slug="rent-strike")])
        person = make_person("Amina Example", slug="amina-example")
        type(person).objects.filter(pk=person.pk).update(public_since=timezone.now())

    def ask(self, page="/follow/", **changes):
        with self.captureOnCommitCallbacks(execute=True):
            return ask(self.client, page, **changes)

    def test_whoever_begins_is_sent_the_links_to_change_it_and_to_leave_once(self):
        self.ask("/follow/people/amina-example/", rhythm="change", language="de")
        press(self.client, links()[0])
        send_due()

        began = mail.outbox[1]
        self.assertEqual(began.to, ["amina@example.org"])
        self.assertEqual(began.subject, "Solidarity Statements: Sie folgen per E-Mail")
        # It may lie in the letter-box of somebody else's office.
        self.assertNotIn("Amina", began.body)
        private, leave = links(began)
        self.assertContains(self.client.get(private, follow=True), "Amina Example")
        self.ask("/follow/events/rent-strike/")
        press(self.client, links()[0])
        send_due()
        self.assertEqual(len(mail.outbox), 3)
        self.client.post(leave)
        self.assertEqual(Follower.objects.count(), 0)

    def test_whoever_leaves_at_once_is_sent_nothing_more(self):
        self.ask()
        done = press(self.client, links()[0])
        workflow.leave(Follower.objects.get())
        send_due()

        self.assertContains(done, "It is confirmed.")
        self.assertEqual(len(mail.outbox), 1)
