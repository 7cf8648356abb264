from unittest.mock import patch
from urllib.parse import quote

from django.test import TestCase

from tests.factories import make_text


def titles(response):
    return [row.title for row in response.context["page"].rows]


class TagTests(TestCase):
    def test_tags_of_published_statements_are_listed_by_name(self):
        make_text(tags=["water", "left"])
        make_text(tags=["left"])
        make_text(tags=["left", "secret"], published=False)

        response = self.client.get("/tags/")

        self.assertEqual([tag.name for tag in response.context["page"].rows], ["left", "water"])
        self.assertContains(response, '<a href="/tags/water/"><bdi>water</bdi></a>')

    def test_many_tags_go_on_over_the_page(self):
        make_text(tags=[f"tag {number:03}" for number in range(101)])

        first = self.client.get("/tags/").context["page"]
        second = self.client.get(f"/tags/{first.older}").context["page"]

        self.assertEqual([tag.name for tag in first.rows], [f"tag {n:03}" for n in range(100)])
        self.assertEqual([tag.name for tag in second.rows], ["tag 100"])

    def test_without_tags_the_page_says_so(self):
        self.assertContains(self.client.get("/tags/"), "No published statement has a tag yet.")

    def test_a_tag_lists_its_statements_and_leads_to_their_filters(self):
        make_text("One", tags=["المياه"])
        make_text("Other", tags=["left"])
        make_text("Draft", tags=["المياه"], published=False)

        response = self.client.get("/tags/المياه/")

        self.assertEqual(titles(response), ["One"])
        self.assertContains(response, "<h1><bdi>المياه</bdi></h1>")
        self.assertContains(response, f'href="/statements/?tag={quote("المياه")}"')

    def test_a_tag_without_a_published_statement_has_no_page(self):
        make_text(tags=["secret"], published=False)

        self.assertEqual(self.client.get("/tags/secret/").status_code, 404)
        self.assertEqual(self.client.get("/tags/unknown/").status_code, 404)

    @patch("statements.reading.paging.PAGE_SIZE", 3)
    def test_a_tags_statements_go_on_over_the_page(self):
        for _ in range(4):
            make_text(tags=["left"])

        first = self.client.get("/tags/left/")
        second = self.client.get(first.context["page"].older)

        self.assertEqual((len(titles(first)), len(titles(second))), (3, 1))
        back = self.client.get(second.context["page"].newer)
        self.assertEqual(titles(back), titles(first))

    def test_queries_are_as_many_for_one_as_for_three(self):
        for number in (1, 3):
            while len(self.client.get("/tags/").context["page"].rows) < number:
                make_text(tags=[f"tag {number}", "left", f"other {number}"][:number])
            with self.subTest(number), self.assertNumQueries(2):
                self.client.get("/tags/")
        with self.assertNumQueries(10):
            self.client.get("/tags/left/")
