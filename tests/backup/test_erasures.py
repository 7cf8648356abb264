"""What was erased stands in a file outside of the database, whatever happens in between."""

import json
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail as outbox
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import TestCase, override_settings
from django.urls import reverse

from statements import erasures, mail, sealing
from statements.models import Erasure
from tests.admin.signed_in import EditorTestCase, confirm, make_staff
from tests.factories import make_person, make_text


class FileTests(TestCase):
    def setUp(self):
        Path(settings.ERASURES_FILE).unlink(missing_ok=True)
        self.addCleanup(Path(settings.ERASURES_FILE).unlink, missing_ok=True)

    def lines(self):
        return Path(settings.ERASURES_FILE).read_text().splitlines()

    def test_it_is_in_the_file_after_the_commit_and_once(self):
        person = make_person()
        with self.captureOnCommitCallbacks(execute=True):
            erasures.note(erasures.Kind.GONE, person)
            self.assertFalse(Path(settings.ERASURES_FILE).exists())
        self.assertEqual(erasures.write(), 0)
        said = json.loads(self.lines()[0])

        self.assertEqual(
            (said["kind"], said["noun"], said["object"]), ("gone", "person", person.pk)
        )
        self.assertEqual(len(self.lines()), 1)
        self.assertEqual(stat.S_IMODE(Path(settings.ERASURES_FILE).stat().st_mode), 0o600)

    def test_what_is_rolled_back_was_never_noted(self):
        with (
            self.captureOnCommitCallbacks(execute=True),
            pytest.raises(ZeroDivisionError),
            transaction.atomic(),
        ):
            erasures.note(erasures.Kind.GONE, make_person())
            raise ZeroDivisionError

        self.assertEqual(Erasure.objects.count(), 0)

    def test_where_the_file_cannot_be_written_the_act_is_done_and_the_line_comes_later(self):
        with (
            override_settings(ERASURES_FILE=f"{__file__}/nowhere"),
            self.assertLogs("django", "ERROR"),
            self.captureOnCommitCallbacks(execute=True),
        ):
            erasures.note(erasures.Kind.GONE, make_person())
        self.assertEqual(erasures.waiting(), 1)
        self.assertEqual(erasures.write(), 1)

        self.assertEqual((len(self.lines()), erasures.waiting()), (1, 0))

    def test_where_the_file_cannot_be_written_letters_are_sent_all_the_same(self):
        erasures.note(erasures.Kind.GONE, make_person())
        mail.queue_again(sealing.seal('{"to": "a@example.org", "subject": "A", "body": "B"}'))
        with (
            override_settings(ERASURES_FILE=f"{__file__}/nowhere"),
            self.assertRaisesMessage(CommandError, "Could not be done: to write to"),
        ):
            call_command("run_due", stdout=StringIO())

        self.assertEqual(len(outbox.outbox), 1)
        self.assertEqual(erasures.waiting(), 1)

    def test_a_line_that_a_crash_cut_off_spoils_no_other(self):
        erasures.note(erasures.Kind.GONE, make_person())
        Path(settings.ERASURES_FILE).write_text('{"id": "0123')
        erasures.write()
        found, cut_off = erasures.read(Path(settings.ERASURES_FILE))

        self.assertEqual(list(found), [Erasure.objects.get().pk])
        self.assertEqual(cut_off, 1)

    def test_a_line_of_somebody_else_is_refused(self):
        Path(settings.ERASURES_FILE).write_text('{"id": 1}\n')
        with self.assertRaises(erasures.Unreadable):
            erasures.read(Path(settings.ERASURES_FILE))


class AdminTests(EditorTestCase):
    """What is done in the admin alone, and in no workflow."""

    def kinds(self):
        return [(row.kind, row.noun, row.value) for row in Erasure.objects.order_by("at")]

    def test_a_name_that_an_editor_withholds_is_noted(self):
        person = make_person("Amina Okoye", is_at_risk=False)
        page = reverse("admin:statements_person_change", args=[person.pk])
        form = self.client.get(page).context["adminform"].form
        data = {name: form[name].value() for name in form.fields}
        data = {name: "" if value is None else value for name, value in data.items()}
        data |= {"shown_as": "withheld", "is_at_risk": "on"}
        for prefix in ("names", "updates"):
            data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
        self.assert_saved(self.client.post(page, data))
        found = self.kinds()

        self.assertIn(("name", "person", "withheld"), found)
        self.assertIn(("risk", "person", ""), found)
        self.assertEqual([noun for kind, noun, _value in found if kind == "concealed"], ["person"])

    def test_a_record_and_an_account_that_are_deleted_are_noted(self):
        self.client.force_login(make_staff("admin", is_superuser=True))
        confirm(self.client)
        person, other = make_person(), make_staff("other")
        for name, pk in (("statements_person", person.pk), ("auth_user", other.pk)):
            page = reverse(f"admin:{name}_delete", args=[pk])
            self.assert_saved(self.client.post(page, {"post": "yes"}))

        self.assertEqual(self.kinds(), [("gone", "person", ""), ("gone", "user", "")])

    def test_a_translation_that_is_thrown_away_is_noted(self):
        self.client.force_login(make_staff("admin", is_superuser=True))
        confirm(self.client)
        text = make_text()
        other = make_text(statement=text.statement, language="de", published=False)
        page = reverse("admin:statements_text_delete", args=[other.pk])
        self.assert_saved(self.client.post(page, {"post": "yes"}))

        self.assertEqual(self.kinds(), [("gone", "text", "")])

    def test_a_password_that_an_administrator_sets_is_noted(self):
        self.client.force_login(make_staff("admin", is_superuser=True))
        confirm(self.client)
        other = make_staff("other")
        page = reverse("admin:auth_user_password_change", args=[other.pk])
        data = {"password1": "too short", "password2": "too short"}
        self.assertEqual(self.client.post(page, data).status_code, 200)
        self.assertEqual(self.kinds(), [])
        data = dict.fromkeys(("password1", "password2"), "seven red boats on a lake")
        self.assert_saved(self.client.post(page, data | {"usable_password": "true"}))

        self.assertEqual(self.kinds(), [("credentials", "user", "")])
        self.assertTrue(User.objects.get(pk=other.pk).check_password(data["password1"]))
