"""A file that came with a refused form need not be chosen again."""

import time
from datetime import timedelta
from unittest import mock

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from statements import aside
from statements.models import Attachment
from statements.uploads import take
from tests.admin.posting import posted_from
from tests.admin.signed_in import EditorTestCase, make_editor, rows
from tests.admin.test_attachments import WORDS
from tests.attacks.uploads.corpus import MARKER, jpeg_with_everything
from tests.factories import (
    make_attachment,
    make_naming,
    make_person,
    make_text,
    picture_bytes,
)

# What is asked here is the same on any database.
pytestmark = pytest.mark.once


def kept_files():
    try:
        return default_storage.listdir(aside.FOLDER)[1]
    except FileNotFoundError:
        return []


class AsideTests(EditorTestCase):
    def setUp(self):
        super().setUp()
        for name in kept_files():
            default_storage.delete(f"{aside.FOLDER}/{name}")
        self.text = make_text("Title")
        self.address = f"/admin/statements/statement/{self.text.statement_id}/change/"

    def post(self, *attachments, initial=0, **changes):
        data = posted_from(self.client.get(self.address))
        data |= rows("attachments", *attachments, initial=initial) | changes
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post(self.address, data)

    def upload(self, content=None):
        return SimpleUploadedFile("Gate <at> noon.jpg", content or jpeg_with_everything())

    def row_of(self, response):
        formset = next(
            one.formset
            for one in response.context["inline_admin_formsets"]
            if one.formset.prefix == "attachments"
        )
        return formset.forms[0]

    def token_of(self, response):
        return self.row_of(response)["aside"].value()

    def refused(self, **row):
        return self.post(WORDS | {"file": self.upload()} | row, title="", _continue="1")

    def test_the_file_of_a_refused_form_is_kept_and_taken_with_the_next_one(self):
        refused = self.refused()

        self.assertContains(refused, "“Gate &lt;at&gt; noon.jpg” has arrived")
        self.assertEqual((Attachment.objects.count(), len(kept_files())), (0, 1))

        again = self.post(WORDS | {"aside": self.token_of(refused)}, title="", _continue="1")
        self.assertContains(again, "“Gate &lt;at&gt; noon.jpg” has arrived")
        self.assertEqual(len(kept_files()), 1)

        saved = self.post(WORDS | {"aside": self.token_of(again)}, _continue="1")
        self.assert_saved(saved)
        attachment = Attachment.objects.get()
        self.assertEqual(
            (attachment.type, attachment.width, attachment.height, attachment.size),
            ("image", 40, 60, attachment.file.size),
        )
        self.assertRegex(attachment.file.name, r"^attachments/[0-9a-f]{32}\.jpg$")
        self.assertEqual(kept_files(), [])

    def test_a_mistake_in_the_files_own_row_keeps_it_too(self):
        refused = self.post(WORDS | {"file": self.upload(), "licence": ""}, _continue="1")

        self.assert_saved(self.post(WORDS | {"aside": self.token_of(refused)}, _continue="1"))

    def test_what_only_the_last_look_refuses_keeps_it_too(self):
        """The words would tell a name once the row that conceals it leaves."""
        withheld = make_person("Amina Okoye", shown_as="withheld")
        text = make_text("Free Amina Okoye")
        row = make_naming(text, withheld, "Amina Okoye")
        self.address = f"/admin/statements/statement/{text.statement_id}/change/"
        away = {
            "namings-INITIAL_FORMS": "1",
            "namings-0-id": row.pk,
            "namings-0-DELETE": "on",
            "_continue": "1",
        }

        refused = self.post(WORDS | {"file": self.upload()}, **away)

        self.assertContains(refused, "a name that is not shown in full would be read")
        self.assertContains(refused, "“Gate &lt;at&gt; noon.jpg” has arrived")
        self.assertNotContains(refused, "This field is required.")
        saved = self.post(WORDS | {"aside": self.token_of(refused)}, _continue="1")
        self.assert_saved(saved)
        self.assertEqual((Attachment.objects.get().width, kept_files()), (40, []))

    def test_what_is_kept_is_new_pixels_under_a_name_that_says_nothing(self):
        self.refused()

        (name,) = kept_files()
        self.assertRegex(name, r"^[0-9a-f]{32}\.jpg$")
        with default_storage.open(f"{aside.FOLDER}/{name}") as file:
            self.assertNotIn(MARKER, file.read())

    def test_what_is_kept_is_served_to_nobody(self):
        self.refused()

        (name,) = kept_files()
        address = f"/media/{aside.FOLDER}/{name}"
        self.assertEqual(self.client.get(address).status_code, 404)
        self.client.logout()
        self.assertEqual(self.client.get(address).status_code, 404)

    def test_a_refused_file_is_not_kept(self):
        refused = self.post(WORDS | {"file": self.upload(b"<svg/>")}, _continue="1")

        self.assertEqual((self.token_of(refused), kept_files()), (None, []))

    def test_another_account_cannot_use_it(self):
        token = self.token_of(self.refused())
        self.client.force_login(make_editor("other"))

        response = self.post(WORDS | {"aside": token}, _continue="1")

        self.assertEqual(self.row_of(response).errors, {"file": ["This field is required."]})
        self.assertEqual(Attachment.objects.count(), 0)

    def test_nobody_can_make_up_a_token(self):
        for token in ("x", "aside/a.png", self.token_of(self.refused()) + "x", "\0"):
            with self.subTest(token):
                response = self.post(WORDS | {"aside": token}, _continue="1")

                self.assertEqual(response.status_code, 200)
                self.assertEqual(Attachment.objects.count(), 0)

    def test_after_a_day_it_is_gone(self):
        token = self.token_of(self.refused())
        later = time.time() + 24 * 3600 + 60
        with mock.patch("django.core.signing.time.time", return_value=later):
            self.assertIsNone(aside.find(token, owner=self.editor.pk))

        tomorrow = timezone.now() + timedelta(days=1, minutes=1)
        with mock.patch("statements.aside.timezone", now=lambda: tomorrow):
            self.post(_continue="1")
        self.assertEqual(kept_files(), [])

    def test_what_is_younger_than_a_day_stays(self):
        token = self.token_of(self.refused())
        soon = timezone.now() + timedelta(hours=23)
        with mock.patch("statements.aside.timezone", now=lambda: soon):
            self.post(_continue="1")

        self.assertEqual(aside.find(token, owner=self.editor.pk).label, "Gate <at> noon.jpg")

    def test_a_kept_file_that_replaces_another_takes_its_place(self):
        attachment = make_attachment(self.text)
        first = attachment.file.name
        row = {"id": attachment.pk, "statement": self.text.statement_id}
        refused = self.post(
            WORDS | row | {"file": self.upload()}, initial=1, title="", _continue="1"
        )
        self.assertTrue(default_storage.exists(first))

        token = self.token_of(refused)
        self.assert_saved(self.post(WORDS | row | {"aside": token}, initial=1, _continue="1"))

        attachment.refresh_from_db()
        self.assertEqual((attachment.width, attachment.height), (40, 60))
        self.assertTrue(default_storage.exists(attachment.file.name))
        self.assertFalse(default_storage.exists(first))

    def test_a_newer_choice_goes_before_what_was_kept(self):
        token = self.token_of(self.refused())
        newer = SimpleUploadedFile("b.png", picture_bytes())

        self.assert_saved(self.post(WORDS | {"aside": token, "file": newer}, _continue="1"))

        self.assertRegex(Attachment.objects.get().file.name, r"\.png$")
        self.assertEqual(kept_files(), [])

    def test_two_editors_at_once_lose_no_file_and_see_no_token(self):
        data = posted_from(self.client.get(self.address))
        self.post(title="Meanwhile", _continue="1")
        row = rows("attachments", WORDS | {"file": self.upload()})

        refused = self.client.post(self.address, data | row | {"title": "Mine"})

        token = self.token_of(refused)
        self.assertContains(refused, token, count=1)
        self.assertEqual(len(refused.context["conflict"].others), 1)
        again = posted_from(refused) | rows("attachments", WORDS | {"aside": token})
        again.pop("attachments-0-file", None)
        self.assert_saved(self.client.post(self.address, again))

    def test_what_is_kept_is_the_taken_file(self):
        taken = take(self.upload())
        content = taken.file.read()
        token = aside.put(taken, "x" * 500, owner=1)

        found = aside.find(token, owner=1)

        self.assertEqual(found.taken.file.read(), content)
        self.assertEqual((found.label, found.taken.type), ("x" * 200, "image"))
