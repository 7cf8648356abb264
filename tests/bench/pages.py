"""The page types that are measured, each at the record where it has most to show."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import Count
from taggit.models import Tag

from statements.models import (
    Demand,
    DemandAsMade,
    Event,
    Naming,
    Organisation,
    Place,
    Statement,
    Text,
)


def most(rows, relation):
    return rows.annotate(n=Count(relation)).order_by("-n", "pk").first()


def addresses() -> dict[str, str]:
    """Page type and address."""
    # The sample's busy event has 200 statements, however many there are altogether.
    event = Event.objects.order_by("pk").first()
    statement = Statement.objects.published().filter(events=event).order_by("pk")[0]
    text = statement.texts.published().get(is_leading=True)
    organisation = most(Organisation.objects.published(), "authorships")
    demand = most(Demand.objects.published(), "made")
    tag = most(Tag.objects.all(), "taggings")
    place = most(Place.objects.all(), "statements")
    country = most(Place.objects.all(), "organisations")
    naming = Naming.objects.filter(text__live_revision__isnull=False).order_by("pk").first()
    versions = Text.objects.published().filter(revisions__number=2).order_by("pk").first()
    filters = {
        "event": event.slug,
        "organisation": organisation.slug,
        "place": place.code,
        "from": country.code,
        "tag": tag.slug,
        "language": "en",
        "kind": "statement",
        "demand": demand.slug,
        "year": "2020",
    }
    lists = {f"list, {name}": query({name: value}) for name, value in filters.items()}
    return {
        "home": "/",
        "list": "/statements/",
        **lists,
        # Combinations that fill a page, or nearly, at either size: else rows would be compared.
        "list, tag and language": query({"tag": tag.slug, "language": "ar"}),
        "list, place, kind and language": query(
            {"place": place.code, "kind": "statement", "language": "en"}
        ),
        "list, nothing found": query({"event": event.slug, "year": "1999"}),
        "list, deep page": query({"before": middle(Statement.objects.published())}),
        "list, last page": query({"before": Statement.objects.published().order_by("sort_on")[5]}),
        "statement": f"/statements/{text.slug}/",
        "versions": f"/statements/{versions.slug}/versions/",
        "version": f"/statements/{versions.slug}/versions/1/",
        "events": "/events/",
        "event": f"/events/{event.slug}/",
        "event, comparison": f"/events/{event.slug}/comparison/",
        "event, coverage": f"/events/{event.slug}/coverage/",
        "event, timeline": f"/events/{event.slug}/timeline/",
        "event, table": f"/events/{event.slug}.csv",
        "event, calendar": f"/events/{event.slug}.ics",
        "organisations": "/organisations/",
        "organisation": f"/organisations/{organisation.slug}/",
        "demands": "/demands/",
        "demands, organisation": f"/demands/?organisation={organisation.slug}",
        "demands, event": f"/demands/?event={event.slug}",
        "demand": f"/demands/{demand.slug}/",
        "years": "/years/",
        "people": "/people/",
        "person": f"/people/{naming.person.slug}/",
        "tags": "/tags/",
        "tag": f"/tags/{tag.slug}/",
        "places": "/places/",
        "place": f"/places/{place.code}/",
        **_carried(text, event, organisation, demand, tag),
    }


def _carried(text, event, organisation, demand, tag) -> dict[str, str]:
    """What is found and carried away."""
    return {
        "search": "/search/?q=solidarity",
        **{
            f"{noun}, with a tag": f"/{noun}/?q=tag:{tag.slug}"
            for noun in ("events", "organisations", "demands", "people")
        },
        "sheet for letters": f"/demands/{demand.slug}/act/",
        "republish": f"/statements/{text.slug}/republish/",
        "file: text": f"/statements/{text.slug}.txt",
        "file: Markdown": f"/statements/{text.slug}.md",
        "file: EPUB": f"/statements/{text.slug}.epub",
        "file: PDF, kept": f"/statements/{text.slug}.pdf",
        "file: event, EPUB": f"/events/{event.slug}.epub",
        "feed": "/feeds/statements.atom",
        "feed of an organisation": f"/feeds/organisations/{organisation.slug}.json",
        "feed of a demand": f"/feeds/demands/{demand.slug}.atom",
        "sitemap": "/sitemap.xml",
        "interface: statements": "/api/v1/statements/",
        "interface: statement": f"/api/v1/statements/{text.slug}/",
        "interface: demands": "/api/v1/demands/",
    }


def middle(statements):
    return statements.order_by("sort_on")[statements.count() // 2]


def query(values: dict[str, object]) -> str:
    """The list's address; a row stands for its number."""
    return "/statements/?" + urlencode(
        {name: getattr(value, "pk", value) for name, value in values.items()}
    )


def admin_addresses() -> dict[str, str]:
    statement = Statement.objects.published().order_by("pk").first()
    made = DemandAsMade.objects.order_by("pk").first()
    return {
        "admin: statements": "/admin/statements/statement/",
        "admin: statement": f"/admin/statements/statement/{statement.pk}/change/",
        "admin: organisations": "/admin/statements/organisation/",
        "admin: follow-up": "/admin/statements/demand/follow-up/",
        "admin: update": f"/admin/statements/demand/{made.demand_id}/updates/",
        "admin: demand": f"/admin/statements/demand/{made.demand_id}/change/",
    }
