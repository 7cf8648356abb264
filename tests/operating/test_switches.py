"""What is shut by a switch is shut at once, for everybody, and in words; the rest goes on."""

from io import StringIO

from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client, TestCase

from statements import switches, tokens
from statements.models import AuditEntry, Follower, FollowRequest, SiteSettings, Submission
from statements.newsletter import workflow
from tests.admin.posting import posted_from
from tests.admin.signed_in import make_staff
from tests.factories import make_follower, make_organisation, make_submission, make_text
from tests.newsletter.signing_up import easy


def turned(*words):
    out = StringIO()
    call_command("switch", *words, stdout=out)
    return out.getvalue()


class SubmissionTests(TestCase):
    def test_the_form_is_shut_and_no_page_leads_there_until_it_is_opened_again(self):
        self.assertContains(self.client.get("/"), 'href="/submit/"')
        turned("submissions", "closed")

        for ask in (self.client.get, self.client.post):
            answer = ask("/submit/")
            self.assertContains(answer, "Nothing new is taken", status_code=503)
            self.assertEqual(answer["Retry-After"], "600")
            self.assertEqual(answer["Cache-Control"], "no-store")
        self.assertNotContains(self.client.get("/"), "/submit/")
        german = self.client.get("/de/submit/")
        self.assertContains(german, "nichts Neues angenommen", status_code=503)

        turned("submissions", "open")
        self.assertEqual(self.client.get("/submit/", follow=True).status_code, 200)
        self.assertContains(self.client.get("/"), 'href="/submit/"')

    def test_what_was_sent_before_is_followed_as_ever(self):
        token = tokens.issue("submission", make_submission().pk)
        turned("submissions", "closed")
        page = self.client.get(f"/submissions/{token}/", follow=True)

        self.assertEqual(page.status_code, 200)


@easy
class FollowingTests(TestCase):
    def test_nobody_new_can_follow_and_who_does_can_leave(self):
        union = make_organisation("Dockers", slug="dockers")
        make_text(organisations=[union])
        follower = make_follower(union)
        self.assertContains(self.client.get("/organisations/dockers/"), "/follow/organisations/")
        turned("following", "closed")

        answer = self.client.post("/follow/organisations/dockers/", {"email": "a@example.org"})
        self.assertContains(answer, "Nobody new can follow", status_code=503)
        self.assertFalse(FollowRequest.objects.exists())
        self.assertNotContains(self.client.get("/organisations/dockers/"), "/follow/organisations/")
        self.client.post(f"/follow/leave/{workflow.token_of(follower, workflow.LEAVE)}/")
        self.assertFalse(Follower.objects.exists())


class ChangeTests(TestCase):
    def test_whatever_is_sent_is_refused_and_all_is_read(self):
        make_text("Lower the rents", slug="rents")
        union = make_organisation()
        boss = Client()
        boss.force_login(make_staff("boss", "Administrators"))
        turned("changes", "closed")

        for client in (self.client, boss):
            for address in (
                "/submit/",
                "/account/sign-in/",
                "/admin/statements/event/add/",
                f"/admin/statements/organisation/{union.pk}/verify/",
            ):
                answer = client.post(address, {"words": "typed"})
                self.assertContains(answer, "Nothing can be changed", status_code=503)
        self.assertFalse(Submission.objects.exists())
        self.assertContains(self.client.get("/statements/rents/"), "Lower the rents")
        for address in ("/verify/", "/de/verify/"):
            self.assertEqual(self.client.post(address, {"text": "Lower"}).status_code, 200)

        turned("changes", "open")
        self.assertEqual(self.client.post("/account/sign-in/").status_code, 200)


class WorkTests(TestCase):
    def test_the_proof_of_work_is_raised_and_never_under_what_the_operator_set(self):
        with self.settings(PROOF_OF_WORK_BITS=18):
            self.assertEqual(switches.bits(), 18)
            turned("proof-of-work", "22")
            self.assertEqual(switches.bits(), 22)
            form = self.client.get("/submit/", follow=True)
            self.assertContains(form, 'data-bits="22"')
            turned("proof-of-work", "12")
            self.assertEqual(switches.bits(), 18)
            turned("proof-of-work", "usual")
            self.assertEqual(switches.bits(), 18)

    def test_what_no_browser_could_do_is_refused_in_words(self):
        with self.assertRaisesMessage(CommandError, "26"):
            turned("proof-of-work", "60")
        for words in (("proof-of-work", "much"), ("submissions",), ("changes", "22")):
            with self.assertRaises(CommandError):
                turned(*words)
        self.assertEqual(set(switches.state().values()), {0})


class LogTests(TestCase):
    def test_each_turn_is_in_the_log_once(self):
        turned("submissions", "closed")
        turned("submissions", "closed")
        entry = AuditEntry.objects.get(act="switch")

        self.assertEqual((entry.code, entry.before, entry.after), ("submissions", "0", "1"))
        self.assertIn("submissions: closed\nfollowing: open\n", turned())
        with self.settings(NEWSLETTER_OPEN=False):
            self.assertIn("following: closed by NEWSLETTER_OPEN\n", turned())

    def test_administrators_turn_them_in_the_admin_too(self):
        boss = make_staff("boss", "Administrators")
        self.client.force_login(boss)
        SiteSettings.objects.create(pk=1)
        address = "/admin/statements/sitesettings/1/change/"
        form = posted_from(self.client.get(address)) | {"submissions_closed": "on"}
        self.assertEqual(self.client.post(address, form).status_code, 302)

        self.assertEqual(self.client.get("/submit/").status_code, 503)
        self.assertNotContains(self.client.get("/"), "/submit/")
        entry = AuditEntry.objects.get(act="switch")
        self.assertEqual((entry.code, entry.after, entry.actor.user), ("submissions", "1", boss))


class EverybodyTests(TestCase):
    def test_all_sessions_end(self):
        self.client.force_login(make_staff("editor", "Editors"))
        self.assertEqual(self.client.get("/admin/").status_code, 200)
        out = StringIO()
        call_command("sign_out_everybody", stdout=out)

        self.assertEqual(out.getvalue(), "1 sessions were ended.\n")
        self.assertFalse(Session.objects.exists())
        self.assertEqual(self.client.get("/admin/").status_code, 302)
