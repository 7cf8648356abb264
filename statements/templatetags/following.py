"""How a page says that it can be followed: in its head, and where readers see it."""

from django import template
from django.template import Context
from django.urls import reverse

from statements.feeds.formats import FORMATS

register = template.Library()

# What can be followed by e-mail too, by the name of its feed: the name of the page to begin.
BY_MAIL = {
    "statements": "newsletter:site",
    "organisation": "newsletter:organisation",
    "event": "newsletter:event",
    "demand": "newsletter:demand",
    "person": "newsletter:person",
}


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


@register.inclusion_tag("feeds/_follow.html", takes_context=True)
def follow(context: Context, feed: str, key: str = "") -> dict:
    """A line for readers."""
    by_mail = feed in BY_MAIL and context["takes_followers"]
    return _links(feed, key) | {
        "by_mail": reverse(BY_MAIL[feed], args=[*filter(None, [key])]) if by_mail else ""
    }
