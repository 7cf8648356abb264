"""Every route of the site, read from the URL configuration, and an example address of each.

A new route that is not in these tables fails the tests that walk them.
"""

from collections.abc import Iterator
from datetime import date

from django.urls import URLResolver, get_resolver
from django.utils import translation

from statements.data import dumping
from statements.dates import PartialDate
from statements.models import Statement
from statements.publishing import standing
from tests.factories import (
    make_attachment,
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_place,
    make_text,
)

# The number of a statement that was withdrawn; no other has it.
TAKEN_BACK = 10**9
# Pages for readers, in every language of the interface: route, and its address in the example.
PAGES = {
    "": "/",
    "statements/": "/statements/",
    "statements/<str:slug>/": "/statements/no-evictions/",
    "statements/<str:slug>/republish/": "/statements/no-evictions/republish/",
    "statements/<str:slug>/versions/": "/statements/no-evictions/versions/",
    "statements/<str:slug>/versions/<int:number>/": "/statements/no-evictions/versions/1/",
    "events/": "/events/",
    "events/<str:slug>/": "/events/rent-strike/",
    "events/<str:slug>/comparison/": "/events/rent-strike/comparison/",
    "events/<str:slug>/timeline/": "/events/rent-strike/timeline/",
    "events/<str:slug>/coverage/": "/events/rent-strike/coverage/",
    "organisations/": "/organisations/",
    "organisations/<str:slug>/": "/organisations/tenants/",
    "demands/": "/demands/",
    "demands/<str:slug>/": "/demands/lower-rents/",
    "demands/<str:slug>/act/": "/demands/lower-rents/act/",
    "people/": "/people/",
    "people/<str:slug>/": "/people/amina/",
    "tags/": "/tags/",
    "tags/<str:slug>/": "/tags/housing/",
    "places/": "/places/",
    "places/<str:code>/": "/places/FR/",
    "search/": "/search/?q=evictions",
    "verify/": "/verify/",
    "corrections/": "/corrections/",
    "transparency/": "/transparency/",
    "years/": "/years/",
    "about/": "/about/",
    "privacy/": "/privacy/",
    "api/v1/": "/api/v1/",
    "data/": "/data/",
}
# Pages with forms, and private ones: in every language, with a cookie, kept by nobody.
FORMS = {
    "submit/": "/submit/",
    "submit/<handle:handle>/<step:step>/": "/submit/abcdefghijkm/sender/",
    "submissions/<token:token>/": f"/submissions/{'a' * 43}/",
    "submissions/<handle:handle>/": "/submissions/abcdefghijkm/",
    "submissions/<handle:handle>/sent/": "/submissions/abcdefghijkm/sent/",
    "submissions/<handle:handle>/correct/": "/submissions/abcdefghijkm/correct/",
    "submissions/<handle:handle>/proposal/": "/submissions/abcdefghijkm/proposal/",
    "submissions/<handle:handle>/withdraw/": "/submissions/abcdefghijkm/withdraw/",
    "follow/": "/follow/",
    "follow/organisations/<str:slug>/": "/follow/organisations/tenants/",
    "follow/events/<str:slug>/": "/follow/events/rent-strike/",
    "follow/demands/<str:slug>/": "/follow/demands/lower-rents/",
    "follow/people/<str:slug>/": "/follow/people/amina/",
    "follow/sent/": "/follow/sent/",
    "follow/confirm/<token:token>/": f"/follow/confirm/{'a' * 43}/",
    "follow/confirm/<handle:handle>/": "/follow/confirm/abcdefghijkm/",
    "follow/mine/<token:token>/": f"/follow/mine/{'a' * 43}/",
    "follow/mine/<handle:handle>/": "/follow/mine/abcdefghijkm/",
    "follow/mine/<handle:handle>/leave/": "/follow/mine/abcdefghijkm/leave/",
    "follow/leave/<token:token>/": f"/follow/leave/{'a' * 43}/",
    "follow/left/": "/follow/left/",
}
# Where staff sign in and look after their account: in every language, kept and found by nobody.
ACCOUNT = {
    "account/": "/account/",
    "account/sign-in/": "/account/sign-in/",
    "account/sign-in/code/": "/account/sign-in/code/",
    "account/sign-in/passkey/": "/account/sign-in/passkey/",
    "account/sign-out/": "/account/sign-out/",
    "account/inactive/": "/account/inactive/",
    "account/confirm/": "/account/confirm/",
    "account/confirm/code/": "/account/confirm/code/",
    "account/confirm/passkey/": "/account/confirm/passkey/",
    "account/password/": "/account/password/",
    "account/password/first/": "/account/password/first/",
    "account/sessions/end/": "/account/sessions/end/",
    "account/app/": "/account/app/",
    "account/app/remove/": "/account/app/remove/",
    "account/codes/": "/account/codes/",
    "account/codes/new/": "/account/codes/new/",
    "account/passkeys/": "/account/passkeys/",
    "account/passkeys/add/": "/account/passkeys/add/",
    "account/passkeys/<int:pk>/": "/account/passkeys/1/",
    "account/passkeys/<int:pk>/remove/": "/account/passkeys/1/remove/",
}
# What other sites show in a frame: in every language.
CARDS = {"statements/<str:slug>/card/": "/statements/no-evictions/card/"}
# Files in every language.
BOOKS = {
    "events/<str:slug>.pdf": "/events/rent-strike.pdf",
    "events/<str:slug>.epub": "/events/rent-strike.epub",
}
# What other sites show as a picture.
PICTURES = {"statements/<str:slug>.png": "/statements/no-evictions.png"}
# Answers that have one address and no language.
PLAIN = {
    "oembed": "/oembed?url=http://testserver/statements/no-evictions/",
    "healthz": "/healthz",
    "readyz": "/readyz",
    "robots.txt": "/robots.txt",
    "sitemap.xml": "/sitemap.xml",
    "sitemaps/<str:name>-<int:number>.xml": "/sitemaps/statements-0.xml",
    "events.ics": "/events.ics",
    "events/<str:slug>.ics": "/events/rent-strike.ics",
    "events/<str:slug>.csv": "/events/rent-strike.csv",
    "statements/<str:slug>.txt": "/statements/no-evictions.txt",
    "statements/<str:slug>.md": "/statements/no-evictions.md",
    "statements/<str:slug>.html": "/statements/no-evictions.html",
    "statements/<str:slug>.epub": "/statements/no-evictions.epub",
    "statements/<str:slug>.pdf": "/statements/no-evictions.pdf",
    "statements/<str:slug>.json": "/statements/no-evictions.json",
    "api/v1/openapi.json": "/api/v1/openapi.json",
    "api/v1/statements/": "/api/v1/statements/",
    "api/v1/statements/<slug>/": "/api/v1/statements/no-evictions/",
    "api/v1/events/": "/api/v1/events/",
    "api/v1/events/<slug>/": "/api/v1/events/rent-strike/",
    "api/v1/organisations/": "/api/v1/organisations/",
    "api/v1/organisations/<slug>/": "/api/v1/organisations/tenants/",
    "api/v1/demands/": "/api/v1/demands/",
    "api/v1/demands/<slug>/": "/api/v1/demands/lower-rents/",
    "api/v1/people/": "/api/v1/people/",
    "api/v1/people/<slug>/": "/api/v1/people/amina/",
    "api/v1/tags/": "/api/v1/tags/",
    "api/v1/tags/<slug>/": "/api/v1/tags/housing/",
    "api/v1/places/": "/api/v1/places/",
    "api/v1/places/<slug>/": "/api/v1/places/FR/",
    "api/v1/tombstones/": "/api/v1/tombstones/",
    "api/v1/tombstones/<slug>/": f"/api/v1/tombstones/{TAKEN_BACK}/",
}
# Each in every format.
FEEDS = {
    "feeds/statements.<format:format>": "/feeds/statements",
    "feeds/corrections.<format:format>": "/feeds/corrections",
    "feeds/organisations/<str:slug>.<format:format>": "/feeds/organisations/tenants",
    "feeds/events/<str:slug>.<format:format>": "/feeds/events/rent-strike",
    "feeds/tags/<str:slug>.<format:format>": "/feeds/tags/housing",
    "feeds/places/<str:code>.<format:format>": "/feeds/places/FR",
    "feeds/languages/<str:tag>.<format:format>": "/feeds/languages/en",
    "feeds/demands/<str:slug>.<format:format>": "/feeds/demands/lower-rents",
    "feeds/people/<str:slug>.<format:format>": "/feeds/people/amina",
}
FORMATS = ("atom", "rss", "json")
# All that is read by programs.
ANSWERS = [*PLAIN.values(), *BOOKS.values()]
ANSWERS += [f"{feed}.{one}" for feed in FEEDS.values() for one in FORMATS]
# Files that people handed in, and those of a dump.
FILES = {
    "media/<path:name>": "/media/attachments/example.png",
    "data/<str:name>": "/data/statements.jsonl.gz",
}


def make_example_site() -> None:
    """One published statement that links to one record of each kind, and one taken back."""
    organisation = make_organisation("Tenants of Example", slug="tenants", country=make_place("FR"))
    text = make_text(
        "No evictions",
        slug="no-evictions",
        body="<p>Lower the rents, says Amina Example.</p>",
        organisations=[organisation],
        events=[
            make_event(
                "Example rent strike", slug="rent-strike", start=PartialDate.parse("2020-08")
            )
        ],
        places=[make_place("FR")],
        tags=["housing"],
    )
    person = make_person("Amina Example", slug="amina")
    demand = make_demand("Lower the rents", slug="lower-rents", people=[person])
    make_demand_made(text, "Lower the rents", demand=demand)
    make_naming(text, person)
    make_attachment(text, "attachments/example.png")
    taken_back = Statement.objects.create(pk=TAKEN_BACK, sort_on=date(2020, 8, 1))
    make_text("Taken back", slug="taken-back", statement=taken_back, is_leading=True)
    standing.change_standing(taken_back, Statement.Standing.WITHDRAWN, note="It was not ours.")


def make_dump() -> None:
    """The files of a dump of what is there."""
    for _step in dumping.build(anew=True):
        pass


def all_routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """The routes as written in the URL configuration, without the language's prefix."""
    for pattern in (resolver or get_resolver()).url_patterns:
        with translation.override("en"):
            route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from all_routes(pattern, route)
        else:
            yield route
