import re

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from statements.models import (
    Authorship,
    DemandAsMade,
    FormerSlug,
    Naming,
    Quotation,
    Revision,
    Statement,
    Text,
)
from statements.publishing import slugs, workflow
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_place,
    make_text,
)

LIST = "/admin/statements/statement/"


class Posted(dict):
    """What a browser would post from the page: every field as the form shows it."""


def posted_from(response) -> Posted:
    """The data of a rendered form, rows and all, as a browser sends it unchanged."""
    data = Posted()
    form = response.context["adminform"].form
    formsets = [one.formset for one in response.context["inline_admin_formsets"]]
    for bound in form:
        _add(data, bound)
    for formset in formsets:
        _add_formset(data, formset)
    return data


def _add_formset(data, formset):
    for bound in formset.management_form:
        _add(data, bound)
    for row in formset.forms:
        for bound in row:
            _add(data, bound)
        if hasattr(row, "quotations"):
            _add_formset(data, row.quotations)


def _add(data, bound):
    value = bound.value()
    widget = bound.field.widget
    if hasattr(widget, "decompress"):
        parts = value if isinstance(value, list) else widget.decompress(value)
        for index, part in enumerate(parts):
            data[f"{bound.html_name}_{index}"] = part
    elif isinstance(value, (list, tuple)):
        data[bound.html_name] = [
            str(getattr(one, "name", None) or getattr(one, "pk", one)) for one in value
        ]
    elif value is True:
        data[bound.html_name] = "on"
    elif value is not None and value is not False:
        data[bound.html_name] = str(getattr(value, "value", value))


class EditorCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = get_user_model().objects.create_superuser("ed", "", "password")

    def setUp(self):
        self.client.force_login(self.user)

    def page(self, text):
        return f"{LIST}{text.statement_id}/change/"

    def opened(self, address):
        response = self.client.get(address)
        self.assertEqual(response.status_code, 200)
        return posted_from(response)


class AddTests(EditorCase):
    def add(self, button="_continue", **changes):
        data = self.opened(f"{LIST}add/") | {button: "1"} | changes
        return self.client.post(f"{LIST}add/", data)

    def test_an_address_that_cannot_be_one_is_refused_in_plain_words_and_kept(self):
        response = self.add(language="en", title="No evictions", slug="No evictions!")

        form = response.context["adminform"].form
        self.assertEqual(
            (form.errors, form["slug"].value()),
            (
                {
                    "slug": [
                        "An address is made of letters, digits, hyphens and underscores,"
                        " without spaces."
                    ]
                },
                "No evictions!",
            ),
        )

    def test_a_statement_is_made_with_its_text_and_all_that_it_is_linked_to(self):
        union, event, place = make_organisation(), make_event(), make_place()
        demand, person = make_demand(), make_person("Amina Okoye")

        response = self.add(
            language="ar",
            title="لا للإخلاء",
            body="<p>Free Amina Okoye now. Pay us.</p>",
            kind="appeal",
            issued_0="before",
            issued_1="2020-08-09",
            events=[event.pk],
            places=[place.pk],
            tags=["strikes", "2020"],
            **{
                "authorships-0-organisation": union.pk,
                "demands_made-0-demand": demand.pk,
                "demands_made-0-voice": "organisation",
                "demands_made-0-quotations-0-words": "Pay us.",
                "demands_made-0-quotations-0-field": "body",
                "namings-0-spelling": "Amina Okoye",
                "namings-0-person": person.pk,
            },
        )

        text = Text.objects.get()
        statement = text.statement
        self.assertRedirects(response, self.page(text))
        self.assertEqual(
            (text.language, text.slug, text.is_public, str(statement.issued), statement.kind),
            ("ar", "لا-للإخلاء", False, "before 9 August 2020", "appeal"),
        )
        self.assertEqual(text.working_revision.by, self.user)
        self.assertEqual([str(one) for one in statement.authorships.all()], [union.name])
        self.assertEqual(list(statement.events.all()), [event])
        self.assertEqual(list(statement.places.all()), [place])
        self.assertEqual(sorted(statement.tags.names()), ["2020", "strikes"])
        quotation = Quotation.objects.get()
        self.assertEqual(
            (quotation.made.demand, quotation.words, quotation.in_working),
            (demand, "Pay us.", True),
        )
        self.assertEqual(Naming.objects.get().person, person)

    def test_without_the_editor_a_blank_line_makes_a_paragraph(self):
        self.add(language="en", title="Plain", body="One & one.\n\nTwo.")

        self.assertEqual(Revision.objects.get().body, "<p>One &amp; one.</p>\n<p>Two.</p>")

    def test_a_refused_form_keeps_everything_and_makes_nothing(self):
        demand = make_demand()

        response = self.add(
            language="en",
            title="",
            body="<p>Pay us.</p>",
            **{
                "demands_made-0-demand": demand.pk,
                "demands_made-0-quotations-0-words": "Pay nobody.",
            },
        )

        self.assertEqual(Statement.objects.count(), 0)
        self.assertContains(response, "&lt;p&gt;Pay us.&lt;/p&gt;")
        self.assertContains(response, "Pay nobody.")
        self.assertContains(response, "These words are not in the text.")
        self.assertContains(response, demand.wording)

    def test_save_and_publish_publishes_what_was_saved(self):
        event = make_event()

        self.add("_publish", language="en", title="Now", body="<p>W.</p>", events=[event.pk])

        text = Text.objects.get()
        self.assertEqual(text.live_revision, text.working_revision)
        self.assertEqual(text.live_revision.number, 1)
        event.refresh_from_db()
        self.assertTrue(event.is_public)


class ChangeTests(EditorCase):
    def change(self, text, button="_continue", data=None, **changes):
        address = self.page(text)
        data = (data or self.opened(address)) | {button: "1"} | changes
        return self.client.post(address, data)

    def test_saving_unchanged_changes_nothing(self):
        text = make_text(
            "Title",
            introduction="<p>Intro &amp; more</p>",
            body="<p>Pay us.</p>",
            tags=["one"],
            events=[make_event()],
            organisations=[make_organisation()],
        )
        make_demand_made(text, "Pay us.")
        before = text.statement.sort_on

        response = self.change(text)

        self.assertRedirects(response, self.page(text))
        text = Text.objects.get(pk=text.pk)
        self.assertFalse(text.is_draft)
        self.assertEqual(
            (Revision.objects.count(), Quotation.objects.count(), Authorship.objects.count()),
            (1, 1, 1),
        )
        self.assertEqual(list(text.statement.tags.names()), ["one"])
        self.assertEqual(text.statement.sort_on, before)

    def test_a_draft_over_a_public_text_shows_nothing_until_it_is_published(self):
        text = make_text("Old words")

        self.change(text, title="New words", why="A typing error")

        text.refresh_from_db()
        self.assertEqual(
            (text.live_revision.title, text.working_revision.title, text.working_revision.why),
            ("Old words", "New words", "A typing error"),
        )
        self.change(text, "_publish", change="typographical")
        text.refresh_from_db()
        self.assertEqual((text.live_revision.title, text.live_revision.number), ("New words", 2))

    def test_a_further_version_says_what_it_changed_and_keeps_what_was_typed(self):
        text = make_text("Old words")
        for said, error in (
            ({}, "Say what kind of change readers are told of."),
            ({"change": "correction"}, "Say in a sentence what changed"),
            ({"change": "correction", "note": " "}, "Say in a sentence what changed"),
        ):
            with self.subTest(said):
                response = self.change(text, "_publish", title="New words", **said)
                self.assertContains(response, error)
                self.assertContains(response, "New words")

        self.change(text, "_publish", title="New words", change="update", note="They won.")

        text.refresh_from_db()
        self.assertEqual(
            (text.live_revision.change, text.live_revision.correction.note), ("update", "They won.")
        )

    def test_publishing_the_published_words_again_says_so(self):
        text = make_text()

        response = self.client.get(self.change(text, "_publish").url)

        self.assertContains(response, "The words are those of the published version")
        self.assertEqual(Revision.objects.count(), 1)

    def test_the_address_stays_with_the_title_and_leaves_a_redirect_when_changed(self):
        text = make_text("Old", slug="old")

        self.change(text, title="New")
        text.refresh_from_db()
        self.assertEqual(text.slug, "old")
        self.change(text, slug="new")

        text.refresh_from_db()
        self.assertEqual(text.slug, "new")
        self.assertEqual(FormerSlug.objects.get(slug="old").object_id, text.pk)

    def test_an_address_that_another_text_had_is_refused(self):
        other = make_text(slug="taken")
        slugs.change_slug(other, "elsewhere")
        text = make_text(slug="mine")

        response = self.change(text, slug="taken")

        self.assertContains(
            response,
            "Another record has, or had, this address:"
            f' <a href="/admin/statements/text/{other.pk}/change/"',
            count=2,  # at the field, and in the list at the head of the form
        )
        text.refresh_from_db()
        self.assertEqual(text.slug, "mine")

    def test_the_leading_text_cannot_take_the_language_of_a_translation(self):
        text = make_text()
        make_text(statement=text.statement, language="fr")

        response = self.change(text, language="fr")

        self.assertContains(response, "has a text in this language already")

    def test_markup_that_is_too_deep_is_refused_and_comes_back_as_its_source(self):
        text = make_text()
        deep = "<b>" * 101 + "x"

        response = self.change(text, body=deep)

        self.assertContains(response, "nested too deeply")
        self.assertContains(response, "&lt;b&gt;" * 101 + "x</textarea>")
        body = re.search(r'<textarea name="body".*?>', response.content.decode())[0]
        self.assertNotIn("ckeditortype", body)

    def test_a_public_statement_cannot_be_deleted_and_a_draft_can(self):
        public, draft = make_text(), make_text(published=False)
        make_demand_made(draft, "Words.")

        refused = self.client.post(f"{LIST}{public.statement_id}/delete/", {"post": "yes"})
        self.client.post(f"{LIST}{draft.statement_id}/delete/", {"post": "yes"})

        self.assertEqual(refused.status_code, 404)
        self.assertEqual(list(Text.objects.all()), [public])


class QuotationTests(EditorCase):
    change = ChangeTests.change

    def setUp(self):
        super().setUp()
        self.text = make_text(
            "Title", introduction="<p>They ask.</p>", body="<p>Pay the nurses. Free them all.</p>"
        )
        self.demand = make_demand("Pay the nurses of Example")

    def quote(self, words, row=0, demand=None, **changes):
        return {
            f"demands_made-{row}-demand": (demand or self.demand).pk,
            f"demands_made-{row}-voice": "organisation",
            f"demands_made-{row}-quotations-TOTAL_FORMS": "1",
            f"demands_made-{row}-quotations-INITIAL_FORMS": "0",
            f"demands_made-{row}-quotations-0-words": words,
            f"demands_made-{row}-quotations-0-field": "body",
        } | changes

    def test_words_of_another_part_are_put_down_to_that_part(self):
        self.change(self.text, **self.quote("  They\n ask."))

        quotation = Quotation.objects.get()
        self.assertEqual(
            (quotation.words, quotation.field, quotation.in_live),
            ("They ask.", "introduction", True),
        )

    def test_words_that_are_in_the_words_being_saved_are_taken(self):
        self.change(self.text, body="<p>A new demand.</p>", **self.quote("A new demand."))

        quotation = Quotation.objects.get()
        self.assertEqual((quotation.in_working, quotation.in_live), (True, False))

    def test_words_that_are_nowhere_are_refused_on_their_row(self):
        response = self.change(self.text, **self.quote("Pay the doctors."))

        self.assertContains(response, "These words are not in the text.")
        self.assertEqual(Quotation.objects.count(), 0)

    def test_words_without_a_demand_are_refused(self):
        data = self.quote("Free them all.") | {"demands_made-0-demand": ""}

        response = self.change(self.text, **data)

        self.assertContains(response, "This field is required.")

    def test_a_demand_without_words_is_made(self):
        self.change(self.text, **self.quote(""))

        self.assertEqual(
            list(DemandAsMade.objects.values_list("demand", "voice")),
            [(self.demand.pk, "organisation")],
        )
        self.assertEqual(Quotation.objects.count(), 0)

    def test_a_second_row_of_a_demand_is_a_second_quotation_of_it(self):
        made = make_demand_made(self.text, "Pay the nurses.", demand=self.demand)

        self.change(self.text, **self.quote("Free them all.", row=1))

        self.assertEqual(
            sorted(made.quotations.values_list("words", flat=True)),
            ["Free them all.", "Pay the nurses."],
        )
        self.assertEqual(DemandAsMade.objects.count(), 1)

    def test_the_same_words_twice_are_kept_once(self):
        make_demand_made(self.text, "Pay the nurses.", demand=self.demand)

        self.change(self.text, **self.quote("Pay the nurses.", row=1))

        self.assertEqual(Quotation.objects.count(), 1)

    def test_two_stored_rows_cannot_become_one(self):
        make_demand_made(self.text, "Pay the nurses.", demand=self.demand)
        make_demand_made(self.text, "Free them all.")

        response = self.change(self.text, **{"demands_made-1-demand": self.demand.pk})

        self.assertContains(response, "has a row for this demand already")
        self.assertEqual(DemandAsMade.objects.count(), 2)

    def test_a_quotation_that_an_edit_breaks_is_kept_and_listed(self):
        make_demand_made(self.text, "Pay the nurses.", demand=self.demand)

        self.client.get(self.change(self.text, body="<p>Pay everybody.</p>").url)

        quotation = Quotation.objects.get()
        self.assertEqual((quotation.in_working, quotation.in_live), (False, True))
        page = self.client.get(self.page(self.text))
        self.assertContains(page, "1 quotation is no longer in the text")
        self.assertContains(page, "These words are no longer in the text.")

    def test_publishing_asks_to_settle_what_is_broken(self):
        make_demand_made(self.text, "Pay the nurses.", demand=self.demand)

        response = self.change(self.text, "_publish", body="<p>Pay everybody.</p>")

        self.assertContains(response, "mark them as not in this version")
        self.text.refresh_from_db()
        self.assertFalse(self.text.is_draft)
        self.change(
            self.text,
            "_publish",
            change="typographical",
            body="<p>Pay everybody.</p>",
            **{"demands_made-0-quotations-0-is_gone": "on"},
        )
        self.text.refresh_from_db()
        self.assertEqual(self.text.live_revision.number, 2)

    def test_words_are_removed_and_the_demand_with_them_when_asked(self):
        make_demand_made(self.text, "Pay the nurses.", demand=self.demand)

        self.change(self.text, **{"demands_made-0-quotations-0-DELETE": "on"})
        self.assertEqual((Quotation.objects.count(), DemandAsMade.objects.count()), (0, 1))
        self.change(self.text, **{"demands_made-0-DELETE": "on"})

        self.assertEqual(DemandAsMade.objects.count(), 0)

    def test_a_demand_that_it_makes_no_more_was_raised_by_the_others(self):
        later = make_text(issued="2021-03-01")
        make_demand_made(self.text, "Pay the nurses.", demand=self.demand)
        make_demand_made(later, demand=self.demand)
        self.demand.refresh_from_db()
        self.assertEqual(str(self.demand.raised), "1 August 2020")

        self.change(self.text, **{"demands_made-0-DELETE": "on"})

        self.demand.refresh_from_db()
        self.assertEqual(str(self.demand.raised), "1 March 2021")
        self.change(later, **{"demands_made-0-demand": make_demand().pk})
        self.demand.refresh_from_db()
        self.assertIsNone(self.demand.raised)

    def test_quotations_of_a_translation_are_not_touched(self):
        french = make_text(
            statement=self.text.statement, language="fr", body="<p>Payez les infirmières.</p>"
        )
        made = make_demand_made(self.text, "Pay the nurses.", demand=self.demand)
        other = Quotation.objects.create(made=made, text=french, words="Payez les infirmières.")

        self.change(self.text, **{"demands_made-0-quotations-0-words": "Free them all."})

        self.assertEqual(
            set(Quotation.objects.values_list("pk", "words")),
            {
                (other.pk, other.words),
                (made.quotations.exclude(pk=other.pk).get().pk, "Free them all."),
            },
        )

    def test_a_spelling_that_is_not_in_the_text_is_refused(self):
        person = make_person("Amina Okoye")

        response = self.change(
            self.text, **{"namings-0-spelling": "Amina", "namings-0-person": person.pk}
        )

        self.assertContains(response, "does not name anybody with this spelling")
        self.assertEqual(Naming.objects.count(), 0)


class ConflictTests(EditorCase):
    change = ChangeTests.change

    def test_the_second_to_save_sees_both_and_loses_nothing(self):
        text = make_text("Title", body="<p>Pay the nurses now.</p>")
        mine = self.opened(self.page(text))
        self.change(text, body="<p>Pay the doctors now.</p>")

        refused = self.change(text, data=mine, body="<p>Pay the cleaners now.</p>")

        text.refresh_from_db()
        self.assertEqual(text.working_revision.body, "<p>Pay the doctors now.</p>")
        self.assertContains(refused, "Somebody else saved this")
        self.assertContains(refused, "<p>Pay the doctors now.</p>", html=True)
        self.assertContains(refused, "cleaners</ins>")
        self.assertContains(refused, "doctors</del>")
        again = posted_from(refused)
        self.assertEqual(again["body"], "<p>Pay the cleaners now.</p>")
        self.change(text, data=again)
        text.refresh_from_db()
        self.assertEqual(text.working_revision.body, "<p>Pay the cleaners now.</p>")
        self.assertEqual(
            list(text.revisions.values_list("body", flat=True)),
            [
                "<p>Pay the cleaners now.</p>",
                "<p>Pay the doctors now.</p>",
                "<p>Pay the nurses now.</p>",
            ],
        )

    def test_rows_are_guarded_too_and_one_that_was_deleted_comes_back(self):
        text = make_text("Title", body="<p>Pay the nurses now.</p>")
        made = make_demand_made(text, "Pay the nurses")
        person = make_person("Nurses")
        naming = make_naming(text, person, "nurses")
        mine = self.opened(self.page(text))
        self.change(text, **{"demands_made-0-DELETE": "on", "namings-0-DELETE": "on"})
        self.assertEqual(DemandAsMade.objects.count(), 0)

        changes = {"demands_made-0-quotations-0-words": "Pay the nurses now."}
        refused = self.change(text, data=mine, **changes)

        self.assertContains(refused, "Somebody else saved this")
        self.assertEqual((DemandAsMade.objects.count(), Naming.objects.count()), (0, 0))
        self.change(text, data=posted_from(refused))
        quotation = Quotation.objects.get()
        self.assertEqual(
            (quotation.words, quotation.made.demand_id), ("Pay the nurses now.", made.demand_id)
        )
        self.assertEqual(Naming.objects.get().spelling, naming.spelling)

    def test_a_row_that_the_other_editor_added_stays(self):
        text = make_text("Title")
        one, other = make_organisation(), make_organisation()
        mine = self.opened(self.page(text))
        self.change(text, **{"authorships-0-organisation": one.pk})

        changes = {"authorships-0-organisation": other.pk}
        refused = self.change(text, data=mine, **changes)
        self.assertContains(refused, one.name)
        self.change(text, data=posted_from(refused))

        self.assertEqual(
            set(Authorship.objects.values_list("organisation", flat=True)), {one.pk, other.pk}
        )

    def test_a_save_by_an_import_in_between_is_noticed(self):
        text = make_text("Title")
        mine = self.opened(self.page(text))
        workflow.save_words(text, {"title": "Imported"}, based_on=text.working_revision_id)

        refused = self.change(text, data=mine, title="Mine")

        self.assertContains(refused, "Somebody else saved this")
        text.refresh_from_db()
        self.assertEqual(text.working_revision.title, "Imported")


class PermissionTests(TestCase):
    def staff(self, *codenames):
        user = get_user_model().objects.create_user("staff", "", "password", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        self.client.force_login(user)
        return user

    def test_staff_without_permissions_get_none(self):
        self.staff()
        text = make_text()
        french = make_text(statement=text.statement, language="fr")

        for address in (
            LIST,
            f"{LIST}add/",
            f"{LIST}{text.statement_id}/change/",
            f"{LIST}{text.statement_id}/delete/",
            f"{LIST}tags/",
            f"{LIST}places/",
            f"/admin/statements/text/{french.pk}/change/",
            f"/admin/statements/text/add/?statement={text.statement_id}",
        ):
            with self.subTest(address=address):
                self.assertEqual(self.client.get(address).status_code, 404)

    def test_visitors_are_asked_to_sign_in(self):
        text = make_text()

        response = self.client.get(f"{LIST}{text.statement_id}/change/")

        self.assertRedirects(
            response,
            f"{reverse('admin:login')}?next={LIST}{text.statement_id}/change/",
            fetch_redirect_response=False,
        )

    def test_who_may_only_look_sees_no_form(self):
        self.staff("view_statement")
        text = make_text("Seen", body="<p>Read me.</p>")

        response = self.client.get(f"{LIST}{text.statement_id}/change/")

        self.assertContains(response, "Seen")
        self.assertNotContains(response, "Save draft")
        self.assertNotContains(response, "ckeditortype")
        refused = self.client.post(f"{LIST}{text.statement_id}/change/", {"title": "X"})
        self.assertEqual(refused.status_code, 404)

    def test_who_may_write_but_not_publish_saves_a_draft(self):
        self.staff("change_statement", "view_statement")
        text = make_text("Old")
        page = f"{LIST}{text.statement_id}/change/"
        response = self.client.get(page)
        self.assertNotContains(response, "Save and publish")

        self.client.post(page, posted_from(response) | {"title": "New", "_publish": "1"})

        text.refresh_from_db()
        self.assertEqual((text.live_revision.title, text.working_revision.title), ("Old", "New"))


class EditorWidgetTests(EditorCase):
    def test_only_cleaned_markup_reaches_the_editor(self):
        text = make_text()
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE statements_revision SET body = %s WHERE id = %s",
                [
                    "<p onclick='x()'>A</p><script>alert(1)</script><img src=x>",
                    text.working_revision_id,
                ],
            )

        page = self.client.get(self.page(text))

        self.assertContains(page, "&lt;p&gt;A&lt;/p&gt;")
        self.assertNotContains(page, "alert(1)")
        self.assertNotContains(page, "x()")

    def test_the_policy_is_weaker_only_where_the_editor_is(self):
        text = make_text()

        policies = {
            address: self.client.get(address)["Content-Security-Policy"]
            for address in (LIST, f"{LIST}add/", self.page(text))
        }

        self.assertNotIn("unsafe-inline", policies[LIST])
        for address in (f"{LIST}add/", self.page(text)):
            self.assertIn("script-src 'self';", policies[address])
            self.assertIn("style-src 'self' 'unsafe-inline'", policies[address])

    @override_settings(RICH_TEXT_WIDGET="django.forms.Textarea")
    def test_a_plain_text_area_serves_as_well(self):
        text = make_text(language="ar", body="<p>Words</p>")

        page = self.client.get(self.page(text))

        self.assertContains(page, 'data-part="body"')
        self.assertContains(page, "&lt;p&gt;Words&lt;/p&gt;")
        self.assertNotContains(page, "ckeditor")
        data = posted_from(page) | {"body": "One.\n\nTwo.", "_continue": "1"}
        self.client.post(self.page(text), data)
        text.refresh_from_db()
        self.assertEqual(text.working_revision.body, "<p>One.</p>\n<p>Two.</p>")


class QueryTests(EditorCase):
    def fill(self, text, count):
        for number in range(count):
            make_demand_made(text, "Words.", demand=make_demand())
            make_naming(text, make_person("Words"), "Words")
            Authorship.objects.create(statement=text.statement, organisation=make_organisation())
            make_text(statement=text.statement, language=["fr", "de", "es", "ar"][number])

    def test_the_form_asks_as_much_for_three_rows_of_each_kind_as_for_one(self):
        counts = []
        self.client.get(LIST)  # The session's first request notes when it began.
        for rows in (1, 4):
            text = make_text()
            self.fill(text, rows)
            with CaptureQueriesContext(connection) as captured:
                self.assertEqual(self.client.get(self.page(text)).status_code, 200)
            counts.append(len(captured))

        self.assertEqual(counts[0], counts[1])
