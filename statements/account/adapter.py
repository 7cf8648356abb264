"""Where allauth asks the site: what is counted, recorded, sealed, and answered."""

from __future__ import annotations

import base64
import hashlib
import hmac

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.http import HttpRequest, HttpResponse

from statements.account import workflow

# What allauth calls a factor that has just been shown to work.
ADDED = {"totp_activated": "totp", "webauthn_added": "webauthn"}


class AccountBackend(AuthenticationBackend):
    def get_all_permissions(self, user_obj: User, obj: models.Model | None = None) -> set[str]:
        """What Django gives, in one query: it asks for the account's and its groups' apart."""
        is_known = obj is not None or user_obj.is_anonymous or hasattr(user_obj, "_perm_cache")
        if is_known or user_obj.is_superuser or not user_obj.is_active:
            return super().get_all_permissions(user_obj, obj)
        own, of_groups = (
            found.order_by().values_list("content_type__app_label", "codename")
            for found in (
                self._get_user_permissions(user_obj),
                self._get_group_permissions(user_obj),
            )
        )
        user_obj._perm_cache = {f"{app}.{name}" for app, name in own.union(of_groups)}
        return user_obj._perm_cache


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        workflow.slow_down_passwords(request, credentials.get("username", ""))

    def authenticate(self, request: HttpRequest, **credentials: str) -> User | None:
        user = super().authenticate(request, **credentials)
        if user:
            workflow.password_was_right(request, credentials.get("username", ""))
        return user

    def _rollback_login_failed_rl_usage(self) -> None:
        """Allauth's own counts, which are not used."""

    def authentication_failed(self, request: HttpRequest, **credentials: str) -> None:
        workflow.password_failed(credentials.get("username", ""))

    def post_login(self, request: HttpRequest, user: User, **details: object) -> HttpResponse:
        response = super().post_login(request, user, **details)
        records = get_authentication_records(request, user)
        workflow.signed_in(user, "+".join(one.get("type") or one["method"] for one in records))
        return response

    def is_reauthentication_required(self, *, app: str, **options: object) -> bool:
        """Whoever has signed in just now need not do it again."""
        return not workflow.signed_in_lately(context.request)

    def get_reauthentication_methods(self, user: User) -> list[dict]:
        """Factors first; allauth takes the first one that it is given."""
        methods = super().get_reauthentication_methods(user)
        return sorted(methods, key=lambda method: method["id"] == "reauthenticate")

    def send_notification_mail(
        self, template_prefix: str, user: User, *args: object, **options: object
    ) -> None:
        """Allauth calls this after each change of a password or factor. No mail is sent."""
        what = template_prefix.rpartition("/")[2]
        request = self.request or context.request
        request.session.cycle_key()
        if what in ADDED:
            record_authentication(request, user, "mfa", type=ADDED[what])
        request.session.save()
        workflow.credentials_changed(user, what, keep_session=request.session.session_key)


class FactorAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps and recovery codes are sealed with a key of the settings."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: User) -> str:
        return user.get_username()


def _box() -> Fernet:
    key = hmac.new(settings.SECRET_KEY.encode(), b"statements seal", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))
