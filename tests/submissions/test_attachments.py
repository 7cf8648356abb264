"""What strangers attach: from the form that brings it to its end, and who sees it on the way."""

import re
from datetime import timedelta
from unittest import mock

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from statements import sealing, tokens
from statements.models import Attachment, Submission, SubmissionAttachment
from statements.privacy import workflow as privacy
from statements.submissions import attachments, letters, workflow
from statements.uploads import take
from tests.admin.signed_in import make_staff
from tests.attacks.uploads.corpus import MARKER, REFUSED, TAKEN
from tests.factories import (
    make_reason,
    make_submission,
    make_submission_attachment,
    picture_bytes,
)
from tests.submissions.sending import ABOUT, ALL, SENDER, WORDS, easy, made_earlier, new_form, solve
from tests.submissions.test_private_page import CORRECTED

HOSTILE_NAME = 'a"><img src=x onerror=alert(1)>\u202egnp.jpg'


def stored_files():
    folder = Attachment._meta.get_field("file").upload_to
    folders, files = default_storage.listdir(folder) if default_storage.exists(folder) else ([], [])
    return {*folders, *files}


def picture(name="gate.png", content=None):
    return SimpleUploadedFile(name, content or picture_bytes(), "image/png")


def pdf():
    return SimpleUploadedFile("letter.pdf", REFUSED["letter.pdf"](), "application/pdf")


@easy
@override_settings(SUBMISSION_ATTACHMENTS=True)
class FormTests(TestCase):
    def post(self, data, *, follow=True):
        """One step, as from a page whose address and cookie are lost."""
        new_form(self.client)
        stamp = made_earlier()
        data = {"stamp": stamp, "proof": solve(stamp)} | data
        return self.client.post("/submit/", data, follow=follow)

    def tokens(self, page):
        return re.findall(r'name="attached" value="([^"]+)"', page.content.decode())

    def test_a_photograph_outlives_refused_steps_and_is_sent_without_its_traces(self):
        photograph = picture(HOSTILE_NAME, TAKEN["telephone.jpg"][0]())
        typed = SENDER | WORDS | {"day": "31", "step": "words", "file": photograph}
        page = self.post(typed)
        self.assertContains(page, "There is no such day.")
        self.assertContains(page, "a&quot;&gt;&lt;img src=x onerror=alert(1)&gt;gnp.jpg")
        self.assertContains(page, "picture, 40 × 60")
        (token,) = self.tokens(page)

        # Nobody without the form can open it, whoever has the database and the keys.
        row = SubmissionAttachment.objects.get()
        with self.assertRaises(sealing.CannotOpen):
            sealing.open_bytes(row.content)
        self.assertNotIn(token, str(SubmissionAttachment.objects.values()))
        for data in (
            SENDER | WORDS | {"step": "words", "go": "sender"},
            SENDER | WORDS | {"step": "words"},
            SENDER | WORDS | ABOUT | {"step": "about"},
        ):
            page = self.post(data | {"attached": token})
            self.assertEqual(self.tokens(page), [token])
        self.assertContains(page, "picture, 40 × 60")
        page = self.post(ALL | {"step": "send", "attached": token})

        one = Submission.objects.get()
        content = attachments.content_of(one.attachments.get())
        self.assertNotIn(MARKER, content)
        self.assertEqual(take(picture(content=content)).height, 60)
        page = self.client.get(f"/submissions/{one.handle}/")
        self.assertContains(page, "onerror=alert(1)&gt;gnp.jpg")
        self.assertNotContains(page, "\u202e")

    def test_three_are_taken_one_by_one_and_any_can_be_left_out(self):
        held = []
        for number in range(4):
            page = self.post(
                SENDER | WORDS | {"step": "words", "go": "attach", "attached": held}
                | {"file": picture(f"{number}.png")}
            )  # fmt: skip
            held = self.tokens(page)
        self.assertEqual(len(held), 3)
        self.assertNotContains(page, 'name="file"')
        self.assertContains(page, "No family may be put on the street!")
        page = self.post(SENDER | WORDS | {"step": "words", "attached": held, "drop": held[1]})
        self.assertEqual(self.tokens(page), [held[0], held[2]])
        self.assertEqual(SubmissionAttachment.objects.count(), 2)

    def test_hostile_files_are_refused_with_a_reason_and_no_word_is_lost(self):
        for name, make in REFUSED.items():
            with self.subTest(name):
                data = {"step": "words", "file": SimpleUploadedFile(name, make())}
                page = self.post(SENDER | WORDS | data)

                self.assertEqual(page.context["step"], "words")
                self.assertContains(page, '<a href="#id_file">')
                self.assertContains(page, "No family may be put on the street!")
                self.assertContains(page, 'value="Tenants of Example"')
        self.assertEqual(SubmissionAttachment.objects.count(), 0)

    def test_pdfs_are_for_the_operator_to_allow(self):
        data = SENDER | WORDS | {"step": "words"}
        self.assertContains(self.post(data | {"file": pdf()}), "This site takes no PDF files.")
        with self.settings(PDF_ATTACHMENTS=True):
            self.assertContains(self.post(data | {"file": pdf(), "go": "attach"}), "letter.pdf")
        with self.settings(SUBMISSION_ATTACHMENTS=False):
            page = self.post(data | {"file": picture(), "go": "words"})
            self.assertNotContains(page, 'type="file"')
        self.assertEqual(SubmissionAttachment.objects.get().type, "pdf")

    def test_there_is_an_end_to_what_strangers_can_store(self):
        data = SENDER | WORDS | {"step": "words"}
        with mock.patch.object(attachments, "MOST_BYTES", 10):
            self.assertContains(self.post(data | {"file": picture()}), "There is no room")
        with mock.patch("statements.submissions.attaching.MOST_AN_HOUR", 2):
            self.post(data | {"file": picture()})
            self.assertContains(self.post(data | {"file": picture()}), "Many files came")
        self.assertEqual(SubmissionAttachment.objects.count(), 1)

    def test_what_was_held_for_too_long_is_erased_and_its_sender_told_before_sending(self):
        page = self.post(SENDER | WORDS | {"step": "words", "file": picture()})
        token, stamp = self.tokens(page), made_earlier()
        later = timezone.now() + timedelta(minutes=61)
        with mock.patch("django.utils.timezone.now", return_value=later):
            self.assertEqual(privacy.erase_due()["files"], 1)

        page = self.post(ALL | {"step": "send", "attached": token})
        self.assertContains(page, "is not here any more")
        self.assertEqual((page.context["step"], self.tokens(page)), ("words", []))
        self.assertEqual(Submission.objects.count(), 0)

        # A second press of the button finds it sent, and is told no such thing.
        page = self.post(SENDER | WORDS | {"step": "words", "file": picture()})
        data = ALL | {"step": "send", "attached": self.tokens(page), "stamp": stamp}
        for _press in range(2):
            response = self.post(data | {"proof": solve(stamp)}, follow=False)
            self.assertIn("/sent/", response["Location"])
        self.assertEqual(Submission.objects.get().attachments.count(), 1)

    def test_a_form_without_a_valid_token_names_the_file_that_it_does_not_hold(self):
        strict = Client(enforce_csrf_checks=True)
        data = SENDER | WORDS | {"step": "words", "file": picture("gate\u202e.png")}
        page = strict.post("/submit/", data, headers={"origin": "http://testserver"})

        self.assertContains(page, "<bdi>gate.png</bdi>", status_code=403)
        self.assertEqual(page["Cache-Control"], "no-store")


@override_settings(SUBMISSION_ATTACHMENTS=True, PDF_ATTACHMENTS=True)
class SentTests(TestCase):
    def setUp(self):
        self.moderator = make_staff("amina", "Moderators")
        self.client.force_login(self.moderator)
        self.submission = make_submission(language="de")
        self.page = f"/admin/statements/submission/{self.submission.pk}/change/"

    def address(self, attachment, of=None):
        pk = (of or self.submission).pk
        return f"/admin/statements/submission/{pk}/attachments/{attachment.pk}/"

    def test_moderators_see_the_picture_and_save_the_pdf_and_read_no_name(self):
        image = make_submission_attachment(self.submission, picture("Amina.png"))
        document = make_submission_attachment(self.submission, pdf())
        workflow.take_up(self.submission, by=self.moderator)
        page = self.client.get(self.page)
        self.assertContains(page, f'src="{self.address(image)}"')
        self.assertContains(page, f'<a href="{self.address(document)}" download>')
        self.assertNotContains(page, "Amina.png")

        for row, content_type, how in (
            (image, "image/png", "inline"),
            (document, "application/pdf", "attachment"),
        ):
            response = self.client.get(self.address(row))
            self.assertEqual(response.content, attachments.content_of(row))
            self.assertEqual(response["Content-Type"], content_type)
            name = f"submission-{self.submission.pk}-{row.pk}.{row.extension}"
            self.assertEqual(response["Content-Disposition"], f'{how}; filename="{name}"')
            self.assertEqual(response["Content-Security-Policy"], "default-src 'none'; sandbox")
            self.assertEqual(response["X-Content-Type-Options"], "nosniff")
            self.assertEqual(response["Cache-Control"], "no-store")
        other = make_submission("Another text")
        self.assertEqual(self.client.get(self.address(image, of=other)).status_code, 404)
        attachments.keep(take(picture()), "x")
        unsent = SubmissionAttachment.objects.unsent().get()
        self.assertEqual(self.client.get(self.address(unsent)).status_code, 404)

    def test_where_accepting_fails_no_file_stays_behind_and_what_was_sent_does(self):
        image = make_submission_attachment(self.submission)
        workflow.take_up(self.submission, by=self.moderator)
        before = stored_files()
        fails = mock.patch.object(workflow, "_accepted", side_effect=RuntimeError)

        with fails, self.assertRaises(RuntimeError):
            workflow.accept(self.submission, by=self.moderator, attach={image.pk: "A gate."})

        self.assertEqual(stored_files(), before)
        self.assertEqual(list(self.submission.attachments.all()), [image])
        workflow.accept(self.submission, by=self.moderator, attach={image.pk: "A gate."})
        self.assertEqual(len(stored_files() - before), 1)

    def test_what_is_ticked_becomes_an_attachment_with_its_words_and_nothing_else_stays(self):
        image = make_submission_attachment(self.submission)
        make_submission_attachment(self.submission, pdf())
        workflow.take_up(self.submission, by=self.moderator)
        data = {"act": "accept", "accept-language": "de", f"accept-attach_{image.pk}": "on"}
        page = self.client.post(self.page, data)
        self.assertContains(page, "Say what it shows, for those who cannot see it.")
        self.assertEqual(Attachment.objects.count(), 0)

        data[f"accept-alternative_{image.pk}"] = "Ein Tor."
        self.client.post(self.page, data)

        one = Attachment.objects.get()
        self.submission.refresh_from_db()
        self.assertEqual(one.statement, self.submission.statement)
        self.assertEqual((one.type, one.alternative, one.language), ("image", "Ein Tor.", "de"))
        self.assertEqual(one.file.read(), attachments.content_of(image))
        self.assertEqual(SubmissionAttachment.objects.count(), 0)
        # Nobody reads the file of a draft.
        self.assertEqual(Client().get(one.file.url).status_code, 404)
        default_storage.delete(one.file.name)

    def test_of_what_is_declined_withdrawn_and_spam_no_file_stays(self):
        make_reason()
        for number, close in enumerate(
            (
                workflow.withdraw,
                lambda one: workflow.decline(one, by=self.moderator, reason="scope"),
                lambda one: workflow.mark_spam(one, by=self.moderator),
            )
        ):
            one = make_submission(f"Text {number}")
            make_submission_attachment(one)
            workflow.take_up(one, by=self.moderator)
            close(one)
            self.assertEqual(SubmissionAttachment.objects.count(), 0)

    def test_the_sender_replaces_a_picture_while_it_waits(self):
        old = make_submission_attachment(self.submission, picture("old.png"))
        link = letters.link(tokens.issue("submission", self.submission.pk), "en")
        self.client.get(link.removeprefix("http://testserver"))
        address = f"/submissions/{self.submission.handle}/correct/"
        self.assertContains(self.client.get(address), "old.png")
        new = {"file": picture("new.png"), "drop": str(old.pk)}
        page = self.client.post(address, CORRECTED | new | {"title": ""})
        self.assertContains(page, "new.png")
        self.assertContains(page, f'value="{old.pk}" id="drop-{old.pk}" checked')
        token = re.search(r'name="attached" value="([^"]+)"', page.content.decode())[1]

        self.client.post(address, CORRECTED | {"attached": token, "drop": str(old.pk)})

        self.assertContains(self.client.get(address), "new.png")
        self.assertEqual(self.submission.attachments.count(), 1)
        self.assertFalse(self.submission.attachments.filter(pk=old.pk).exists())

    def test_the_review_asks_as_many_queries_for_one_as_for_three(self):
        workflow.take_up(self.submission, by=self.moderator)

        def count():
            with CaptureQueriesContext(connection) as queries:
                self.client.get(self.page)
            return len(queries)

        make_submission_attachment(self.submission)
        count()
        first = count()
        make_submission_attachment(self.submission), make_submission_attachment(self.submission)
        self.assertEqual(self.submission.attachments.count(), 3)
        self.assertEqual(count(), first)
