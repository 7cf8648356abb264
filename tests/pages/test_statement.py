import re
from urllib.parse import quote

from django.core.files.base import ContentFile
from django.test import TestCase
from django.utils.html import strip_tags

from statements.models import (
    Addressee,
    Attachment,
    Authorship,
    DemandAsMade,
    EventName,
    OrganisationName,
    Person,
    PersonName,
    SiteSettings,
    SiteText,
    StatementRelation,
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

WITHHELD = Person.Shown.WITHHELD


def words_of(response):
    """What a visitor reads: the words of the page's main part, white space collapsed."""
    main = response.content.decode().partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return " ".join(strip_tags(re.sub(r"(<[^>]+>)", r" \1", main)).split())


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
            "None of the 2 persons named is recorded as released"
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


class TranslationTests(TestCase):
    def setUp(self):
        self.text = make_text("No evictions", language="de", slug="keine")
        self.version = self.text.live_revision
        self.arabic = make_text(
            "لا للإخلاء",
            language="ar",
            slug="لا",
            statement=self.text.statement,
            authority="unofficial",
            translator="Example Circle",
            translated_from=self.version,
        )
        make_text("Draft", language="fr", statement=self.text.statement, published=False)

    def test_texts_name_each_other_and_drafts_are_not_named(self):
        response = self.client.get("/statements/keine/")

        address = f"/statements/{quote('لا')}/"
        self.assertContains(
            response, f'<link rel="alternate" hreflang="ar" href="http://testserver{address}">'
        )
        self.assertContains(
            response, f'<a href="{address}" lang="ar" dir="rtl" hreflang="ar">العربية</a>'
        )
        self.assertIn(
            "Unofficial translation from version 1 in German by Example Circle Version",
            words_of(response),
        )
        self.assertNotContains(response, 'hreflang="fr"')

    def test_a_reader_of_another_language_is_told_of_the_text_in_theirs(self):
        german = self.client.get("/de/statements/keine/")
        arabic = self.client.get("/ar/statements/keine/")

        address = f"/ar/statements/{quote('لا')}/"
        self.assertNotContains(german, '<aside class="slip notice')
        self.assertContains(arabic, f'<a href="{address}" hreflang="ar">')

    def test_the_text_it_was_translated_from_is_offered_once(self):
        german = self.client.get(f"/de/statements/{quote('لا')}/")

        self.assertContains(german, '<a href="/de/statements/keine/" hreflang="de">', count=1)

    def test_a_translation_says_what_it_is_and_when_it_is_out_of_date(self):
        before = words_of(self.client.get(self.arabic.get_absolute_url()))
        revision = workflow.save_words(
            self.text, {"title": "No evictions!"}, based_on=self.version.pk
        )
        workflow.publish(revision, change="typographical")
        after = words_of(self.client.get(self.arabic.get_absolute_url()))

        told = "It was translated from version 1, which a later one has replaced."
        self.assertNotIn(told, before)
        self.assertIn(told, after)
        self.assertIn("out of date", words_of(self.client.get("/statements/keine/")))

    def test_foreign_words_bear_their_language_and_direction(self):
        response = self.client.get(self.arabic.get_absolute_url())

        self.assertContains(response, '<h1 lang="ar" dir="rtl">لا للإخلاء</h1>')
        self.assertContains(response, '<div class="words" lang="ar" dir="rtl">')


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


class LeakTests(TestCase):
    """A secret is created first; then no public answer holds it."""

    FIELDS = (
        "surtitle",
        "title",
        "subtitle",
        "introduction",
        "original_title",
        "body",
        "postscript",
    )

    def assert_nowhere(self, secrets, *paths, status=200):
        for path in paths:
            response = self.client.get(path)
            self.assertEqual(response.status_code, status, path)
            content = response.content.decode()
            for secret in secrets:
                self.assertNotIn(secret.casefold(), content.casefold(), path)

    def test_a_draft_over_a_published_text_shows_nowhere(self):
        text = make_text(slug="public", events=[make_event(slug="event")])
        other = make_text(slug="other", events=text.statement.events.all())
        secrets = {name: f"secret{name.replace('_', '')}" for name in self.FIELDS}
        workflow.save_words(text, secrets, based_on=text.working_revision_id)

        self.assertIsNotNone(other)
        self.assert_nowhere(
            secrets.values(),
            "/statements/public/",
            "/statements/public/versions/",
            "/statements/public/versions/1/",
            "/statements/other/",
            "/statements/",
            "/",
        )

    def test_a_draft_is_not_found_in_any_form(self):
        draft = make_text("Secretdraft", slug="draft", published=False)
        self.assertTrue(draft.working_revision.title)

        self.assert_nowhere(
            ["Secretdraft"],
            "/statements/draft/",
            "/statements/draft/versions/",
            "/statements/draft/versions/1/",
            "/ar/statements/draft/",
            status=404,
        )

    def test_a_name_that_is_withheld_appears_on_no_page_of_its_statement(self):
        event = make_event()
        name = "Ana Quux"
        body = f"<p>Free A<b>na Qu</b>ux! We name {name.upper()} and Quuxem.</p>"
        text = make_text(
            f"Free {name}",
            slug="free",
            events=[event],
            surtitle=name,
            subtitle=name,
            introduction=f"<p>{name}</p>",
            original_title=name,
            body=body,
            postscript=f"<p>{name}</p>",
            source=make_source(title=f"About {name}"),
        )
        person = make_person(name, slug="quux-page", shown_as=WITHHELD)
        PersonName.objects.create(person=person, language="ru", name="Куукс")
        make_naming(text, person)
        make_naming(text, person, "Quuxem")
        demand = make_demand(f"Release {name}", people=[person], kind="release", slug="release")
        make_demand_made(text, f"Free {name}!", demand=demand)
        Authorship.objects.create(
            statement=text.statement, name_as_printed=f"Friends of {name}", position=1
        )
        Attachment.objects.create(
            statement=text.statement,
            type="image",
            file="x.jpg",
            size=1,
            alternative=f"{name} speaks",
            caption=f"{name}",
            credit=f"{name}",
        )
        make_text("Other", slug="other", events=[event])
        translation = make_text("Свободу Куукс", language="ru", slug="ru", statement=text.statement)
        self.assertIn("Quux", DemandAsMade.objects.get().demand.wording)
        revision = workflow.save_words(
            text,
            text.live_revision.words | {"body": body + "<p>More.</p>"},
            based_on=text.live_revision_id,
        )
        workflow.publish(revision, change="correction", note=f"More. {body}")

        self.assert_nowhere(
            ["Quux", "Куукс"],
            *(
                prefix + path
                for prefix in ("", "/de", "/ar")
                for path in (
                    "/statements/free/",
                    "/statements/free/versions/",
                    "/statements/free/versions/1/",
                    "/statements/free/versions/2/",
                    "/statements/other/",
                    "/statements/ru/",
                )
            ),
        )
        self.assertIsNotNone(translation)
        response = self.client.get("/statements/free/")
        self.assertContains(response, "<title>Free [name withheld] · ")
        self.assertRegex(response.content.decode(), r'id="words-\d+">Free \[name withheld\]</mark>')

    def test_initials_stand_for_the_name_and_lead_to_no_address_with_it(self):
        text = make_text("Free Ana Quux", slug="free")
        person = make_person("Ana Quux", slug="ana-quux", shown_as=Person.Shown.INITIALS)
        make_naming(text, person)

        self.assert_nowhere(["Quux"], "/statements/free/", "/ar/statements/free/")
        self.assertContains(self.client.get("/statements/free/"), "Free A. Q.")

    def test_the_order_of_those_named_does_not_tell_a_name_that_is_shown_as_initials(self):
        text = make_text("Free them", slug="free")
        short = Person.Shown.INITIALS
        for name, shown_as in (
            ("Zoe Quux", short),
            ("Mira Example", "full"),
            ("Ana Quux", short),
            ("Bo Example", "full"),
            ("Cem Quux", "withheld"),
        ):
            make_naming(text, make_person(name, shown_as=shown_as))

        people = self.client.get("/statements/free/").context["reading"].people

        self.assertEqual(
            [person.name_shown for person in people],
            ["Bo Example", "Mira Example", "Z. Q.", "A. Q."],
        )

    def test_what_only_drafts_point_at_is_not_shown(self):
        text = make_text(slug="public")
        secret = make_text(
            "Secretdraft",
            published=False,
            events=[make_event("Secretevent")],
            organisations=[make_organisation("Secretunion")],
        )
        make_demand_made(secret, wording="Secretdemand", addressee=make_addressee("Secretoffice"))
        StatementRelation.objects.create(
            statement=text.statement, kind="updates", other=secret.statement
        )

        self.assertTrue(Addressee.objects.exists())
        self.assert_nowhere(["Secret"], "/statements/public/")
