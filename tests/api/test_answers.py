"""How programs are answered: headers, errors in one shape, limits, and nothing sent twice."""

import re

from django.test import Client, TestCase, override_settings

from statements.models import Limit, Statement
from statements.publishing import standing
from tests.api.asked import API, Asks
from tests.factories import make_text
from tests.routes import PLAIN, make_example_site

ANSWERS = [address for address in PLAIN.values() if address.startswith(API)]
ANSWERS.append("/statements/no-evictions.json")
BROKEN = (
    "%00",
    "..%2F..",
    "%FF",
    "a" * 3000,
    "'\"<>",
    "~0",
    "~" + "9" * 40,
    "٣",
    "-1",
    "%F0%9F%A4",
)


class HeaderTests(Asks, TestCase):
    @classmethod
    def setUpTestData(cls):
        make_example_site()

    def test_pages_of_other_sites_may_read_and_caches_ask_again(self):
        for address in ANSWERS:
            with self.subTest(address):
                response = self.client.get(address)

                self.assertEqual(response.status_code, 200)
                said = {name: response[name] for name in EVERYWHERE}
                self.assertEqual(said, EVERYWHERE)
                self.assertEqual(response.cookies.output(), "")

    def test_errors_and_redirects_have_the_same(self):
        for address in (
            f"{API}nothing/",
            f"{API}events/nothing/",
            f"{API}events/?nothing=1",
            f"{API}events/%00",
        ):
            response = self.client.get(address)
            self.assertEqual({name: response[name] for name in EVERYWHERE}, EVERYWHERE, address)

    def test_what_cannot_be_read_at_all_is_not_led_to_a_list_of_nothing(self):
        told = self.client.get(f"{API}events/?q=a%00").json()

        self.assertEqual(told["errors"], [])
        self.assertIn("Encode it as UTF-8", told["detail"])

    def test_what_has_not_changed_is_not_sent_again(self):
        for address in ANSWERS:
            with self.subTest(address):
                etag = self.client.get(address)["ETag"]
                again = self.client.get(address, headers={"if-none-match": etag})

                self.assertEqual((again.status_code, again.content), (304, b""))
                self.assertEqual(again["Access-Control-Allow-Origin"], "*")
        before = self.client.get(f"{API}statements/no-evictions/")["ETag"]
        make_text(
            "Keine Räumungen",
            statement=Statement.objects.get(texts__slug="no-evictions"),
            language="de",
        )
        after = self.client.get(f"{API}statements/no-evictions/", headers={"if-none-match": before})
        self.assertEqual(after.status_code, 200)

    def test_head_has_the_headers_of_get_and_no_body(self):
        for address in ANSWERS:
            with self.subTest(address):
                get, head = self.client.get(address), self.client.head(address)

                self.assertEqual((head.status_code, head.content), (200, b""))
                self.assertEqual(dict(head.items()), dict(get.items()))

    def test_the_words_are_utf8_and_no_language_of_the_reader_changes_them(self):
        make_text("خفضوا", slug="arabic", language="ar")

        response = self.client.get(f"{API}statements/arabic/", headers={"accept-language": "de"})

        self.assertIn('"title": "خفضوا"', response.content.decode())
        self.assertEqual(self.client.get(f"/de{API}statements/arabic/").status_code, 404)


EVERYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After",
    "Cache-Control": "no-cache",
    "X-Robots-Tag": "noindex",
}


class ErrorTests(Asks, TestCase):
    @classmethod
    def setUpTestData(cls):
        make_example_site()

    def test_what_is_not_there_is_a_problem_of_one_shape(self):
        for address in (
            "nothing/",
            "nothing",
            "statements/nothing/",
            "events/nothing/",
            "people/~999999/",
            "places/XX/",
            "tombstones/1/",
            "tombstones/x/",
        ):
            body = self.refused(404, address)
            self.assertEqual(
                body,
                {
                    "type": "http://testserver/api/v1/#not-found",
                    "title": "There is nothing at this address",
                    "status": 404,
                    "detail": "It may have been mistyped, or it was never published.",
                },
                address,
            )
        # People are told by a page, as before.
        self.assertTemplateUsed(self.client.get("/nothing/"), "404.html")

    def test_no_part_of_an_address_breaks_anything(self):
        routes = [one for one in PLAIN if one.startswith("api/v1/") and "<" in one]
        routes += ["api/v1/<slug>/", "statements/<str:slug>.json"]
        for route in routes:
            for part in BROKEN:
                address = "/" + re.sub("<[^>]*>", part, route)
                with self.subTest(address[:80]):
                    response = self.client.get(address)
                    self.assertIn(response.status_code, (400, 404))
                    if address.startswith(API):
                        self.assertEqual(response["Content-Type"], "application/problem+json")

    def test_another_method_is_answered_405_whoever_asks(self):
        stranger = Client(enforce_csrf_checks=True)
        for method in ("post", "put", "patch", "delete", "options", "trace"):
            response = getattr(stranger, method)(f"{API}events/")
            self.assertEqual((response.status_code, response["Allow"]), (405, "GET, HEAD"), method)
            self.assertEqual(response.json()["type"], "http://testserver/api/v1/#only-reading")

    def test_a_host_that_is_not_ours_and_a_fault_have_the_same_shape(self):
        response = self.client.get(f"{API}events/", headers={"host": "elsewhere.example"})
        self.assertEqual(
            (response.status_code, response["Content-Type"]), (400, "application/problem+json")
        )
        self.assertNotIn("elsewhere", response.content.decode())

        client = Client(raise_request_exception=False)
        with (
            self.assertLogs("django.request", "ERROR"),
            self.settings(API_REQUESTS="a fault"),
        ):
            response = client.get(f"{API}events/")
        self.assertEqual(
            (response.status_code, response["Content-Type"]), (500, "application/problem+json")
        )
        self.assertEqual(response.json()["type"], "http://testserver/api/v1/#fault")
        with self.assertLogs("django.request", "ERROR"), self.settings(TEMPLATES=[]):
            self.assertEqual(client.get("/events/").status_code, 500)

    def test_each_kind_of_problem_is_explained_on_the_page(self):
        page = self.client.get(API).content.decode()

        for code in ("wrong", "not-found", "only-reading", "taken-back", "too-often", "not-now"):
            self.assertIn(f'<div id="{code}">', page)


@override_settings(API_REQUESTS=3)
class LimitTests(Asks, TestCase):
    def test_whoever_asks_too_often_is_told_when_to_ask_again(self):
        for _time in range(3):
            self.ask("events/")

        response = self.client.get(f"{API}tags/")

        self.assertEqual(response.status_code, 429)
        self.assertEqual(response.json()["type"], "http://testserver/api/v1/#too-often")
        self.assertIn(int(response["Retry-After"]), range(590, 601))
        self.assertIn(f"{response['Retry-After']} seconds", response.json()["detail"])
        self.assertEqual(response["Access-Control-Allow-Origin"], "*")
        # Others are not: neither readers nor programs elsewhere.
        self.assertEqual(self.client.get("/events/").status_code, 200)
        elsewhere = self.client.get(f"{API}tags/", REMOTE_ADDR="203.0.113.9")
        self.assertEqual(elsewhere.status_code, 200)

    def test_what_is_stored_of_a_question_tells_nobody_who_asked(self):
        self.client.get(f"{API}tags/", REMOTE_ADDR="203.0.113.9")

        for limit in Limit.objects.all():
            self.assertRegex(limit.key, "^[0-9a-f]{64}$")

    def test_an_operator_may_take_the_limit_away(self):
        with self.settings(API_REQUESTS=0):
            for _time in range(9):
                self.ask("events/")
        self.assertEqual(Limit.objects.count(), 0)


class TakenBackTests(Asks, TestCase):
    @classmethod
    def setUpTestData(cls):
        make_example_site()
        cls.text = make_text("Secretwords", slug="secretslug", body="<p>Secretwords.</p>")
        cls.statement = cls.text.statement

    def take_back(self, to, **said):
        standing.change_standing(self.statement, to, **said)

    def test_a_withdrawn_one_is_gone_with_its_standing_its_day_and_no_words(self):
        self.take_back(Statement.Standing.WITHDRAWN, note="Not ours any more.")

        body = self.refused(410, "statements/secretslug/")

        stone = body["tombstone"]
        self.assertEqual(body["type"], "http://testserver/api/v1/#taken-back")
        self.assertEqual(
            {name: stone[name] for name in ("standing", "url", "texts", "authors")},
            {
                "standing": "withdrawn",
                "url": "http://testserver/statements/secretslug/",
                "texts": [f"tag:testserver,2026:text-{self.text.pk}"],
                "authors": [],
            },
        )
        self.assertEqual([one["note"] for one in stone["corrections"]], ["Not ours any more."])
        self.assertEqual(stone["at"], stone["corrections"][0]["at"])
        beside = self.client.get("/statements/secretslug.json")
        self.assertEqual((beside.status_code, beside.json()), (410, body))
        self.assertEqual(self.ask(f"tombstones/{self.statement.pk}/"), stone)
        for address in ("statements/", "statements/?q=secretwords", "statements/secretslug/"):
            self.assertNotIn("Secretwords", self.client.get(API + address).content.decode())

    def test_of_what_was_taken_down_the_list_tells_no_address(self):
        self.take_back(Statement.Standing.TAKEN_DOWN, reason="safety")

        answer = self.client.get(f"{API}tombstones/")

        self.assertNotIn("secret", answer.content.decode().lower())
        first, _of_the_example = sorted(answer.json()["results"], key=lambda one: one["standing"])
        self.assertEqual(
            {name: first[name] for name in ("standing", "url", "id")},
            {
                "standing": "taken-down",
                "url": "http://testserver/corrections/",
                "id": f"tag:testserver,2026:statement-{self.statement.pk}",
            },
        )

    def test_put_back_it_is_read_again_and_has_no_tombstone(self):
        self.take_back(Statement.Standing.RETRACTED, note="It was not theirs.")
        self.take_back(Statement.Standing.CURRENT, note="It was theirs after all.")

        self.assertEqual(self.ask("statements/secretslug/")["title"], "Secretwords")
        self.refused(404, f"tombstones/{self.statement.pk}/")

    def test_a_draft_has_neither_record_nor_tombstone(self):
        draft = make_text(slug="unborn", published=False)

        self.refused(404, "statements/unborn/")
        self.refused(404, f"tombstones/{draft.statement_id}/")
        self.assertEqual(self.client.get("/statements/unborn.json").status_code, 404)
