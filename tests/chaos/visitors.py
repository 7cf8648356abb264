"""Those who use a site of several machines at once: readers, senders, and an editor."""

from __future__ import annotations

import http.client
import itertools
import re
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from bs4 import BeautifulSoup

from statements import antispam
from tests.chaos.people import LINK, STAMP
from tests.operating.front import HOST, Answer, Front
from tests.submissions.sending import ALL, solve

Fields = dict[str, str]
LOGIN = "/account/sign-in/"
_networks = itertools.count(1)


@dataclass
class Seen:
    """One answer: how many seconds after the beginning it was asked for, and how long it took."""

    at: float
    who: str
    path: str
    status: int
    seconds: float


class Visitor(threading.Thread):
    """Keeps its cookies, and notes each answer; 0 is none at all."""

    def __init__(self, front: Front, began: float, seen: list[Seen]) -> None:
        super().__init__()
        self.front, self.began, self.seen = front, began, seen
        self.cookies: Fields = {}
        self.over = threading.Event()
        self.failed = ""

    def run(self) -> None:
        try:
            while not self.over.is_set():
                self.act()
        except Exception as error:  # a fault of the run itself is in its report
            self.failed = f"{type(self).__name__}: {error!r}"

    def stop(self) -> None:
        self.over.set()
        self.join()

    def browse(self, path: str, typed: Fields | None = None, source: str = "127.0.0.1") -> Answer:
        """What a browser shows in the end."""
        answer = self.ask(path, typed, source)
        for _n in range(4):
            if answer.status not in (301, 302, 303):
                break
            path = re.sub(r"^https://[^/]*", "", answer.headers["Location"])
            answer = self.ask(path, source=source)
        return answer

    def ask(self, path: str, typed: Fields | None = None, source: str = "127.0.0.1") -> Answer:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if not self.cookies:
            headers = {}
        if typed is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
            headers |= {"Referer": f"https://{HOST}{path}", "Origin": f"https://{HOST}"}
        began = time.monotonic()
        try:
            body = urlencode(typed) if typed is not None else None
            method = "GET" if typed is None else "POST"
            answer = self.front.ask(path, method, body, source, **headers)
        except (OSError, http.client.HTTPException):
            answer = Answer(0, http.client.HTTPMessage(), b"")
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        took = time.monotonic() - began
        who = type(self).__name__
        self.seen.append(Seen(began - self.began, who, path, answer.status, took))
        return answer


class Reader(Visitor):
    PATHS = ("/", "/statements/", "/events/", "/demands/", "/search/?q=solidarity", "/de/people/")
    turn = 0

    def act(self) -> None:
        self.turn += 1
        # Every other page is one that nobody keeps yet.
        path = self.PATHS[self.turn % len(self.PATHS)]
        self.ask(path if self.turn % 2 else f"/statements/?year={1900 + self.turn % 120}")
        time.sleep(0.05)


class Sender(Visitor):
    """Sends a statement, sees its private link, and begins anew as somebody else."""

    def __init__(self, *told: object) -> None:
        super().__init__(*told)
        self.acknowledged: list[str] = []

    def act(self) -> None:
        number, self.cookies = next(_networks), {}
        source = f"127.{1 + number // 250}.{number % 250}.7"
        page = self.browse("/submit/", source=source)
        if page.status != 200:
            time.sleep(0.5)
            return
        stamp = STAMP.search(page.body.decode())[1]
        time.sleep(antispam.FASTEST + 0.1)
        title = f"Statement of machine {number}"
        typed = ALL | {"title": title, "email": "", "step": "send", "stamp": stamp}
        typed |= {"proof": solve(stamp)} | csrf_of(page)
        answer = self.browse("/submit/", typed, source)
        if answer.status == 200 and LINK.search(answer.body.decode()):
            self.acknowledged.append(title)


class Editor(Visitor):
    """Corrects one text over and over, and looks when both groups of processes show it."""

    def __init__(self, *told: object, text: int, path: str, password: str) -> None:
        super().__init__(*told)
        self.text, self.path, self.password = text, path, password
        self.number, self.acknowledged, self.shown = 0, "", []

    def sign_in(self) -> bool:
        page = self.ask(LOGIN)
        if page.status != 200:
            return False
        typed = {"login": "ed", "password": self.password} | csrf_of(page)
        return self.ask(LOGIN, typed).status == 302

    def act(self) -> None:
        address = f"/admin/statements/text/{self.text}/change/"
        page = self.ask(address)
        if page.status != 200:
            if page.status == 302:
                self.sign_in()
            time.sleep(0.3)
            return
        title = f"Corrected {self.number} times"
        self.number += 1
        typed = fields_of(page) | {"title": title, "change": "correction", "note": title}
        answer = self.ask(address, typed | {"_publish": "1"})
        if answer.status == 302:
            self.acknowledged = title
            self.shown.append(self.until_shown(title))
        elif answer.status == 200:
            raise AssertionError(BeautifulSoup(answer.body, "html.parser").get_text()[:2000])
        time.sleep(0.5)

    def until_shown(self, title: str) -> tuple[float, float]:
        """When it was published, and for how long the groups still gave the former page to those
        who asked."""
        saved = last = time.monotonic()
        for group in self.front.groups:
            while (asked := time.monotonic()) < saved + 30:
                try:
                    answer = group.ask(self.path)
                except (OSError, http.client.HTTPException):
                    break
                if title in answer.body.decode():
                    break
                last = asked
                time.sleep(0.02)
        return saved - self.began, last - saved


def csrf_of(page: Answer) -> Fields:
    return {"csrfmiddlewaretoken": fields_of(page).get("csrfmiddlewaretoken", "")}


def fields_of(page: Answer) -> Fields:
    """What a browser would send of a page's forms, without its buttons."""
    found: Fields = {}
    for one in BeautifulSoup(page.body, "html.parser").select("main form, form"):
        for field in one.select("input[name], textarea[name], select[name]"):
            kind = field.get("type", "")
            if kind in ("submit", "file", "button") or (
                kind in ("checkbox", "radio") and not field.has_attr("checked")
            ):
                continue
            if field.name == "select":
                chosen = field.select_one("option[selected]")
                found[field["name"]] = chosen["value"] if chosen else ""
            elif field.name == "textarea":
                found[field["name"]] = field.text.removeprefix("\n")
            else:
                found[field["name"]] = field.get("value", "on" if kind == "checkbox" else "")
    return found
