"""What was erased or withheld since a backup was made is erased and withheld again.

Each by the function that an editor, a sender or the clock calls. Where a backup does not have what
is needed for it, the statement is taken down, and told: whoever restores looks at it, and puts it
back.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache as once

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.db.models.deletion import ProtectedError

from statements import erasures
from statements.account import workflow as accounts
from statements.auditing import workflow as auditing
from statements.backup import concealing
from statements.erasures import Kind
from statements.models import (
    Attachment,
    Correction,
    Erasure,
    Follower,
    Following,
    FollowRequest,
    Naming,
    Person,
    Revision,
    Statement,
    Submission,
    Text,
)
from statements.newsletter import workflow as newsletter
from statements.privacy import workflow as privacy
from statements.publishing import attachments as files
from statements.publishing import links, seals, slugs
from statements.publishing.standing import change_standing, take_back_approvals
from statements.publishing.states import IllegalMove
from statements.submissions import attachments, states

# Readers are told, for the words of the first time are lost.
NOTE = "This was taken back before the archive had to be restored from a backup."
Standing = Statement.Standing


@dataclass
class Done:
    """How much of what was done again, and what somebody has to look at."""

    counts: Counter = field(default_factory=Counter)
    look: list[str] = field(default_factory=list)
    # All digests of the spellings of somebody that the record of erasures tells.
    spellings: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


def replay(lines: Iterable[Erasure]) -> Done:
    """Do again what these lines tell, in an order in which no name is shown in between."""
    found = sorted(lines, key=lambda line: line.at)
    done = Done()
    for line in found:
        if line.kind == Kind.CONCEALED:
            for person, words in _digests(line).items():
                done.spellings[person] |= words
    with erasures.silent():
        for kind, act in ACTS:
            for line in _that_count(kind, found):
                with transaction.atomic():
                    if act(line, done):
                        done.counts[str(kind)] += 1
    _leave_numbers_unused(found, done)
    return done


def _that_count(kind: str, found: list[Erasure]) -> list[Erasure]:
    """Of what can be changed again, the last; each of all others once."""
    its = [line for line in found if line.kind == kind]
    if kind in (Kind.NAME, Kind.STANDING, Kind.CONCEALED):
        return list({(line.noun, line.object_id): line for line in its}.values())
    return list({(line.noun, line.object_id, line.value): line for line in its}.values())


@once
def _model(noun: str) -> type[models.Model] | None:
    models_ = apps.get_app_config("statements").get_models()
    return {"user": User, **{one._meta.model_name: one for one in models_}}.get(noun)


def _row(line: Erasure, model: type[models.Model]) -> models.Model | None:
    return model._base_manager.filter(pk=line.object_id).first()


# Names


def _name(line: Erasure, done: Done) -> bool:
    person = _row(line, Person)
    openness = Person.Shown.values.index
    if not person or openness(line.value) <= openness(person.shown_as):
        return False
    before = person.shown_as
    links.lock_with_relatives(person)
    Person.objects.filter(pk=person.pk).update(shown_as=line.value)
    person.refresh_from_db()
    links.name_shown_otherwise(person)
    links.record_saved(person)
    transaction.on_commit(lambda: slugs.leave_name_out(person))
    codes = {"before": before, "after": person.shown_as, "code": "shown_as"}
    auditing.record("change-person", person, **codes)
    return True


def _risk(line: Erasure, done: Done) -> bool:
    return bool(Person.objects.filter(pk=line.object_id, is_at_risk=False).update(is_at_risk=True))


def _concealed(line: Erasure, done: Done) -> bool:
    """Statements, demands and persons conceal again what they concealed then."""
    record, wanted = _row(line, _model(line.noun)), _digests(line)
    if not record:
        return False
    if any(erasures.TOO_LONG in words for words in wanted.values()):
        for statement in concealing.statements_with(record):
            _hold_back(statement, done, "a name was concealed in it that cannot be found again")
    return concealing.conceal_again(record, wanted, done.spellings)


def _digests(line: Erasure) -> dict[int, set[str]]:
    return {int(person): set(words) for person, words in json.loads(line.value).items()}


# Statements


def _hold_back(statement: Statement, done: Done, why: str) -> None:
    """Take it down, where anybody can read it."""
    statement.refresh_from_db()
    take_back_approvals(statement)
    if statement.is_readable:
        reason = Correction.Reason.SAFETY
        change_standing(statement, Standing.TAKEN_DOWN, reason=reason)
        done.look.append(f"statement {statement.pk} was taken down: {why}")


def _standing(line: Erasure, done: Done) -> bool:
    statement, (to, _space, reason) = _row(line, Statement), line.value.partition(" ")
    if not statement or to in Statement.READABLE or statement.standing == to:
        return False
    if not statement.is_public:
        take_back_approvals(statement)
        done.look.append(f"statement {statement.pk} was {to} since, and is a draft here")
        return True
    if to == Standing.TAKEN_DOWN:
        reason = reason or Correction.Reason.SAFETY
    try:
        change_standing(statement, to, note=NOTE, reason=reason)
    except IllegalMove:
        # From one that readers do not read to another.
        done.look.append(f"statement {statement.pk} was {to} since, and is {statement.standing}")
    return True


def _unlisted(line: Erasure, done: Done) -> bool:
    rows = Statement.objects.filter(pk=line.object_id, may_be_indexed=True)
    return bool(rows.update(may_be_indexed=False))


def _sealed(line: Erasure, done: Done) -> bool:
    revision = _row(line, Revision)
    if not revision or revision.sealed_at:
        return False
    try:
        seals.seal(revision, by=None, reason=line.value or Correction.Reason.SAFETY)
    except seals.NotSealable:
        statement = Statement.objects.get(texts=revision.text_id)
        _hold_back(statement, done, "a version that was sealed is the one that is read")
    return True


# What is gone


def _gone(line: Erasure, done: Done) -> bool:
    model = _model(line.noun)
    row = _row(line, model) if model else None
    if not row:
        return False
    if isinstance(row, Submission):
        privacy.forget_submissions([row.pk])
    elif isinstance(row, Follower):
        newsletter.leave(row)
    elif isinstance(row, FollowRequest):
        newsletter.forget_requests(FollowRequest.objects.filter(pk=row.pk))
    elif isinstance(row, Following):
        who = row.follower
        newsletter.change(who, language=who.language, rhythms={}, stopped=[row.pk])
    elif isinstance(row, Statement):
        files.delete_statement(row)
    elif isinstance(row, Text):
        return _deleted_text(row, done)
    else:
        return _deleted(row, done)
    return True


def _deleted_text(text: Text, done: Done) -> bool:
    """What it names is concealed in the other texts too, whose words of then are here again."""
    leading = Text.objects.get(statement=text.statement_id, is_leading=True)
    for person, spelling in text.namings.values_list("person", "spelling"):
        Naming.objects.get_or_create(text=leading, person_id=person, spelling=spelling)
    return _deleted(text, done)


def _deleted(row: models.Model, done: Done) -> bool:
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        if isinstance(row, User):
            User.objects.filter(pk=row.pk).update(is_active=False)
        done.look.append(
            f"{row._meta.verbose_name} {row.pk} was deleted since, and something here needs it"
        )
    return True


def _file(line: Erasure, done: Done) -> bool:
    gone = Attachment.objects.filter(file=line.value).delete()[0]
    is_there = default_storage.exists(line.value)
    if is_there:
        default_storage.delete(line.value)
    return bool(gone or is_there)


def _contact(line: Erasure, done: Done) -> bool:
    return bool(_row(line, Submission)) and bool(privacy.forget_contacts([line.object_id]))


def _attachments(line: Erasure, done: Done) -> bool:
    submission = _row(line, Submission)
    if not submission or not submission.attachments.exists():
        return False
    attachments.erase(submission)
    return True


def _withdrawn(line: Erasure, done: Done) -> bool:
    submission = _row(line, Submission)
    if not submission:
        return False
    submission = states.locked(submission)
    acts = ("withdraw", "grant_withdrawal")
    act = next((one for one in acts if states.possible(one, submission)), None)
    if not act:
        return False
    states.move(submission, act)
    submission.save()
    if submission.accepted_text_id:
        take_back_approvals(Statement.objects.get(texts=submission.accepted_text_id))
    return True


# Accounts


def _right(line: Erasure, done: Done) -> bool:
    user = _row(line, User)
    if not user or line.value not in accounts.rights_of(user):
        return False
    before = accounts.rights_of(user)
    if line.value in ("is_active", "is_staff", "is_superuser"):
        User.objects.filter(pk=user.pk).update(**{line.value: False})
    user.groups.remove(*user.groups.filter(name=line.value))
    user.user_permissions.remove(*user.user_permissions.filter(codename=line.value))
    accounts.rights_changed(User.objects.get(pk=user.pk), before, by=None)
    return True


def _credentials(line: Erasure, done: Done) -> bool:
    """What opened the account before may be in other hands: it opens nothing."""
    user = _row(line, User)
    if not user:
        return False
    user.set_unusable_password()
    user.save(update_fields=["password"])
    if Authenticator.objects.filter(user=user).exists():
        accounts.reset_factors(user)
    done.look.append(f"account {user.pk} needs a new password: manage.py make_account NAME")
    return True


# What is gone before what is shown otherwise; names before all that is opened or closed by them.
ACTS: tuple[tuple[Kind, Callable[[Erasure, Done], bool]], ...] = (
    (Kind.GONE, _gone),
    (Kind.FILE, _file),
    (Kind.CONTACT, _contact),
    (Kind.ATTACHMENTS, _attachments),
    (Kind.WITHDRAWN, _withdrawn),
    (Kind.NAME, _name),
    (Kind.RISK, _risk),
    (Kind.CONCEALED, _concealed),
    (Kind.UNLISTED, _unlisted),
    (Kind.SEALED, _sealed),
    (Kind.STANDING, _standing),
    (Kind.RIGHT, _right),
    (Kind.CREDENTIALS, _credentials),
)


def _leave_numbers_unused(lines: list[Erasure], done: Done) -> None:
    """No new record gets a number that is told of: it would be taken for the one that had it."""
    # Of persons some are told of only beside the words in which they are concealed.
    highest: Counter = Counter({Person._meta.model_name: max(done.spellings, default=0)})
    for line in lines:
        highest[line.noun] = max(highest[line.noun], line.object_id or 0)
    for noun, number in highest.items():
        model = _model(noun)
        if model and isinstance(model._meta.pk, models.AutoField) and number:
            _count_from(model._meta.db_table, model._meta.pk.column, number)


def _count_from(table: str, column: str, number: int) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT %s, 0"
                " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = %s)",
                [table, table],
            )
            cursor.execute(
                "UPDATE sqlite_sequence SET seq = max(seq, %s) WHERE name = %s", [number, table]
            )
        else:
            last = f"SELECT greatest(%s, max({column})) FROM {table}"  # noqa: S608 - names of our own
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, %s), ({last}))",
                [table, column, number],
            )
