import pytest
from django.test import TestCase
from django.utils.translation import override

from statements.models import Authorship, DemandWording, Statement
from statements.reading.rows import Author, statement_rows
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_place,
    make_source,
    make_text,
)

# What is asked here is the same on any database.
pytestmark = pytest.mark.once


def rows(statements=None):
    return statement_rows(
        Statement.objects.readable().newest_first() if statements is None else statements
    )


class RowTests(TestCase):
    def test_a_row_shows_the_text_in_the_interfaces_language_else_the_leading_one(self):
        russian = make_text("Бастующим", language="ru")
        make_text("To the strikers", statement=russian.statement, language="en")
        make_text("Aux grévistes", statement=russian.statement, language="fr")
        make_text("Entwurf", statement=russian.statement, language="de", published=False)

        [row] = rows()
        with override("de"):
            [in_german] = rows()

        self.assertEqual((row.title, row.also_in), ("To the strikers", ["fr", "ru"]))
        self.assertEqual((in_german.title, in_german.also_in), ("Бастующим", ["en", "fr"]))
        self.assertEqual((in_german.text, in_german.language), (russian, "ru"))

    def test_a_variety_of_the_interfaces_language_will_do(self):
        leading = make_text("Texte", language="fr")
        make_text("Text", statement=leading.statement, language="en-GB")

        self.assertEqual([row.title for row in rows()], ["Text"])

    def test_the_day_is_that_of_issue_else_the_sources_else_ours(self):
        make_text("Issued", issued="before 2020-08-09", source=make_source("2020-08-12"))
        make_text("Printed", issued=None, source=make_source("2020-07"))
        ours = make_text("Ours", issued=None)

        days = {row.title: str(row.day) for row in rows()}

        today = ours.statement.created_at.strftime("%-d %B %Y")
        self.assertEqual(
            days, {"Issued": "before 9 August 2020", "Printed": "July 2020", "Ours": today}
        )

    def test_authors_are_in_the_order_printed_and_a_bare_name_has_no_address(self):
        country = make_place("RU")
        union = make_organisation(
            "Профсоюз", language="ru", slug="union", acronym="ПС", country=country, is_example=True
        )
        union.names.create(language="en", name="The Union")
        text = make_text(organisations=[union])
        Authorship.objects.create(
            statement=text.statement, name_as_printed="A committee", position=1
        )
        Authorship.objects.create(
            statement=text.statement, name_as_printed="A signatory", role="signatory", position=2
        )

        [row] = rows()

        self.assertEqual(
            row.authors,
            [
                Author("The Union", "en", "/organisations/union/", "ПС", country, True),
                Author("A committee"),
            ],
        )

    def test_demands_come_once_with_the_wording_that_fits_and_events_with_their_names(self):
        event = make_event("Выборы", language="ru")
        event.names.create(language="en", name="The election")
        text = make_text(events=[event], places=[make_place("BY"), make_place("AM")])
        demand = make_demand("Свободу", language="ru")
        DemandWording.objects.create(demand=demand, language="en", name="Freedom")
        make_demand_made(text, demand=demand, voice="editors")
        make_demand_made(text, demand=demand, voice="organisation")

        [row] = rows()

        self.assertEqual([d.name_shown for d in row.demands], ["Freedom"])
        self.assertEqual([str(d.raised) for d in row.demands], ["1 August 2020"])
        self.assertEqual(
            [(e.name_shown, e.name_language) for e in row.events], [("The election", "en")]
        )
        self.assertEqual([str(place) for place in row.places], ["Armenia", "Belarus"])

    def test_a_name_that_must_not_be_shown_is_in_no_title_by_line_or_wording(self):
        hidden = make_person("Amina Okoye", shown_as="withheld")
        hidden.names.create(language="fr", name="Amine Okoyé")
        short = make_person("Pavel Example", shown_as="initials")
        text = make_text("Free Amina Okoye's friend Pavel Example")
        make_naming(text, hidden, "Amina Okoye")
        make_naming(text, short, "Pavel Example")
        Authorship.objects.create(statement=text.statement, name_as_printed="Amina Okoye’s family")
        make_demand_made(
            text, wording="Release Amine Okoyé and Pavel Example", people=[hidden, short]
        )

        [row] = rows()

        self.assertEqual(row.title, "Free [name withheld]'s friend P. E.")
        self.assertEqual([a.name for a in row.authors], ["[name withheld]’s family"])
        self.assertEqual([d.name_shown for d in row.demands], ["Release [name withheld] and P. E."])

    def test_what_is_not_public_is_in_no_row(self):
        draft = make_text("Draft", published=False)
        text = make_text("Public")
        event, demand, union = make_event(), make_demand(), make_organisation()
        # Written past the workflow, which would have made them public.
        text.statement.events.add(event)
        text.statement.demands_made.create(demand=demand)
        text.statement.authorships.create(organisation=union)

        [row] = rows([text.statement_id, draft.statement_id])

        self.assertEqual((row.title, row.authors, row.events, row.demands), ("Public", [], [], []))

    def test_ids_keep_their_order(self):
        first, second, third = make_text("1"), make_text("2"), make_text("3")
        ids = [one.statement_id for one in (second, third, first)]

        self.assertEqual([row.title for row in rows(ids)], ["2", "3", "1"])

    def test_the_number_of_queries_is_the_same_for_one_row_and_for_five(self):
        def linked(number):
            person = make_person(shown_as="withheld")
            text = make_text(
                organisations=[make_organisation(country=make_place("RU"))],
                events=[make_event()],
                places=[make_place("BY")],
            )
            make_text(statement=text.statement, language="fr")
            make_naming(text, person)
            make_demand_made(text, people=[person])

        linked(0)
        with self.assertNumQueries(7):
            self.assertEqual(len(rows()), 1)
        for number in range(4):
            linked(number)
        with self.assertNumQueries(7):
            self.assertEqual(len(rows()), 5)
        with self.assertNumQueries(1):
            self.assertEqual(rows(Statement.objects.none() | Statement.objects.filter(pk=0)), [])

    def test_no_words_of_the_texts_are_read_for_a_list(self):
        make_text()

        [row] = rows()

        self.assertEqual(
            row.text.live_revision.get_deferred_fields() & {"body", "introduction", "postscript"},
            {"body", "introduction", "postscript"},
        )

    def test_many_authors_and_demands_are_cut_and_the_rest_counted(self):
        text = make_text(organisations=[make_organisation() for _ in range(8)])
        for _ in range(7):
            make_demand_made(text)

        [row] = rows()

        self.assertEqual((len(row.authors), row.more_authors), (6, 2))
        self.assertEqual((len(row.demands), row.more_demands), (6, 1))
