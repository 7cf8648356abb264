from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.test import TestCase, override_settings

from statements import rights
from statements.models import Event, Statement, Submission
from statements.publishing import workflow
from statements.submissions import workflow as submissions
from tests.admin.signed_in import make_staff
from tests.factories import make_submission, make_text

ROLES = ("Editors", "Publishers", "Moderators", "Administrators", "Auditors")


def accepted(by):
    """The draft that a moderator made of what a stranger sent."""
    submission = submissions.take_up(make_submission(), by=by)
    return submissions.accept(submission, by=by)


class RolesTests(TestCase):
    def who(self, question):
        return [role for role in ROLES if question(self.accounts[role])]

    def setUp(self):
        self.accounts = {role: make_staff(role.lower(), role) for role in ROLES}

    def test_what_an_account_and_its_roles_give_is_asked_in_one_query(self):
        user = make_staff("both", "Auditors", "Moderators")
        user.user_permissions.add(Permission.objects.get(codename="view_group"))
        given = Permission.objects.filter(group__name__in=["Auditors", "Moderators"])
        expected = {f"{one.content_type.app_label}.{one.codename}" for one in given}

        with self.assertNumQueries(1):
            found = user.get_all_permissions()
            self.assertTrue(user.has_perm("auth.view_group"))
            self.assertFalse(user.has_perm("statements.publish_statement"))

        self.assertEqual(found, expected | {"auth.view_group"})
        self.assertGreater(len(expected), 1)
        self.assertEqual(user.get_all_permissions(obj=user), set())
        User.objects.filter(pk=user.pk).update(is_active=False)
        self.assertEqual(User.objects.get(pk=user.pk).get_all_permissions(), set())
        self.assertEqual(AnonymousUser().get_all_permissions(), set())

    def test_each_role_does_its_own(self):
        self.assertEqual(self.who(rights.can_edit_statements), ["Editors", "Publishers"])
        self.assertEqual(self.who(rights.can_publish), ["Publishers"])
        self.assertEqual(self.who(rights.can_change_standing), ["Publishers"])
        self.assertEqual(self.who(lambda user: rights.can_make_public(user, Event)), ["Publishers"])
        self.assertEqual(self.who(rights.can_moderate), ["Moderators"])
        self.assertEqual(
            self.who(lambda user: rights.may(user, "view", Statement)),
            ["Editors", "Publishers", "Moderators"],
        )
        self.assertEqual(
            self.who(lambda user: rights.may(user, "change", User)), ["Administrators"]
        )
        self.assertEqual(self.who(lambda user: rights.may(user, "change", Group)), [])

    def test_a_visitor_may_nothing_and_a_superuser_everything(self):
        boss = User.objects.create_superuser("boss")

        for question in (rights.can_publish, rights.can_moderate, rights.can_edit_statements):
            self.assertEqual((question(AnonymousUser()), question(boss)), (False, True))


class FourEyesTests(TestCase):
    def setUp(self):
        self.one = make_staff("one", "Publishers", "Moderators")
        self.other = make_staff("other", "Publishers")

    def test_who_accepted_a_submission_leaves_it_to_another_to_publish_it(self):
        text = accepted(self.one)

        self.assertFalse(rights.can_publish(self.one, text.working_revision))
        with self.assertRaises(rights.OwnWords):
            workflow.publish(text.working_revision, by=self.one)
        text.refresh_from_db()
        self.assertFalse(text.is_public)

        self.assertTrue(rights.can_publish(self.other, text.working_revision))
        self.assertEqual(workflow.publish(text.working_revision, by=self.other).number, 1)

    def test_who_changed_it_last_is_its_author(self):
        text = accepted(self.one)

        workflow.save_words(
            text, {"title": "Anew"}, by=self.other, based_on=text.working_revision_id
        )

        with self.assertRaises(rights.OwnWords):
            workflow.publish(text.working_revision, by=self.other)
        self.assertEqual(workflow.publish(text.working_revision, by=self.one).number, 1)

    def test_the_setting_says_where_it_holds(self):
        sent, own = accepted(self.one), make_text(published=False, by=self.one)
        for setting, expected in (
            ("submissions", (False, True)),
            ("always", (False, False)),
            ("never", (True, True)),
        ):
            with self.subTest(setting), override_settings(FOUR_EYES=setting):
                may = tuple(
                    rights.can_publish(self.one, text.working_revision) for text in (sent, own)
                )
                self.assertEqual(may, expected)

    def test_it_holds_and_is_said_after_the_submission_is_erased(self):
        statement = accepted(self.one).statement
        old = make_text(by=self.other).statement
        sent = submissions.take_up(make_submission("Text", language="de"), by=self.one)
        submissions.merge(sent, old, by=self.one)
        Submission.objects.all().delete()

        for one in (statement, old):
            with self.subTest(one):
                text = one.texts.get(working_revision__by=self.one)
                self.assertFalse(rights.can_publish(self.one, text.working_revision))
                self.client.force_login(self.other)
                page = self.client.get(f"/admin/statements/statement/{one.pk}/change/")
                self.assertContains(page, "Words of it came through the public form")
        own = make_text(published=False, by=self.other)
        page = self.client.get(f"/admin/statements/statement/{own.statement_id}/change/")
        self.assertNotContains(page, "Words of it came through the public form")

    def test_a_translation_of_it_needs_them_too(self):
        statement = accepted(self.one).statement
        translation = workflow.add_text(
            statement, language="de", words={"title": "Titel"}, by=self.other
        )

        self.assertFalse(rights.can_publish(self.other, translation.working_revision))
