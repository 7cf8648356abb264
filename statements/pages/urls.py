"""Pages for readers, in every language of the interface."""

from statements.pages import (
    corrections,
    demands,
    event,
    events,
    home,
    organisations,
    people,
    places,
    search,
    site,
    tags,
    transparency,
    versions,
    years,
)
from statements.pages import statement_list as lists
from statements.pages import statements as texts
from statements.pages.routes import page

# <str:>, because addresses have letters of every script and <slug:> is ASCII.
app_name = "pages"
urlpatterns = [
    page("", home.home, name="home"),
    page("statements/", lists.statement_list, name="statement_list"),
    page("statements/<str:slug>/", texts.statement, name="statement"),
    page("statements/<str:slug>/versions/", versions.version_list, name="version_list"),
    page("statements/<str:slug>/versions/<int:number>/", versions.version, name="version"),
    page("events/", events.event_list, name="event_list"),
    page("events/<str:slug>/", event.event, name="event"),
    page("events/<str:slug>/comparison/", event.event_comparison, name="event_comparison"),
    page("events/<str:slug>/timeline/", event.event_timeline, name="event_timeline"),
    page("events/<str:slug>/coverage/", event.event_coverage, name="event_coverage"),
    page("organisations/", organisations.organisation_list, name="organisation_list"),
    page("organisations/<str:slug>/", organisations.organisation, name="organisation"),
    page("demands/", demands.demand_list, name="demand_list"),
    page("demands/<str:slug>/", demands.demand, name="demand"),
    page("demands/<str:slug>/act/", demands.act, name="act"),
    page("people/", people.person_list, name="person_list"),
    page("people/<str:slug>/", people.person, name="person"),
    page("tags/", tags.tag_list, name="tag_list"),
    page("tags/<str:slug>/", tags.tag, name="tag"),
    page("places/", places.place_list, name="place_list"),
    page("places/<str:code>/", places.place, name="place"),
    page("search/", search.search, name="search"),
    page("corrections/", corrections.correction_list, name="correction_list"),
    page("transparency/", transparency.transparency, name="transparency"),
    page("years/", years.years, name="years"),
    page("about/", site.about, name="about"),
    page("privacy/", site.privacy, name="privacy"),
]
