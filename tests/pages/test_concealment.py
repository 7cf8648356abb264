"""A withheld name stands on no page, whichever text of the statement it was entered for."""

from django.test import TestCase

from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_text,
)


class ConcealmentTests(TestCase):
    def setUp(self):
        self.union = make_organisation(slug="union")
        self.text = make_text(
            "Free Ana Quux",
            slug="free",
            body="<p>Free Ana Quux now!</p>",
            organisations=[self.union],
            events=[make_event(slug="arrests", is_ongoing=True)],
        )
        self.translation = make_text(
            "Freiheit für Ana Quux",
            slug="freiheit",
            language="de",
            body="<p>Freiheit für Ana Quux!</p>",
            statement=self.text.statement,
        )
        demand = make_demand("Free them", slug="free-them")
        make_demand_made(self.text, "Free Ana Quux now!", demand=demand)
        make_demand_made(self.translation, "Freiheit für Ana Quux!", demand=demand)
        self.statement = self.text.statement
        self.statement.authorships.create(
            organisation=make_organisation(slug="friends"),
            role="signatory",
            name_as_printed="Friends of Ana Quux",
        )

    def assert_concealed(self):
        for path in (
            "/",
            "/statements/",
            "/statements/free/",
            "/statements/freiheit/",
            "/statements/free/versions/",
            "/statements/freiheit/versions/1/",
            "/events/arrests/",
            "/demands/free-them/",
            "/organisations/union/",
            "/organisations/friends/",
        ):
            for prefix in ("", "/de"):
                with self.subTest(prefix + path):
                    self.assertNotContains(self.client.get(prefix + path), "Quux")

    def test_no_fingerprint_of_words_with_a_withheld_name_is_shown(self):
        """With it, whoever guesses the name could see that it is the one."""
        shown = self.text.live_revision.fingerprint[:16]
        paths = ("/statements/free/", "/statements/free/versions/1/")
        for path in paths:
            self.assertContains(self.client.get(path), shown)

        make_naming(self.translation, make_person("Ana Quux", shown_as="withheld"))

        for path in paths:
            with self.subTest(path):
                self.assertNotContains(self.client.get(path), shown)

    def test_entered_for_the_leading_text_alone(self):
        make_naming(self.text, make_person("Ana Quux", shown_as="withheld"))

        self.assert_concealed()

    def test_entered_for_a_translation_alone(self):
        make_naming(self.translation, make_person("Ana Quux", shown_as="initials"))

        self.assert_concealed()

    def test_entered_for_a_translation_that_is_still_a_draft(self):
        draft = make_text(statement=self.statement, language="fr", published=False)
        make_naming(draft, make_person("Ana Quux", shown_as="withheld"))

        self.assert_concealed()
