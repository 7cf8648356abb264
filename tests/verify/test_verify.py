"""What /verify/ says of words, fingerprints and files that somebody has."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext

from statements.canonical import canonical
from statements.exports import pdf
from statements.models import Revision
from statements.publishing import seals, standing, workflow
from tests.factories import make_naming, make_person, make_text

PAGE = "/verify/"
BODY = (
    "<p>We, the tenants of Example Street, will not leave our homes. Nobody asked us – nobody"
    " will. The owners’ plan is called “renewal”.</p><p>We demand well-kept houses, lower rents"
    " and an end to all evictions before winter.</p>"
)
PRINTED = """
    We, the tenants of Example Street, will not
    leave our homes. Nobody asked us - no-
    body will. The owners' plan is called «renewal».

    We demand well‐kept houses, lower
    rents and an end to all evic-
    tions before winter.
"""


class VerifyTests(TestCase):
    def setUp(self):
        self.text = make_text("No evictions", slug="no", body=BODY, organisations=[])

    def ask(self, words="", file=None, page=PAGE):
        data = {"words": words} | ({"file": file} if file else {})
        self.response = self.client.post(page, data)
        self.assertEqual(self.response.status_code, 200)
        answer = self.response.context["answer"]
        return [(match.how, match.revision.number) for match in answer.matches]

    def publish(self, **words):
        self.text.refresh_from_db()
        revision = workflow.save_words(
            self.text,
            self.text.working_revision.words | words,
            based_on=self.text.working_revision_id,
        )
        workflow.publish(revision, change="typographical")

    def test_a_printed_copy_is_the_version_whatever_print_did_to_it(self):
        self.assertEqual(self.ask(PRINTED), [("exact", 1)])
        self.assertContains(self.response, "Published here, word for word.")
        self.assertEqual(self.response["Cache-Control"], "no-store")
        self.assertEqual(self.response.cookies.output(), "")

    def test_one_altered_word_is_told_and_shown(self):
        self.assertEqual(self.ask(PRINTED.replace("winter", "summer")), [("near", 1)])
        self.assertContains(self.response, "Not these words: what was published here differs.")
        self.assertContains(self.response, "<del>", count=1)
        self.assertContains(self.response, "winter")
        self.assertContains(self.response, "summer")

    def test_of_an_altered_passage_only_what_is_near_it_is_compared(self):
        passage = "Nobody asked us, nobody will. The owners plan is called murder. We demand"
        self.publish(
            body="<p>Every morning is another one here.</p>" * 40
            + BODY
            + "<p>Every evening is another one too.</p>" * 40
        )

        self.assertEqual(self.ask(passage), [("near", 2)])
        self.assertContains(self.response, "renewal")
        self.assertNotContains(self.response, "morning")
        self.assertNotContains(self.response, "evening")

    def test_one_altered_point_is_told(self):
        self.assertEqual(self.ask(PRINTED.replace("winter.", "winter?")), [("near", 1)])

    def test_between_the_sheets_of_a_pdf_stand_its_number_and_title(self):
        for sheet in ("\n\n1/2\n\n\x0cNo evictions\n\n", "\n     1 / 2\n\x0c   No evictions\n"):
            with self.subTest(sheet):
                pasted = f"No evictions\n{PRINTED.replace(' houses', sheet + 'houses')}\n2/2\n\x0c"
                self.assertEqual(self.ask(pasted), [("contained", 1)])
        self.assertEqual(self.ask(pasted.replace("winter", "summer")), [("near", 1)])

    def test_a_passage_and_a_copy_with_more_around_it(self):
        self.assertEqual(
            self.ask("lower rents and an end to all evictions before winter"), [("passage", 1)]
        )
        around = f"Forwarded message from a friend\n{PRINTED}\nPlease pass it on to everybody!"
        self.assertEqual(self.ask(around), [("contained", 1)])
        self.assertContains(self.response, "pass it on")
        self.assertContains(self.response, "What else you have")
        # Nothing of what was published is missing.
        self.assertNotContains(self.response, "<del>")
        self.assertNotContains(self.response, "lower rents and an end")

    def test_other_words_are_not_known(self):
        self.assertEqual(self.ask("Nothing of this was ever published anywhere by anybody."), [])
        self.assertContains(self.response, "Not known here.")

    def test_an_older_version_is_found_though_nothing_of_it_is_left(self):
        self.publish(body="<p>Everything is new in these other words about the same houses.</p>")

        self.assertEqual(self.ask(f"No evictions {PRINTED}"), [("exact", 1)])
        self.assertContains(self.response, "This is not the version that visitors read now.")

    def test_words_of_two_versions_are_those_of_both(self):
        self.publish(title="No evictions here")

        self.assertEqual(self.ask(PRINTED), [("exact", 2)])
        self.assertContains(self.response, "/statements/no/versions/1/")

    def test_a_fingerprint_is_its_version(self):
        whole = self.text.live_revision.fingerprint
        for typed in (whole, whole[:16], f"  {whole[:32].upper()} {whole[32:40]}\n"):
            with self.subTest(typed):
                self.assertEqual(self.ask(typed), [("exact", 1)])
        self.assertEqual(self.ask(self.text.live_revision.own_fingerprint), [("exact", 1)])
        self.assertEqual(self.ask("0" * 64), [])

    def test_a_fingerprint_stands_in_the_line_that_pages_and_files_have(self):
        for prefix in ("", "/de", "/ar"):
            page = self.client.get(f"{prefix}/statements/no/").content.decode()
            [line] = re.findall(r"<[^>]*>([^<>]*<time[^>]*>[^<]*</time> · [^<]*)", page)
            line = re.sub("<[^>]*>", "", line)
            for typed in (line, f"http://testserver/statements/no/\n{line}"):
                with self.subTest(typed):
                    self.assertEqual(self.ask(typed), [("exact", 1)])
        self.assertEqual(self.ask(f"Leave your homes, all of you, at once! {line}"), [])

    def test_what_is_too_short_or_too_long_is_told_and_kept_in_its_box(self):
        for words, told in (
            ("lower rents", "Paste at least 6 words"),
            ("word " * 50_000, "This is longer than any text here"),
            ("", "Paste a text, or choose a file."),
        ):
            with self.subTest(told):
                response = self.client.post(PAGE, {"words": words})
                self.assertContains(response, told)
                self.assertContains(response, words)

    def test_a_name_not_shown_cannot_be_guessed(self):
        person = make_person("Amina Example", shown_as="withheld")
        text = make_text(
            "Free her", body="<p>We ask the court to release Amina Example from prison today.</p>"
        )
        make_naming(text, person)
        Revision.objects.get(pk=text.live_revision_id)
        guess = "We ask the court to release Amina Example from prison today."
        wrong = guess.replace("Amina Example", "Bertha Sample")

        answers = []
        for words in (guess, wrong):
            answers.append((self.ask(words), self.response.content.decode().replace(words, "")))
        self.assertEqual(answers[0][0], answers[1][0])
        self.assertEqual(
            answers[0][1].replace("Amina Example", "*"),
            answers[1][1].replace("Bertha Sample", "*"),
        )
        self.assertEqual(self.ask(text.live_revision.fingerprint), [])
        self.assertEqual(self.ask(text.live_revision.own_fingerprint), [])

    def test_a_gap_is_the_same_in_every_language(self):
        person = make_person("Amina Example", shown_as="withheld")
        text = make_text(
            "Free her", body="<p>We ask the court to release Amina Example from prison today.</p>"
        )
        make_naming(text, person)
        copied = "We ask the court to release [name withheld] from prison today."

        self.assertEqual(self.ask(copied), [("exact", 1)])
        self.assertEqual(self.ask(copied, page="/de/verify/"), [("exact", 1)])

    def test_what_nobody_may_read_is_not_known(self):
        words = f"No evictions {PRINTED}"
        fingerprint = self.text.live_revision.fingerprint
        draft = make_text(
            "Draft", body="<p>Words of a draft that nobody may read yet.</p>", published=False
        )
        self.assertEqual(self.ask("Words of a draft that nobody may read yet."), [])
        self.assertIsNone(draft.live_revision)
        self.publish(body="<p>Everything is new in these other words about the same houses.</p>")
        seals.seal(Revision.objects.get(text=self.text, number=1), by=None, reason="safety")
        self.assertEqual(self.ask(words), [])
        self.assertEqual(self.ask(fingerprint), [])
        self.text.refresh_from_db()
        live = "Everything is new in these other words about the same houses."
        self.assertEqual(self.ask(live), [("exact", 2)])
        standing.change_standing(self.text.statement, "taken-down", reason="safety")
        self.assertEqual(self.ask(live), [])

    def test_a_crowd_is_asked_to_wait_and_loses_nothing(self):
        for _n in range(120):
            self.client.post(PAGE, {})
        response = self.client.post(PAGE, {"words": PRINTED})

        self.assertEqual(response.status_code, 429)
        self.assertGreater(int(response["Retry-After"]), 0)
        self.assertContains(response, "no-", status_code=429)
        self.assertContains(response, "Try again in", status_code=429)

    def test_queries_do_not_grow_with_versions(self):
        self.ask(PRINTED)
        with CaptureQueriesContext(connection) as queries:
            self.ask(PRINTED)
        self.assertLess(len(queries), QUERIES[connection.vendor])
        for number in range(3):
            self.publish(title=f"No evictions {number}")
        with self.assertNumQueries(len(queries)):
            self.ask(PRINTED)


# Eight runs of words are looked for, in PostgreSQL each within its time.
QUERIES = {"sqlite": 26, "postgresql": 82}


class CanonicalTests(TestCase):
    def test_what_counts_and_what_does_not(self):
        for same in (
            ("«Слово» — дело!", "“Слово” - дело !"),
            ("ﬁnal oﬀer", "final offer"),
            ("co\u00adoperate", "cooperate"),
            ("well-\n known", "well-known"),
            ("• one\n• two", "one two"),
            ("الحريّــة", "الحريّة"),
            ("「自由」", "自由"),
            ("１２３", "123"),
        ):
            with self.subTest(same):
                self.assertEqual(canonical(same[0]), canonical(same[1]))
        for different in (("1,000", "10,00"), ("Freed", "freed"), ("never", "ever"), ("a.", "a!")):
            with self.subTest(different):
                self.assertNotEqual(canonical(different[0]), canonical(different[1]))
        self.assertEqual(canonical(canonical("« a » – b")), canonical("« a » – b"))


class FileTests(TestCase):
    def setUp(self):
        if not pdf.is_available():
            self.skipTest("Pango is not there")
        self.text = make_text("No evictions", slug="no", body=BODY)
        self.file = self.client.get("/statements/no.pdf").content

    def ask(self, content):
        file = SimpleUploadedFile("no.pdf", content, content_type="application/pdf")
        response = self.client.post(PAGE, {"file": file})
        return [match.revision.number for match in response.context["answer"].matches]

    def test_a_pdf_of_ours_is_known_and_a_changed_one_is_not(self):
        self.assertEqual(self.ask(self.file), [1])
        for changed in (
            self.file.replace(b"%PDF-1", b"%PDF-2", 1),
            self.file[:-1],
            self.file + b"\n",
            b"",
            b"%PDF-1.7 of somebody else",
        ):
            self.assertEqual(self.ask(changed), [])

    def test_a_file_with_a_name_that_is_withheld_since_is_not_known(self):
        text = make_text("Free her", slug="free", body="<p>Release Amina Example today.</p>")
        named = self.client.get("/statements/free.pdf").content
        self.assertEqual(self.ask(named), [1])
        make_naming(text, make_person("Amina Example", shown_as="withheld"))

        self.assertEqual(self.ask(named), [])
        self.assertEqual(self.ask(self.client.get("/statements/free.pdf").content), [1])

    def test_with_another_secret_nothing_is_confirmed(self):
        with override_settings(SECRET_KEY="another" * 9):
            self.assertEqual(self.ask(self.file), [])
