"""The pages on which staff sign in and look after their account.

They are allauth's, without those that a site has no use for whose accounts are made by
administrators: signing up, e-mail addresses, passwords by mail.
"""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

from solidarity.csp import NONE, PUBLIC, SELF, csp_override
from statements.account import views

# The QR code is a picture in the page.
with_picture = csp_override(PUBLIC | {"img-src": [SELF, "data:"], "frame-src": [NONE]})

urlpatterns = [
    path("", factors.index, name="mfa_index"),
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/code/", factors.authenticate, name="mfa_authenticate"),
    path(
        "sign-in/passkey/", views.not_too_often(passkeys.login_webauthn), name="mfa_login_webauthn"
    ),
    path("sign-out/", views.leaves_nothing(account.logout), name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("confirm/code/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("confirm/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/first/", account.password_set, name="account_set_password"),
    path("sessions/end/", views.end_other_sessions, name="end_other_sessions"),
    path("app/", with_picture(app.activate_totp), name="mfa_activate_totp"),
    path("app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
]
