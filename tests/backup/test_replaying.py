"""What was erased or withheld since a backup does not come back with it.

Each test lets somebody act, takes the act back as a restored backup would, and does it again from
what the record of erasures tells.
"""

from datetime import timedelta

from django.utils import timezone

from statements import erasures
from statements.backup import replaying
from statements.models import (
    Attachment,
    Erasure,
    Naming,
    Person,
    SafetyCheck,
    Statement,
    Text,
)
from statements.publishing import attachments, links, review, seals, standing
from statements.publishing import workflow as publishing
from statements.safety import workflow as safety
from tests.admin.signed_in import make_staff
from tests.backup.replayed import Replayed
from tests.factories import (
    make_attachment,
    make_demand,
    make_demand_made,
    make_naming,
    make_person,
    make_text,
)


def withhold(person, shown_as="withheld"):
    """What the form of a person does."""
    Person.objects.filter(pk=person.pk).update(shown_as=shown_as)
    person.refresh_from_db()
    links.name_shown_otherwise(person)
    links.record_saved(person)
    erasures.note(erasures.Kind.NAME, person, value=shown_as)


class NameTests(Replayed):
    def setUp(self):
        self.person = make_person("Amina Okoye", public_since=timezone.now())
        self.text = make_text("Free Amina Okoye", body="<p>Amina Okoye must be free.</p>")
        make_naming(self.text, self.person, "Amina Okoye")

    def test_a_name_that_was_withheld_is_withheld_again(self):
        self.assertContains(self.page(self.text), "Amina Okoye")
        with self.since_the_backup():
            withhold(self.person)
        self.replay()

        self.assertNotContains(self.page(self.text), "Amina")
        self.assertNotIn("amina", self.text.slug)
        self.person.refresh_from_db()
        self.assertEqual(self.person.shown_as, "withheld")

    def test_initials_do_not_open_what_is_withheld(self):
        withhold(self.person)
        with self.since_the_backup():
            withhold(self.person, "initials")
        self.replay()

        self.person.refresh_from_db()
        self.assertEqual(self.person.shown_as, "withheld")

    def test_of_a_name_that_was_withheld_and_opened_again_the_last_act_counts(self):
        with self.since_the_backup():
            withhold(self.person)
            withhold(self.person, "full")
        self.replay()

        self.person.refresh_from_db()
        self.assertEqual(self.person.shown_as, "full")

    def test_somebody_found_to_be_at_risk_is_so_again(self):
        with self.since_the_backup():
            erasures.note(erasures.Kind.RISK, self.person)
        self.replay()

        self.person.refresh_from_db()
        self.assertTrue(self.person.is_at_risk)


class SpellingTests(Replayed):
    """Names in words that were known as names only after the backup."""

    def name(self, text, person, spelling):
        make_naming(text, person, spelling)
        links.links_changed(text.statement)

    def test_another_spelling_of_a_withheld_name_is_found_again_in_the_words(self):
        person = make_person("Amina Okoye", shown_as="withheld")
        text = make_text("For a friend", body="<p>We ask for Ámina Okoyes freedom, at once.</p>")
        make_naming(text, person, "Amina Okoye")
        self.assertContains(self.page(text), "Okoyes")
        with self.since_the_backup():
            self.name(text, person, "Ámina Okoyes")
        done = self.replay()

        self.assertNotContains(self.page(text), "Okoyes")
        self.assertEqual(done.look, [])
        self.assertTrue(Statement.objects.get().is_readable)

    def test_scripts_without_spaces_and_prefixes_are_found_too(self):
        for words, spelling in (
            ("我们要求释放艾米娜同志。", "艾米娜"),
            ("نطالب بالحرية لأمينة أوكوي الآن", "أمينة أوكوي"),
            ("हम अमीना ओकोये की रिहाई चाहते हैं", "अमीना ओकोये"),
        ):
            person = make_person(shown_as="withheld")
            text = make_text(body=f"<p>{words}</p>")
            with self.subTest(words), self.since_the_backup():
                self.name(text, person, spelling)
            self.replay()
            self.assertNotContains(self.page(text), spelling)

    def test_somebody_entered_since_is_withheld_under_the_same_number(self):
        text = make_text("Letter", body="<p>Samira Example is in prison.</p>")
        with self.since_the_backup():
            person = make_person("Samira Example", shown_as="withheld")
            self.name(text, person, "Samira Example")
        self.assertContains(self.page(text), "Samira")
        self.replay()

        self.assertNotContains(self.page(text), "Samira")
        self.assertEqual(Person.objects.get(pk=person.pk).shown_as, "withheld")
        self.assertGreater(make_person().pk, person.pk)

    def test_nobody_new_gets_the_number_of_somebody_who_was_concealed(self):
        text = make_text("Letter")
        told = {"kind": "concealed", "noun": "statement", "object_id": text.statement_id}
        self.lines = [Erasure(**told, value='{"9999": ["not in these words"]}')]
        self.replay()

        self.assertGreater(make_person().pk, 9999)

    def test_who_was_named_since_and_withheld_later_is_concealed_again(self):
        """The name was public when it was linked, so that nothing was concealed then."""
        text = make_text("Letter", body="<p>Samira Example and Amina Okoye are in prison.</p>")
        other = make_text("Other", body="<p>Free Aminata Okoye.</p>")
        demand = make_demand("Free Amina Okoye", public_since=timezone.now())
        person = make_person("Amina Okoye")
        with self.since_the_backup():
            self.name(text, person, "Amina Okoye")
            self.name(other, person, "Aminata Okoye")
            demand.demand_people.create(person=person)
            links.record_saved(demand)
            new = make_person("Samira Example")
            self.name(text, new, "Samira Example")
            withhold(person)
            withhold(new)
        self.assertContains(self.page(text), "Samira")
        self.replay()

        self.assertNotContains(self.page(text), "Amina")
        self.assertNotContains(self.page(text), "Samira")
        self.assertNotContains(self.page(other), "Aminata")
        self.assertNotContains(self.page(demand), "Amina")

    def test_whom_a_demand_is_about_is_concealed_in_its_wording_again(self):
        person = make_person("Amina Okoye", shown_as="withheld")
        demand = make_demand("Free Amina Okoye", public_since=timezone.now())
        text = make_text(body="<p>Free Amina Okoye, now.</p>")
        make_demand_made(text, demand=demand)
        with self.since_the_backup():
            demand.demand_people.create(person=person)
            links.record_saved(demand)
            links.links_changed(text.statement)
        self.assertContains(self.page(demand), "Amina")
        self.replay()

        self.assertNotContains(self.page(demand), "Amina")
        self.assertNotContains(self.page(text), "Amina")

    def test_a_demand_about_somebody_entered_since_conceals_them_again(self):
        demand = make_demand("Free Samira Example", public_since=timezone.now())
        with self.since_the_backup():
            person = make_person("Samira Example", shown_as="withheld")
            links.record_saved(person)
            demand.demand_people.create(person=person)
            links.record_saved(demand)
        self.replay()

        self.assertNotContains(self.page(demand), "Samira")

    def test_a_further_name_of_somebody_is_found_in_the_words_about_them(self):
        person = make_person("Amina Okoye", shown_as="withheld")
        text = make_text(body="<p>Amina Okoye, called Mina the Baker, must be free.</p>")
        make_naming(text, person, "Amina Okoye")
        with self.since_the_backup():
            person.names.create(language="en", name="Mina the Baker")
            links.record_saved(person)
        self.replay()

        self.assertNotContains(self.page(text), "Baker")

    def test_a_name_too_long_to_be_found_again_takes_the_statement_down(self):
        long = " ".join(f"Name{number}" for number in range(20))
        person = make_person(shown_as="withheld")
        text = make_text("Long", body=f"<p>Free {long}.</p>")
        with self.since_the_backup():
            self.name(text, person, long)
        done = self.replay()

        self.assertNotContains(self.page(text), "Name7")
        self.assertIn("was taken down", done.look[0])

    def test_a_translation_that_goes_again_leaves_what_it_concealed(self):
        person = make_person("Amina Okoye", shown_as="withheld")
        text = make_text("Letter", body="<p>Free Aminata Okoye.</p>")
        other = make_text("Brief", statement=text.statement, language="de", published=False)
        make_naming(other, person, "Aminata Okoye")
        self.assertNotContains(self.page(text), "Aminata")
        with self.since_the_backup():
            erasures.note(erasures.Kind.GONE, other)
            other.delete()
        self.replay()

        self.assertFalse(Text.objects.filter(pk=other.pk).exists())
        self.assertNotContains(self.page(text), "Aminata")

    def test_nothing_is_changed_where_the_backup_has_it_all(self):
        person = make_person("Amina Okoye", shown_as="withheld")
        text = make_text(body="<p>Free Amina Okoye.</p>")
        self.name(text, person, "Amina Okoye")
        links.record_saved(person)
        before = Naming.objects.count(), person.names.count()
        done = replaying.replay(Erasure.objects.all())

        self.assertEqual((Naming.objects.count(), person.names.count()), before)
        self.assertEqual((done.counts, done.look), ({}, []))

    def test_the_record_tells_no_name(self):
        person = make_person("Amina Okoye", shown_as="withheld")
        text = make_text(body="<p>Free Amina Okoye.</p>")
        self.name(text, person, "Amina Okoye")
        links.record_saved(person)
        told = "".join(erasures.line(row) for row in Erasure.objects.all()).lower()

        self.assertEqual(set(Erasure.objects.values_list("noun")), {("statement",), ("person",)})
        self.assertNotRegex(told, "amina|okoye")


class StatementTests(Replayed):
    def test_what_was_taken_back_is_taken_back_again(self):
        for to in ("withdrawn", "retracted", "taken-down"):
            text = make_text(body="<p>Secret words.</p>")
            with self.since_the_backup():
                reason = "law" if to == "taken-down" else ""
                standing.change_standing(text.statement, to, note="Why.", reason=reason)
            self.replay()

            self.assertNotContains(self.page(text), "Secret")
            self.assertEqual(Statement.objects.get(pk=text.statement_id).standing, to)

    def test_what_was_published_and_taken_back_since_is_published_by_nobody_but_a_person(self):
        text = make_text(published=False)
        review.submit(text.working_revision)
        review.approve(text.working_revision)
        with self.since_the_backup():
            publishing.publish(text.working_revision)
            standing.change_standing(text.statement, "taken-down", reason="safety")
        done = self.replay()

        text = Text.objects.get(pk=text.pk)
        self.assertEqual((text.live_revision, text.state), (None, "draft"))
        self.assertIn("is a draft here", done.look[0])

    def test_a_version_that_was_sealed_is_sealed_again(self):
        text = make_text(body="<p>First words.</p>")
        first = text.live_revision
        self.publish_again(text)
        with self.since_the_backup():
            seals.seal(first, by=None, reason="safety")
        self.replay()

        first.refresh_from_db()
        self.assertEqual((first.body, bool(first.sealed_at)), ("", True))

    def test_where_the_sealed_version_is_the_one_that_is_read_the_statement_is_taken_down(self):
        text = make_text(body="<p>First words.</p>")
        first = text.live_revision
        with self.since_the_backup():
            self.publish_again(text)
            seals.seal(first, by=None, reason="safety")
        done = self.replay()

        self.assertNotContains(self.page(text), "First")
        self.assertIn("was taken down", done.look[0])

    def publish_again(self, text):
        text.refresh_from_db()
        words = text.working_revision.words | {"body": "<p>Second words.</p>"}
        revision = publishing.save_words(text, words, by=None, based_on=text.working_revision_id)
        publishing.publish(revision, change="correction", note="Mended.")

    def test_what_search_engines_were_asked_to_leave_out_they_are_asked_again(self):
        text = make_text()
        editor = make_staff("editor")
        Statement.objects.update(may_be_indexed=True)
        with self.since_the_backup():
            safety.answer(
                text.statement,
                by=editor,
                agreed="yes",
                wished="yes",
                may_be_indexed="no",
                review_on=timezone.localdate() + timedelta(days=9),
            )
        self.replay()

        self.assertFalse(Statement.objects.get().may_be_indexed)
        self.assertFalse(SafetyCheck.objects.exists())

    def test_a_picture_that_was_taken_away_goes_again_with_its_file(self):
        picture = make_attachment(make_text())
        storage, name = picture.file.storage, picture.file.name
        with self.since_the_backup():
            attachments.forget_files([name])
            picture.delete()
        self.replay()

        self.assertFalse(Attachment.objects.exists())
        self.assertFalse(storage.exists(name))

    def test_a_draft_that_was_thrown_away_goes_again(self):
        text = make_text(published=False)
        with self.since_the_backup():
            attachments.delete_statement(text.statement)
        self.replay()

        self.assertFalse(Statement.objects.exists())
