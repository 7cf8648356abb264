"""Staff at work: signed in, in roles that the site makes, and no superusers."""

import time
from importlib import import_module

from allauth.account.internal.flows import login
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group, User
from django.test import TestCase

make_roles = import_module("statements.migrations.0003_roles_of_staff").make_roles


def make_staff(name, *roles, **fields):
    """An account in roles: "Editors", "Publishers", "Moderators", "Administrators", "Auditors"."""
    fields = {"password": "a long enough password", "is_staff": True} | fields
    user = User.objects.create_user(name, **fields)
    # Tests that empty the database take the roles with them.
    if not Group.objects.filter(name="Publishers").exists():
        make_roles(apps)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def make_editor(name="editor", **fields):
    """Somebody who writes, and publishes what they wrote."""
    return make_staff(name, "Publishers", **fields)


def confirm(client):
    """Whoever is signed in has just given their password."""
    session = client.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = session[SESSION_KEY]
    session.save()


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
