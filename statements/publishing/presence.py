"""Who else has a form open: noted while it is, and kept for a day at most."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from statements.models import Presence, Statement, Text

KEPT = timedelta(days=1)


@transaction.atomic
def note(record: Statement | Text, user: AbstractBaseUser) -> list[AbstractBaseUser]:
    """Note that somebody has a record's form open; the answer is who else has."""
    now, same = timezone.now(), {"noun": record._meta.model_name, "object_id": record.pk}
    _row, is_new = Presence.objects.update_or_create(user=user, **same, defaults={"seen_at": now})
    if is_new:
        Presence.objects.filter(seen_at__lt=now - KEPT).delete()
    others = Presence.objects.here().filter(**same).exclude(user=user)
    return [one.user for one in others.select_related("user").order_by("user__username")]
