from django.db import connection
from django.test.utils import CaptureQueriesContext

from statements.models import Quotation
from statements.publishing import workflow
from tests.admin.posting import LIST, EditorCase
from tests.factories import (
    make_demand_made,
    make_event,
    make_organisation,
    make_place,
    make_text,
)


class ListTests(EditorCase):
    def listed(self, query=""):
        response = self.client.get(f"{LIST}?{query}")
        self.assertEqual(response.status_code, 200)
        return sorted(str(one) for one in response.context["cl"].result_list)

    def test_it_says_what_visitors_see_and_what_is_unfinished(self):
        whole = make_text("Whole", events=[make_event()], places=[make_place()])
        make_demand_made(whole, "Words.")
        make_text("Bare", published=False)
        Quotation.objects.update(in_working=False)

        page = self.client.get(LIST)

        self.assertContains(page, "<bdi>broken quotation</bdi>")
        self.assertContains(page, "<bdi>no event</bdi>, <bdi>no demand</bdi>, <bdi>no place</bdi>")
        self.assertContains(page, "nothing")

    def test_an_event_leads_to_what_is_not_translated_about_it(self):
        event = make_event()
        whole = make_text("Whole", events=[event])
        make_text(statement=whole.statement, language="de")
        make_text(statement=whole.statement, language="ar", published=False)
        make_text("Auf Deutsch", events=[event], language="de")
        make_text("Draft", events=[event], published=False)
        make_text("Of another")

        page = self.client.get(f"/admin/statements/event/{event.pk}/change/")

        for tag, expected in (
            ("en", ["Auf Deutsch"]),
            ("de", []),
            ("ar", ["Auf Deutsch", "Whole"]),
        ):
            query = f"events__id__exact={event.pk}&not_in={tag}"
            with self.subTest(tag):
                link = f'href="{LIST}?{query.replace("&", "&amp;")}">{len(expected)}<'
                self.assertContains(page, link)
                self.assertEqual(self.listed(query), expected)
        self.assertEqual(len(self.listed("not_in=x")), 4)

    def test_each_filter_finds_its_own(self):
        event, place, union = make_event(), make_place(), make_organisation()
        one = make_text(
            "One",
            language="ar",
            events=[event],
            places=[place],
            organisations=[union],
            tags=["strike"],
            issued="2019-05",
        )
        make_demand_made(one, "Words.")
        make_text("Draft", published=False)
        over = make_text("Over")
        workflow.save_words(over, {"title": "Newer"}, based_on=over.working_revision_id)
        tag = one.statement.tags.get()

        for query, expected in (
            ("", ["Draft", "Newer", "One"]),
            ("seen=draft", ["Draft"]),
            ("seen=public", ["Newer", "One"]),
            ("seen=over", ["Newer"]),
            (f"events__id__exact={event.pk}", ["One"]),
            (f"authorships__organisation__id__exact={union.pk}", ["One"]),
            (f"places__id__exact={place.pk}", ["One"]),
            (f"taggings__tag__id__exact={tag.pk}", ["One"]),
            ("language=ar", ["One"]),
            ("year=2019", ["One"]),
            ("lacks=event", ["Draft", "Newer"]),
            ("lacks=demand", ["Draft", "Newer"]),
            ("lacks=place", ["Draft", "Newer"]),
            ("lacks=quotation", []),
            ("seen=nonsense&year=nonsense&lacks=nonsense", ["Draft", "Newer", "One"]),
        ):
            with self.subTest(query=query):
                self.assertEqual(self.listed(query), expected)

    def test_a_search_finds_titles_organisations_and_addresses(self):
        make_text(
            "Нет выселениям",
            slug="net-vyseleniyam",
            organisations=[make_organisation("Союз Примера", acronym="СП")],
        )
        make_text("Other")

        for words in ("выселениям", "ВЫСЕЛЕНИЯМ", "Союз", "сп", "net-vys", "нет vyseleniyam"):
            with self.subTest(words=words):
                self.assertEqual(self.listed(f"q={words}"), ["Нет выселениям"])
        self.assertEqual(self.listed("q=nothing like it"), [])

    def test_it_asks_as_much_for_many_rows_as_for_one(self):
        def fill(count):
            for _number in range(count):
                text = make_text(
                    events=[make_event()], organisations=[make_organisation()], tags=["t"]
                )
                make_text(statement=text.statement, language="fr")

        counts = []
        self.client.get(LIST)  # The session's first request notes when it began.
        for more in (1, 4):
            fill(more)
            with CaptureQueriesContext(connection) as captured:
                self.client.get(LIST)
            counts.append(len(captured))

        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[0], 12)
