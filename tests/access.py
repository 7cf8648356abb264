"""Who gets which answer at which address: the table that tests/test_access.py walks.

Every route of the URL configuration is in it at least once. What a role is not named for is
answered as what does not exist; a visitor is sent to sign in, in the admin.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from tests.routes import ANSWERS, CARDS, PAGES, PICTURES

Who = frozenset[str]

VISITOR, STAFF, BOSS = "visitor", "staff", "superuser"
EDITOR, PUBLISHER, MODERATOR = "Editors", "Publishers", "Moderators"
ADMINISTRATOR, AUDITOR = "Administrators", "Auditors"
ROLES = (EDITOR, PUBLISHER, MODERATOR, ADMINISTRATOR, AUDITOR)
# STAFF is somebody who may sign in to the admin and has no role in it.
EVERYBODY: Who = frozenset({VISITOR, STAFF, *ROLES, BOSS})
ALL_STAFF = EVERYBODY - {VISITOR}
WRITERS: Who = frozenset({EDITOR, PUBLISHER, BOSS})
PUBLISHERS: Who = frozenset({PUBLISHER, BOSS})
READERS: Who = WRITERS | {MODERATOR}
MODERATORS: Who = frozenset({MODERATOR, BOSS})
ADMINISTRATORS: Who = frozenset({ADMINISTRATOR, BOSS})
AUDITORS: Who = frozenset({ADMINISTRATOR, AUDITOR, BOSS})
BOSSES: Who = frozenset({BOSS})
NOBODY: Who = frozenset()


@dataclass(frozen=True)
class Way:
    """What is answered at an address. `{own}` and `{foreign}` stand for records in it.

    `get` and `post` are statuses, and who gets them. Without `post` it is only to be read: then
    whatever is sent there changes nothing. `writes` are those for whom sending changes something;
    for all others, and by reading, nothing does.
    """

    get: Mapping[int, Who]
    post: Mapping[int, Who] | None = None
    data: Mapping[str, str] = field(default_factory=dict)
    writes: Who = NOBODY
    # The page tries something out, and takes it back before it answers.
    rehearses: bool = False
    # What is answered where the record is another's, if that is not the same.
    foreign: Way | None = None


def seen(who: Who) -> Way:
    return Way({200: who})


def noun(
    place: str, *, view: Who, add: Who = NOBODY, change: Who = NOBODY, delete: Who = NOBODY
) -> Iterator[tuple[str, Way]]:
    """The pages that Django's admin has for a table; `{place}` is the number of a row in it."""
    one = f"/admin/{place}/{{{place}}}/"
    yield f"/admin/{place}/", Way({200: view}, {200: view})
    yield f"/admin/{place}/add/", Way({200: add}, {200: add})
    yield one, Way({302: ALL_STAFF})
    yield f"{one}change/", Way({200: view | change}, {200: change})
    yield f"{one}history/", seen(view | change)
    # Whether there is such a row is told to those alone who may see it.
    yield f"/admin/{place}/999999/history/", Way({302: view | change})
    yield f"{one}delete/", Way({200: delete}, {302: delete}, {"post": "yes"}, writes=delete)


def publishable(place: str, choosing: Who = PUBLISHERS, **who: Who) -> Iterator[tuple[str, Way]]:
    """The pages of a table whose rows get a public address by somebody's own act.

    `choosing` are those who can choose any act of the list: others are shown the list again.
    """
    yield from noun(place, **who)
    chosen = {"action": "make_public", "_selected_action": f"{{{place}}}"}
    yield (
        f"/admin/{place}/?",
        Way({200: READERS}, {302: choosing, 200: READERS - choosing}, chosen, PUBLISHERS),
    )


WRITTEN = {"view": READERS, "add": WRITERS, "change": WRITERS, "delete": WRITERS}
NOUNS = dict(
    [
        *publishable("statements/organisation", **WRITTEN),
        *publishable("statements/event", **WRITTEN),
        *publishable("statements/demand", WRITERS, **WRITTEN),
        *publishable("statements/person", WRITERS, **WRITTEN),
        *noun("statements/addressee", **WRITTEN),
        *noun("statements/place", **WRITTEN),
        *noun("statements/source", **WRITTEN),
        *noun("taggit/tag", **WRITTEN),
        *noun(
            "auth/user",
            view=ADMINISTRATORS,
            add=ADMINISTRATORS,
            change=ADMINISTRATORS,
            delete=BOSSES,
        ),
        *noun("auth/group", view=ADMINISTRATORS, add=BOSSES, change=BOSSES, delete=BOSSES),
        *noun("statements/auditentry", view=AUDITORS),
        *noun("statements/submission", view=MODERATORS),
        *noun("statements/declinereason", view=MODERATORS, add=MODERATORS, change=MODERATORS),
        *noun("django_tasks_database/dbtaskresult", view=BOSSES),
    ]
)
# These keys are no numbers: the package's own page sends everybody back.
NOUNS["/admin/django_tasks_database/dbtaskresult/999999/history/"] = Way({302: ALL_STAFF})
STATEMENTS = {
    "/admin/statements/statement/": seen(READERS),
    "/admin/statements/statement/add/": Way({200: WRITERS}, {200: WRITERS}),
    "/admin/statements/statement/tags/": seen(WRITERS),
    "/admin/statements/statement/places/": seen(WRITERS),
    "/admin/statements/statement/{draft}/": Way({302: ALL_STAFF}),
    "/admin/statements/statement/{draft}/change/": Way({200: READERS}, {200: WRITERS}),
    "/admin/statements/statement/{draft}/history/": seen(READERS),
    "/admin/statements/statement/999999/history/": Way({302: READERS}),
    "/admin/statements/statement/999999/preview/": Way({}),
    "/admin/statements/statement/{draft}/preview/": Way({200: READERS}, rehearses=True),
    "/admin/statements/statement/{draft}/revisions/{revision}/": Way(
        {200: READERS}, {302: WRITERS}
    ),
    "/admin/statements/statement/{draft}/revisions/{other_revision}/": Way({}),
    "/admin/statements/statement/{draft}/safety/": Way(
        {200: READERS},
        {302: READERS},
        {
            **{"agreed": "yes", "asked": "her lawyer", "wished": "yes"},
            **{"may_be_indexed": "no", "review_on": "2999-01-01"},
        },
        writes=READERS,
    ),
    "/admin/statements/statement/{draft}/open/": Way(
        {405: ALL_STAFF}, {200: READERS}, writes=READERS
    ),
    "/admin/statements/text/{translation}/open/": Way(
        {405: ALL_STAFF}, {200: READERS}, writes=READERS
    ),
    "/admin/statements/statement/{draft}/standing/": Way({}, {}),
    "/admin/statements/statement/{draft}/delete/": Way(
        {200: WRITERS}, {302: WRITERS}, {"post": "yes"}, writes=WRITERS
    ),
    "/admin/statements/statement/{public}/standing/": Way(
        {200: PUBLISHERS}, {302: PUBLISHERS}, {"to": "archived"}, writes=PUBLISHERS
    ),
    "/admin/statements/statement/{public}/delete/": Way({}, {}, {"post": "yes"}),
    "/admin/statements/text/": Way({302: ALL_STAFF}),
    "/admin/statements/text/add/?statement={draft}": Way(
        {200: WRITERS}, {200: WRITERS}, {"statement": "{draft}"}
    ),
    "/admin/statements/text/{translation}/": Way({302: ALL_STAFF}),
    "/admin/statements/text/{translation}/change/": Way({200: READERS}, {200: WRITERS}),
    "/admin/statements/text/{translation}/history/": seen(READERS),
    "/admin/statements/text/999999/history/": Way({302: READERS}),
    "/admin/statements/text/{translation}/preview/": Way({200: READERS}, rehearses=True),
    "/admin/statements/text/{translation}/revisions/{translation_revision}/": Way(
        {200: READERS}, {302: WRITERS}
    ),
    "/admin/statements/text/{translation}/delete/": Way(
        {200: WRITERS}, {302: WRITERS}, {"post": "yes"}, writes=WRITERS
    ),
}
# What is not released yet is for those who release it.
RELEASES = {
    "/admin/statements/releaseset/": Way({200: PUBLISHERS}, {200: PUBLISHERS}),
    "/admin/statements/releaseset/add/": Way(
        {200: PUBLISHERS}, {302: PUBLISHERS}, {"name": "Together"}, writes=PUBLISHERS
    ),
    "/admin/statements/releaseset/{release}/": Way({302: ALL_STAFF}),
    "/admin/statements/releaseset/{release}/change/": Way(
        {200: PUBLISHERS},
        {302: PUBLISHERS},
        {"act": "describe", "name": "Other"},
        writes=PUBLISHERS,
    ),
    "/admin/statements/releaseset/{release}/dry-run/": Way(
        {200: PUBLISHERS}, {302: PUBLISHERS}, rehearses=True
    ),
    "/admin/statements/releaseset/{release}/history/": seen(PUBLISHERS),
    "/admin/statements/releaseset/999999/history/": Way({302: PUBLISHERS}),
    "/admin/statements/releaseset/{release}/delete/": Way({}, {}, {"post": "yes"}),
}
ORGANISATIONS = {
    "/admin/statements/organisation/{statements/organisation}/merge/": Way(
        {200: PUBLISHERS},
        {302: PUBLISHERS},
        {"into": "{into}"},
        writes=PUBLISHERS,
    ),
    "/admin/statements/organisation/{statements/organisation}/verify/": Way(
        {200: PUBLISHERS},
        {302: PUBLISHERS},
        {"_verify": "", "method": "editors", "until": "2999-01-01"},
        writes=PUBLISHERS,
    ),
}
MET = {"happened_1": "2020-09-01", "publication": "Example Gazette"}
MET |= {"quotation_language": "en", "language": "en"}
OUTCOMES = {
    f"/admin/statements/{noun}/{page}": Way(
        {200: WRITERS if "?" in page else READERS},
        {302: WRITERS},
        MET | {"state": state},
        writes=WRITERS,
    )
    for noun, state in (("demand", "met"), ("person", "released"))
    for page in (f"{{statements/{noun}}}/updates/", f"updates/?ids={{statements/{noun}}}")
}
DEMANDS = {
    "/admin/statements/demand/{statements/demand}/merge/": Way(
        {200: PUBLISHERS}, {302: PUBLISHERS}, {"into": "{into_demand}"}, writes=PUBLISHERS
    ),
    # Nothing is chosen that would go.
    "/admin/statements/demand/{statements/demand}/split/": Way(
        {200: PUBLISHERS}, {200: PUBLISHERS}
    ),
}
LOOK_UP = "/admin/autocomplete/?app_label=statements&model_name={}&field_name={}"
ADMIN = {
    "/admin/": seen(ALL_STAFF),
    "/admin/statements/": seen(READERS | AUDITORS),
    "/admin/statements/demand/follow-up/": seen(READERS),
    "/admin/nothing/": Way({}),
    "/admin/login/": Way({302: EVERYBODY}),
    "/admin/logout/": Way({405: ALL_STAFF}),
    "/admin/password_change/": Way({302: ALL_STAFF}),
    "/admin/password_change/done/": seen(ALL_STAFF),
    "/admin/jsi18n/": seen(ALL_STAFF),
    LOOK_UP.format("authorship", "organisation"): seen(READERS),
    LOOK_UP.format("statement", "source"): seen(READERS),
    LOOK_UP.format("demandupdate", "source"): seen(READERS),
    LOOK_UP.format("personupdate", "source"): seen(READERS),
    LOOK_UP.format("revision", "by"): seen(ADMINISTRATORS),
    "/admin/statements/event/?_popup=1": seen(READERS),
    "/admin/statements/event/?_to_field=id": seen(READERS),
    "/admin/statements/event/?_to_field=public_since": Way({400: READERS}),
    "/admin/statements/event/?statements__submissions__email_digest=x": Way({400: READERS}),
    "/admin/statements/sitesettings/followers/": seen(ADMINISTRATORS),
    "/admin/statements/sitesettings/operation/": Way({200: ADMINISTRATORS}, {302: ADMINISTRATORS}),
    "/admin/statements/sitesettings/": Way({302: ALL_STAFF}),
    "/admin/statements/sitesettings/add/": Way({}, {}),
    "/admin/statements/sitesettings/1/": Way({302: ALL_STAFF}),
    "/admin/statements/sitesettings/1/change/": Way({200: ADMINISTRATORS}, {200: ADMINISTRATORS}),
    "/admin/statements/sitesettings/1/history/": seen(ADMINISTRATORS),
    "/admin/statements/sitesettings/999999/history/": Way({302: ADMINISTRATORS}),
    "/admin/statements/sitesettings/1/delete/": Way({}, {}, {"post": "yes"}),
    "/admin/auth/user/{auth/user}/password/": Way({200: ADMINISTRATORS}, {200: ADMINISTRATORS}),
    "/admin/auth/user/{superuser}/change/": Way({200: ADMINISTRATORS}, {200: BOSSES}),
    "/admin/auth/user/{superuser}/password/": Way({200: BOSSES}, {200: BOSSES}),
    "/admin/auth/user/{superuser}/delete/": Way(
        {200: BOSSES}, {302: BOSSES}, {"post": "yes"}, writes=BOSSES
    ),
}
# The review of a submission: acts of whoever moderates, and of nobody else.
REVIEW = {
    "/admin/statements/submission/{sent}/change/": Way(
        {200: MODERATORS}, {302: MODERATORS}, {"act": "take_up"}, writes=MODERATORS
    ),
    "/admin/statements/submission/{sent}/change/?decline=none": Way(
        # Nobody has taken it up.
        {200: MODERATORS},
        {409: MODERATORS},
        {"act": "decline", "decline-reason": "spare"},
    ),
    "/admin/statements/submission/{sent}/attachments/{sent_file}/": seen(MODERATORS),
    "/admin/statements/submission/{sent}/attachments/999999/": Way({}),
    "/admin/statements/submission/999999/change/": Way({}, {}, {"act": "take_up"}),
}
SIGNED_IN = Way({200: ALL_STAFF, 302: frozenset({VISITOR})})
NOT_THEIRS = Way({302: frozenset({VISITOR})}, {302: frozenset({VISITOR})})
ACCOUNT = {
    "/account/": SIGNED_IN,
    "/account/sign-in/": Way({200: frozenset({VISITOR}), 302: ALL_STAFF}),
    "/account/sign-in/code/": Way({302: EVERYBODY}),
    "/account/sign-in/passkey/": Way({302: EVERYBODY}),
    "/account/sign-out/": SIGNED_IN,
    "/account/inactive/": seen(EVERYBODY),
    "/account/confirm/": SIGNED_IN,
    "/account/confirm/code/": Way({302: EVERYBODY}),
    "/account/confirm/passkey/": SIGNED_IN,
    "/account/password/": SIGNED_IN,
    "/account/password/first/": Way({302: EVERYBODY}),
    "/account/sessions/end/": Way({405: ALL_STAFF, 302: frozenset({VISITOR})}),
    "/account/app/": SIGNED_IN,
    "/account/app/remove/": Way({404: ALL_STAFF, 302: frozenset({VISITOR})}),
    "/account/codes/": Way({404: ALL_STAFF, 302: frozenset({VISITOR})}),
    "/account/codes/new/": replace(SIGNED_IN, post={302: EVERYBODY}, writes=ALL_STAFF),
    "/account/passkeys/": SIGNED_IN,
    "/account/passkeys/add/": SIGNED_IN,
    "/account/passkeys/{passkey}/": replace(SIGNED_IN, foreign=NOT_THEIRS),
    "/account/passkeys/{passkey}/remove/": replace(
        SIGNED_IN, post={302: EVERYBODY}, writes=ALL_STAFF, foreign=NOT_THEIRS
    ),
}
SUBMITTING = {
    "/submit/": Way({302: EVERYBODY}, {200: EVERYBODY}),
    "/submit/abcdefghijkm/words/": Way({200: EVERYBODY}, {200: EVERYBODY}),
    "/submissions/{token}/": Way({302: EVERYBODY}, foreign=Way({})),
    "/submissions/{handle}/": Way({200: EVERYBODY}, foreign=Way({})),
    "/submissions/{handle}/sent/": Way({200: EVERYBODY}, foreign=Way({})),
    "/submissions/{handle}/correct/": Way({200: EVERYBODY}, {200: EVERYBODY}, foreign=Way({}, {})),
    # Nothing is proposed.
    "/submissions/{handle}/proposal/": Way({409: EVERYBODY}, {409: EVERYBODY}, foreign=Way({}, {})),
    "/submissions/{handle}/withdraw/": Way(
        {200: EVERYBODY}, {302: EVERYBODY}, writes=EVERYBODY, foreign=Way({}, {})
    ),
}
READING = {
    address: seen(EVERYBODY)
    for address in (*PAGES.values(), *CARDS.values(), *PICTURES.values(), *ANSWERS)
}
FOLLOWING = {
    **{
        f"/follow/{page}": Way({200: EVERYBODY}, {200: EVERYBODY})
        for page in (
            *("", "organisations/tenants/", "events/rent-strike/", "demands/lower-rents/"),
            "people/amina/",
        )
    },
    "/follow/sent/": seen(EVERYBODY),
    "/follow/confirm/{request_token}/": Way({302: EVERYBODY}, foreign=Way({})),
    "/follow/confirm/{request}/": Way(
        {200: EVERYBODY}, {302: EVERYBODY}, writes=EVERYBODY, foreign=Way({}, {})
    ),
    "/follow/mine/{follower_token}/": Way({302: EVERYBODY}, foreign=Way({})),
    # Nothing is chosen.
    "/follow/mine/{follower}/": Way({200: EVERYBODY}, {200: EVERYBODY}, foreign=Way({}, {})),
    "/follow/mine/{follower}/leave/": Way(
        {405: EVERYBODY},
        {302: EVERYBODY},
        writes=EVERYBODY,
        foreign=Way({405: EVERYBODY}, {}),
    ),
    # Whoever has the link is whose it is; one that is over is answered like it.
    "/follow/leave/{leave_token}/": Way(
        {200: EVERYBODY},
        {200: EVERYBODY},
        writes=EVERYBODY,
        foreign=Way({200: EVERYBODY}, {200: EVERYBODY}),
    ),
    "/follow/left/": seen(EVERYBODY),
}
FILED = {
    "/media/attachments/example.png": seen(EVERYBODY),
    "/data/statements.jsonl.gz": seen(EVERYBODY),
    "/media/attachments/draft.png": seen(READERS),
    "/statements/{draft_slug}/": Way({}),
    "/statements/{draft_slug}/versions/": Way({}),
}
WAYS = (
    NOUNS
    | STATEMENTS
    | RELEASES
    | ORGANISATIONS
    | OUTCOMES
    | DEMANDS
    | ADMIN
    | REVIEW
    | ACCOUNT
    | SUBMITTING
    | FOLLOWING
    | READING
    | FILED
)
