"""A statement's page: its words, its demands, its facts, and what it costs."""

from django.core.files.base import ContentFile
from django.test import TestCase

from statements.models import (
    Attachment,
    Authorship,
    EventName,
    OrganisationName,
    Person,
    SiteSettings,
    SiteText,
)
from statements.publishing import workflow
from tests.factories import (
    make_addressee,
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
from tests.pages.shown import words_of

WITHHELD = Person.Shown.WITHHELD


class StatementPageTests(TestCase):
    def get(self, text, prefix=""):
        response = self.client.get(prefix + text.get_absolute_url())
        self.assertEqual(response.status_code, 200)
        return response

    def assert_reads(self, response, *parts):
        words = words_of(response)
        for part in parts:
            self.assertIn(part, words)

    def test_it_tells_who_when_where_and_three_dates_apart(self):
        union = make_organisation("Harbour Union", acronym="HU", country=make_place("XK"))
        text = make_text(
            "No evictions",
            surtitle="Rent strike",
            subtitle="A letter",
            issued="before 2020-08-09",
            source=make_source("2020-08-12", publication="Example Gazette"),
            organisations=[union],
        )
        Authorship.objects.create(
            statement=text.statement, name_as_printed="Some neighbours", position=1
        )
        Authorship.objects.filter(organisation=union).update(name_as_printed="The Harbour Union")

        response = self.get(text)

        self.assertContains(response, "<title>No evictions · Solidarity Statements</title>")
        published = workflow.timezone.localdate(text.live_revision.published_at)
        self.assert_reads(
            response,
            "Rent strike No evictions A letter Harbour Union ( HU ) Kosovo"
            " printed as “ The Harbour Union ” Some neighbours issued before 9 August 2020"
            " published by Example Gazette , 12 August 2020"
            f" published here {published.day} {published:%B %Y}",
        )

    def test_an_organisation_printed_under_its_own_name_is_not_named_twice(self):
        union = make_organisation("Harbour Union")
        OrganisationName.objects.create(organisation=union, language="de", name="Hafenverband")
        text = make_text(organisations=[union])
        Authorship.objects.update(name_as_printed="Harbour Union")

        response = self.get(text, "/de")

        self.assertContains(response, '<bdi lang="de" dir="ltr">Hafenverband</bdi>')
        self.assertNotContains(response, "Harbour Union")

    def test_the_editors_words_stand_apart_from_the_organisations(self):
        text = make_text(
            "Page title",
            introduction="<p>Editors say.</p>",
            original_title="Own title",
            body="<p>We say.</p>",
            postscript="<p>Later.</p>",
        )

        response = self.get(text)

        self.assertContains(
            response,
            '<div class="slip"><h2 id="introduction">Introduction by the editors</h2>\n'
            '<div lang="en" dir="ltr"><p>Editors say.</p></div></div>',
        )
        self.assertContains(response, '<h2 class="own-title">Own title</h2>\n<p>We say.</p>')
        self.assert_reads(response, "Own title We say. Later.")

    def test_a_demand_stands_beside_its_words_and_each_leads_to_the_other(self):
        text = make_text(body="<p>We demand pay.</p><p>Pay us!</p>")
        demand = make_demand("Pay the dockers", addressee=make_addressee("the harbour master"))
        made = make_demand_made(text, "pay", demand=demand)
        make_demand_made(text, "Pay us!", demand=demand)
        other = make_text(organisations=[make_organisation(), make_organisation()])
        make_demand_made(other, demand=demand)

        response = self.get(text)

        first, second = made.quotations.order_by("pk").values_list("pk", flat=True)
        for markup in (
            f'<mark class="claim organisation" id="words-{first}">pay</mark>'
            '<a class="ref" href="#demand-1" aria-label="Demand 1">1</a>',
            '<section class="demand numbered" id="demand-1"',
            f'<a class="ref" href="#words-{first}"'
            ' aria-label="Back to the words of demand 1">1</a>',
            f'<mark class="claim organisation" id="words-{second}">Pay us!</mark>'
            '<a class="ref" href="#demand-1" aria-label="Demand 1">1</a>',
            '<a class="ask" href="#demand-1">',
        ):
            self.assertContains(response, markup, count=1)
        self.assert_reads(
            response,
            "Pay the dockers Raised 1 August 2020 Voice: the organisation"
            " To: the harbour master Also made by 2 other organisations",
            "Pay the dockers Again. Voice: the organisation",
        )
        self.assertEqual(made.quotations.count(), 2)

    def test_persons_concerned_are_unknown_until_a_source_says_more(self):
        text = make_text(body="<p>Free them!</p>")
        people = [make_person("Ana Shown"), make_person("Bo Shown")]
        make_demand_made(text, "Free them!", people=people, kind="release", voice="editors")

        self.assert_reads(
            self.get(text),
            "0 of 2 named persons released"
            " Ana Shown Unknown no source entered yet Bo Shown Unknown no source entered yet"
            " Voice: the editors",
        )

    def test_a_demand_whose_words_are_not_in_this_text_is_listed_at_its_end(self):
        text = make_text(body="<p>Words.</p>")
        make_demand_made(text, wording="Pay the dockers")
        broken = make_demand_made(text, "gone from it", wording="Let them rest")

        response = self.get(text)

        self.assertFalse(broken.quotations.get().in_live)
        self.assertNotContains(response, "<mark")
        self.assert_reads(
            response,
            "Also demanded, in words that are not marked in this text"
            " Pay the dockers Raised 1 August 2020 Voice: the organisation Let them rest",
        )

    def test_quotations_in_titles_lead_to_cards_too(self):
        text = make_text("Pay the dockers", original_title="Rest for all", body="<p>Words.</p>")
        rest = make_demand_made(text, "Rest for all", wording="Rest", field="original_title")
        pay = make_demand_made(text, "Pay", wording="Pay them", field="title")

        response = self.get(text)

        self.assertContains(response, f'id="words-{pay.quotations.get().pk}">Pay</mark>')
        self.assertContains(response, f'id="words-{rest.quotations.get().pk}">Rest for all</mark>')
        self.assertContains(response, "<title>Pay the dockers · ")
        self.assert_reads(response, "1 Pay them Raised", "2 Rest Raised")

    def test_the_editors_and_our_own_demands_count_for_no_other_organisation(self):
        union = make_organisation()
        text = make_text(organisations=[union])
        demand = make_demand()
        make_demand_made(text, demand=demand)
        make_demand_made(make_text(organisations=[union]), demand=demand)
        make_demand_made(
            make_text(organisations=[make_organisation()]), demand=demand, voice="editors"
        )
        make_demand_made(
            make_text(organisations=[make_organisation()], published=False), demand=demand
        )

        self.assertNotContains(self.get(text), "Also made by")

    def test_facts_link_to_events_places_people_and_tags(self):
        event = make_event("Rent strike", slug="rent")
        EventName.objects.create(event=event, language="de", name="Mietstreik")
        text = make_text(events=[event], places=[make_place("BY")], tags=["housing"])
        make_naming(text, make_person("Ana Shown", slug="ana"))

        response = self.get(text, "/de")

        for markup in (
            '<a href="/de/events/rent/"><bdi lang="de" dir="ltr">Mietstreik</bdi></a>',
            '<a href="/de/places/BY/">Belarus</a>',
            '<a href="/de/people/ana/"><bdi lang="en" dir="ltr">Ana Shown</bdi></a>',
            '<a href="/de/tags/housing/"><bdi>housing</bdi></a>',
        ):
            self.assertContains(response, markup, count=1)

    def test_signatories_are_listed_as_printed(self):
        text = make_text(organisations=[make_organisation("Author Union")])
        for position, name in enumerate(("Second Circle", "First Circle")):
            Authorship.objects.create(
                statement=text.statement, name_as_printed=name, role="signatory", position=position
            )

        self.assert_reads(self.get(text), "Signatories, as printed Second Circle First Circle")

    def test_the_source_is_linked_with_its_archived_copy(self):
        source = make_source(
            title="Their title", url="https://example.org/a", archived_url="https://example.com/b"
        )

        response = self.get(make_text(source=source))

        for url in ("https://example.org/a", "https://example.com/b"):
            self.assertContains(response, f'href="{url}" rel="noopener noreferrer external"')
        self.assert_reads(response, "Source Example Gazette Their title Archived copy")

    def test_pictures_and_documents_stand_under_the_words(self):
        text = make_text()
        for kind, name in (("image", "a.jpg"), ("pdf", "b.pdf")):
            Attachment.objects.create(
                statement=text.statement,
                type=kind,
                file=ContentFile(b"x", name=name),
                width=40 if kind == "image" else None,
                height=30 if kind == "image" else None,
                size=2048,
                alternative=f"What {name} is",
                caption="A caption",
                credit="Somebody",
                licence="CC BY 4.0",
            )
        image, pdf = text.statement.attachments.all()

        response = self.get(text)

        self.assertContains(
            response,
            f'<img src="{image.file.url}" alt="What a.jpg is" width="40" height="30"'
            ' loading="lazy" decoding="async">',
        )
        self.assertContains(response, f'<a href="{pdf.file.url}" type="application/pdf">')
        self.assert_reads(response, "A caption Somebody CC BY 4.0", "What b.pdf is PDF, 2.0")
        for one in (image, pdf):
            one.file.delete(save=False)

    def test_the_appeal_of_the_site_is_cleaned_and_stands_last(self):
        site = SiteSettings.objects.get_or_create(pk=1)[0]
        SiteText.objects.update_or_create(
            site=site, language="en", defaults={"appeal": "<p onclick=x>Give <b>now</b></p>"}
        )

        self.assertContains(self.get(make_text()), "<p>Give <b>now</b></p>")

    def test_invented_examples_are_marked_wherever_they_are_named(self):
        text = make_text(
            is_example=True,
            organisations=[make_organisation(is_example=True)],
            events=[make_event(is_example=True)],
        )
        make_demand_made(text, is_example=True, people=[make_person(is_example=True)])

        # The organisation, which marks its statement too, the demand, its person twice, the event.
        self.assertContains(self.get(text), '<span class="sample">Invented example</span>', 5)

    def test_an_invented_statement_is_marked_where_its_author_is_not(self):
        text = make_text(is_example=True, organisations=[make_organisation()])

        self.assertContains(self.get(text), '<span class="sample">Invented example</span>', 1)

    def test_paper_says_where_the_words_come_from(self):
        text = make_text(slug="لا-للإخلاء")

        self.assertContains(
            self.get(text, "/de"),
            '<p class="only-print small">'
            '<bdi dir="ltr">http://testserver/statements/لا-للإخلاء/</bdi> · ',
        )


class QueryTests(TestCase):
    def make_page(self, rows, slug):
        union = make_organisation(country=make_place("XA"))
        events = [make_event() for _row in range(rows)]
        for event in events:
            make_text(events=[event], organisations=[union])
        body = "".join(f"<p>Claim {row}.</p>" for row in range(rows))
        text = make_text(
            slug=slug,
            body=body,
            organisations=[make_organisation() for _row in range(rows)],
            events=events,
            places=[make_place(code) for code in ("BY", "RU", "UA")[:rows]],
            tags=[f"tag{row}" for row in range(rows)],
            source=make_source(),
        )
        for row in range(rows):
            make_demand_made(
                text,
                f"Claim {row}.",
                people=[make_person(), make_person(shown_as=WITHHELD)],
                addressee=make_addressee(f"Office {row}"),
            )
            make_naming(text, make_person())
            make_text(
                language=("fr", "es", "ru")[row],
                statement=text.statement,
                translated_from=text.live_revision,
            )
            Attachment.objects.create(
                statement=text.statement, type="pdf", file="x.pdf", size=1, alternative="x"
            )

    def test_the_number_of_queries_is_the_same_for_few_and_for_many(self):
        self.make_page(1, "few")
        self.make_page(3, "many")

        for slug in ("few", "many"):
            with self.subTest(slug), self.assertNumQueries(12):
                self.client.get(f"/ar/statements/{slug}/")
