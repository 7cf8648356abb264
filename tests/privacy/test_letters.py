"""An address that is erased takes the letters to it along: those that wait, and those given up."""

from datetime import timedelta
from smtplib import SMTPDataError
from unittest import mock

from django.db.models import F
from django.test import TestCase
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from statements import mail, sealing
from statements.models import FollowRequest, Submission
from statements.newsletter import workflow as newsletter
from statements.operating import tasks
from statements.privacy import workflow
from tests.factories import make_follow_request, make_follower, make_organisation, make_submission

AMINA, BO = "amina@example.org", "bo@example.org"


def send(to):
    context = {"title": "No evictions", "link": mail.Link("https://statements.example/")}
    mail.send("submissions/email/received", to=to, context=context, language="en")


def send_due(*, fails=None):
    """What run_due does, at a mail server that may have something against it."""
    with mock.patch("statements.mail.EmailMessage.send", side_effect=fails):
        mail.send_due()


def letters():
    """To whom there are letters, those that were sent left out."""
    left = DBTaskResult.objects.exclude(return_value="sent").order_by("enqueued_at")
    sealed = [row.args_kwargs["args"][0] for row in left if row.return_value != "put off"]
    return [sealing.open_sealed(one).split('"')[3] if one else "" for one in sealed]


class ForgottenLetterTests(TestCase):
    def give_up(self, to):
        send(to)
        with self.assertLogs("statements.mail"):
            send_due(fails=SMTPDataError(554, b"Never"))

    def test_nobody_has_a_letter_tried_again_to_an_address_that_is_erased(self):
        submission = make_submission(email=AMINA)
        with self.assertLogs("statements.mail"):
            send_due(fails=SMTPDataError(554, b"Never"))
        self.give_up(BO)
        send(AMINA)
        self.assertEqual(letters(), [AMINA, BO, AMINA])
        [amina] = [row.pk for row in tasks.failed() if _is_to(row, AMINA)]

        self.assertEqual(workflow.forget_contacts([submission.pk]), 1)

        self.assertEqual(letters(), [BO])
        self.assertFalse(tasks.try_again(str(amina)))
        self.assertEqual([_is_to(row, BO) for row in tasks.failed()], [True])

    def test_a_submission_that_goes_whole_takes_them_along(self):
        gone = make_submission(email="Amina@Example.org")
        make_submission(email=BO)
        workflow.forget_submissions([gone.pk])

        self.assertEqual(letters(), [BO])
        self.assertEqual(Submission.objects.count(), 1)

    def test_one_that_cannot_be_opened_any_more_holds_up_nothing(self):
        with self.settings(SEALING_KEYS=["a key that is gone"]):
            send(AMINA)
        submission = make_submission(email=BO)
        workflow.forget_submissions([submission.pk])

        self.assertEqual(DBTaskResult.objects.count(), 1)

    def test_whoever_leaves_gets_nothing_more(self):
        follower = make_follower(email=AMINA)
        make_follow_request(make_organisation(), email=AMINA)
        make_follow_request(email=BO)
        self.assertIn(AMINA, letters())

        newsletter.leave(follower)

        self.assertEqual(letters(), [BO])

    def test_so_does_an_address_that_nobody_confirmed(self):
        make_follow_request(email=AMINA)
        FollowRequest.objects.update(asked_at=F("asked_at") - timedelta(days=8))
        make_follow_request(email=BO)
        newsletter.erase_due()

        self.assertEqual(letters(), [BO])

    def test_who_is_reached_for_something_else_loses_no_letter(self):
        follower = make_follower(email=AMINA)
        DBTaskResult.objects.all().delete()
        first, second = make_submission(email=AMINA), make_submission(email=AMINA)
        self.assertEqual(letters(), [AMINA] * 2)

        workflow.forget_submissions([first.pk])
        newsletter.leave(follower)
        self.assertEqual(letters(), [AMINA] * 2)

        workflow.forget_contacts([second.pk])
        self.assertEqual(letters(), [])

    def test_what_was_being_sent_is_not_tried_once_more(self):
        submission = make_submission(email=AMINA)

        def erased_meanwhile():
            workflow.forget_contacts([submission.pk])
            raise OSError

        send_due(fails=erased_meanwhile)

        [row] = DBTaskResult.objects.all()
        self.assertEqual((row.return_value, row.args_kwargs["args"][0]), ("forgotten", ""))
        self.assertEqual(list(tasks.failed()), [])

    def test_nor_what_somebody_was_stopped_at(self):
        submission = make_submission(email=AMINA)
        DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now())
        workflow.forget_contacts([submission.pk])
        DBTaskResult.objects.update(started_at=timezone.now() - timedelta(hours=1))
        with mock.patch("statements.mail.EmailMessage.send") as sending:
            mail.send_due()

        sending.assert_not_called()
        self.assertEqual(DBTaskResult.objects.get().return_value, "forgotten")


def _is_to(row, address):
    return address in sealing.open_sealed(row.args_kwargs["args"][0])
