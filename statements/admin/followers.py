"""How many follow by e-mail, for administrators: numbers, and nobody's address."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.models import Follower, FollowRequest, Mailing, Rhythm
from statements.models.counting import MOST_COUNTED
from statements.newsletter import counting

KINDS = {
    "site": gettext_lazy("The whole site"),
    "organisation": gettext_lazy("Organisations"),
    "event": gettext_lazy("Events"),
    "demand": gettext_lazy("Demands"),
    "person": gettext_lazy("People"),
}
# So many unsettled mails are named; there is one for each time that a sender was stopped.
MOST_UNSETTLED = 50


class CountsFollowers(admin.ModelAdmin):
    """A page among those of the site's settings."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.followers_view)
        return [path("followers/", view, name="statements_followers"), *super().get_urls()]

    def on_first_page(self, request: HttpRequest) -> dict:
        if not self.has_view_permission(request):
            return {}
        unsettled = Mailing.objects.unsettled()[: MOST_COUNTED + 1].count()
        return {"may_count_followers": True, "unsettled_mails": unsettled}

    def followers_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        numbers = counting.followings()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Followers by e-mail"),
            "opts": self.opts,
            "followers": Follower.objects.count(),
            "requests": FollowRequest.objects.count(),
            "rhythms": Rhythm.labels,
            "rows": [(name, numbers[kind].values()) for kind, name in KINDS.items()],
            "by_language": counting.by_language(),
            "mails": [
                (Mailing.State(state).label, number) for state, number in counting.mails().items()
            ],
            "days": counting.LATELY.days,
            "unsettled": Mailing.objects.unsettled()[:MOST_UNSETTLED],
        }
        return TemplateResponse(request, "admin/statements/followers.html", context)
