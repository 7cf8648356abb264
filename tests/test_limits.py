"""Limits: how they count, whom they count, and what of it is kept (R-SP3, R-SP4)."""

import subprocess
import sys
import threading
from datetime import timedelta

from django.db import connection, connections
from django.test import RequestFactory, TestCase, TransactionTestCase, override_settings
from django.utils import timezone

from statements import limits
from statements.models import Limit


def hits(number, scope="sign", key="192.0.2.0/24", most=3, seconds=60):
    return [limits.hit(scope, key, most=most, seconds=seconds) for _ in range(number)]


def later(**span):
    """As if time had passed."""
    for limit in Limit.objects.all():
        limit.ends_at -= timedelta(**span)
        limit.save()


class HitTests(TestCase):
    def test_what_is_too_many_waits_for_the_window_to_end(self):
        self.assertEqual(hits(5), [0, 0, 0, 60, 60])
        later(seconds=50)
        self.assertEqual(hits(1), [10])
        later(seconds=10)
        self.assertEqual(hits(4), [0, 0, 0, 60])

    def test_each_key_and_each_scope_counts_for_itself(self):
        hits(3)

        self.assertEqual(hits(1, key="198.51.100.0/24"), [0])
        self.assertEqual(hits(1, scope="submit"), [0])

    def test_a_count_can_start_over(self):
        hits(3)
        limits.forget("sign", "192.0.2.0/24")

        self.assertEqual(hits(1), [0])

    def test_counts_that_are_over_are_cleared_away(self):
        for number in range(3):
            hits(1, key=str(number))
        later(minutes=2)
        hits(1, key="new")

        self.assertEqual(Limit.objects.count(), 1)

    def test_the_table_names_nobody(self):
        hits(1, key="192.0.2.0/24")

        (limit,) = Limit.objects.values_list("key", "count")
        self.assertRegex(limit[0], r"\A[0-9a-f]{64}\Z")


class RaceTests(TransactionTestCase):
    def test_several_at_once_get_no_more_than_the_limit(self):
        if connection.vendor == "sqlite" and connection.is_in_memory_db():
            self.skipTest("a database in memory has one connection")
        answers = []

        def try_it():
            try:
                answers.extend(hits(5, most=10))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=try_it) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        self.assertEqual(len(answers), 30)
        self.assertEqual(answers.count(0), 10)


class SaltTests(TestCase):
    def test_the_salt_is_a_file_for_its_owner_alone_and_shared_by_processes(self):
        today = timezone.now().date()
        path = limits._salt_file(today)
        path.unlink(missing_ok=True)
        limits._salt.cache_clear()
        code = (
            "import django; django.setup(); from statements import limits;"
            "from django.utils import timezone; print(limits._salt(timezone.now().date()))"
        )

        salt = limits._salt(today)
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertEqual((other.stdout.strip(), len(salt)), (salt, 64))

    def test_the_next_day_has_another_salt_and_the_last_one_is_gone(self):
        day = timezone.now().date() + timedelta(days=500)
        salt = limits._salt(day)
        next_day = limits._salt(day + timedelta(days=1))
        self.addCleanup(limits._salt_file(day + timedelta(days=1)).unlink)

        self.assertNotEqual(next_day, salt)
        self.assertFalse(limits._salt_file(day).exists())

    def test_whoever_was_second_takes_what_is_there(self):
        path = limits._salt_file(timezone.now().date() + timedelta(days=400))
        self.addCleanup(path.unlink)
        limits._place(path, "first")
        limits._place(path, "second")

        self.assertEqual(path.read_text(), "first")


def request(remote="203.0.113.9", forwarded=None):
    return RequestFactory().get(
        "/", REMOTE_ADDR=remote, headers={"x-forwarded-for": forwarded} if forwarded else {}
    )


class AddressTests(TestCase):
    def test_without_a_trusted_proxy_only_the_socket_counts(self):
        self.assertEqual(limits.address(request(forwarded="192.0.2.1")), "203.0.113.9")

    def test_of_what_proxies_say_only_the_trusted_ones_count(self):
        spoofed = request("127.0.0.1", "192.0.2.66, 192.0.2.77, 198.51.100.7, 10.0.0.2")
        for hops, expected in ((1, "10.0.0.2"), (2, "198.51.100.7"), (5, "")):
            with self.subTest(hops), override_settings(TRUSTED_PROXY_COUNT=hops):
                self.assertEqual(limits.address(spoofed), expected)

    def test_what_is_no_address_is_unknown(self):
        with override_settings(TRUSTED_PROXY_COUNT=1):
            for said in (None, "unknown", "<script>", "1.2.3.4:99"):
                with self.subTest(said):
                    self.assertEqual(limits.networks(request(forwarded=said)), ["unknown"])

    def test_an_address_is_of_one_network_and_a_wider_one(self):
        for remote, expected in (
            ("203.0.113.9", ["203.0.113.9/32", "203.0.113.0/24"]),
            ("::ffff:203.0.113.9", ["203.0.113.9/32", "203.0.113.0/24"]),
            ("2001:db8:1:2:3::4", ["2001:db8:1:2::/64", "2001:db8:1::/48"]),
            ("fe80::1%eth0", ["fe80::/64", "fe80::/48"]),
            ("", ["unknown"]),
        ):
            with self.subTest(remote):
                self.assertEqual(limits.networks(request(remote)), expected)


class NetworkTests(TestCase):
    def hits_from(self, *addresses, key=""):
        return [
            limits.hit_from("sign", request(one), most=3, seconds=60, key=key) for one in addresses
        ]

    def test_one_subscriber_has_as_many_as_the_limit_and_neighbours_have_their_own(self):
        for mine, again, neighbour in (
            ("203.0.113.9", "203.0.113.9", "203.0.113.10"),
            ("2001:db8:1:2::3", "2001:db8:1:2:ffff::9", "2001:db8:1:3::3"),
        ):
            with self.subTest(mine):
                self.assertEqual(self.hits_from(mine, again, mine, again), [0, 0, 0, 60])
                self.assertEqual(self.hits_from(neighbour), [0])

    def test_a_wider_network_has_four_times_as_many(self):
        for number, (inside, outside) in enumerate(
            (
                ([f"203.0.113.{n}" for n in range(14)], "198.51.100.1"),
                ([f"2001:db8:1:{n:x}::3" for n in range(14)], "2001:db8:2::3"),
            )
        ):
            with self.subTest(outside):
                found = self.hits_from(*inside, key=str(number))

                self.assertEqual(found, [0] * 12 + [60, 60])
                self.assertEqual(self.hits_from(outside, key=str(number)), [0])

    def test_what_one_was_refused_is_not_taken_from_the_neighbours(self):
        self.hits_from(*["203.0.113.9"] * 50)

        self.assertEqual(self.hits_from(*["203.0.113.10", "203.0.113.11"] * 3), [0] * 6)

    def test_both_counts_can_start_over(self):
        self.hits_from(*[f"203.0.113.{n}" for n in range(13)], key="amina")
        limits.forget_from("sign", request("203.0.113.9"), key="amina")

        self.assertEqual(self.hits_from("203.0.113.9", key="amina"), [0])
