"""Allauth's forms with the site's limits, and what they record."""

from __future__ import annotations

from allauth.account.forms import ChangePasswordForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from statements.account import workflow


class SlowCodes:
    """A code counts as an attempt, and none is taken twice, whichever process took it."""

    def clean_code(self) -> str:
        workflow.slow_down_codes(self.user)
        code = super().clean_code()
        if not workflow.is_new_code(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        workflow.code_was_right(self.user)
        return code

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        workflow.factor_failed(self.user, authenticator.type)


class CodeForm(SlowCodes, AuthenticateForm):
    """The code after the password."""


class ConfirmCodeForm(SlowCodes, ReauthenticateForm):
    """The code before something that cannot be undone."""


class PasskeyForm(AddWebAuthnForm):
    """A new passkey signs in alone, unless one wants it for the second step only."""

    name = forms.CharField(label=_("What you call it"), required=False, max_length=80)
    passwordless = forms.BooleanField(
        label=_("It signs in without a password"), required=False, initial=True
    )


class PasswordForm(ChangePasswordForm):
    def clean_oldpassword(self) -> str:
        name = self.user.get_username()
        workflow.slow_down_passwords(context.request, name)
        password = super().clean_oldpassword()
        workflow.password_was_right(context.request, name)
        return password
