"""How a page says that it can be followed: in its head, and where readers see it."""

from django import template
from django.urls import reverse

from statements.feeds.formats import FORMATS

register = template.Library()


def _links(feed: str, key: str) -> dict:
    """The addresses of a feed, by its name in the site map and its record's address."""
    return {
        "links": [
            {
                "name": format.name,
                "type": format.type,
                "url": reverse(f"feeds:{feed}", args=[*filter(None, [key]), extension]),
            }
            for extension, format in FORMATS.items()
        ]
    }


@register.inclusion_tag("feeds/_head.html")
def feed_links(feed: str, key: str = "") -> dict:
    """For the head of a page: where programs look for feeds."""
    return _links(feed, key)


@register.inclusion_tag("feeds/_follow.html")
def follow(feed: str, key: str = "") -> dict:
    """A line for readers."""
    return _links(feed, key)
