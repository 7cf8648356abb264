"""Feeds: one address for each format, no language. A follower asks at the same one for ever."""

from django.urls import register_converter

from statements.feeds import views
from statements.feeds.formats import FORMATS
from statements.models import FormerSlug
from statements.pages.addresses import follows_former
from statements.pages.routes import page

Noun = FormerSlug.Noun


class Format:
    regex = "|".join(FORMATS)

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


register_converter(Format, "format")

organisation = follows_former(Noun.ORGANISATION)(views.organisation)
event = follows_former(Noun.EVENT)(views.event)
demand = follows_former(Noun.DEMAND)(views.demand)
person = follows_former(Noun.PERSON)(views.person)

app_name = "feeds"
urlpatterns = [
    page("feeds/statements.<format:format>", views.statements, name="statements"),
    page("feeds/corrections.<format:format>", views.correction_list, name="corrections"),
    page("feeds/organisations/<str:slug>.<format:format>", organisation, name="organisation"),
    page("feeds/events/<str:slug>.<format:format>", event, name="event"),
    page("feeds/tags/<str:slug>.<format:format>", views.tag, name="tag"),
    page("feeds/places/<str:code>.<format:format>", views.place, name="place"),
    page("feeds/languages/<str:tag>.<format:format>", views.language, name="language"),
    page("feeds/demands/<str:slug>.<format:format>", demand, name="demand"),
    page("feeds/people/<str:slug>.<format:format>", person, name="person"),
]
