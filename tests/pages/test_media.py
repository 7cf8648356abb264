import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import TestCase

from tests.admin.signed_in import make_editor
from tests.factories import make_attachment, make_text, picture_bytes

# What is asked here is the same on any database.
pytestmark = pytest.mark.once

PDF = b"%PDF-1.7\n%%EOF\n"


class MediaTests(TestCase):
    def test_a_public_picture_is_shown_and_may_be_kept_for_an_hour(self):
        make_attachment(make_text(), "attachments/ab12.png", content=picture_bytes())

        response = self.client.get("/media/attachments/ab12.png")

        self.assertEqual(response.getvalue(), picture_bytes())
        self.assertEqual(
            {
                name: response.get(name)
                for name in (
                    "Content-Type",
                    "Content-Disposition",
                    "Content-Security-Policy",
                    "X-Content-Type-Options",
                    "Cross-Origin-Resource-Policy",
                    "Cache-Control",
                    "ETag",
                    "Vary",
                )
            },
            {
                "Content-Type": "image/png",
                "Content-Disposition": 'inline; filename="ab12.png"',
                "Content-Security-Policy": "default-src 'none'; sandbox",
                "X-Content-Type-Options": "nosniff",
                "Cross-Origin-Resource-Policy": "same-origin",
                "Cache-Control": "no-cache",
                "ETag": '"ab12"',
                "Vary": None,
            },
        )

    def test_a_file_is_sent_as_it_is_stored_whatever_is_asked_for(self):
        stored = PDF + b"0" * 100_000
        make_attachment(make_text(), "attachments/ab12.pdf", content=stored, type="pdf")

        for asked in ({}, {"range": "bytes=10-19"}, {"if-range": '"ab12"', "range": "bytes=0-9"}):
            with self.subTest(asked):
                response = self.client.get(
                    "/media/attachments/ab12.pdf", headers={"accept-encoding": "gzip"} | asked
                )

                self.assertTrue(response.streaming)
                self.assertEqual((response.status_code, response.getvalue()), (200, stored))
                self.assertEqual(response["Content-Length"], str(len(stored)))
                self.assertNotIn("Content-Encoding", response)

    def test_what_the_reader_has_already_is_not_sent_again(self):
        make_attachment(make_text(), "attachments/ab12.png")

        response = self.client.get(
            "/media/attachments/ab12.png", headers={"if-none-match": '"ab12"'}
        )

        self.assertEqual((response.status_code, response.content), (304, b""))

    def test_a_pdf_is_handed_over_and_never_shown(self):
        make_attachment(make_text(), "attachments/ab12.pdf", content=PDF, type="pdf")

        response = self.client.get("/media/attachments/ab12.pdf")

        self.assertEqual(response["Content-Type"], "application/pdf")
        self.assertEqual(response["Content-Disposition"], 'attachment; filename="ab12.pdf"')

    def test_the_file_of_a_draft_is_for_those_who_work_on_drafts(self):
        make_attachment(make_text(published=False), "attachments/ab12.png")
        address = "/media/attachments/ab12.png"
        self.assertEqual(self.client.get(address).status_code, 404)
        self.client.force_login(User.objects.create_user("reader"))
        self.assertEqual(self.client.get(address).status_code, 404)
        self.client.force_login(User.objects.create_user("trainee", is_staff=True))
        self.assertEqual(self.client.get(address).status_code, 404)
        self.client.force_login(make_editor())

        response = self.client.get(address)

        self.assertEqual((response.status_code, response["Cache-Control"]), (200, "no-store"))
        self.assertNotIn("ETag", response)

    def test_nothing_but_attachments_is_served(self):
        make_attachment(make_text(), "attachments/page.html", content=b"<script>")
        gone = make_attachment(make_text(), "attachments/gone.png")
        default_storage.delete(gone.file.name)
        default_storage.save("attachments/orphan.png", ContentFile(picture_bytes()))

        for address in (
            "/media/attachments/page.html",
            "/media/attachments/gone.png",
            "/media/attachments/orphan.png",
            "/media/",
            "/media/attachments/",
            "/media/../../etc/passwd",
            "/media/%2e%2e/%2e%2e/etc/passwd",
            "/media//etc/passwd",
            "/media/attachments/..%2f..%2fsite.sqlite3",
            "/media/attachments\\..\\site.sqlite3",
        ):
            with self.subTest(address):
                self.assertEqual(self.client.get(address).status_code, 404)
