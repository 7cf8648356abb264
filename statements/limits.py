"""Limits on what can be tried too often: forms that strangers send, and passwords.

    wait = limits.hit_from("submit", request, most=5, seconds=3600)
    if wait:
        ...  # 429 with Retry-After: wait

All processes count in the database. Nobody can read there who it was: keys are digests under a
random salt that lies in memory only, changes every day (UTC), and is in no backup.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from datetime import date, timedelta
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from statements.models import Limit

# Counters whose window is over go as new ones come, so the table stays small by itself.
CLEARED_AT_ONCE = 100
# What one subscriber has of the two kinds of addresses, and a network around it, of which whoever
# rents a server may hold all: 65,536 of the small ones. Together they may do several times as much.
NETWORKS = {4: (32, 24), 6: (64, 48)}
WIDER = 4
# It is memory; the file there is for its owner alone.
MEMORY = Path("/dev/shm")  # noqa: S108


def hit(scope: str, key: str, *, most: int, seconds: int) -> int:
    """Count one more; the answer is 0, or in how many seconds to try again when it is too many.

    What is refused is not counted, so nobody prolongs a wait by trying on. The count is part of
    the caller's transaction: hit before it begins, where a failure must count too.
    """
    name, now = _name(scope, key), timezone.now()
    with transaction.atomic():
        _clear(now)
        fresh = Limit(key=name, ends_at=now + timedelta(seconds=seconds))
        Limit.objects.bulk_create([fresh], ignore_conflicts=True)
        limit = Limit.objects.select_for_update().get(key=name)
        if limit.ends_at <= now:
            limit.count, limit.ends_at = 0, fresh.ends_at
        if limit.count >= most:
            return max(1, round((limit.ends_at - now).total_seconds()))
        limit.count += 1
        limit.save()
    return 0


def forget(scope: str, key: str) -> None:
    """Start this count over."""
    Limit.objects.filter(key=_name(scope, key)).delete()


def hit_from(scope: str, request: HttpRequest, *, most: int, seconds: int, key: str = "") -> int:
    """Count one more from where a request comes, and from the wider network around it.

    The answer is that of `hit`. `key` is what the count is about beside the network.
    """
    for network, times in zip(networks(request), (1, WIDER), strict=False):
        wait = hit(scope, f"{key} {network}", most=most * times, seconds=seconds)
        if wait:
            # The neighbours are not to pay for what was refused.
            return wait
    return 0


def is_full(scope: str, request: HttpRequest, *, most: int) -> bool:
    """Whether one more from where a request comes would be too many; counts nothing."""
    keys = [_name(scope, f" {network}") for network in networks(request)]
    found = Limit.objects.filter(key__in=keys, ends_at__gt=timezone.now())
    counts = dict(found.values_list("key", "count"))
    return any(
        counts.get(key, 0) >= most * times for key, times in zip(keys, (1, WIDER), strict=False)
    )


def forget_from(scope: str, request: HttpRequest, key: str = "") -> None:
    """Start these counts over: the password was right after all."""
    for network in networks(request):
        forget(scope, f"{key} {network}")


def _clear(now: timezone.datetime) -> None:
    over = Limit.objects.filter(ends_at__lte=now).select_for_update(skip_locked=True)
    Limit.objects.filter(pk__in=list(over.values_list("pk", flat=True)[:CLEARED_AT_ONCE])).delete()


def address(request: HttpRequest) -> str:
    """The visitor's address: the socket's, or what the outermost trusted proxy saw; "" if unknown.

    Whatever else X-Forwarded-For says was written by the visitor.
    """
    hops = settings.TRUSTED_PROXY_COUNT
    found = request.META.get("REMOTE_ADDR", "")
    if hops:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        found = forwarded[-hops].strip() if len(forwarded) >= hops else ""
    try:
        known = ip_address(found.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(known, "ipv4_mapped", None) or known)


def networks(request: HttpRequest) -> list[str]:
    """The network that the visitor's address is of, and the wider one around that.

    Those whose address is not known share one. Use them as keys and keep them nowhere.
    """
    known = address(request)
    if not known:
        return ["unknown"]
    lengths = NETWORKS[ip_address(known).version]
    return [str(ip_network(f"{known}/{length}", strict=False)) for length in lengths]


def _name(scope: str, key: str) -> str:
    today = timezone.now().date()
    return salted_hmac(f"limits {_salt(today)}", f"{scope} {key}", algorithm="sha256").hexdigest()


@cache
def _salt(day: date) -> str:
    """The random salt of a day, the same for all processes of this machine."""
    _salt_file(day - timedelta(days=1)).unlink(missing_ok=True)
    path = _salt_file(day)
    if not path.exists():
        _place(path, secrets.token_hex(32))
    return path.read_text()


def _place(path: Path, text: str) -> None:
    """Put a whole file there, unless another process was first."""
    handle, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()


def _salt_file(day: date) -> Path:
    """Its name cannot be guessed by others on this machine."""
    name = salted_hmac("limits file", day.isoformat(), algorithm="sha256").hexdigest()[:24]
    return (MEMORY if MEMORY.is_dir() else Path(tempfile.gettempdir())) / f"statements-{name}"
