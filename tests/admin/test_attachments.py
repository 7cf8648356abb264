from datetime import timedelta
from unittest import mock

import pytest
from django.contrib import admin
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory, TestCase
from django.utils import timezone

from statements.admin.attachment import AttachmentInline
from statements.models import Attachment, Statement
from statements.publishing import attachments, workflow
from statements.publishing.attachments import delete_statement
from tests.admin.posting import LIST, EditorCase
from tests.admin.signed_in import make_editor, rows
from tests.attacks.uploads.corpus import MARKER, jpeg_with_everything
from tests.factories import make_attachment, make_text, picture_bytes

# What is asked here is the same on any database.
pytestmark = pytest.mark.once

WORDS = {
    "alternative": "Workers before a factory gate",
    "language": "en",
    "caption": "",
    "credit": "Example Union",
    "licence": "CC BY-SA 4.0",
    "position": "0",
}


class UnfinishedTests(EditorCase):
    """What strangers sent has neither credit nor licence when it is accepted."""

    def setUp(self):
        super().setUp()
        self.text = make_text("With a picture", slug="picture", published=False)
        self.attachment = make_attachment(self.text, credit="", licence="")
        self.addCleanup(default_storage.delete, self.attachment.file.name)

    def test_a_draft_waits_for_them_and_publishing_asks(self):
        self.assertContains(self.client.get(LIST), "attachment without credit or licence")
        self.assertContains(self.client.get(self.page(self.text)), "Readers do not see it before")
        self.assertEqual(self.change(self.text, title="With one picture").status_code, 302)

        page = self.change(self.text, "_publish")
        self.assertContains(page, "Publishing needs this: it came without.", 4)

        told = {"attachments-0-credit": "The tenants", "attachments-0-licence": "CC BY 4.0"}
        self.change(self.text, "_publish", **told)
        self.assertContains(self.client.get("/statements/picture/"), "CC BY 4.0")
        self.assertEqual(self.client.get(f"{LIST}?lacks=attachment").context["cl"].result_count, 0)

    def test_readers_of_a_statement_that_it_was_added_to_do_not_see_it_before(self):
        workflow.publish(self.text.working_revision)
        translation = make_text("Bild", statement=self.text.statement, language="de")
        reader = Client()

        self.assertNotContains(reader.get("/statements/picture/"), self.attachment.file.url)
        self.assertEqual(reader.get(self.attachment.file.url).status_code, 404)
        address = f"/admin/statements/text/{translation.pk}/change/"
        page = self.client.post(address, self.opened(address) | {"_continue": "1"}, follow=True)
        self.assertContains(page, "An attachment is not shown before it says who made it")


class UnattachedTests(TestCase):
    def test_a_file_that_no_row_names_goes_after_a_day_and_no_other(self):
        kept, young, old = (
            default_storage.save(f"attachments/{name}.png", ContentFile(picture_bytes()))
            for name in ("kept", "young", "old")
        )
        for name in (kept, young, old):
            self.addCleanup(default_storage.delete, name)
        make_attachment(make_text(), kept)
        yesterday = timezone.now() - timedelta(days=1, minutes=1)
        ages = {kept: yesterday, young: timezone.now(), old: yesterday}
        self.enterContext(
            mock.patch.object(
                default_storage, "get_modified_time", lambda name: ages.get(name, timezone.now())
            )
        )

        self.assertEqual(attachments.forget_unattached(), 1)

        there = [name for name in (kept, young, old) if default_storage.exists(name)]
        self.assertEqual(there, [kept, young])
        ages[young] = yesterday
        self.assertEqual(attachments.forget_unattached(), 0, "they are looked for once a day")


class AttachmentRowTests(TestCase):
    """The rows as the statement's form makes them."""

    def setUp(self):
        self.statement = make_text().statement
        request = RequestFactory().get("/")
        request.user = make_editor()
        self.formset_class = AttachmentInline(Statement, admin.site).get_formset(request)

    def save(self, *posted, initial=0, **files):
        formset = self.formset_class(
            rows("attachments", *posted, initial=initial),
            {f"attachments-0-{name}": file for name, file in files.items()},
            instance=self.statement,
        )
        if formset.is_valid():
            with self.captureOnCommitCallbacks(execute=True):
                formset.save()
        return formset

    def test_a_picture_is_stored_anew_under_another_name(self):
        upload = SimpleUploadedFile("Amina at home.php", jpeg_with_everything(), "text/html")

        formset = self.save(WORDS, file=upload)

        self.assertEqual(formset.errors, [{}])
        attachment = Attachment.objects.get()
        self.assertRegex(attachment.file.name, r"^attachments/[0-9a-f]{32}\.jpg$")
        stored = attachment.file.read()
        self.assertNotIn(MARKER, stored)
        self.assertEqual(
            (attachment.type, attachment.width, attachment.height, attachment.size),
            ("image", 40, 60, len(stored)),
        )

    def test_words_licence_and_credit_are_required_with_every_file(self):
        upload = SimpleUploadedFile("a.png", picture_bytes())

        formset = self.save(WORDS | {"alternative": " ", "licence": "", "credit": ""}, file=upload)

        self.assertEqual(set(formset.errors[0]), {"alternative", "licence", "credit"})
        self.assertEqual(Attachment.objects.count(), 0)

    def test_what_is_no_picture_is_refused_with_its_reason(self):
        formset = self.save(WORDS, file=SimpleUploadedFile("a.png", b"<svg/>"))

        self.assertEqual(
            formset.errors,
            [{"file": ["This is not a JPEG, PNG, WebP or GIF picture, or it is damaged."]}],
        )

    def test_a_pdf_is_refused_unless_the_operator_wants_them(self):
        pdf = b"%PDF-1.7\n%%EOF\n"
        refused = self.save(WORDS, file=SimpleUploadedFile("a.pdf", pdf))
        self.assertEqual(refused.errors, [{"file": ["This site takes no PDF files."]}])

        with self.settings(PDF_ATTACHMENTS=True):
            self.save(WORDS, file=SimpleUploadedFile("a.pdf", pdf))

        self.assertEqual(Attachment.objects.get().type, "pdf")

    def test_a_replaced_or_deleted_file_is_gone_once_that_is_saved(self):
        attachment = make_attachment(make_text(statement=self.statement, language="fr"))
        first = attachment.file.name
        row = WORDS | {"id": attachment.pk, "statement": self.statement.pk}

        self.save(row, initial=1, file=SimpleUploadedFile("b.png", picture_bytes()))

        attachment.refresh_from_db()
        second = attachment.file.name
        self.assertEqual(
            (default_storage.exists(first), default_storage.exists(second)), (False, True)
        )

        self.save(row | {"DELETE": "on"}, initial=1)

        self.assertEqual(Attachment.objects.count(), 0)
        self.assertFalse(default_storage.exists(second))

    def test_new_words_leave_the_file_alone(self):
        attachment = make_attachment(make_text(statement=self.statement, language="fr"))
        name = attachment.file.name
        row = WORDS | {"id": attachment.pk, "statement": self.statement.pk}

        self.save(row | {"caption": "At the gate"}, initial=1)

        attachment.refresh_from_db()
        self.assertEqual((attachment.file.name, attachment.caption), (name, "At the gate"))
        self.assertTrue(default_storage.exists(name))

    def test_a_deleted_statement_takes_its_files_with_it(self):
        name = make_attachment(make_text(statement=self.statement, language="fr")).file.name

        with self.captureOnCommitCallbacks(execute=True):
            delete_statement(make_text(published=False).statement)
        self.assertTrue(default_storage.exists(name))
        with self.captureOnCommitCallbacks(execute=True):
            delete_statement(self.statement)

        self.assertFalse(default_storage.exists(name))
