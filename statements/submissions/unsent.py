"""What a form of a stranger was given, for an hour, so that the browser's Back finds it again.

    token = unsent.keep(handle, token, data)     # for a cookie of this form's pages
    unsent.find(handle, token)                   # the same data, or None

It is sealed under the token, which only the browser keeps: until it is sent, nobody here can read
it, with the database, its backups and the keys of the settings. Where it cannot be kept, the form
goes on without.
"""

from __future__ import annotations

import json
from datetime import timedelta

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from statements import sealing, tokens
from statements.models import UnsentForm

# Since it was last sent on.
KEPT = timedelta(hours=1)
# Of all strangers together, and of one: 200 MB at most, a hundred at the usual length take four.
MOST = 400
MOST_BYTES = 512 * 1024


class NotKept(Exception):
    """There is no room, or it is too long: the form still carries all of it itself."""


@transaction.atomic
def keep(handle: str, token: str, data: QueryDict) -> str:
    """Keep it in place of what was kept there. The answer is the token, a new one for a new form.

    Raises NotKept.
    """
    forget_old()
    content = json.dumps(dict(data.lists())).encode()
    if len(content) > MOST_BYTES:
        raise NotKept
    token = token or tokens.new()
    fields = {
        "content": sealing.seal_bytes(content, under=token),
        "kept_at": timezone.now(),
    }
    own = UnsentForm.objects.filter(handle=handle, token_digest=_digest(token))
    if own.update(**fields):
        return token
    if UnsentForm.objects.count() >= MOST:
        raise NotKept
    fields["token_digest"] = _digest(token)
    _form, is_new = UnsentForm.objects.get_or_create(handle=handle, defaults=fields)
    if not is_new:
        # Somebody else's, or the cookie with its key is lost.
        raise NotKept
    return token


def find(handle: str, token: str) -> QueryDict | None:
    if not token:
        return None
    young = UnsentForm.objects.filter(kept_at__gt=timezone.now() - KEPT)
    found = young.filter(handle=handle, token_digest=_digest(token)).first()
    if not found:
        return None
    data = QueryDict(mutable=True)
    for name, values in json.loads(sealing.open_bytes(found.content, under=token)).items():
        data.setlist(name, values)
    return data


def forget(handle: str, token: str) -> None:
    """It was sent."""
    UnsentForm.objects.filter(handle=handle, token_digest=_digest(token)).delete()


def forget_old() -> int:
    until = timezone.now() - KEPT
    return UnsentForm.objects.filter(kept_at__lte=until).delete()[0]


def _digest(token: str) -> str:
    return sealing.digest(token, "form that is not sent")
