"""What happens to an account of staff: signing in, factors, roles, sessions."""

from __future__ import annotations

import time
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from statements import erasures, limits
from statements.auditing import workflow as auditing

# How often a password may be tried for one account from one network: at first quickly, then ever
# more slowly. Other networks, and passkeys, are not slowed by it.
SLOWING = ((5, 60), (10, 15 * 60), (20, 3600), (50, 24 * 3600))
# How often a network may try passwords, whatever the accounts.
BY_NETWORK = (100, 3600)
# Whoever tries codes knows the password already, so here the whole account counts.
CODES = ((5, 60), (15, 3600), (50, 24 * 3600))
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def slow_down_passwords(request: HttpRequest, name: str) -> None:
    """Count an attempt to give the password of an account. Raises ValidationError."""
    most, seconds = BY_NETWORK
    refuse(limits.hit_from("sign-in network", request, most=most, seconds=seconds))
    for most, seconds in SLOWING:
        scope, key = f"sign-in {seconds}", name.casefold()
        refuse(limits.hit_from(scope, request, key=key, most=most, seconds=seconds))


def slow_down_codes(user: User) -> None:
    for most, seconds in CODES:
        refuse(limits.hit(f"code {seconds}", str(user.pk), most=most, seconds=seconds))


def password_was_right(request: HttpRequest, name: str) -> None:
    for _most, seconds in SLOWING:
        limits.forget_from(f"sign-in {seconds}", request, key=name.casefold())


def code_was_right(user: User) -> None:
    for _most, seconds in CODES:
        limits.forget(f"code {seconds}", str(user.pk))


def is_new_code(user: User, code: str) -> bool:
    """Whether no process has taken this code yet; it is valid for a minute and a half at most."""
    return not limits.hit("code used", f"{user.pk} {code}", most=1, seconds=180)


def refuse(wait: int) -> None:
    """Say when to try again, if there is something to wait for."""
    if wait:
        minutes = -(-wait // 60)
        words = ngettext(
            "Too many attempts. Try again in %(minutes)d minute, or use a passkey.",
            "Too many attempts. Try again in %(minutes)d minutes, or use a passkey.",
            minutes,
        )
        raise ValidationError(words % {"minutes": minutes}, code="too_many_attempts")


def signed_in(user: User, how: str) -> None:
    auditing.record("sign-in", user, by=user, code=how)


def password_failed(name: str) -> None:
    """Nothing is recorded of names that no account has: people type passwords there."""
    if user := User.objects.filter(username__iexact=name).first():
        auditing.record("password-refused", user)


def factor_failed(user: User, kind: str) -> None:
    auditing.record("factor-refused", user, code=kind)


@transaction.atomic
def credentials_changed(user: User, what: str, *, keep_session: str | None) -> None:
    """A password or factor is another one: whoever is signed in elsewhere is signed out."""
    end_sessions(user, but=keep_session)
    erasures.note(erasures.Kind.CREDENTIALS, user)
    auditing.record("credentials-changed", user, by=user, code=what)


@transaction.atomic
def password_replaced(user: User, *, by: User | None = None) -> None:
    """Somebody else gave an account another password, or none: what opened it before may be in
    other hands."""
    end_sessions(user)
    erasures.note(erasures.Kind.CREDENTIALS, user)
    auditing.record("password-replaced", user, by=by)


def end_sessions(user: User, *, but: str | None = None) -> int:
    """Sign an account out everywhere, except in one session. Sessions of staff are few."""
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).exclude(pk=but):
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
            ended += 1
    return ended


@transaction.atomic
def reset_factors(user: User) -> int:
    """Take away all factors and recovery codes, for somebody who has lost them."""
    number, _rows = Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    erasures.note(erasures.Kind.CREDENTIALS, user)
    auditing.record("factors-reset", user)
    return number


def has_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def signed_in_lately(request: HttpRequest) -> bool:
    """Whether a password or factor was given in this session within five minutes."""
    records = get_authentication_records(request, request.user)
    lately = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    return bool(records) and records[-1]["at"] > lately


def has_shown_factor(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


def address_to_confirm(request: HttpRequest) -> str:
    """Where the password or factor is given again, and which leads back here."""
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    address = methods[0]["url"] if methods else reverse("account_login")
    return f"{address}?{urlencode({'next': request.get_full_path()})}"


def rights_of(user: User) -> set[str]:
    """The roles and flags of an account, in words of the audit log."""
    flags = {name for name in ("is_active", "is_staff", "is_superuser") if getattr(user, name)}
    single = user.user_permissions.values_list("codename", flat=True)
    return flags | set(user.groups.values_list("name", flat=True)) | set(single)


def rights_changed(user: User, before: set[str], *, by: User) -> None:
    """Record each right that was given or taken."""
    after = rights_of(user)
    for right in sorted(after - before):
        auditing.record("right-given", user, by=by, code=right[:80])
    for right in sorted(before - after):
        erasures.note(erasures.Kind.RIGHT, user, value=right)
        auditing.record("right-taken", user, by=by, code=right[:80])
