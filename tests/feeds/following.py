"""Feeds as a reader's program takes them."""

import feedparser

FORMATS = ("atom", "rss", "json")
REQUIRED = {"version", "title", "items"}
NEEDED_IN_ITEMS = {"id", "url", "title", "content_html", "date_published", "date_modified"}


class Follows:
    """For a TestCase: `self.entries(path)` gives a feed's entries, the same from every format."""

    def parsed(self, address):
        response = self.client.get(address)
        self.assertEqual(response.status_code, 200, address)
        found = feedparser.parse(response.content)
        self.assertFalse(found.bozo, found.get("bozo_exception"))
        return found

    def entries(self, path):
        """(id, title, content) of each entry, which all three formats say alike."""
        feed = self.client.get(f"{path}.json").json()
        self.assertLessEqual(REQUIRED, feed.keys())
        self.assertEqual(feed["version"], "https://jsonfeed.org/version/1.1")
        for item in feed["items"]:
            self.assertLessEqual(NEEDED_IN_ITEMS, item.keys())
        found = [(one["id"], one["title"], one["content_html"].strip()) for one in feed["items"]]
        for other in ("atom", "rss"):
            entries = self.parsed(f"{path}.{other}").entries
            here = [(one.id, one.title, one.content[0].value) for one in entries]
            self.assertEqual([one[:2] for one in here], [one[:2] for one in found], other)
        return found

    def titles(self, path):
        return [title for _id, title, _content in self.entries(path)]
