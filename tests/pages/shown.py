"""What a public page shows: its words, the titles in its list."""

import re

from django.utils.html import strip_tags


def words_of(response):
    """What a visitor reads: the words of the page's main part, white space collapsed."""
    main = response.content.decode().partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return " ".join(strip_tags(re.sub(r"(<[^>]+>)", r" \1", main)).split())


def titles(response):
    """The titles in a list of statements, in its order."""
    return [row.title for row in response.context["page"].rows]
