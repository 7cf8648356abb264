"""What is no visitor's business stands nowhere on the pages of a statement."""

from django.test import TestCase

from statements.models import (
    Addressee,
    Attachment,
    Authorship,
    DemandAsMade,
    Person,
    PersonName,
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
    make_source,
    make_text,
)

WITHHELD = Person.Shown.WITHHELD


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

    def test_an_address_of_the_source_does_not_tell_a_name(self):
        source = make_source(
            url="https://example.org/2020/free_%C3%93koye-now",
            archived_url="https://example.com/web/https://example.org/2020/free-okoye",
        )
        text = make_text("Free Amina Okoye", slug="public", source=source)
        self.assertContains(self.client.get("/statements/public/"), "free-okoye")

        make_naming(text, make_person("Amina Okoye", shown_as=WITHHELD))

        self.assert_nowhere(["koye"], "/statements/public/")
        self.assertContains(self.client.get("/statements/public/"), "Its address is not shown")

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
