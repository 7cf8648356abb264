"""Pages for readers, in every language of the interface."""

from django.urls import path

from statements.pages import demands, events, home, organisations, people, places, site, tags
from statements.pages import statements as texts

# <str:>, because addresses have letters of every script and <slug:> is ASCII.
app_name = "pages"
urlpatterns = [
    path("", home.home, name="home"),
    path("statements/", texts.statement_list, name="statement_list"),
    path("statements/<str:slug>/", texts.statement, name="statement"),
    path("statements/<str:slug>/versions/", texts.version_list, name="version_list"),
    path("statements/<str:slug>/versions/<int:number>/", texts.version, name="version"),
    path("events/", events.event_list, name="event_list"),
    path("events/<str:slug>/", events.event, name="event"),
    path("organisations/", organisations.organisation_list, name="organisation_list"),
    path("organisations/<str:slug>/", organisations.organisation, name="organisation"),
    path("demands/", demands.demand_list, name="demand_list"),
    path("demands/<str:slug>/", demands.demand, name="demand"),
    path("people/", people.person_list, name="person_list"),
    path("people/<str:slug>/", people.person, name="person"),
    path("tags/", tags.tag_list, name="tag_list"),
    path("tags/<str:slug>/", tags.tag, name="tag"),
    path("places/", places.place_list, name="place_list"),
    path("places/<str:code>/", places.place, name="place"),
    path("about/", site.about, name="about"),
    path("privacy/", site.privacy, name="privacy"),
]
