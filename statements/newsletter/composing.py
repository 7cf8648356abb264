"""A mail to a follower: plain text first, and the same as HTML, in the language they chose.

It has titles, who wrote, when, the first words, and links; nothing is fetched when it is opened,
and no address in it tells who opened it, but for the links to the follower's own pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi

from statements import languages, sealing
from statements.feeds.entries import Entry
from statements.models import Follower, Following, Mailing, Rhythm, SiteText
from statements.models.follower import KINDS, SITE, Key
from statements.newsletter import workflow
from statements.newsletter.news import News
from statements.plain import line

# The list of statements, which has all of them; the home page and that of an event do not.
LIST = "pages:statement_list"


@dataclass(frozen=True)
class Item:
    """One entry, as it stands in the two parts of every mail that has it."""

    text: str
    html: SafeString


@dataclass(frozen=True)
class Section:
    """What is new of one thing."""

    kind: str
    name: str
    language: str
    url: str
    items: list[Item]
    # The list of all, where the mail had no room for some; else empty.
    full_list: str


class Composer:
    """Makes mails of one gathering, in the language that is active; each entry is written once."""

    def __init__(self, news: News, rhythm: str, until: datetime) -> None:
        self.news, self.rhythm, self.until = news, rhythm, until
        self.site = SiteText.objects.for_language()
        self.items: dict[tuple[str, bool], Item] = {}

    def sections(self, followings: Iterable[Following]) -> list[Section]:
        """What there is to tell somebody, by what they follow; each entry once.

        What is nearest to a person comes first, and the site last.
        """
        order = [*KINDS, SITE]
        seen: set[str] = set()
        found = []
        for following in sorted(followings, key=lambda one: (order.index(one.kind), one.pk)):
            told = self.news.of(following.key, following.told_until, only_changes=self._is_quick)
            entries = [entry for entry in told.entries if entry.id not in seen]
            seen |= {entry.id for entry in entries}
            items = [self._item(entry, entry.published > following.told_until) for entry in entries]
            found.append((following.key, items, told))
        # Another section may have had room for what one left out.
        parts = [
            (key, items, told.may_have_more or not told.left_out <= seen)
            for key, items, told in found
        ]
        return [self._section(*part) for part in parts if part[1] or part[2]]

    @property
    def _is_quick(self) -> bool:
        return self.rhythm == Rhythm.CHANGE

    def _section(self, key: Key, items: list[Item], is_cut: bool) -> Section:
        record = self.news.record(key)
        path = record.get_absolute_url() if record else reverse("pages:home")
        full_list = path
        if key[0] == "event":
            full_list = f"{reverse(LIST)}?{urlencode({'event': record.slug})}"
        elif not record:
            full_list = reverse(LIST)
        return Section(
            kind=key[0],
            name=record.name_shown if record else self.site.name,
            language=record.name_language if record else self.site.language,
            url=settings.SITE_URL + path,
            items=items,
            full_list=settings.SITE_URL + full_list if is_cut else "",
        )

    def _item(self, entry: Entry, is_new: bool) -> Item:
        key = (entry.id, is_new)
        if key not in self.items:
            self.items[key] = written(entry, is_new)
        return self.items[key]

    def message(
        self, follower: Follower, mailing: Mailing, sections: list[Section]
    ) -> EmailMultiAlternatives:
        """Raises sealing.CannotOpen."""
        private = workflow.link("link", workflow.token_of(follower, workflow.PRIVATE), _language())
        leave = workflow.link("leave", workflow.token_of(follower, workflow.LEAVE), _language())
        context = {
            "sections": sections,
            "rhythm": self.rhythm,
            "until": self.until,
            "site": self.site,
            "private": private,
            "leave": leave,
            "style": style_sheet(),
            "direction": "rtl" if get_language_bidi() else "ltr",
            "language": _language(),
        }
        subject = render_to_string("newsletter/email/news_subject.txt", context, using="mail")
        body = render_to_string("newsletter/email/news_body.txt", context, using="mail")
        message = EmailMultiAlternatives(
            line(subject),
            body.strip() + "\n",
            from_email=return_path(mailing.handle),
            to=[sealing.open_sealed(follower.email_sealed)],
            headers=headers(mailing.handle, leave),
        )
        html = render_to_string("newsletter/email/news_body.html", context)
        message.attach_alternative(html, "text/html")
        return message


def written(entry: Entry, is_new: bool) -> Item:
    entry = replace(entry, url=for_reader(entry.url))
    context = {"entry": entry, "is_new": is_new, "direction": languages.direction(entry.language)}
    apart = languages.direction(entry.language) != languages.direction(_language())
    plain = context | {"title": languages.isolated(entry.title) if apart else entry.title}
    return Item(
        text=render_to_string("newsletter/email/_entry.txt", plain, using="mail").strip(),
        html=render_to_string("newsletter/email/_entry.html", context),
    )


def for_reader(url: str) -> str:
    """A page of the site, at its one address, in the language that is active."""
    language = _language()
    with translation.override(settings.LANGUAGE_CODE):
        return translate_url(url, language)


def headers(handle: str, leave: str) -> dict[str, str]:
    """What mail programmes and servers go by: RFC 8058, RFC 2369, RFC 2919, RFC 3834."""
    host = urlsplit(settings.SITE_URL).hostname
    return {
        "From": settings.DEFAULT_FROM_EMAIL,
        "Message-ID": f"<{handle}@{host}>",
        "List-Id": f"<newsletter.{host}>",
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "Content-Language": _language(),
    }


def return_path(handle: str) -> str:
    """Where the mail comes back to: it names the mail, so that whose it was is known."""
    name, at, host = parseaddr(settings.NEWSLETTER_RETURN_PATH)[1].rpartition("@")
    return f"{name}+{handle}@{host}" if at else settings.DEFAULT_FROM_EMAIL


@cache
def style_sheet() -> SafeString:
    """It has no character that would have to be escaped: a test holds it."""
    return format_html("<style>{}</style>", Path(finders.find("css/mail.css")).read_text())


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE
