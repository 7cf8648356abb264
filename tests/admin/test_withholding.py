from django.db import transaction

from statements.models import (
    AuditEntry,
    Demand,
    FormerSlug,
    Person,
    Text,
)
from statements.publishing import links, seals, slugs, telling
from statements.publishing import workflow as publishing
from tests.admin.posting import EditorCase
from tests.admin.signed_in import EditorTestCase, confirm, make_staff, rows
from tests.factories import (
    make_demand,
    make_demand_made,
    make_naming,
    make_person,
    make_text,
)


class WithholdCase(EditorTestCase):
    def setUp(self):
        super().setUp()
        self.person = make_person("Amina Okoye", slug="amina-okoye")
        self.text = make_text("Free them", slug="freedom-for-okoye")
        make_naming(self.text, self.person)
        make_demand_made(self.text, people=[self.person])
        self.person.refresh_from_db()

    def withhold(self, **changes):
        fields = {
            "name": "Amina Okoye",
            "language": "en",
            "shown_as": "withheld",
            "slug": self.person.slug,
            "edition": self.person.edition,
        }
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post(
                f"/admin/statements/person/{self.person.pk}/change/",
                fields | rows("names") | changes,
                follow=True,
            )


class WithholdTests(WithholdCase):
    def former(self):
        return set(FormerSlug.objects.values_list("noun", "slug"))

    def test_former_addresses_that_contain_the_name_are_forgotten(self):
        for shown_as in ("withheld", "initials"):
            with self.subTest(shown_as), transaction.atomic():
                self.forget_former_addresses(shown_as)
                transaction.set_rollback(True)

    def forget_former_addresses(self, shown_as):
        self.person.refresh_from_db()
        self.text.refresh_from_db()
        slugs.change_slug(self.person, "a-okoye")
        slugs.change_slug(self.text, "freedom")
        elsewhere = make_text("Other", slug="letter-from-amina-okoye")
        slugs.change_slug(elsewhere, "letter")
        unrelated = make_text("Other", slug="okoye-street-stays")
        slugs.change_slug(unrelated, "street")
        self.assertEqual(len(self.former()), 4)

        self.withhold(shown_as=shown_as)

        self.assertEqual(Person.objects.get().shown_as, shown_as)
        # The street only shares a word with the name, and its text does not name the person.
        self.assertEqual(self.former(), {("text", "okoye-street-stays")})
        for address in ("/people/amina-okoye/", "/people/a-okoye/"):
            self.assertEqual(self.client.get(address).status_code, 404)

    def test_those_who_keep_copies_of_the_texts_are_told_that_these_changed(self):
        other = make_text("About nobody")
        before = dict(Text.objects.values_list("pk", "changed_at"))
        self.withhold()

        moved = {pk for pk, at in Text.objects.values_list("pk", "changed_at") if at > before[pk]}
        self.assertEqual(moved, {self.text.pk})
        self.assertIn(other.pk, before)

    def test_what_is_about_somebody_gets_another_address_at_once(self):
        demand = make_demand("Free her", slug="free-amina-okoye", people=[self.person])
        make_demand_made(self.text, demand=demand)
        for shown_as in ("withheld", "initials"):
            with self.subTest(shown_as), transaction.atomic():
                self.person.refresh_from_db()
                response = self.withhold(shown_as=shown_as)

                self.assertContains(response, "2 addresses contained this name.")
                for old, new in (
                    ("/statements/freedom-for-okoye/", "/statements/freedom-for/"),
                    ("/demands/free-amina-okoye/", "/demands/free/"),
                ):
                    self.assertEqual(self.client.get(old).status_code, 404)
                    self.assertEqual(self.client.get(new).status_code, 200)
                for page in ("/", "/statements/", "/demands/", "/sitemaps/statements-0.xml"):
                    self.assertNotContains(self.client.get(page), "okoye")
                transaction.set_rollback(True)

    def test_addresses_of_others_that_contain_the_name_are_reported(self):
        other = make_text("Other", slug="letter-from-amina-okoye")
        for shown_as in ("withheld", "initials"):
            with self.subTest(shown_as):
                response = self.withhold(shown_as=shown_as)
                self.person.refresh_from_db()

                form = f"/admin/statements/statement/{other.statement_id}/change/#id_slug"
                self.assertIn(
                    "An address in use still contains this name:"
                    f' <a href="{form}"><bdi>letter-from-amina-okoye</bdi></a>. Change it there.',
                    [str(message) for message in response.context["messages"]],
                )
                self.assertContains(response, f'<a href="{form}">')

    def test_a_naming_that_is_linked_later_changes_the_address_too(self):
        text = make_text("Her letter", slug="letter-of-amina-okoye")
        self.withhold()
        self.assertEqual(self.client.get("/statements/letter-of-amina-okoye/").status_code, 200)

        make_naming(text, self.person)
        links.links_changed(text.statement)

        self.assertEqual(self.client.get("/statements/letter-of-amina-okoye/").status_code, 404)
        self.assertEqual(self.client.get("/statements/letter-of/").status_code, 200)

    def test_a_name_shown_in_full_may_stand_in_addresses(self):
        slugs.change_slug(self.text, "freedom-for-amina-okoye")
        response = self.withhold(shown_as="full")

        self.assertEqual(self.former(), {("text", "freedom-for-okoye")})
        self.assertNotContains(response, "still contain")

    def test_a_later_change_of_such_an_address_leaves_no_redirect(self):
        for number, shown_as in enumerate(("withheld", "initials")):
            with self.subTest(shown_as):
                self.withhold(shown_as=shown_as)
                self.person.refresh_from_db()
                slugs.change_slug(self.text, "freedom-for-okoye")

                slugs.change_slug(self.text, f"freedom-{number}")

                self.assertEqual(self.former(), {("text", f"freedom-{n}") for n in range(number)})
                self.assertEqual(self.client.get("/statements/freedom-for-okoye/").status_code, 404)

    def test_what_is_published_afterwards_has_an_address_without_the_name(self):
        draft = publishing.create_statement(
            language="en", words={"title": "Freedom for Amina Okoye", "body": "<p>Now!</p>"}
        )
        demand = make_demand(people=[self.person], slug="free-amina-okoye-and-pay")
        make_demand_made(draft, demand=demand)
        self.assertEqual(draft.slug, "freedom-for-amina-okoye")
        self.withhold()

        publishing.publish(draft.working_revision)

        draft.refresh_from_db()
        demand.refresh_from_db()
        self.assertEqual((draft.slug, demand.slug), ("freedom-for", "free-and-pay"))
        self.assertFalse(self.former())
        for record in (draft, demand):
            self.assertNotContains(self.client.get(record.get_absolute_url()), "okoye")

    def test_nobody_leaves_a_demand_that_then_tells_their_name(self):
        demand = make_demand("Free Amina Okoye", [self.person])
        made = make_demand_made(self.text, demand=demand)
        self.withhold()
        page = f"/admin/statements/demand/{demand.pk}/change/"
        row = {"id": demand.demand_people.get().pk, "person": self.person.pk, "position": 0}
        row |= {"demand": demand.pk, "DELETE": "on"}

        def remove(wording):
            demand.refresh_from_db()
            fields = {"wording": wording, "language": "en", "kind": "release", "slug": demand.slug}
            fields |= {"edition": demand.edition, **rows("names"), **rows("letters")}
            return self.client.post(page, fields | rows("demand_people", row, initial=1))

        self.assertContains(remove("Free Amina Okoye"), "would be read in public words")
        self.assertTrue(demand.people.exists())

        Demand.objects.filter(pk=demand.pk).update(wording="Free her")
        other = make_text("For Amina Okoye")
        made.statement = other.statement
        made.save()
        self.assertContains(remove("Free her"), "would be read in public words")
        make_naming(other, self.person)

        self.assertEqual(remove("Free her").status_code, 302)
        self.assertFalse(demand.people.exists())

    def test_a_letter_names_nobody_whom_nothing_there_conceals(self):
        demand = make_demand("Pay them")
        page = f"/admin/statements/demand/{demand.pk}/change/"

        def write(words, subject="Pay"):
            demand.refresh_from_db()
            fields = {"wording": "Pay them", "language": "en", "kind": "labour"}
            fields |= {"slug": demand.slug, "edition": demand.edition}
            letter = {"language": "en", "subject": subject, "words": words}
            fields |= rows("names") | rows("demand_people") | rows("letters", letter)
            return self.client.post(page, fields)

        waiting = make_person("Ben Adams", is_at_risk=True)
        self.withhold()
        for words, subject in (("Pay Amina Okoye", "Pay"), ("Pay", "For Ben Adams")):
            with self.subTest(words):
                self.assertContains(write(words, subject), "would be read in public words")
                self.assertFalse(demand.letters.exists())
        # Whom the demand is about is concealed in it.
        demand.demand_people.create(person=self.person)
        demand.demand_people.create(person=waiting, position=1)
        self.assertEqual(write("Pay Amina Okoye and Ben Adams").status_code, 302)
        self.assertEqual(demand.letters.get().words, "Pay Amina Okoye and Ben Adams")

    def test_nobody_leaves_a_demand_whose_letter_then_tells_their_name(self):
        demand = make_demand("Free her", [self.person])
        make_demand_made(make_text("Other"), demand=demand)
        demand.letters.create(language="en", subject="Free her", words="Free Amina Okoye")
        self.withhold()
        row = demand.demand_people.get()

        with self.assertRaises(telling.WouldTell), transaction.atomic():
            before = telling.spellings_around(demand)
            row.delete()
            telling.refuse_told(before)

    def test_a_spelling_entered_later_counts_too(self):
        slugs.change_slug(self.text, "свободу-окойе")
        slugs.change_slug(self.text, "freedom")
        self.withhold()
        self.assertEqual(self.former(), {("text", "свободу-окойе")})
        self.person.refresh_from_db()

        self.withhold(**rows("names", {"language": "ru", "name": "Амина Окойе"}))

        self.assertEqual(self.former(), set())


class ProtectionTests(WithholdCase):
    """What protects somebody is taken away by publishers alone, and recorded."""

    def change(self, role, **changes):
        self.client.force_login(make_staff(f"{role} {changes}"[:50], role))
        self.person.refresh_from_db()
        return self.withhold(**{"shown_as": self.person.shown_as, "is_at_risk": "on"} | changes)

    def stored(self):
        self.person.refresh_from_db()
        return self.person.shown_as, self.person.is_at_risk

    def test_an_editor_protects_and_a_publisher_takes_protection_away(self):
        Person.objects.update(is_at_risk=True)
        self.change("Editors", shown_as="withheld")
        self.assertEqual(self.stored(), ("withheld", True))
        for changes in ({"shown_as": "full"}, {"shown_as": "initials"}, {"is_at_risk": ""}):
            with self.subTest(changes):
                response = self.change("Editors", **changes)
                self.assertContains(response, "Somebody who may publish decides that")
                self.assertEqual(self.stored(), ("withheld", True))

        self.change("Publishers", shown_as="full", is_at_risk="")

        self.assertEqual(self.stored(), ("full", False))
        self.assertEqual(
            set(
                AuditEntry.objects.filter(act="change-person").values_list(
                    "act", "code", "before", "after"
                )
            ),
            {
                ("change-person", "shown_as", "full", "withheld"),
                ("change-person", "shown_as", "withheld", "full"),
                ("change-person", "is_at_risk", "True", "False"),
            },
        )


class TellingTests(EditorCase):
    """What conceals a name in public words does not leave a form while the name stands there."""

    TOLD = "a name that is not shown in full would be read"

    def setUp(self):
        super().setUp()
        self.person = make_person("Amina Okoye", shown_as="withheld")
        self.text = make_text("For Amina Okoye and Aminas friends", slug="friends")

    def remove(self, *rows, **changes):
        return self.change(self.text, **{f"{row}-DELETE": "on" for row in rows}, **changes)

    def assert_refused(self, answer):
        self.assertContains(answer, self.TOLD)
        self.assertNotContains(self.client.get(self.text.get_absolute_url()), "Amina")

    def test_a_naming(self):
        make_naming(self.text, self.person)
        make_naming(self.text, self.person, "Aminas")
        self.assert_refused(self.remove("namings-0", "namings-1"))
        self.assert_refused(self.remove("namings-1"))

        # The other row goes on concealing every name of hers.
        self.assertEqual(self.remove("namings-0").status_code, 302)
        self.assertNotContains(self.client.get(self.text.get_absolute_url()), "Amina")

    def test_a_former_version_tells_it_too_until_it_is_sealed(self):
        make_naming(self.text, self.person)
        make_naming(self.text, self.person, "Aminas")
        self.text.refresh_from_db()
        working = self.text.working_revision
        words = working.words | {"title": "For her friends"}
        words = publishing.save_words(self.text, words, based_on=working.pk)
        publishing.publish(words, change="typographical")
        self.assert_refused(self.remove("namings-0", "namings-1"))

        first = self.text.revisions.get(number=1)
        seals.seal(first, by=self.user, reason="safety")

        self.assertEqual(self.remove("namings-0", "namings-1").status_code, 302)
        self.assertFalse(self.text.namings.exists())

    def test_a_demand_and_the_naming_beside_it(self):
        make_demand_made(self.text, people=[self.person])
        self.assertContains(self.remove("demands_made-0"), self.TOLD)
        make_naming(self.text, self.person, "Aminas")
        self.assert_refused(self.remove("demands_made-0", "namings-0"))
        self.assertTrue(self.text.statement.demands_made.exists())

        self.assertEqual(self.remove("demands_made-0").status_code, 302)
        self.assertNotContains(self.client.get(self.text.get_absolute_url()), "Amina")

    def test_a_draft_translation_that_alone_names_her(self):
        draft = make_text(
            "Für Amina Okoye", statement=self.text.statement, language="de", published=False
        )
        make_naming(draft, self.person)
        make_naming(draft, self.person, "Aminas")
        page = f"/admin/statements/text/{draft.pk}/delete/"
        confirm(self.client)

        self.assert_refused(self.client.post(page, {"post": "yes"}, follow=True))
        self.assertTrue(draft.namings.exists())
        make_naming(self.text, self.person, "Aminas")

        self.client.post(page, {"post": "yes"})
        self.assertFalse(self.text.statement.texts.filter(language="de").exists())
        self.assertNotContains(self.client.get(self.text.get_absolute_url()), "Amina")

    def test_a_spelling_of_hers(self):
        self.person.names.create(language="de", name="Aminas")
        make_naming(self.text, self.person)
        page = f"/admin/statements/person/{self.person.pk}/change/"

        def without(**changes):
            row = {"names-0-DELETE": "on"}
            return self.client.post(page, self.opened(page) | row | changes, follow=True)

        self.assert_refused(without())
        self.assertTrue(self.person.names.exists())
        make_naming(self.text, self.person, "Aminas")

        self.assertNotContains(without(), self.TOLD)
        self.assertFalse(self.person.names.exists())
