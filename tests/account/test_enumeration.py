"""The form to sign in tells nobody whether there is an account of a name (R-WE9)."""

import re
from unittest.mock import patch

import pytest
from argon2 import extract_parameters
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client, TestCase, override_settings

from tests.account.test_sign_in import give_password, make_staff

# What is asked here is the same on any database.
pytestmark = pytest.mark.once

ARGON = ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def shown(response, name):
    """What the page shows beside the form's own token and the name that was typed."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())
    return page.replace(name, "NAME")


def lasting(response):
    return {
        name: value for name, value in response.items() if name not in ("Content-Length", "Expires")
    }


@override_settings(PASSWORD_HASHERS=ARGON)
class SignInTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = make_staff("amina")

    def refused(self, name, number):
        """Each try from another network: none of them is slowed down."""
        address = f"10.{number}.{len(name)}.1"
        return give_password(Client(), f"wrong {number}", name=name, REMOTE_ADDR=address)

    def test_the_answer_is_the_same_whether_there_is_an_account_or_not(self):
        known, unknown = self.refused("amina", 1), self.refused("yasmin", 1)

        self.assertContains(known, "The username and/or password you specified are not correct.")
        self.assertEqual(shown(known, "amina"), shown(unknown, "yasmin"))
        self.assertEqual(lasting(known), lasting(unknown))

    def test_as_much_is_computed_whether_there_is_an_account_or_not(self):
        """One hash of the same cost: beside it nothing takes time that could be told apart."""
        self.assertEqual(self.computed("amina"), self.computed("yasmin"))

    def computed(self, name):
        """The passwords that are hashed, each with the parameters of the hash."""
        hasher, costs = Argon2PasswordHasher, []

        def encode(self, password, salt):
            costs.append(self.params())
            return original_encode(self, password, salt)

        def verify(self, password, encoded):
            costs.append(extract_parameters("$" + encoded.split("$", 1)[1]))
            return original_verify(self, password, encoded)

        original_encode, original_verify = hasher.encode, hasher.verify
        with patch.object(hasher, "encode", encode), patch.object(hasher, "verify", verify):
            self.refused(name, 2)
        self.assertEqual(len(costs), 1)
        return [(one.time_cost, one.memory_cost, one.parallelism) for one in costs]
