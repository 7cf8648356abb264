"""Who spoke about an event, in which languages, and what is not translated yet."""

from unittest import mock

from django.test import TestCase

from tests.factories import make_event, make_naming, make_organisation, make_person, make_text


class CoverageTests(TestCase):
    path = "/events/rent-strike/coverage/"

    def setUp(self):
        self.event = make_event("Rent strike", slug="rent-strike")
        self.union = make_organisation("Union", slug="union")

    def speak(self, language, *translations, **fields):
        fields = {"events": [self.event], "organisations": [self.union]} | fields
        text = make_text(language=language, **fields)
        for other in translations:
            make_text(statement=text.statement, language=other, authority="unofficial")
        return text

    def test_counts_are_those_of_the_lists_that_they_lead_to(self):
        part = make_event(parent=self.event)
        self.speak("fr", "en", issued="2021-05")
        self.speak("en", "de", events=[part], issued="2021-01-02")
        committee = make_organisation("Committee", slug="committee")
        self.speak("fr", organisations=[self.union, committee], issued="2021-03")
        make_text(statement=self.speak("de").statement, language="ar", published=False)
        self.speak("ar", published=False)

        page = self.client.get(self.path)

        coverage = page.context["coverage"]
        self.assertEqual(
            [(one.tag, one.texts, one.originals, one.missing) for one in coverage.languages],
            [("en", 2, 1, 2), ("de", 2, 1, 2), ("ar", 0, 0, 4), ("fr", 2, 2, 0)],
        )
        self.assertEqual(
            [
                (one.author.name, one.count, one.first.notation, one.last and one.last.notation)
                for one in coverage.speakers
            ],
            [("Union", 4, "2020-08-01", "2021-05"), ("Committee", 1, "2021-03", None)],
        )
        for one in [*coverage.languages, *coverage.speakers]:
            if count := getattr(one, "texts", getattr(one, "count", 0)):
                with self.subTest(one.url):
                    listed = self.client.get(one.url).context["page"].rows
                    self.assertEqual(len(listed), count)
                    self.assertContains(page, one.url.replace("&", "&amp;"))
        for tag, missing in (("en", 2), ("de", 2), ("ar", 4), ("fr", 0), ("x", 0)):
            listed = self.client.get(f"{self.path}?lacking={tag}").context["untranslated"]
            self.assertEqual(len(listed), missing, tag)
        whole = self.client.get("/events/rent-strike/")
        self.assertContains(whole, "?lacking=ar#untranslated")

    def test_organisations_stand_beside_languages_with_what_can_be_read_of_them(self):
        self.speak("fr", "en")
        self.speak("fr", "de")
        committee = make_organisation("Committee", slug="committee")
        self.speak("en", organisations=[committee], issued="2021-03")

        page = self.client.get(self.path)

        coverage = page.context["coverage"]
        self.assertEqual(coverage.columns, ["en", "de", "fr"])
        cells = [[(cell.count, cell.is_spoken) for cell in one.cells] for one in coverage.speakers]
        self.assertEqual(
            cells,
            [[(1, False), (1, False), (2, True)], [(1, True), (0, False), (0, False)]],
        )
        for speaker in coverage.speakers:
            for cell in speaker.cells:
                if cell.count:
                    with self.subTest(cell.url):
                        listed = self.client.get(cell.url).context["page"].rows
                        self.assertEqual(len(listed), cell.count)

    def test_what_is_not_translated_conceals_names(self):
        text = self.speak("fr", "de", title="Free Amina Okoye")
        make_naming(text, make_person("Amina Okoye", shown_as="withheld"))

        page = self.client.get(f"{self.path}?lacking=ar")

        self.assertContains(page, "Free [name withheld]")
        self.assertContains(page, "in French and German")
        self.assertNotContains(page, "Okoye")

    def test_the_number_of_queries_does_not_depend_on_the_statements(self):
        for _round in range(2):
            self.speak("fr", "de", organisations=[make_organisation()])
            with self.assertNumQueries(7):
                self.client.get(f"{self.path}?lacking=ar")

    def test_more_statements_than_are_counted_say_so(self):
        for _number in range(3):
            self.speak("fr")
        with mock.patch("statements.reading.event.COMPARED", 2):
            page = self.client.get(self.path)

        self.assertContains(page, "Counted over the newest 2 statements.")
        self.assertEqual(page.context["coverage"].speakers[0].count, 2)
