"""An editor at work: signed in, in the group that the site makes, and no superuser."""

from django.contrib.auth.models import Group, User
from django.test import TestCase


def make_editor(name="editor", **fields):
    user = User.objects.create_user(name, password="a long enough password", **fields)
    user.is_staff = True
    user.save()
    user.groups.add(Group.objects.get(name="Editors"))
    return user


def rows(prefix, *rows, initial=0):
    """The posted fields of an inline."""
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


class EditorTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.editor = make_editor()

    def setUp(self):
        self.client.force_login(self.editor)

    def assert_saved(self, response):
        form = (response.context or {}).get("adminform") if response.status_code == 200 else None
        errors = [form.form.errors, *response.context["errors"]] if form else response.status_code
        self.assertEqual(response.status_code, 302, errors)
