"""Two editors at one statement: the second to save sees both, and loses nothing."""

from statements.models import Authorship, DemandAsMade, Naming, Quotation
from statements.publishing import workflow
from tests.admin.posting import EditorCase, posted_from
from tests.factories import (
    make_demand_made,
    make_naming,
    make_organisation,
    make_person,
    make_text,
)


class ConflictTests(EditorCase):
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
