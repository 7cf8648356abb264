import re
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, TestCase

# What is asked here is the same on any database.
pytestmark = pytest.mark.once


class ErrorPageTests(TestCase):
    def test_an_address_without_a_page_leads_on(self):
        response = self.client.get("/de/nothing/")

        self.assertContains(response, "Unter dieser Adresse gibt es keine Seite", status_code=404)
        self.assertContains(response, 'href="/de/statements/"', status_code=404)
        self.assertNotContains(response, "canonical", status_code=404)

    def test_an_address_without_a_page_leads_to_no_other_site(self):
        for path in ("//evil.example/", "/de//evil.example/", "/ar///evil.example/?a=b"):
            with self.subTest(path):
                path, _mark, query = path.partition("?")
                # As a path, since the client would take its beginning for a host.
                response = self.client.get(f"/?{query}", PATH_INFO=path)

                self.assertContains(response, "evil.example", status_code=404)
                links = re.findall(r'href="([^"]*)"', response.content.decode())
                self.assertEqual([one for one in links if one.startswith("//")], [])

    def test_a_form_that_came_without_its_token_is_explained(self):
        client = Client(enforce_csrf_checks=True)

        response = client.post("/ar/account/sign-in/", {"login": "x"})

        self.assertContains(response, "لم يُرسل النموذج", status_code=403)
        self.assertContains(response, '<html lang="ar" dir="rtl">', status_code=403)

    def test_what_is_not_allowed_says_so(self):
        with mock.patch("statements.pages.site.render", side_effect=PermissionDenied):
            response = self.client.get("/about/")

        self.assertContains(response, "This is not open to you", status_code=403)

    def test_a_failure_is_told_without_asking_the_database(self):
        self.client.raise_request_exception = False
        with (
            mock.patch("statements.pages.site.render", side_effect=ValueError("secret")),
            self.assertLogs("django.request", "ERROR"),
            self.assertNumQueries(0),
        ):
            response = self.client.get("/about/")

        self.assertContains(response, "Something went wrong on our side", status_code=500)
        self.assertContains(response, "/static/css/site.css", status_code=500)
        self.assertNotContains(response, "secret", status_code=500)
