"""Accounts of staff. Whoever gives rights has just shown who they are (R-AU5)."""

from __future__ import annotations

from allauth.account import admin as allauth_admin
from allauth.account.models import EmailAddress
from allauth.mfa import admin as mfa_admin
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from statements import erasures
from statements.account import workflow
from statements.admin.confirmed import Confirmed, ask_again
from statements.admin.hidden import Hidden

# Factors are looked after by their owners, and addresses are not used for signing in.
for unused in (EmailAddress, Authenticator, User, Group):
    admin.site.unregister(unused)
__all__ = ["AccountAdmin", "RoleAdmin", "allauth_admin", "mfa_admin"]


@admin.register(User)
class AccountAdmin(Confirmed, Hidden, auth_admin.UserAdmin):
    list_display = ("username", "is_active", "is_staff", "last_login")
    # One at a time, each after being asked.
    actions = None

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        if asked := ask_again(request):
            return asked
        # Its form can be refused with a redirect, too: whether it was taken, the account says.
        with transaction.atomic():
            before = admin.ModelAdmin.get_object(self, request, unquote(id))
            answer = super().user_change_password(request, id, form_url)
            rows = User.objects.filter(pk=before.pk).exclude(password=before.password)
            if account := rows.first():
                _password_changed(request, account)
        return answer

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        erasures.note(erasures.Kind.GONE, obj)
        super().delete_model(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple:
        """Only a superuser makes superusers, or gives rights past the roles."""
        own = () if request.user.is_superuser else ("is_superuser", "user_permissions")
        return (*super().get_readonly_fields(request, obj), *own)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (request.user.is_superuser or not (obj and obj.is_superuser))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (request.user.is_superuser or not (obj and obj.is_superuser))

    def save_model(
        self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool
    ) -> None:
        before = User.objects.filter(pk=obj.pk).first() if change else None
        form.rights_before = workflow.rights_of(before) if before else set()
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        workflow.rights_changed(form.instance, form.rights_before, by=request.user)


def _password_changed(request: HttpRequest, account: User) -> None:
    if account == request.user:
        here = request.session.session_key
        workflow.credentials_changed(account, "password_changed", keep_session=here)
    else:
        workflow.password_replaced(account, by=request.user)


@admin.register(Group)
class RoleAdmin(Confirmed, Hidden, auth_admin.GroupAdmin):
    actions = None
