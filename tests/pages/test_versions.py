from unittest.mock import patch

from django.test import TestCase

from statements.publishing import workflow
from tests.factories import make_text
from tests.pages.shown import words_of

CHANGE = "Typographical: no word means anything else"


def publish(text, **words):
    """Publish a text's next version, with some fields changed."""
    text.refresh_from_db()
    revision = workflow.save_words(
        text, text.working_revision.words | words, based_on=text.working_revision_id
    )
    return workflow.publish(revision, change="typographical")


class HistoryTests(TestCase):
    def test_it_lists_versions_newest_first_with_what_they_changed(self):
        text = make_text("No evictions", slug="no", body="<p>We demand heat, and rest.</p>")
        publish(text, body="<p>We demand heat and rest now.</p>")
        publish(text, body="<p>We <b>demand</b> heat and rest now.</p>")

        response = self.client.get("/statements/no/versions/")

        words = words_of(response)
        order = [
            words.index(part)
            for part in (
                f"Version 3 {CHANGE} What visitors read now "
                "The same words, in another form or order",
                f"Version 2 {CHANGE} 1 word put in 0 words taken out",
                "Version 1 First version",
            )
        ]
        self.assertEqual(order, sorted(order))
        self.assertContains(response, "<title>Versions of No evictions · ")

    @patch("statements.pages.versions.VERSIONS_PER_PAGE", 5)
    def test_a_long_history_goes_on_by_pages_of_the_same_cost(self):
        text = make_text(slug="no")
        for number in range(7):
            publish(text, body=f"<p>Word {number}.</p>")

        with self.assertNumQueries(5):
            newest = self.client.get("/statements/no/versions/")
        older = newest.context["page"].older
        rest = self.client.get("/statements/no/versions/" + older)

        self.assertEqual(
            [
                [entry.revision.number for entry in page.context["versions"]]
                for page in (newest, rest)
            ],
            [list(range(8, 3, -1)), [3, 2, 1]],
        )
        self.assertEqual(
            [entry.counted for entry in rest.context["versions"]],
            [(1, 1), (2, 1), None],
        )

    def test_one_version_costs_as_many_queries_as_many(self):
        make_text(slug="no")

        with self.assertNumQueries(5):
            self.client.get("/statements/no/versions/")


class VersionTests(TestCase):
    def setUp(self):
        self.text = make_text(
            "لا للإخلاء", language="ar", slug="no", body="<p>نطالب بالراحة</p><p>كلمات.</p>"
        )
        publish(self.text, body="<p>نطالب بالأجر الآن</p><p>كلمات.</p>", subtitle="عنوان")

    def test_it_shows_its_words_and_what_changed_in_their_direction(self):
        response = self.client.get("/de/statements/no/versions/2/")

        self.assertContains(
            response,
            '<div class="words changes" lang="ar" dir="rtl">',
        )
        self.assertContains(
            response,
            '<p>نطالب <del><span class="hide" lang="de">Entfernt: </span>بالراحة</del> '
            '<ins><span class="hide" lang="de">Eingefügt: </span>بالأجر الآن</ins></p>',
        )
        self.assertContains(response, "كلمات.", count=1)

    def test_a_version_that_was_replaced_says_so_and_is_not_for_search_engines(self):
        first = self.client.get("/statements/no/versions/1/")
        second = self.client.get("/statements/no/versions/2/")

        noindex = '<meta name="robots" content="noindex">'
        self.assertContains(first, noindex)
        self.assertNotContains(second, noindex)
        self.assertIn("This is not the version that visitors read now.", words_of(first))
        self.assertIn("This is the version that visitors read now.", words_of(second))
        self.assertContains(first, 'href="/statements/no/versions/2/" rel="next"')
        self.assertContains(second, 'href="/statements/no/versions/1/" rel="prev"')

    def test_a_version_with_the_same_words_says_so(self):
        publish(self.text, body="<p>نطالب <b>بالأجر</b> الآن</p><p>كلمات.</p>")

        self.assertIn(
            "No word: only the form of the text.",
            words_of(self.client.get("/statements/no/versions/3/")),
        )

    def test_a_version_that_is_not_there_is_not_found(self):
        for number in ("0", "3", "99999999999999999999"):
            with self.subTest(number):
                response = self.client.get(f"/statements/no/versions/{number}/")
                self.assertEqual(response.status_code, 404)
