"""Who may do what: every view, form and act asks here, and nothing else decides.

The roles of staff are groups that a migration makes, and what a group may do is its permissions;
docs/roles.md is for people. What one may not see is answered as what does not exist (R-AZ2).
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models

from statements.models import Revision, Statement, Submission

User = AbstractBaseUser | AnonymousUser
# Which texts nobody publishes who wrote the words: the values of the setting FOUR_EYES.
ALWAYS, OF_SUBMISSIONS, NEVER = "always", "submissions", "never"


class OwnWords(Exception):
    """Whoever wrote a revision leaves it to somebody else to publish it."""


def may(user: User, act: str, model: type[models.Model]) -> bool:
    """Whether a role of theirs gives the act ("view", "add", "change", …) on records of a kind."""
    return user.has_perm(f"{model._meta.app_label}.{act}_{model._meta.model_name}")


def can_publish(user: User, revision: Revision | None = None) -> bool:
    """Whether they may publish at all; with a revision, whether they may publish that one."""
    if not may(user, "publish", Statement):
        return False
    return revision is None or not needs_other_eyes(user, revision)


def can_move(user: User, act: str, revision: Revision | None = None) -> bool:
    """Whether they may do an act of statements/publishing/states.py, with this revision.

    Who writes hands over for review, and takes back; all that leads to publishing is for
    publishers.
    """
    if act in ("save", "submit", "send_back"):
        return can_edit_statements(user)
    return can_publish(user, None if act == "unschedule" else revision)


def can_make_public(user: User, model: type[models.Model]) -> bool:
    """Whether they may give events, organisations, … an address before a statement does."""
    return may(user, "publish", model)


def can_enter_updates(user: User, model: type[models.Model]) -> bool:
    """Whether they may enter, and correct, what became of demands or of persons."""
    return may(user, "add", model)


def can_release(user: User) -> bool:
    """Whether they may put texts together that go out at one moment, and see who has."""
    return can_publish(user)


def can_change_standing(user: User) -> bool:
    """Whether they may archive, withdraw, retract, take down, and put back."""
    return may(user, "publish", Statement)


def can_moderate(user: User) -> bool:
    """Whether they may see and decide on what strangers send."""
    return may(user, "moderate", Submission)


def can_answer_safety(user: User) -> bool:
    """Whether they may say what those at risk, their families and lawyers wish."""
    return can_edit_statements(user) or can_second_safety(user)


def can_second_safety(user: User) -> bool:
    """Whether they may agree to such answers, where these are not all "yes"."""
    return can_publish(user) or can_moderate(user)


def can_edit_statements(user: User) -> bool:
    return may(user, "add", Statement) or may(user, "change", Statement)


def needs_other_eyes(user: User, revision: Revision | None) -> bool:
    """Whether they wrote a revision that somebody else has to publish (R-AZ5)."""
    if not revision or not user.pk or revision.by_id != user.pk:
        return False
    if settings.FOUR_EYES == OF_SUBMISSIONS:
        text = revision.text
        return text.statement_id is not None and text.statement.is_from_submission
    return settings.FOUR_EYES == ALWAYS
