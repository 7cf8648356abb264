"""Who left, what strangers sent and which accounts were closed: no backup brings it back."""

from django.contrib.auth.models import Group, User

from statements import erasures, tokens
from statements.account import workflow as accounts
from statements.models import (
    Follower,
    FollowRequest,
    Submission,
)
from statements.newsletter import workflow as newsletter
from statements.privacy import workflow as privacy
from statements.submissions import attachments, states
from statements.submissions import workflow as submissions
from tests.admin.signed_in import make_staff
from tests.backup.replayed import Replayed
from tests.factories import (
    make_follow_request,
    make_follower,
    make_organisation,
    make_submission,
    make_submission_attachment,
)


class StrangersTests(Replayed):
    def test_who_left_is_gone_again_and_their_links_open_nothing(self):
        follower = make_follower(make_organisation(), email="amina@example.org")
        token = newsletter.token_of(follower, newsletter.LEAVE)
        with self.since_the_backup():
            newsletter.leave(follower)
        self.replay()

        self.assertFalse(Follower.objects.exists())
        self.assertIsNone(tokens.find(newsletter.LEAVE, token))

    def test_who_follows_one_thing_less_follows_the_other_still(self):
        one, other = make_organisation(), make_organisation()
        follower = make_follower(one, other, email="amina@example.org")
        stopped = follower.followings.get(organisation=one)
        with self.since_the_backup():
            newsletter.change(follower, language="en", rhythms={}, stopped=[stopped.pk])
        self.replay()

        self.assertEqual([row.organisation for row in follower.followings.all()], [other])

    def test_an_address_that_nobody_confirmed_is_gone_again(self):
        request = make_follow_request(make_organisation(), email="amina@example.org")
        with self.since_the_backup():
            newsletter.forget_requests(FollowRequest.objects.filter(pk=request.pk))
        self.replay()

        self.assertFalse(FollowRequest.objects.exists())

    def test_a_submission_that_was_erased_is_erased_again(self):
        submission = make_submission(email="amina@example.org")
        with self.since_the_backup():
            privacy.forget_submissions([submission.pk])
        self.replay()

        self.assertFalse(Submission.objects.exists())

    def test_how_a_sender_was_reached_is_erased_again(self):
        submission = make_submission(email="amina@example.org")
        with self.since_the_backup():
            privacy.forget_contacts([submission.pk])
        self.replay()

        submission.refresh_from_db()
        self.assertEqual((submission.email_sealed, submission.email_digest), ("", ""))

    def test_what_a_sender_took_back_is_taken_back_again_with_its_pictures(self):
        submission = make_submission(email="amina@example.org")
        make_submission_attachment(submission)
        with self.since_the_backup():
            submissions.withdraw(submission)
        self.replay()

        submission.refresh_from_db()
        self.assertIn(submission.state, states.CLOSING)
        self.assertFalse(submission.attachments.exists())

    def test_one_picture_that_a_sender_took_back_goes_again_and_the_other_stays(self):
        submission = make_submission()
        gone = make_submission_attachment(submission)
        kept = make_submission_attachment(submission)
        with self.since_the_backup():
            attachments.drop(submission, [gone.pk])
        self.replay()

        self.assertEqual(list(submission.attachments.all()), [kept])


class AccountTests(Replayed):
    def setUp(self):
        self.user = make_staff("Amina")

    def test_a_right_that_was_taken_is_taken_again(self):
        group = Group.objects.first()
        self.user.groups.add(group)
        with self.since_the_backup():
            before = accounts.rights_of(self.user)
            self.user.groups.remove(group)
            User.objects.filter(pk=self.user.pk).update(is_active=False)
            accounts.rights_changed(User.objects.get(pk=self.user.pk), before, by=self.user)
        self.replay()

        user = User.objects.get(pk=self.user.pk)
        self.assertFalse(user.groups.filter(pk=group.pk).exists())
        self.assertFalse(user.is_active)

    def test_what_opened_an_account_before_opens_it_no_more(self):
        with self.since_the_backup():
            accounts.credentials_changed(self.user, "password", keep_session=None)
        done = self.replay()

        self.user.refresh_from_db()
        self.assertFalse(self.user.has_usable_password())
        self.assertIn("make_account", done.look[0])

    def test_an_account_that_was_deleted_is_gone_or_opens_nothing(self):
        with self.since_the_backup():
            erasures.note(erasures.Kind.GONE, self.user)
        self.replay()

        self.assertFalse(User.objects.filter(pk=self.user.pk, is_active=True).exists())
