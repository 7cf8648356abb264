"""The admin site: its name and its groups of nouns."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext

# The start page in the order of work. A noun that is not named here comes under "Further".
GROUPS = (
    ("moderate", _("What strangers send"), ("Submission", "DeclineReason")),
    ("publish", _("Statements"), ("Statement", "Text", "ReleaseSet", "Tag")),
    ("link", _("What they are about"), ("Event", "Demand", "Person", "Place")),
    ("origin", _("Who speaks, to whom, and where from"), ("Organisation", "Addressee", "Source")),
    (
        "site",
        _("The site and its staff"),
        ("SiteSettings", "User", "Group", "AuditEntry", "DBTaskResult"),
    ),
)
# Nouns whose rows are counted under another name than that of the whole.
NAMES = {"AuditEntry": _("Audit log")}
# What another package calls its nouns, for our catalogues: it has none of its own.
gettext_noop("Task Result")
gettext_noop("Task Results")


class EditorsAdmin(AdminConfig):
    """Put in INSTALLED_APPS in place of django.contrib.admin."""

    default_site = "solidarity.admin.EditorsSite"


class EditorsSite(AdminSite):
    site_title = _("Editors")
    index_title = _("What would you like to work on?")
    index_template = "admin/desk.html"
    empty_value_display = "—"

    def get_urls(self) -> list:
        """Without the address that leads any member of staff to any record, drafts too."""
        return [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The site has one page to sign in, in front of the admin and of nothing else."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        target = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}")

    def password_change(
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The nouns, and before them what a noun's own admin wants to be seen first."""
        context = dict(extra_context or {})
        for noun in self._registry.values():
            if hasattr(noun, "on_first_page"):
                context |= noun.on_first_page(request)
        return super().index(request, context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """Nouns in the order of work instead of by application; one application as it is."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        entries = {
            entry["object_name"]: entry | {"name": NAMES.get(entry["object_name"], entry["name"])}
            for app in apps
            for entry in app["models"]
        }
        groups = [
            group(label, name, [entries.pop(noun) for noun in nouns if noun in entries])
            for label, name, nouns in GROUPS
        ]
        further = pgettext("nouns of the admin", "Further")
        groups.append(group("further", further, list(entries.values())))
        return [one for one in groups if one["models"]]


def group(label: str, name: object, entries: list[dict]) -> dict:
    return {"name": name, "app_label": label, "has_module_perms": True, "models": entries}
