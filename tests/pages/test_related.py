"""Other statements at the end of a statement's page."""

import re

from django.test import TestCase

from statements.models import StatementRelation
from tests.factories import make_demand, make_demand_made, make_event, make_text
from tests.pages.shown import words_of


class RelatedTests(TestCase):
    def titles(self, text):
        content = self.client.get(text.get_absolute_url()).content.decode()
        part = content.partition('<ul class="trio">')[2].partition("</ul>")[0]
        return re.findall(r'hreflang="\w+">([^<]+)</a>', part)

    def test_relations_come_first_then_the_same_event_then_a_same_demand(self):
        event, demand = make_event(), make_demand()
        text = make_text("This", events=[event])
        make_demand_made(text, demand=demand)
        make_demand_made(make_text("Same demand", issued="2022"), demand=demand)
        make_text("Same event", events=[event], issued="2019")
        make_text("Newer event", events=[event], issued="2020")
        make_text("Draft", events=[event], published=False)
        make_text("Neither")
        answer = make_text("Answer", events=[event], issued="2018")
        StatementRelation.objects.create(
            statement=answer.statement, kind="responds", other=text.statement
        )

        self.assertEqual(self.titles(text), ["Answer", "Newer event", "Same event", "Same demand"])
        self.assertIn("A response to it Answer", words_of(self.client.get(text.get_absolute_url())))
        self.assertIn("It responds to This", words_of(self.client.get(answer.get_absolute_url())))

    def test_there_are_at_most_six(self):
        event = make_event()
        texts = [make_text(events=[event]) for _number in range(9)]

        self.assertEqual(len(self.titles(texts[0])), 6)
