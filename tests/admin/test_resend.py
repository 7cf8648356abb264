"""A form of the admin whose token is no longer valid (R-WE1)."""

from html.parser import HTMLParser

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase
from taggit.models import Tag

from tests.admin.signed_in import make_editor

ADD = "/admin/taggit/tag/add/"
OWN = "http://testserver"
TYPED = 'Rent & <b>"strikes"</b>'


class Hidden(HTMLParser):
    """The hidden fields of a page's last form, as a browser posts them."""

    def __init__(self, response):
        super().__init__()
        self.fields = {}
        self.feed(response.content.decode())

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "form":
            self.fields = {}
        if tag == "input" and found.get("type") == "hidden":
            self.fields.setdefault(found["name"], []).append(found["value"])


class ResendTests(TestCase):
    def setUp(self):
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(make_editor())

    def post(self, address=ADD, origin=OWN, **data):
        return self.client.post(address, data, headers={"origin": origin} if origin else {})

    def test_what_was_typed_is_held_and_sent_again_with_a_valid_token(self):
        refused = self.post(ADD + "?a=1", name=TYPED, other=["one", "two"], _save="1")

        self.assertContains(refused, "nothing that you typed is lost", status_code=403)
        self.assertContains(refused, f'action="{ADD}?a=1"', status_code=403)
        self.assertEqual(refused["Cache-Control"], "no-store")
        held = Hidden(refused).fields
        token = held.pop("csrfmiddlewaretoken")
        self.assertEqual(held, {"name": [TYPED], "other": ["one", "two"], "_save": ["1"]})
        self.assertNotContains(refused, "<b>", status_code=403)

        again = self.post(csrfmiddlewaretoken=token, **held)

        self.assertEqual(again.status_code, 302)
        self.assertEqual(Tag.objects.get().name, TYPED)

    def test_files_are_named_and_not_held(self):
        upload = SimpleUploadedFile("<i>gate.png", b"secret bytes")

        refused = self.post(name="x", file=upload)

        self.assertContains(refused, "&lt;i&gt;gate.png", status_code=403)
        self.assertNotContains(refused, "secret bytes", status_code=403)

    def test_who_is_signed_out_is_told_to_sign_in_first(self):
        self.client.logout()

        refused = self.post(name=TYPED)

        self.assertContains(refused, "Sign in in another tab", status_code=403)
        self.assertEqual(Hidden(refused).fields["name"], [TYPED])

    def test_what_another_site_sent_is_not_held(self):
        for origin in ("https://evil.example", "http://testserver.evil.example", "null", ""):
            with self.subTest(origin):
                refused = self.post(origin=origin, name=TYPED)

                self.assertTemplateUsed(refused, "403_csrf.html")
                self.assertNotContains(refused, "strikes", status_code=403)

    def test_passwords_are_not_held(self):
        for address, name in (
            ("/admin/login/", "password"),
            ("/admin/password_change/", "new_password1"),
            (ADD, "password"),
        ):
            with self.subTest(address):
                refused = self.post(address, username="amina", **{name: "three blind mice"})

                self.assertTemplateUsed(refused, "403_csrf.html")
                self.assertNotContains(refused, "three blind mice", status_code=403)
                self.assertNotContains(refused, "amina", status_code=403)

    def test_elsewhere_the_form_is_explained_and_not_held(self):
        refused = self.post("/nothing/", name=TYPED)

        self.assertNotContains(refused, "strikes", status_code=refused.status_code)
