"""The form to sign in tells nobody whether there is an account of a name (R-WE9)."""

import re
import time

from django.test import Client, TestCase, override_settings

from tests.account.test_sign_in import give_password, make_staff

ARGON = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
TRIES = 8


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

    def test_the_answer_takes_the_same_time_whether_there_is_an_account_or_not(self):
        taken = {"amina": [], "yasmin": []}
        for number in range(TRIES):
            for name, times in taken.items():
                start = time.process_time()
                self.refused(name, number)
                times.append(time.process_time() - start)

        # The fastest of each: whatever else the machine does can only add to it.
        known, unknown = (min(times) for times in taken.values())
        self.assertLess(abs(known - unknown), 0.01, taken)
