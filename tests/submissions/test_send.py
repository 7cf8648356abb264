"""The public form: what a stranger does, and what is then kept."""

import re
from datetime import timedelta
from html import unescape
from unittest import mock

from django.core import mail
from django.db import OperationalError
from django.test import Client, TestCase
from django.utils import timezone

from statements import antispam
from statements.markup import PUBLIC_LENGTH
from statements.models import Statement, Submission
from statements.submissions import workflow as submissions
from tests.factories import make_event, make_organisation, make_submission
from tests.submissions.sending import ABOUT, ALL, SEND, SENDER, WORDS, easy, made_earlier, send


def hidden(response) -> dict:
    """What a page carries along."""
    found = re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)">', response.content.decode()
    )
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


@easy
class StepsTests(TestCase):
    def test_where_nobody_decides_on_them_none_is_taken_and_nothing_leads_there(self):
        self.assertContains(self.client.get("/"), "/submit/")
        with self.settings(SUBMISSIONS_OPEN=False):
            self.assertNotContains(self.client.get("/"), "/submit/")
            for address in ("/submit/", "/submit/abcdefghijkm/sender/"):
                self.assertEqual(self.client.get(address).status_code, 404)
                self.assertEqual(self.client.post(address, SENDER).status_code, 404)

    def test_four_steps_lead_to_a_private_link(self):
        page = self.client.get("/submit/", follow=True)
        for typed, step in ((SENDER, "words"), (WORDS, "about"), (ABOUT, "send")):
            page = self.client.post(page.wsgi_request.path, hidden(page) | typed, follow=True)
            self.assertEqual(hidden(page)["step"], step)
        self.assertContains(page, "<p>No family may be put on the street!</p>", html=True)
        with self.captureOnCommitCallbacks(execute=True):
            page = self.client.post("/submit/", hidden(page) | SEND, follow=True)

        one = Submission.objects.get()
        self.assertRedirects(page, f"/submissions/{one.handle}/sent/")
        self.assertContains(page, "http://testserver/submissions/")
        self.assertContains(page, "<svg")
        sent = {
            "sender": "organisation",
            "organisation_name": "Tenants of Example",
            "organisation_website": "https://tenants.example",
            "sender_role": "secretary",
            "title": "No evictions in Example Harbour",
            "language": "en",
            "text": WORDS["text"],
            "url": "https://tenants.example/statement",
            "risk": "no",
            "event": None,
            "new_event": "Rent strike",
            "note": "Call us.",
            "consent": True,
            "consent_version": "2026-11",
        }
        self.assertEqual({name: getattr(one, name) for name in sent}, sent)
        self.assertEqual(one.issued.notation, "2026-06")
        self.assertEqual(one.demand_lines, ["Stop the evictions", "No family"])
        self.assertEqual(Statement.objects.count(), 0)

    def test_the_fault_is_named_and_everything_typed_stays(self):
        typed = WORDS | {"day": "31", "title": "Ours"}
        page = self.client.post(
            "/submit/", SENDER | typed | {"step": "words", "stamp": "s"}, follow=True
        )

        self.assertContains(page, "Error: There is no such day.")
        self.assertContains(page, '<a href="#id_day">')
        self.assertContains(page, 'value="31"')
        self.assertContains(page, "No family may be put on the street!")
        self.assertEqual(hidden(page), SENDER | {"step": "words", "stamp": "s", "proof": ""})

    def test_going_back_keeps_what_was_typed_even_where_it_is_not_right(self):
        data = SENDER | WORDS | {"title": "", "step": "words", "go": "sender", "stamp": "s"}
        page = self.client.post("/submit/", data, follow=True)

        self.assertContains(page, 'value="Tenants of Example"')
        self.assertNotContains(page, "Error")
        self.assertEqual(
            hidden(page), WORDS | {"title": "", "step": "sender", "stamp": "s", "proof": ""}
        )

    def test_no_step_can_be_left_out(self):
        page = self.client.post("/submit/", SEND | {"step": "send"}, follow=True)

        self.assertEqual(hidden(page)["step"], "sender")
        self.assertContains(page, "Error")
        self.assertEqual(Submission.objects.count(), 0)

    def test_without_consent_nothing_is_kept(self):
        page = send(self.client, consent="")

        self.assertContains(page, "Without your agreement")
        self.assertContains(page, "No family may be put on the street!")
        self.assertEqual(Submission.objects.count(), 0)

    def test_dates_are_as_exact_as_the_sender_knows_them(self):
        for parts, expected in (
            (("", "", ""), None),
            (("", "", "2020"), "2020"),
            (("9", "8", "2020"), "2020-08-09"),
            (("٩", "٨", "٢٠٢٠"), "2020-08-09"),
        ):
            with self.subTest(parts):
                day, month, year = parts
                send(self.client, day=day, month=month, year=year, text=f"Words {parts}")

                issued = Submission.objects.latest("pk").issued
                self.assertEqual(issued and issued.notation, expected)

    def test_dates_that_are_none_are_refused(self):
        for day, month, year in (
            ("1", "", "2020"), ("", "8", ""), ("x", "8", "2020"), ("1", "13", "2020"),
            ("1", "1", "99999"), ("-1", "1", "2020"), ("1.5", "1", "2020"),
        ):  # fmt: skip
            with self.subTest((day, month, year)):
                page = send(self.client, day=day, month=month, year=year)

                self.assertEqual(hidden(page)["step"], "words")
        self.assertEqual(Submission.objects.count(), 0)

    def test_a_text_that_is_too_long_is_refused_whole_and_not_cut(self):
        self.assertNotContains(self.client.get("/submit/", follow=True), "maxlength")
        longest = "A line of nine and thirty small letters\r\n" * (PUBLIC_LENGTH // 40)
        page = send(self.client, text=longest + "The end of it.")

        self.assertEqual(hidden(page)["step"], "words")
        self.assertContains(page, "The end of it.")
        self.assertNotContains(page, "maxlength")
        # A line break is one letter, as the box counts it.
        send(self.client, text=longest.strip())
        self.assertEqual(Submission.objects.count(), 1)

    def test_a_slip_in_the_year_is_noticed(self):
        today = timezone.localdate()
        soon = today + timedelta(days=2)
        for (day, month, year), said in (
            (("", "", "99"), "Write all four digits of the year."),
            (("1", "13", "00"), "Write all four digits of the year."),
            (("", "", today.year + 2), "still to come"),
            ((soon.day, soon.month, soon.year), "still to come"),
        ):
            with self.subTest((day, month, year)):
                page = send(self.client, day=day, month=month, year=year)

                self.assertContains(page, said)
                self.assertContains(page, f'value="{year}"')
        self.assertEqual(Submission.objects.count(), 0)

    def test_an_event_and_an_organisation_that_are_known_are_linked(self):
        event = make_event("Rent strike in Example", slug="strike", public_since=timezone.now())
        hidden_event = make_event("A plan of the editors", slug="plan")
        union = make_organisation("Tenants of Example")
        page = self.client.post("/submit/", SENDER | WORDS | {"step": "words"}, follow=True)
        self.assertContains(page, "Rent strike in Example")
        self.assertNotContains(page, hidden_event.name)

        send(self.client, event="strike", new_event="")
        one = Submission.objects.get()

        self.assertEqual((one.event, one.organisation), (event, union))

    def test_too_much_and_too_little_are_refused(self):
        for changes in (
            {"text": "a" * 60_001},
            {"text": "\u00ad \u00a0"},
            {"text": "a\0b"},
            {"text": "e" + "\u0301" * 100},
            {"text": "line\n" * 5_500},
            {"title": "a" * 301},
            {"url": "javascript:alert(1)"},
            {"url": "ftp://tenants.example/"},
            {"language": "xx-nothing"},
            {"event": "no-such-event"},
            {"demands": "a" * 5_001},
            {"email": "nobody"},
            {"email": "a@example.org\nBcc: b@example.org"},
            {"sender": "editor"},
        ):
            with self.subTest(next(iter(changes))):
                page = send(self.client, **changes)

                self.assertContains(page, "Error")
        self.assertEqual(Submission.objects.count(), 0)

    def test_the_page_is_in_the_language_of_the_interface(self):
        page = self.client.get("/ar/submit/", follow=True)

        self.assertContains(page, '<html lang="ar" dir="rtl">')
        self.assertContains(page, f'action="{page.wsgi_request.path}"')
        self.assertRegex(page.wsgi_request.path, "^/ar/submit/[a-z0-9]{12}/sender/$")


@easy
class SentTwiceTests(TestCase):
    def test_a_second_press_of_the_button_gives_the_same_link(self):
        stamp = made_earlier()
        first, second = send(self.client, stamp=stamp), send(Client(), stamp=stamp)

        self.assertEqual(Submission.objects.count(), 1)
        self.assertEqual(
            {one.value for one in first.cookies.values()},
            {one.value for one in second.cookies.values()},
        )

    def test_other_words_from_the_same_page_are_not_lost(self):
        stamp = made_earlier()
        send(self.client, stamp=stamp)
        send(self.client, stamp=stamp, text="Quite another text.")

        first, second = Submission.objects.order_by("pk")
        self.assertEqual((first.state, first.doubts), ("received", ""))
        self.assertEqual((second.state, second.doubts), ("quarantined", "stamp"))


@easy
class DoubtTests(TestCase):
    def state(self, **how):
        before = set(Submission.objects.values_list("pk", flat=True))
        response = send(self.client, **how)
        one = Submission.objects.exclude(pk__in=before).get()
        self.assertRedirects(
            response, f"/submissions/{one.handle}/sent/", fetch_redirect_response=False
        )
        return one.state, one.doubts

    def test_a_person_with_a_script_is_received_at_once(self):
        self.assertEqual(self.state(), ("received", ""))

    def test_each_sign_of_a_program_is_a_doubt_and_never_a_refusal(self):
        for number, (how, doubt) in enumerate(
            (
                ({"proof": ""}, "proof"),
                ({"proof": "no number"}, "proof"),
                ({"homepage": "https://casino.example"}, "honeypot"),
                ({"fax": "1"}, "honeypot"),
                ({"stamp": made_earlier(-60)}, "fast"),
                ({"stamp": made_earlier(25 * 3600)}, "old"),
                ({"stamp": "invented", "proof": ""}, "stamp"),
                ({"text": "http://a.example " * 11}, "links"),
            )
        ):
            with self.subTest(how):
                how = {"text": f"Text number {number}"} | how
                self.assertEqual(self.state(**how), ("quarantined", doubt))

    def test_the_same_words_again_are_a_doubt_in_another_layout_too(self):
        make_submission(WORDS["text"])

        again = WORDS["text"].upper().replace("\r\n", " ")
        self.assertEqual(self.state(text=again), ("quarantined", "duplicate"))

    def test_words_that_their_sender_withdrew_can_be_sent_again(self):
        submissions.withdraw(make_submission(WORDS["text"]))

        self.assertEqual(self.state(), ("received", ""))

    def test_many_from_one_network_wait_and_those_from_others_do_not(self):
        states = [
            self.state(text=f"Text {number}", address=f"2001:db8:1:2::{number}")[1]
            for number in range(7)
        ]

        self.assertEqual(states, ["", "", "", "", "", "limit", "limit"])
        self.assertEqual(self.state(text="Another", address="2001:db8:1:3::1"), ("received", ""))

    def test_tries_that_took_nothing_in_are_not_many(self):
        form = {"stamp": made_earlier(), "address": "2001:db8:1:4::1"}
        with mock.patch.object(submissions.letters, "tell", side_effect=OperationalError):
            for _try in range(7):
                with self.assertRaises(OperationalError):
                    send(self.client, **form)

        self.assertEqual(self.state(**form), ("received", ""))

    def test_a_proof_is_good_for_its_own_form_alone(self):
        stamp, other = made_earlier(), made_earlier()
        proof = next(
            str(n)
            for n in range(10**6)
            if antispam.proves(other, str(n), 8) and not antispam.proves(stamp, str(n), 8)
        )
        self.assertEqual(self.state(stamp=stamp, proof=proof), ("quarantined", "proof"))


@easy
class SecretTests(TestCase):
    def test_the_form_is_protected_against_others(self):
        strict = Client(enforce_csrf_checks=True)
        response = strict.post("/submit/", ALL | {"step": "send", "stamp": made_earlier()})

        self.assertEqual(response.status_code, 403)
        self.assertEqual(Submission.objects.count(), 0)

    def test_the_address_is_sealed_in_the_database(self):
        with self.captureOnCommitCallbacks(execute=True):
            send(self.client)

        row = Submission.objects.values().get()
        self.assertNotIn("amina", str(row))
        self.assertEqual([one.to for one in mail.outbox], [["amina@example.org"]])

    def test_nobody_is_written_to_who_gave_no_address(self):
        with self.captureOnCommitCallbacks(execute=True):
            page = send(self.client, email="")
        page = self.client.get(page["Location"])

        self.assertEqual(mail.outbox, [])
        self.assertContains(page, "this link is the only key")

    def test_the_mail_has_the_link_and_nothing_that_could_be_clicked_elsewhere(self):
        with self.captureOnCommitCallbacks(execute=True):
            page = send(self.client, title="Win at https://casino.example now\r\nBcc: a@b.example")
            page = self.client.get(page["Location"]).content.decode()
        link = re.search(r"http://testserver/submissions/[\w-]{43}/", page)[0]
        (letter,) = mail.outbox

        self.assertEqual(letter.subject, "We have received your statement")
        self.assertIn(f"    {link}\n", letter.body)
        self.assertIn("    Win at now Bcc:\n", letter.body)
        self.assertNotIn("casino", letter.body)
        self.assertEqual((letter.cc, letter.bcc, letter.content_subtype), ([], [], "plain"))
