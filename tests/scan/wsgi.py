"""The site as gunicorn serves it, where each request comes from another network of documentation's
own (2001:db8::/32): limits by network are left as they are and hide no fault from a scanner."""

import itertools
import secrets
from collections.abc import Callable, Iterable

from solidarity.wsgi import application as site

_numbers = itertools.count(secrets.randbits(24) << 8)


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    number = next(_numbers) % 2**32
    environ["REMOTE_ADDR"] = f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}::1"
    return site(environ, start_response)
