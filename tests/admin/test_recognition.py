"""What of the site is in a submission, what is like it, and what becomes of both."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from statements.models import (
    Authorship,
    EventName,
    Naming,
    OrganisationName,
    Person,
    PersonName,
    Statement,
    Text,
)
from statements.publishing import workflow as publishing
from statements.submissions import workflow
from tests.admin.test_review import ReviewTestCase
from tests.factories import (
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_source,
    make_submission,
    make_text,
)
from tests.test_likeness import TEXT


class KnownTests(ReviewTestCase):
    def known(self):
        page = self.client.get(self.address)
        return {noun: [str(one) for one in records] for noun, records in page.context["known"]}

    def test_records_are_known_by_any_of_their_names(self):
        union, other = make_organisation("Bakers’ Union"), make_organisation("Millers")
        OrganisationName.objects.create(organisation=other, language="de", name="Müllerbund")
        strike = make_event("General strike")
        EventName.objects.create(event=strike, language="ru", name="Всеобщая забастовка")
        amina = make_person("Amina Okoye")
        PersonName.objects.create(person=amina, language="ar", name="أمينة أوكوي")
        make_organisation("Nobody"), make_event("Nothing"), make_person("No One")
        self.make(
            "Bakers' Union and MULLERBUND: Всеобщая забастовка, وأمينة أوكوي is in prison.",
            organisation_name="Somebody else",
        )

        self.assertEqual(
            self.known(),
            {
                "organisation": [union.name, "Millers"],
                "event": ["General strike"],
                "person": ["Amina Okoye"],
            },
        )

    def test_a_part_of_a_word_and_an_acronym_in_small_are_no_names(self):
        make_person("Ami"), make_organisation("Us of Example", acronym="US")
        self.make("Amina tells us.", organisation_name="Somebody")
        self.assertEqual(self.known(), {})
        self.make("US: Amina tells.", organisation_name="Somebody")
        self.assertEqual(self.known(), {"organisation": ["Us of Example"]})

    def test_a_name_like_another_is_warned_of(self):
        make_organisation("Tenants of Example")
        self.make(organisation_name="Tеnants of Example")  # noqa: RUF001
        page = self.client.get(self.address)

        self.assertContains(page, "looks like one that is known here")
        self.assertContains(page, "letters of two scripts")
        self.make(organisation_name="Tenants of Example")
        self.assertNotContains(self.client.get(self.address), "looks like one")

    def test_an_address_in_other_letters_is_shown_as_machines_read_it(self):
        self.make(organisation_website="https://tenаnts.example/")  # noqa: RUF001
        self.assertContains(self.client.get(self.address), "Machines read it as:")
        self.assertContains(self.client.get(self.address), "xn--tennts-")

    def test_an_address_that_no_machine_reads_is_shown_as_it_was_written(self):
        for host in ("аא.example", "б" * 62 + ".example"):  # noqa: RUF001
            with self.subTest(host):
                self.make(organisation_website=f"https://{host}/")
                self.assertContains(self.client.get(self.address), host)


class LinkingTests(ReviewTestCase):
    def test_what_is_ticked_is_linked_and_what_is_not_is_not(self):
        tenants, others = make_organisation("Tenants of Example"), make_organisation("Millers")
        strike, march = make_event("General strike"), make_event("Bread march")
        amina, omar = make_person("Amina Okoye", shown_as="withheld"), make_person("Omar Haddad")
        PersonName.objects.create(person=amina, language="de", name="Amina O.")
        self.make(
            "Millers in the General strike and Bread march: free Amina Okoye and Omar Haddad!",
            taken_up_by=self.amina,
            event=march,
        )
        self.act(
            "accept",
            language="en",
            organisations=[tenants.pk, others.pk],
            events=[strike.pk],
            persons=[amina.pk],
        )

        statement = Statement.objects.get()
        self.assertEqual(
            list(statement.authorships.values_list("organisation", "name_as_printed")),
            [(tenants.pk, ""), (others.pk, "")],
        )
        self.assertEqual(list(statement.events.all()), [strike])
        self.assertEqual(
            list(Naming.objects.values_list("person", "spelling")), [(amina.pk, "Amina Okoye")]
        )
        self.assertNotIn(omar.pk, Naming.objects.values_list("person", flat=True))

    def test_a_withheld_name_is_withheld_from_the_first_day(self):
        make_person("Amina Okoye", shown_as=Person.Shown.WITHHELD)
        self.make("Free Amina Okoye, who is in prison!", taken_up_by=self.amina)
        page = self.client.get(self.address)
        self.assertContains(page, "the name is shown: withheld")
        form = page.context["forms"]["accept"]
        self.act("accept", language="en", persons=form["persons"].value())
        text = Text.objects.get()
        publishing.publish(text.working_revision)

        public = self.client.get(text.get_absolute_url())
        self.assertContains(public, "who is in prison")
        self.assertNotContains(public, "Okoye")

    def test_what_the_sender_named_is_ticked_and_what_is_only_mentioned_is_not(self):
        tenants = make_organisation("Tenants of Example")
        make_organisation("Millers"), make_event("General strike")
        march = make_event("Bread march")
        self.make("Millers, General strike.", taken_up_by=self.amina, event=march)
        form = self.client.get(self.address).context["forms"]["accept"]

        self.assertEqual(
            (form["organisations"].value(), form["events"].value()), ([tenants.pk], [march.pk])
        )

    def test_nothing_is_linked_that_was_not_found(self):
        other = make_organisation("Quite another")
        tenants = make_organisation("Tenants of Example")
        self.make(taken_up_by=self.amina)
        self.act("accept", language="en", organisations=[other.pk, tenants.pk])

        self.assertEqual(self.state(), "in-review")
        self.assertEqual(Authorship.objects.count(), 0)


class AlikeTests(ReviewTestCase):
    def comparison(self):
        return self.client.get(self.address).context["comparison"]

    def same(self):
        return [(str(one.record), one.percent) for one in self.comparison().same]

    def test_a_text_that_was_typed_anew_is_found_published_or_not(self):
        body = f"<p>{TEXT.replace('forty', 'fourty').replace('winter', 'wintre')}</p>"
        make_text("Retyped", body=body)
        make_text("Draft", body=f"<p>{TEXT}</p>", published=False)
        make_text("Another", body="<p>Bread for everybody, and roses for everybody too.</p>")
        self.make(TEXT)

        self.assertEqual([name for name, _percent in self.same()], ["Draft", "Retyped"])
        self.assertEqual(self.same()[0][1], 100)
        self.assertContains(self.client.get(self.address), "100% the same")

    def test_another_submission_with_the_words_is_found(self):
        make_submission(TEXT, title="Sent before"), make_submission("Bread!", title="Bread")
        self.make(TEXT.replace("forty", "fourty"))

        self.assertEqual([name for name, _percent in self.same()], ["Sent before"])

    def test_another_submission_in_another_language_with_the_same_signs_is_found(self):
        march = make_event("Bread march")
        alike = {"organisation_name": "Tenants of Example", "event": march}
        make_submission("Am 14. 05. wurden 27 Familien geräumt.", language="de", **alike)
        make_submission("Brot!", language="de", organisation_name="Bakers", issued=None)
        make_submission("On 14 05 27 families were evicted.", language="en", **alike)
        self.make("On 14 05 they evicted 27 families.", language="fr", **alike)

        found = {one.record.language: one.signs for one in self.comparison().translations}
        signs = ["the organisation", "an event", "the date", "3 numbers"]
        self.assertEqual(found, {"de": signs, "en": signs})
        page = self.client.get(self.address)
        self.assertContains(page, " · ".join(signs), 2)

    def test_a_statement_in_another_language_with_the_same_signs_is_found(self):
        tenants, march = make_organisation("Tenants of Example"), make_event("Bread march")
        amina = make_person("Amina Okoye")
        PersonName.objects.create(person=amina, language="ar", name="أمينة أوكوي")
        text = make_text(
            "Brot", language="de", organisations=[tenants], events=[march], issued="2020-08"
        )
        make_naming(text, amina)
        make_text("Nur die Organisation", language="de", organisations=[tenants], issued="2019")
        make_text("Bread", language="ar", organisations=[tenants], events=[march])
        self.make("الحرية لأمينة أوكوي", language="ar", event=march)

        (found,) = self.comparison().translations
        self.assertEqual(
            (str(found.record), found.signs),
            ("Brot", ["the organisation", "an event", "1 person", "the date"]),
        )

    def test_numbers_links_and_the_source_are_signs_too(self):
        url = "https://example.org/appeal"
        make_text(
            "Appell",
            language="de",
            body=f"<p>2.500 von 12.000 am 14. Mai: {url}</p>",
            source=make_source(url=url),
        )
        self.make(f"2,500 of 12,000 on 14 May: {url}.", url=url, organisation_name="Unknown")

        (found,) = self.comparison().translations
        self.assertEqual(found.signs, ["the source", "3 numbers", "a link"])

    def test_the_number_of_queries_is_the_same_for_one_like_it_and_for_three(self):
        tenants, march = make_organisation("Tenants of Example"), make_event("Bread march")
        self.make(TEXT, taken_up_by=self.amina, event=march)

        def more(number):
            fields = {"organisations": [tenants], "events": [march], "issued": "2020-08"}
            text = make_text(f"German {number}", language="de", **fields)
            make_naming(text, make_person(f"Person {number}"))
            make_text(f"English {number}", body=f"<p>{TEXT}</p>", **fields)
            make_submission(TEXT, title=f"Sent {number}")

        def count():
            with CaptureQueriesContext(connection) as queries:
                page = self.client.get(self.address)
            comparison = page.context["comparison"]
            self.assertTrue(comparison.same and comparison.translations)
            return len(queries)

        more(1), self.client.get(self.address)
        first = count()
        more(2), more(3)
        self.assertEqual(count(), first)


class MergeTests(ReviewTestCase):
    def setUp(self):
        super().setUp()
        self.leading = make_text("Brot", slug="brot", language="de", issued="2020-08")
        self.make("Bread!\n\nRoses!", title="Bread", taken_up_by=self.amina)

    def test_it_becomes_a_draft_text_of_the_statement(self):
        address = f"http://testserver{self.leading.get_absolute_url()}"
        response = self.act("merge", language="en", address=address, words="Thank you.")

        text = Text.objects.get(language="en")
        self.assertRedirects(response, f"/admin/statements/text/{text.pk}/change/")
        self.assertEqual(
            (text.statement, text.is_leading, text.is_public, text.authority),
            (self.leading.statement, False, False, "organisation"),
        )
        self.assertEqual(text.working_revision.body, "<p>Bread!</p>\n<p>Roses!</p>")
        self.assertEqual((self.state(), self.submission.accepted_text), ("accepted", text))
        self.assertEqual(
            self.submission.decisions.first().entry.act,
            "submission_merge",
        )

    def test_its_sender_sees_it_when_that_text_is_public_and_not_before(self):
        self.act("merge", language="en", address="/statements/brot/")
        self.submission.refresh_from_db()
        self.assertIsNone(workflow.public_text(self.submission))

        text = Text.objects.get(language="en")
        publishing.publish(text.working_revision)
        self.assertEqual(workflow.public_text(self.submission), text)

    def test_the_address_in_the_admin_will_do(self):
        number = self.leading.statement_id
        self.act("merge", language="en", address=f"/admin/statements/statement/{number}/change/")
        self.assertEqual(self.leading.statement.texts.count(), 2)

    def test_one_that_is_like_it_is_chosen_from_the_list(self):
        march = make_event("Bread march")
        self.leading.statement.events.add(march)
        type(self.submission).objects.filter(pk=self.submission.pk).update(event=march)
        self.assertContains(self.client.get(self.address), "Perhaps the same in another language")
        self.act("merge", language="en", statement=self.leading.statement_id)

        self.assertEqual(self.leading.statement.texts.count(), 2)

    def test_what_is_missing_or_wrong_is_said_and_what_was_typed_stays(self):
        for typed, error in (
            ({}, "Choose a statement, or give its address."),
            ({"address": "https://elsewhere.example/x"}, "There is no statement at this address."),
            ({"address": "https://[elsewhere/"}, "There is no statement at this address."),
            ({"address": "/statements/%00/"}, "There is no statement at this address."),
            (
                {"address": "/statements/brot/", "language": "de"},
                "The statement has a text in this language.",
            ),
        ):
            with self.subTest(error):
                page = self.act("merge", **{"language": "en", "words": "Typed before."} | typed)
                self.assertContains(page, error)
                self.assertContains(page, "Typed before.")
        self.assertEqual((self.state(), Text.objects.count()), ("in-review", 1))
