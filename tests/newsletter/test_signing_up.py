"""Beginning to follow by e-mail: nothing happens before the address's owner presses a button."""

import re
from datetime import timedelta
from functools import partial
from html import unescape
from io import StringIO
from unittest import mock

from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client, TestCase, TransactionTestCase
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from statements import sealing, tokens
from statements.mail import send_due
from statements.models import Follower, Following, FollowRequest, Limit, Person, Token
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
from tests.newsletter.signing_up import ask, easy, links, press, stamp
from tests.publishing.test_races import at_once


@easy
class SigningUpTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.union = make_organisation("Dockers of Example", slug="dockers")
        cls.event = make_event("Rent strike", slug="rent-strike")
        cls.person = make_person("Amina Example", slug="amina-example")
        cls.demand = make_demand("Lower the rents", slug="lower-rents")
        text = make_text(organisations=[cls.union], events=[cls.event], slug="rents")
        for record in (cls.person, cls.demand):
            type(record).objects.filter(pk=record.pk).update(public_since=timezone.now())
        cls.text = text

    def ask(self, page="/follow/", **changes):
        with self.captureOnCommitCallbacks(execute=True):
            return ask(self.client, page, **changes)

    def following(self):
        """(digest of the address, what, rhythm) of all that is followed."""
        return {
            (one.follower.email_digest, str(one), one.rhythm) for one in Following.objects.all()
        }

    def amina(self):
        return sealing.address_digest("amina@example.org")

    def test_a_form_sends_a_link_and_the_button_behind_it_begins(self):
        response = self.ask(
            "/follow/organisations/dockers/", rhythm="daily", email="Amina@example.org"
        )

        self.assertRedirects(response, "/follow/sent/")
        self.assertEqual(self.following(), set())
        [letter] = mail.outbox
        self.assertEqual(letter.to, ["Amina@example.org"])
        self.assertEqual(
            letter.subject, "Solidarity Statements: confirm that you want to follow by e-mail"
        )
        self.assertIn("Somebody asked Solidarity Statements to write to this address", letter.body)
        self.assertIn("\n    organisation\n", letter.body)
        self.assertNotIn("Dockers", letter.body)
        self.assertIn("How often: once a day.\n", letter.body)
        [link] = links()
        for _time in range(3):
            page = self.client.get(link, follow=True)
        self.assertContains(page, "Yes, send me these mails")
        self.assertContains(page, "Dockers of Example")
        self.assertEqual(self.following(), set())
        self.assertNotIn(link.split("/")[3], page.request["PATH_INFO"])

        done = press(self.client, link)
        self.assertContains(done, "It is confirmed.")
        what = f"organisation {self.union.pk}"
        self.assertEqual(self.following(), {(self.amina(), what, "daily")})
        self.assertEqual(FollowRequest.objects.count(), 0)
        self.assertEqual(len(mail.outbox), 1)

    def test_every_kind_of_thing_can_be_followed_and_several_by_one_address(self):
        pages = {
            "/follow/": ("site", "weekly"),
            "/follow/organisations/dockers/": (f"organisation {self.union.pk}", "daily"),
            "/follow/events/rent-strike/": (f"event {self.event.pk}", "weekly"),
            "/follow/demands/lower-rents/": (f"demand {self.demand.pk}", "change"),
            "/follow/people/amina-example/": (f"person {self.person.pk}", "change"),
        }
        for page, (_what, rhythm) in pages.items():
            Limit.objects.all().delete()
            self.ask(page, rhythm=rhythm)
            press(self.client, links()[0])

        self.assertEqual(
            self.following(), {(self.amina(), what, rhythm) for what, rhythm in pages.values()}
        )
        self.assertEqual(Follower.objects.count(), 1)

    def test_only_what_has_a_state_is_followed_for_its_changes(self):
        for page, offered in (
            ("/follow/", False),
            ("/follow/events/rent-strike/", False),
            ("/follow/demands/lower-rents/", True),
            ("/follow/people/amina-example/", True),
        ):
            with self.subTest(page):
                shown = self.client.get(page)
                self.assertEqual("only when its state changes" in shown.content.decode(), offered)
                self.assertEqual(
                    self.ask(page, rhythm="change").status_code, 302 if offered else 200
                )

    def test_a_link_is_good_once_and_for_seven_days(self):
        self.ask()
        [link] = links()
        press(self.client, link)
        again = self.client.get(link)
        self.assertContains(again, "Open the link in your mail", status_code=404)
        with mock.patch(
            "django.utils.timezone.now", return_value=timezone.now() + timedelta(days=8)
        ):
            asked = make_follow_request(self.event)
        token = tokens.issue(workflow.CONFIRM, asked.pk, lifetime=timedelta(seconds=-1))
        self.assertEqual(self.client.get(f"/follow/confirm/{token}/").status_code, 404)

    def test_whoever_confirms_again_has_the_rhythm_changed(self):
        for rhythm in ("daily", "weekly"):
            self.ask(rhythm=rhythm, stamp=stamp())
            press(self.client, links()[0])

        self.assertEqual(self.following(), {(self.amina(), "site", "weekly")})

    def test_the_answer_is_the_same_whether_an_address_is_known_or_not(self):
        make_follower(email="amina@example.org")
        send_due()
        answers = []
        for email in ("amina@example.org", "bo@example.org"):
            mail.outbox.clear()
            response = self.ask(email=email)
            page = self.client.get(response["Location"]).content
            page = re.sub(rb'csrfmiddlewaretoken" value="[^"]+', b"", page)
            [letter] = mail.outbox
            body = re.sub(r"/confirm/[^/]+/", "", letter.body)
            answers.append((response.status_code, dict(response.items()), page, body))

        self.assertEqual(answers[0], answers[1])

    def test_an_address_gets_three_links_a_day_and_nobody_is_told(self):
        pages = ("", "organisations/dockers/", "events/rent-strike/", "demands/lower-rents/")
        answers = [self.ask(f"/follow/{page}", rhythm="daily").status_code for page in pages * 2]

        self.assertEqual(answers, [302] * 8)
        self.assertEqual(len(mail.outbox), 3)
        # The others were not put off until tomorrow: they are not there.
        self.assertEqual(FollowRequest.objects.count(), 3)

    def test_nobody_waits_for_the_mail_server(self):
        """How long the page takes tells nobody either whether an address is sent something."""
        with mock.patch("tests.newsletter.signing_up.send_due"):
            self.ask()
        self.assertEqual(mail.outbox, [])

        call_command("run_due", verbosity=0, stdout=StringIO())
        self.assertEqual([letter.to for letter in mail.outbox], [["amina@example.org"]])

    def test_a_button_that_is_pressed_twice_sends_one_letter(self):
        answers = [self.ask().status_code for _time in range(2)]

        self.assertEqual((answers, len(mail.outbox)), ([302] * 2, 1))

    def test_what_a_program_does_is_asked_for_once_more_and_sends_nothing(self):
        for name, changes in {
            "trap": {"fax": "123"},
            "fast": {"stamp": stamp(0)},
            "old": {"stamp": stamp(25 * 3600)},
            "forged": {"stamp": "x"},
            "none": {"stamp": ""},
        }.items():
            with self.subTest(name):
                response = self.ask(**changes)

                self.assertContains(response, "It was not sent yet", status_code=409)
                self.assertContains(response, 'value="amina@example.org"', status_code=409)
                self.assertNotContains(response, 'value="123"', status_code=409)
                self.assertEqual((mail.outbox, FollowRequest.objects.count()), ([], 0))
        # A person presses once more, and is not shut out.
        page = unescape(response.content.decode())
        fresh = re.search(r'name="stamp" value="([^"]+)"', page)[1]
        with mock.patch(
            "statements.antispam.time.time", return_value=timezone.now().timestamp() + 5
        ):
            self.assertEqual(self.ask(stamp=fresh).status_code, 302)

    def test_without_javascript_it_works_and_less_often_from_one_network(self):
        with_proof, without = [], []
        for answers, proof in ((without, ""), (with_proof, None)):
            for number in range(25):
                response = self.ask(
                    email=f"reader-{number}@example.org",
                    proof=proof,
                    network="10.9.9.9" if proof is None else "10.8.8.8",
                )
                answers.append(response.status_code)

        self.assertEqual(without, [302] * 8 + [429] * 17)
        self.assertEqual(with_proof, [302] * 20 + [429] * 5)

    def test_one_form_is_no_key_to_a_thousand_addresses(self):
        one = stamp()
        answers = [
            self.ask(email=f"reader-{number}@example.org", stamp=one).status_code
            for number in range(5)
        ]

        self.assertEqual(answers, [302] * 3 + [409] * 2)

    def test_what_is_wrong_is_said_and_what_was_typed_stays(self):
        response = self.ask(email="not an address")

        self.assertContains(response, "Error: Enter a valid email address.")
        self.assertContains(response, 'value="not an address"')
        self.assertEqual(mail.outbox, [])

    def test_the_page_in_another_language_keeps_what_was_typed(self):
        data = {"email": "amina@example.org", "rhythm": "daily", "go": "stay"}
        response = self.client.post("/de/follow/", data)

        self.assertContains(response, 'value="amina@example.org"')
        self.assertEqual((mail.outbox, FollowRequest.objects.count()), ([], 0))

    def test_the_letter_speaks_the_language_that_was_chosen(self):
        self.ask(language="de")

        self.assertIn("/de/follow/confirm/", mail.outbox[0].body)
        self.assertEqual(FollowRequest.objects.get().language, "de")

    def test_nobody_is_followed_whose_name_is_withheld_or_under_a_name_that_is_not_shown(self):
        Person.objects.filter(pk=self.person.pk).update(shown_as="initials")
        self.assertEqual(self.client.get("/follow/people/amina-example/").status_code, 404)
        page = self.client.get(f"/follow/people/~{self.person.pk}/")
        self.assertContains(page, "A. E.")
        self.assertNotContains(page, "Amina")
        self.ask(f"/follow/people/~{self.person.pk}/")
        self.assertIn("\n    person\n", mail.outbox[0].body)
        Person.objects.filter(pk=self.person.pk).update(shown_as="withheld")
        for address in ("amina-example", f"~{self.person.pk}"):
            self.assertEqual(self.client.get(f"/follow/people/{address}/").status_code, 404)
        # Behind the link that was sent before stands nothing of them either.
        opened = self.client.get(links()[0], follow=True)
        self.assertContains(opened, "Something that is not shown any more")
        self.assertNotContains(opened, "A. E.")

    def test_pages_lead_there_where_the_operator_opened_it(self):
        pages = {
            "/": "/follow/",
            "/statements/": "/follow/",
            "/organisations/dockers/": "/follow/organisations/dockers/",
            "/events/rent-strike/": "/follow/events/rent-strike/",
            "/demands/lower-rents/": "/follow/demands/lower-rents/",
            "/people/amina-example/": "/follow/people/amina-example/",
        }
        for page, form in pages.items():
            with self.subTest(page):
                self.assertContains(self.client.get(page), f'<a href="{form}"')
                with self.settings(NEWSLETTER_OPEN=False):
                    self.assertNotContains(self.client.get(page), "Follow by e-mail")
                    self.assertEqual(self.client.get(form).status_code, 404)
        self.assertContains(self.client.get("/tags/"), "<h1>")
        self.assertNotContains(self.client.get("/corrections/"), "Follow by e-mail")

    def test_what_is_kept_of_an_address_is_sealed_and_nothing_is_logged(self):
        with self.assertNoLogs():
            self.ask()
            press(self.client, links()[0])
            self.ask("/follow/events/rent-strike/", stamp=stamp())
        rows = [
            str(list(model.objects.values()))
            for model in (FollowRequest, Follower, Following, Token, Limit, DBTaskResult)
        ]

        self.assertNotIn("amina@", "".join(rows))
        for row in links(mail.outbox[0]):
            self.assertNotIn(row.split("/")[3], "".join(rows))

    def test_an_address_that_nobody_confirms_is_erased_with_its_link(self):
        self.ask()
        [link] = links()
        for days, left in ((6, 1), (8, 0)):
            later = timezone.now() + timedelta(days=days)
            with mock.patch("django.utils.timezone.now", return_value=later):
                call_command("run_due", stdout=mock.Mock())
            self.assertEqual(FollowRequest.objects.count(), left)
        self.assertFalse(Token.objects.filter(purpose=workflow.CONFIRM).exists())
        self.assertEqual(self.client.get(link).status_code, 404)

    def test_a_form_without_a_valid_token_is_given_back_with_what_was_typed(self):
        strict = Client(enforce_csrf_checks=True)
        response = strict.post(
            "/follow/", {"email": "amina@example.org"}, headers={"origin": "http://testserver"}
        )

        self.assertContains(response, 'value="amina@example.org"', status_code=403)


RHYTHMS = ("daily", "weekly")


class RaceTests(TransactionTestCase):
    def setUp(self):
        if connection.vendor != "postgresql":
            self.skipTest("a database in memory has one connection")

    def test_ten_links_of_one_address_pressed_at_once_make_one_follower(self):
        records = [make_organisation() for _number in range(9)]
        asked = [make_follow_request(one, email="amina@example.org") for one in [None, *records]]
        secrets = [tokens.issue(workflow.CONFIRM, one.pk) for one in asked]
        acts = [
            lambda one=one, token=token: workflow.confirm(one, token)
            for one, token in zip(asked, secrets, strict=True)
        ]
        results = at_once(acts)

        self.assertEqual([one for one in results if isinstance(one, Exception)], [])
        self.assertEqual(Follower.objects.get().followings.count(), 10)
        self.assertEqual(Token.objects.filter(purpose=workflow.PRIVATE).count(), 1)

    def test_one_link_pressed_ten_times_at_once_is_used_once(self):
        asked = make_follow_request()
        token = tokens.issue(workflow.CONFIRM, asked.pk)
        results = at_once([lambda: workflow.confirm(asked, token)] * 10)

        refused = [one for one in results if isinstance(one, workflow.LinkNoLongerValid)]
        self.assertEqual((len(refused), Following.objects.count()), (9, 1))

    def test_two_links_for_one_thing_pressed_at_once_follow_it_once(self):
        for _round in range(5):
            asked = [make_follow_request(rhythm=one, email="a@example.org") for one in RHYTHMS]
            acts = [
                partial(workflow.confirm, one, tokens.issue(workflow.CONFIRM, one.pk))
                for one in asked
            ]
            results = at_once(acts)

            refused = [one for one in results if isinstance(one, workflow.LinkNoLongerValid)]
            done = [one for one in results if isinstance(one, Follower)]
            self.assertEqual((len(refused), len(done)), (1, 1), results)
            workflow.leave(done[0])

    def test_leaving_and_confirming_at_once_end_in_one_or_the_other(self):
        for _round in range(5):
            follower = make_follower(email="amina@example.org")
            asked = make_follow_request(make_organisation(), email="amina@example.org")
            token = tokens.issue(workflow.CONFIRM, asked.pk)
            acts = [partial(workflow.leave, follower), partial(workflow.confirm, asked, token)]
            results = at_once(acts)
            wrong = [
                one
                for one in results
                if isinstance(one, Exception) and not isinstance(one, workflow.LinkNoLongerValid)
            ]
            self.assertEqual(wrong, [])
            self.assertLessEqual(Follower.objects.count(), 1)
            Follower.objects.all().delete()
