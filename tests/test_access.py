"""Every address, as every role, with what is one's own and what is another's (R-AZ1, R-AZ4)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from unittest import mock

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.test import Client, TestCase
from django.urls import resolve
from django.urls.resolvers import URLResolver
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData
from taggit.models import Tag

from statements import tokens
from statements.auditing import workflow as auditing
from statements.models import SiteSettings, Text
from statements.newsletter import workflow as newsletter
from statements.publishing import releases
from tests.access import BOSS, EVERYBODY, READING, STAFF, VISITOR, WAYS, WRITERS, Way, Who
from tests.admin.signed_in import confirm, make_staff
from tests.factories import (
    make_addressee,
    make_attachment,
    make_demand,
    make_event,
    make_follow_request,
    make_follower,
    make_organisation,
    make_person,
    make_place,
    make_reason,
    make_source,
    make_submission,
    make_submission_attachment,
    make_text,
)
from tests.routes import all_routes, make_dump, make_example_site

# What reading may write: that somebody is still there, and how often they have tried.
COUNTED = {"django_session", "statements_limit"}
WRITES = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
ASKS_WHO = re.compile(r'"(?:django_session|auth_\w+)"')
GETS, SENDS = "GET", "POST"

NotFound = mock.patch.object(
    URLResolver,
    "resolve_error_handler",
    lambda self, code, found=URLResolver.resolve_error_handler: (
        not_found if code == 404 else found(self, code)
    ),
)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Most of what is asked for here is not there, and its page takes long to make."""
    return HttpResponseNotFound()


@NotFound
class AccessTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_example_site()
        make_dump()
        SiteSettings.objects.get_or_create(pk=1)
        cls.accounts = {
            role: make_staff(role.lower(), role) for role in EVERYBODY - {VISITOR, STAFF, BOSS}
        }
        cls.accounts[STAFF] = make_staff("newcomer")
        cls.accounts[BOSS] = User.objects.create_superuser(
            "boss", password="a long enough password"
        )
        somebody = make_staff("somebody", "Publishers")
        cls.shared = shared_records()
        unknown = ("token", "request_token", "follower_token", "leave_token")
        cls.foreign = records_of(somebody) | dict.fromkeys(unknown, "a" * 43)
        make_attachment(Text.objects.get(pk=cls.foreign["translation"]), "attachments/draft.png")
        cls.own = {role: records_of(cls.accounts.get(role)) for role in EVERYBODY}

    def client_of(self, role: str) -> Client:
        client = Client(raise_request_exception=False)
        if role != VISITOR:
            client.force_login(self.accounts[role])
            confirm(client)
        own = self.own[role]
        client.get(f"/submissions/{own['token']}/")
        client.get(f"/follow/confirm/{own['request_token']}/")
        client.get(f"/follow/mine/{own['follower_token']}/")
        return client

    def test_every_route_is_in_the_table(self):
        listed = set()
        for address in WAYS:
            path = self.fill(VISITOR, address)[0][0].partition("?")[0]
            listed.add(resolve(path).route)

        self.assertEqual({route.replace("^", "") for route in all_routes()} - listed, set())

    def fill(self, role: str, address: str) -> list[tuple[str, bool]]:
        own = (address.format(**self.shared, **self.own[role]), True)
        foreign = (address.format(**self.shared, **self.foreign), False)
        return [own, foreign] if foreign[0] != own[0] else [own]

    # In two, so that two processes can share the work.

    @pytest.mark.once
    def test_those_who_write_are_answered_as_the_table_says(self):
        self.assert_answered(WRITERS)

    @pytest.mark.once
    def test_all_others_are_answered_as_the_table_says(self):
        self.assert_answered(EVERYBODY - WRITERS)

    def assert_answered(self, roles: Who) -> None:
        wrong = []
        for role in sorted(roles):
            client = self.client_of(role)
            for address, way in WAYS.items():
                # They look for nobody who may have signed in, so it can make no difference who.
                if address in READING and role not in (VISITOR, BOSS):
                    continue
                for filled, is_own in self.fill(role, address):
                    its = way if is_own else way.foreign or way
                    for found in self.tried(client, role, filled, its):
                        wrong.append((role, "own" if is_own else "foreign", filled, found))

        self.assertEqual(wrong, [], "\n".join(map(str, wrong)))

    def tried(self, client: Client, role: str, address: str, way: Way) -> Iterator[str]:
        """What is otherwise than it should be, in words."""
        status, writes = self.ask(client, GETS, address, {})
        if address in READING and self.has_asked_who:
            yield "GET asks who is signed in"
        if status != expected(role, address, way.get):
            yield f"GET {status}, not {expected(role, address, way.get)}"
        if writes and not way.rehearses:
            yield f"GET writes {writes}"
        if way.post is None and role != BOSS:
            return
        data = {
            name: value.format(**self.shared, **self.own[role]) for name, value in way.data.items()
        }
        status, writes = self.ask(client, SENDS, address, data)
        if way.post is not None and status != expected(role, address, way.post):
            yield f"POST {status}, not {expected(role, address, way.post)}"
        if bool(writes) != (role in way.writes) and not way.rehearses:
            yield f"POST {status} writes {writes}"

    def ask(self, client: Client, method: str, address: str, data: dict) -> tuple[int, set[str]]:
        """The status, and the tables that were written to; what is written is taken back."""
        cookies, written = client.cookies.copy(), set()
        self.has_asked_who = False

        def note(execute, sql, params, many, context):
            if found := WRITES.match(sql):
                written.add(found[1])
            if ASKS_WHO.search(sql):
                self.has_asked_who = True
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note), transaction.atomic():
            response = client.get(address) if method == GETS else client.post(address, data)
            transaction.set_rollback(True)
        client.cookies = cookies
        return response.status_code, written - COUNTED


def expected(role: str, address: str, answers: dict[int, frozenset[str]]) -> int:
    for status, who in answers.items():
        if role in who:
            return status
    return 302 if role == VISITOR and address.startswith("/admin/") else 404


def shared_records() -> dict[str, object]:
    """One row of each table that nothing points at, and what is public."""
    return {
        "statements/organisation": make_organisation().pk,
        "into": make_organisation().pk,
        "into_demand": make_demand().pk,
        "statements/event": make_event().pk,
        "statements/demand": make_demand().pk,
        "statements/person": make_person().pk,
        "statements/addressee": make_addressee().pk,
        "statements/place": make_place("XB").pk,
        "statements/source": make_source().pk,
        "taggit/tag": Tag.objects.create(name="spare").pk,
        "auth/user": make_staff("spare").pk,
        "auth/group": Group.objects.create(name="spare").pk,
        "statements/auditentry": auditing.record("tried").pk,
        "statements/submission": make_submission().pk,
        "statements/declinereason": make_reason("spare").pk,
        "django_tasks_database/dbtaskresult": make_task().pk,
        "superuser": User.objects.create_superuser("other-boss").pk,
        "release": releases.prepare(name="Together", by=None).pk,
        "public": Text.objects.get(slug="no-evictions").statement_id,
    }


def records_of(account: User | None) -> dict[str, object]:
    """What somebody wrote, sent, and has."""
    draft = make_text(published=False, by=account)
    translation = make_text(language="de", statement=draft.statement, published=False, by=account)
    sent = make_submission()
    return {
        "draft": draft.statement_id,
        "draft_slug": draft.slug,
        "revision": draft.working_revision_id,
        "other_revision": translation.working_revision_id,
        "translation": translation.pk,
        "translation_revision": translation.working_revision_id,
        "passkey": add_passkey(account).pk if account else 0,
        "sent": sent.pk,
        "sent_file": make_submission_attachment(sent).pk,
        "handle": sent.handle,
        "token": tokens.issue("submission", sent.pk),
        **followed(),
    }


def followed() -> dict[str, object]:
    """A wish to follow, and somebody who follows."""
    request, follower = make_follow_request(), make_follower()
    return {
        "request": request.handle,
        "request_token": tokens.issue("follow-confirm", request.pk),
        "follower": follower.handle,
        "follower_token": newsletter.token_of(follower, newsletter.PRIVATE),
        "leave_token": newsletter.token_of(follower, newsletter.LEAVE),
    }


def add_passkey(account: User) -> Authenticator:
    """A key as allauth stores it; nothing can be signed with it."""
    handle = f"key of {account}".encode()
    key = ES256({1: 2, 3: -7, -1: 1, -2: b"\1" * 32, -3: b"\2" * 32})
    data = AuthenticatorData.create(
        hashlib.sha256(b"testserver").digest(),
        AuthenticatorData.FLAG.AT,
        0,
        AttestedCredentialData.create(b"\0" * 16, handle, key),
    )
    made = {
        "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        "clientDataJSON": websafe_encode(
            b'{"type": "webauthn.create", "challenge": "", "origin": "http://testserver"}'
        ),
    }
    credential = {"rawId": websafe_encode(handle), "type": "public-key", "response": made}
    return Authenticator.objects.create(
        user=account,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "key", "credential": credential | {"id": credential["rawId"]}},
    )


def make_task() -> DBTaskResult:
    return DBTaskResult.objects.create(
        task_path="x", args_kwargs={}, backend_name="default", run_after=timezone.now()
    )
