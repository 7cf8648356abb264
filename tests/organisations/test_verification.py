"""How an organisation is known to be who it says it is, and what readers are told."""

import re
from datetime import timedelta
from unittest import mock

from django.contrib.auth import get_user_model
from django.test import TestCase
from django.utils import timezone

from statements import fetching
from statements.models import AuditEntry, Organisation, Verification
from statements.organisations import verification, workflow
from tests.factories import make_organisation, make_text


class VerificationTests(TestCase):
    def setUp(self):
        self.by = get_user_model().objects.create_superuser("publisher")
        self.union = make_organisation("Tenants", slug="tenants", website="https://t.example/a/")
        make_text(organisations=[self.union])

    def verified(self, name, method="editors"):
        one = make_organisation(name)
        Verification.objects.create(organisation=one, method=method)
        return one

    def page(self):
        return self.client.get("/organisations/tenants/")

    def test_readers_are_told_how_and_until_when(self):
        self.assertContains(self.page(), "Not verified")

        verification.verify(self.union, "mail", by=self.by)

        self.assertContains(self.page(), "it wrote from the mail domain of its website")
        self.assertEqual(AuditEntry.objects.get(act="verify").after, "mail")

    def test_it_runs_out_and_can_be_taken_back(self):
        one = verification.verify(self.union, "editors", by=self.by)
        Verification.objects.filter(pk=one.pk).update(
            until=timezone.localdate() - timedelta(days=1)
        )
        self.assertContains(self.page(), "Not verified")

        verification.verify(self.union, "editors", by=self.by)
        self.assertNotContains(self.page(), "Not verified")
        verification.take_back(self.union, by=self.by)

        self.assertContains(self.page(), "Not verified")
        self.assertEqual(self.union.verifications.count(), 2)

    def test_two_vouch_that_are_verified_themselves(self):
        one, other = self.verified("One"), self.verified("Other", "site")
        vouched = self.verified("Vouched", "vouched")
        for vouchers in ([one], [one, vouched], [one, make_organisation()], [one, self.union]):
            with self.subTest(vouchers), self.assertRaises(verification.NotEnoughVouchers):
                verification.verify(self.union, "vouched", by=self.by, vouchers=vouchers)
        self.assertFalse(self.union.verifications.exists())

        verification.verify(self.union, "vouched", by=self.by, vouchers=[one, other])

        self.assertContains(self.page(), "two verified organisations vouch for it")

    def test_only_those_who_count_are_named_as_vouching(self):
        one, other = self.verified("One"), self.verified("Other", "site")
        made = verification.verify(
            self.union, "vouched", by=self.by, vouchers=[one, other, make_organisation()]
        )

        self.assertCountEqual(made.vouchers.all(), [one, other])

    def test_a_website_without_https_proves_nothing(self):
        self.union.website = "http://t.example/"
        with (
            mock.patch.object(fetching, "fetch", side_effect=AssertionError),
            self.assertRaises(verification.NotVerified),
        ):
            verification.check_website(self.union, by=self.by)

    def test_the_mark_on_the_website(self):
        mark = verification.mark_of(self.union)
        self.assertNotEqual(mark, verification.mark_of(make_organisation()))
        for found in (b"", mark[:-1].encode(), f"x{mark}".encode()):
            with (
                self.subTest(found),
                mock.patch.object(fetching, "fetch", return_value=found),
                self.assertRaises(verification.NotVerified),
            ):
                verification.check_website(self.union, by=self.by)

        with mock.patch.object(fetching, "fetch", return_value=f"{mark}\n".encode()) as fetch:
            verification.check_website(self.union, by=self.by)

        self.assertEqual(
            fetch.call_args.args, ("https://t.example/.well-known/solidarity-statements.txt",)
        )
        self.assertEqual(self.union.verifications.get().method, "site")

    def test_merged_it_stays_verified_as_the_one_that_stays_was(self):
        for theirs, expected in ((None, "mail"), ("editors", "editors")):
            with self.subTest(theirs):
                gone = make_organisation(website="https://t.example/")
                into = make_organisation()
                verification.verify(gone, "mail", by=self.by)
                if theirs:
                    verification.verify(into, theirs, by=self.by)

                workflow.merge(gone, into, by=self.by)

                self.assertEqual([one.method for one in into.verifications.valid()], [expected])

    def test_without_a_website_nothing_is_said_of_one(self):
        nameless = make_organisation("Without a website")
        for method in ("mail", "site"):
            with self.subTest(method), self.assertRaises(verification.NoWebsite):
                verification.verify(nameless, method, by=self.by)

        self.assertFalse(nameless.verifications.exists())


class VerifyPageTests(TestCase):
    def setUp(self):
        self.client.force_login(get_user_model().objects.create_superuser("publisher"))
        self.union = make_organisation("Tenants", website="https://t.example/")
        self.address = f"/admin/statements/organisation/{self.union.pk}/verify/"

    def verify(self, **fields):
        fields = {"_verify": "", "method": "mail", "until": "2999-01-01"} | fields
        return self.client.post(self.address, fields, follow=True)

    def test_it_is_recorded_and_taken_back(self):
        form = self.client.get(f"/admin/statements/organisation/{self.union.pk}/change/")
        self.assertContains(form, self.address)
        self.assertContains(self.client.get(self.address), verification.mark_of(self.union))

        self.assertContains(self.verify(), "Verified.")
        self.assertTrue(self.union.verifications.valid().exists())
        response = self.client.post(self.address, {"_take_back": ""}, follow=True)

        self.assertContains(response, "It is no longer verified.")
        self.assertFalse(self.union.verifications.valid().exists())

    def test_what_is_missing_is_said_and_what_was_typed_stays(self):
        for fields, error in (
            ({"method": ""}, "This field is required."),
            ({"until": "2020-01-01"}, "Choose a day that is still to come."),
            ({"method": "vouched"}, "Two others are needed"),
        ):
            with self.subTest(fields):
                response = self.verify(**fields)
                self.assertContains(response, error)
                until = fields.get("until", "2999-01-01")
                self.assertContains(response, f'value="{until}"')
        self.assertFalse(Verification.objects.exists())

    def test_what_a_method_needs_is_said_before_and_after(self):
        self.assertNotContains(self.client.get(self.address), "proves nothing")
        with self.settings(FETCHING=True):
            Organisation.objects.update(website="http://t.example/")
            page = self.client.get(self.address)
            self.assertContains(page, "Over http the mark proves nothing")
            self.assertNotContains(page, "_check")
        Organisation.objects.update(website="")
        self.assertContains(self.client.get(self.address), "Its website is not known here.")

        response = self.verify()

        self.assertContains(response, "Its website is not known here: enter it first.")
        self.assertFalse(Verification.objects.exists())

    def test_the_table_says_which_is_in_force(self):
        self.verify()
        self.verify(method="editors")
        self.assertEqual(self.said(), ["in force", "replaced, or taken back"])
        Verification.objects.filter(is_current=True).update(until="2026-01-02")
        self.assertEqual(self.said(), ["run out", "replaced, or taken back"])
        self.assertContains(self.client.get(self.address), "it held until 2 January 2026")
        self.client.post(self.address, {"_take_back": ""})
        self.assertEqual(self.said(), ["replaced, or taken back"] * 2)

    def said(self):
        page = self.client.get(self.address).content.decode()
        rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", page)
        return [re.findall(r"<td>([^<]*)</td>", row)[-1] for row in rows]

    def test_it_is_in_the_history_of_the_organisation(self):
        self.verify()
        self.client.post(self.address, {"_take_back": ""})

        history = self.client.get(f"/admin/statements/organisation/{self.union.pk}/history/")

        self.assertContains(history, "Verified.")
        self.assertContains(history, "It is no longer verified.")

    def test_the_website_is_asked_by_a_button_where_the_operator_allows_it(self):
        self.assertNotContains(self.client.get(self.address), "_check")
        response = self.client.post(self.address, {"_check": ""}, follow=True)
        self.assertContains(response, "did not give an answer")

        with self.settings(FETCHING=True):
            self.assertContains(self.client.get(self.address), "_check")
            with mock.patch.object(fetching, "fetch", return_value=b"nothing"):
                response = self.client.post(self.address, {"_check": ""}, follow=True)

        self.assertContains(response, "The mark does not stand there.")
