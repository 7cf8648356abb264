"""Whether the time to be refused tells that there is an account of a name (R-WE9).

    DATABASE_URL=postgres://… python -m tests.bench.signing_in [tries]

Passwords are hashed as in use, in a database of its own that is thrown away. Each name is tried in
turn, each time from another network, so that neither is slowed down. It prints the medians, and by
how much they differ; the requirement is ten milliseconds.
"""

from __future__ import annotations

import os
import sys
from statistics import median
from time import perf_counter

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
KNOWN, UNKNOWN = "amina", "yasmin"
MOST_APART = 0.010


def main(tries: int) -> int:
    import django
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_test_environment

    from tests.account.test_sign_in import give_password, make_staff

    setup_test_environment()
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0)
    try:
        make_staff(KNOWN)
        took: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
        for number in range(tries + 1):
            for who, times in took.items():
                address = f"10.{number % 250}.{number // 250}.{len(who)}"
                begun = perf_counter()
                answer = give_password(Client(), "not it", name=who, REMOTE_ADDR=address)
                times.append(perf_counter() - begun)
                assert answer.status_code == 200, answer.status_code
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    # The first of each loads what the others find.
    known, unknown = (median(times[1:]) for times in took.values())
    print(f"{connection.vendor}, {tries} tries: known {known * 1000:.1f} ms,", end=" ")
    print(f"unknown {unknown * 1000:.1f} ms, apart {abs(known - unknown) * 1000:.1f} ms")
    return int(abs(known - unknown) > MOST_APART)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 50))
