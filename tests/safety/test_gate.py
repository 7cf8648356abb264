"""Nothing that shows people at risk is published before somebody has asked."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.test import TestCase
from django.utils import timezone

from statements.models import (
    AuditEntry,
    DemandPerson,
    Person,
    SafetyCheck,
    Statement,
    Submission,
)
from statements.models.safety import is_unchecked
from statements.publishing import links, standing
from statements.publishing import workflow as publishing
from statements.safety import workflow
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_place,
    make_submission,
    make_text,
)

NEXT_YEAR = timezone.localdate() + timedelta(days=365)
YES = {"agreed": "yes", "wished": "yes", "may_be_indexed": "yes", "review_on": NEXT_YEAR}


class GateTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        accounts = get_user_model().objects
        cls.one, cls.other = (accounts.create_superuser(name) for name in ("one", "other"))
        cls.person = make_person("Amina Okoye", is_at_risk=True)

    def draft(self, **fields):
        return make_text(body="<p>Free Amina Okoye!</p>", published=False, **fields)

    def concerned(self, text):
        found = workflow.concerns(text.statement)
        return found.persons, found.organisations

    def publish(self, text):
        return publishing.publish(text.working_revision, by=self.other)

    def assert_held(self, text):
        with self.assertRaises(workflow.NotPassed):
            self.publish(text)
        self.assertFalse(Statement.objects.get(pk=text.statement_id).is_public)

    def test_a_text_that_names_somebody_at_risk_waits_for_answers(self):
        text = self.draft()
        make_naming(text, self.person)
        self.assert_held(text)

        workflow.answer(text.statement, by=self.one, asked="her sister, by telephone", **YES)

        self.publish(text)
        self.assertEqual(AuditEntry.objects.get(act="answer-safety").code, "yes-yes")

    def test_so_does_a_demand_about_them_and_a_translation_that_names_them(self):
        asking, told = self.draft(), self.draft()
        make_demand_made(asking, people=[self.person])
        make_naming(
            make_text(language="fr", statement=told.statement, published=False), self.person
        )

        for text in (asking, told):
            with self.subTest(text.pk):
                self.assert_held(text)

    def test_nobody_is_asked_about_who_is_not_at_risk_or_not_named(self):
        text = self.draft()
        make_naming(text, make_person("Office Holder", is_at_risk=False))
        hidden = make_person("Bo Cho", is_at_risk=True, shown_as="withheld")
        make_naming(text, hidden)

        self.publish(text)

        self.assertEqual(self.concerned(text), ([], []))

    def test_where_the_sender_fears_for_somebody_the_questions_are_asked(self):
        text = self.draft()
        sent = make_submission(risk=Submission.Risk.YES)
        Submission.objects.filter(pk=sent.pk).update(state="accepted", statement=text.statement)
        self.assert_held(text)
        self.assertIn(text.statement, Statement.objects.filter(is_unchecked()))

        workflow.answer(text.statement, by=self.one, **YES)

        self.publish(text)
        self.assertNotIn(text.statement, Statement.objects.filter(is_unchecked()))

    def test_an_organisation_inside_the_country_of_the_event_is_asked(self):
        inside, outside = make_place("BY"), make_place("DE")
        event = make_event()
        event.places.add(inside)
        at_home = make_organisation(country=inside)
        text = self.draft(organisations=[at_home, make_organisation(country=outside)])
        text.statement.events.add(event)

        self.assertEqual(self.concerned(text), ([], [at_home]))
        self.assert_held(text)

    def test_with_a_no_or_unknown_somebody_else_has_to_agree(self):
        for doubt in ({"agreed": "no"}, {"wished": "unknown"}):
            with self.subTest(doubt):
                text = self.draft()
                make_naming(text, self.person)
                check = workflow.answer(text.statement, by=self.one, **YES | doubt)
                self.assert_held(text)
                with self.assertRaises(workflow.OwnAnswers):
                    workflow.second(check, by=self.one)
                self.assert_held(text)

                workflow.second(check, by=self.other)

                self.publish(text)
                with self.assertRaises(workflow.AnswersChanged):
                    workflow.second(check, by=self.other)

    def test_answers_hold_for_those_whom_they_were_about_and_until_their_day(self):
        text = self.draft()
        make_naming(text, self.person)
        check = workflow.answer(text.statement, by=self.one, **YES)
        self.assertEqual(self.concerned(text), ([], []))

        further = make_person("Bo Cho", is_at_risk=True)
        make_naming(text, further)
        self.assertEqual(self.concerned(text), ([further], []))

        SafetyCheck.objects.filter(pk=check.pk).update(
            review_on=timezone.localdate() - timedelta(days=1)
        )
        self.assertCountEqual(self.concerned(text)[0], [self.person, further])

    def test_who_is_linked_to_what_is_public_waits_for_answers_too(self):
        named, about = make_text(body="<p>Free Amina Okoye!</p>"), make_text()
        make_naming(named, self.person)
        demand = make_demand_made(about, people=[make_person("Bo Cho", is_at_risk=True)]).demand
        late = make_person("Li Wei", is_at_risk=True)
        DemandPerson.objects.create(demand=demand, person=late)
        links.record_saved(demand)
        links.make_public(Person.objects.all())
        self.assertFalse(Person.objects.published().exists())
        self.assertNotContains(self.client.get(about.get_absolute_url()), "Bo Cho")

        workflow.answer(named.statement, by=self.one, **YES)
        check = workflow.answer(about.statement, by=self.one, **YES | {"agreed": "unknown"})
        self.assertEqual(list(Person.objects.published()), [self.person])

        workflow.second(check, by=self.other)
        self.assertEqual(Person.objects.published().count(), 3)
        self.assertContains(self.client.get(about.get_absolute_url()), "Bo Cho")

    def test_a_demand_whose_wording_may_name_them_waits_too(self):
        text, demand = make_text(), make_demand("Free Amina Okoye", [self.person])
        self.client.force_login(self.one)
        chosen = {"action": "make_public", "_selected_action": demand.pk}
        answer = self.client.post("/admin/statements/demand/", chosen, follow=True)
        self.assertContains(answer, "Persons at risk, and demands about them, wait")
        make_demand_made(text, demand=demand)

        for address in (demand.get_absolute_url(), text.get_absolute_url(), "/demands/"):
            page = self.client.get(address)
            self.assertNotContains(page, "Okoye", status_code=page.status_code)

        workflow.answer(text.statement, by=self.one, **YES)

        for address in (demand.get_absolute_url(), text.get_absolute_url(), "/demands/"):
            self.assertContains(self.client.get(address), "Free Amina Okoye")

    def test_new_answers_replace_the_old_ones(self):
        text = self.draft()
        make_naming(text, self.person)
        before = workflow.answer(text.statement, by=self.one, **YES)

        workflow.answer(text.statement, by=self.other, **YES | {"agreed": "no"})

        self.assert_held(text)
        with self.assertRaises(workflow.AnswersChanged):
            workflow.second(before, by=self.other)

    def test_what_was_taken_back_is_not_read_again_without_answers(self):
        text = make_text(body="<p>Free Amina Okoye!</p>")
        make_naming(text, self.person)
        standing.change_standing(text.statement, "taken-down", reason="safety")

        with self.assertRaises(workflow.NotPassed):
            standing.change_standing(text.statement, "current", note="It was a mistake.")

        self.assertEqual(Statement.objects.get(pk=text.statement_id).standing, "taken-down")

    def test_search_engines_are_told_what_was_answered(self):
        text = self.draft()
        make_naming(text, self.person)
        workflow.answer(text.statement, by=self.one, **YES | {"may_be_indexed": "unknown"})
        self.publish(text)
        text.refresh_from_db()
        address = text.get_absolute_url()
        pages = (address, f"{address}versions/", f"{address}versions/1/")

        for page in pages:
            with self.subTest(page):
                self.assertContains(self.client.get(page), '<meta name="robots" content="noindex">')
        workflow.answer(text.statement, by=self.one, **YES)
        for page in pages:
            with self.subTest(page):
                self.assertNotContains(self.client.get(page), "noindex")


class SafetyPageTests(TestCase):
    def setUp(self):
        accounts = get_user_model().objects
        self.one, self.other = (accounts.create_superuser(name) for name in ("one", "other"))
        self.text = make_text("Free her", body="<p>Free Amina Okoye!</p>", published=False)
        self.person = make_person("Amina Okoye", is_at_risk=True)
        make_naming(self.text, self.person)
        self.record = f"/admin/statements/statement/{self.text.statement_id}"
        self.client.force_login(self.one)

    def answers(self, **changes):
        fields = {"asked": "her lawyer", "review_on": NEXT_YEAR.isoformat()}
        fields["about"] = workflow.concerned(self.text.statement).key
        return {"agreed": "yes", "wished": "yes", "may_be_indexed": "no"} | fields | changes

    def answer(self, **changes):
        return self.client.post(f"{self.record}/safety/", self.answers(**changes), follow=True)

    def test_the_page_says_whom_it_concerns_and_takes_the_answers(self):
        self.assertContains(self.client.get(f"{self.record}/safety/"), "Amina Okoye")

        response = self.answer()

        self.assertContains(response, "The answers are stored.")
        self.assertEqual(workflow.concerns(self.text.statement), workflow.Concerns([], []))

    def test_answers_are_for_nobody_who_was_not_on_the_page(self):
        page = self.client.get(f"{self.record}/safety/")
        before = page.context["concerned"].key
        self.assertContains(page, f'name="about" value="{before}"')
        make_naming(self.text, make_person("Bo Cho", is_at_risk=True))

        refused = self.answer(about=before)
        self.assertContains(refused, "Others are concerned by now")
        self.assertContains(refused, "her lawyer")
        self.assertFalse(SafetyCheck.objects.exists())

        self.answer(about=refused.context["concerned"].key)
        self.assertEqual(SafetyCheck.objects.get().persons.count(), 2)

    def test_the_list_has_those_too_whose_earlier_answers_are_replaced(self):
        self.answer()
        make_naming(self.text, make_person("Bo Cho", is_at_risk=True))
        page = self.client.get(f"{self.record}/safety/")

        self.assertEqual(
            [str(one) for one in page.context["concerned"].persons], ["Amina Okoye", "Bo Cho"]
        )

    def test_the_page_says_that_the_sender_fears_for_somebody(self):
        fear = "says that somebody named in it could be put at risk"
        sent = make_submission(risk="no")
        Submission.objects.filter(pk=sent.pk).update(statement=self.text.statement)
        self.assertNotContains(self.client.get(f"{self.record}/safety/"), fear)

        Submission.objects.filter(pk=sent.pk).update(risk="yes")
        self.assertContains(self.client.get(f"{self.record}/safety/"), fear)

    def test_what_is_missing_is_said_and_what_was_typed_stays(self):
        for change, error in (
            ({"agreed": ""}, "This field is required."),
            ({"asked": "", "wished": "no"}, "Say who agreed, and how you know."),
            ({"review_on": "2020-01-01"}, "Choose a day that is still to come."),
        ):
            with self.subTest(change):
                response = self.answer(**change)
                self.assertContains(response, error)
                self.assertEqual(response.context["form"]["may_be_indexed"].value(), "no")
        self.assertFalse(SafetyCheck.objects.exists())

    def test_who_agrees_to_answers_that_cover_too_few_is_told_so(self):
        self.answer(wished="no")
        make_naming(self.text, make_person("Amina Okoye", is_at_risk=True))
        self.client.force_login(self.other)
        agreed = {"_second": SafetyCheck.objects.get(is_current=True).pk}
        response = self.client.post(f"{self.record}/safety/", agreed, follow=True)

        self.assertContains(response, "They do not cover all that is asked by now.")
        self.assertNotContains(response, "The statement can be published.")

    def test_the_second_is_somebody_else_who_saw_these_answers(self):
        self.answer(wished="unknown")
        check = SafetyCheck.objects.get()
        second = {"_second": check.pk}
        response = self.client.post(f"{self.record}/safety/", second, follow=True)
        self.assertContains(response, "Whoever gave the answers cannot be the second.")

        self.answer(wished="no")
        self.client.force_login(self.other)
        response = self.client.post(f"{self.record}/safety/", second, follow=True)
        self.assertContains(response, "The answers were changed in the meantime")

        newest = SafetyCheck.objects.get(is_current=True)
        response = self.client.post(f"{self.record}/safety/", {"_second": newest.pk}, follow=True)
        self.assertContains(response, "You agreed. The statement can be published.")
        self.assertFalse(workflow.concerns(self.text.statement))
        publishing.publish(self.text.working_revision, by=self.other)
        standing_page = self.client.get(f"{self.record}/standing/")
        self.assertContains(standing_page, "Agreed to the answers about safety")
        self.assertContains(standing_page, "Answered the safety questions", count=2)

    def test_the_first_page_shows_others_what_waits_for_them(self):
        self.answer(wished="unknown")
        waiting = f"{self.record}/safety/"
        self.assertNotContains(self.client.get("/admin/"), waiting)
        self.client.force_login(self.other)
        self.assertContains(self.client.get("/admin/"), waiting)

        workflow.second(SafetyCheck.objects.get(), by=self.other)

        self.assertNotContains(self.client.get("/admin/"), waiting)

    def test_the_list_of_statements_finds_what_is_not_answered(self):
        def found():
            response = self.client.get("/admin/statements/statement/?lacks=safety")
            return [str(one) for one in response.context["cl"].result_list]

        self.assertEqual(found(), ["Free her"])
        self.answer()
        self.assertEqual(found(), [])

    def test_a_demand_that_is_also_about_somebody_not_at_risk_is_answered_too(self):
        make_demand_made(self.text, people=[self.person, make_person("Bo Cho", is_at_risk=False)])
        found = Statement.objects.filter(is_unchecked())
        self.assertEqual(list(found), [self.text.statement])

        self.answer()
        self.assertFalse(found.all().exists())

    def test_the_list_finds_organisations_inside_the_country_too(self):
        country = make_place("BY")
        make_text(
            "From inside", organisations=[make_organisation(country=country)], published=False
        )
        statement = Statement.objects.latest("pk")
        statement.places.add(country)

        response = self.client.get("/admin/statements/statement/?lacks=safety")

        self.assertCountEqual(
            [str(one) for one in response.context["cl"].result_list], ["Free her", "From inside"]
        )
        workflow.answer(statement, by=self.one, **YES)
        response = self.client.get("/admin/statements/statement/?lacks=safety")
        self.assertEqual([str(one) for one in response.context["cl"].result_list], ["Free her"])
