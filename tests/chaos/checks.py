"""What must be so when everybody is done: each check yields a sentence for what is not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django_tasks_db.models import DBTaskResult

from statements import mail, sealing, tokens
from statements.auditing import workflow as auditing
from statements.models import AuditEntry, Demand, Event, Organisation, Submission, Text, Token
from statements.submissions.states import PURPOSE
from tests.chaos.people import Person
from tests.chaos.processes import run_due
from tests.submissions.sending import ALL

TYPED = ("organisation_name", "sender_role", "language", "url", "note", "demands", "new_event")


def submissions(people: Iterable[Person]) -> Iterator[str]:
    """Each is there once and whole; of somebody who got no answer, once or not at all."""
    stored: dict[str, list[Submission]] = {}
    for one in Submission.objects.all():
        stored.setdefault(one.title, []).append(one)
    for person in people:
        title = person.words["title"]
        found = stored.pop(title, [])
        if len(found) > 1 or (person.token and not found):
            yield f"{title}: there {len(found)} times"
        for one in found:
            if wrong := _half_written(one, person):
                yield f"{title}: half written: {wrong}"
            if person.token and tokens.find(PURPOSE, person.token) != one.pk:
                yield f"{title}: its link does not open it"
    for title in stored:
        yield f"{title}: nobody sent it"


def _half_written(one: Submission, person: Person) -> dict[str, object]:
    """What is there otherwise than it was sent, by its name."""
    wanted = {name: ALL[name] for name in TYPED} | person.words
    wanted |= {"state": "received", "doubts": "", "links": 1}
    found = {name: getattr(one, name) for name in wanted.keys() - {"email", "links"}} | {
        "email": sealing.open_sealed(one.email_sealed) if one.has_email else "",
        "links": Token.objects.filter(purpose=PURPOSE, object_id=one.pk).count(),
    }
    return {name: value for name, value in found.items() if value != wanted[name]}


def _letters(**which: str) -> Counter[str]:
    """How many letters to each address are in the queue."""
    rows = DBTaskResult.objects.filter(task_path=mail.deliver.module_path, **which)
    # Another one was queued in the place of these.
    rows = rows.exclude(status="SUCCESSFUL", return_value=mail.PUT_OFF)
    sealed = [row.args_kwargs["args"][0] for row in rows]
    return Counter(json.loads(sealing.open_sealed(one))["to"] for one in sealed)


def begun() -> set[str]:
    """Addresses whose letter somebody was sending when they were killed."""
    return set(_letters(status="RUNNING"))


def letters(delivered: Counter[str], unsure: set[str]) -> Iterator[str]:
    """One for each submission with an address; twice at most where its sending was cut off."""
    wanted = {
        sealing.open_sealed(one.email_sealed) for one in Submission.objects.exclude(email_sealed="")
    }
    queued, waiting = _letters(), _letters(status="READY") + _letters(status="RUNNING")
    for address in wanted | set(delivered) | set(queued):
        if queued[address] != (address in wanted):
            yield f"{address}: {queued[address]} letters were queued"
        if address in wanted and not delivered[address] + waiting[address]:
            yield f"{address}: no letter, and none waits"
        if delivered[address] > 1 + (address in unsure):
            yield f"{address}: {delivered[address]} letters came"


def letters_in_the_end(delivered: Counter[str]) -> Iterator[str]:
    """Of all that was queued, once it had its time to be sent."""
    run_due()
    unsure = begun()
    run_due(later=mail.STOPPED + timedelta(minutes=1))
    yield from letters(delivered, unsure)


def publications(acknowledged: set[int]) -> Iterator[str]:
    """Each is public with all that follows, or, where nobody said that it is, not at all."""
    for text in Text.objects.select_related("statement", "live_revision", "working_revision"):
        facts = _facts(text)
        missing = [name for name, is_so in facts.items() if not is_so]
        if missing and (text.pk in acknowledged or len(missing) < len(facts)):
            yield f"{text}: not {', '.join(missing)}"
    public = list(Text.objects.readable().values_list("statement", flat=True))
    for model, path in (
        (Event, "statements"),
        (Organisation, "authorships__statement"),
        (Demand, "made__statement"),
    ):
        linked = set(model.objects.filter(**{f"{path}__in": public}).values_list("pk", flat=True))
        if linked != set(model.objects.published().values_list("pk", flat=True)):
            yield f"{model.__name__}: public without a statement, or the other way round"
    for demand in Demand.objects.published():
        days = demand.made.filter(statement__in=public)
        first = min(made.statement.issued.sort_day for made in days.select_related("statement"))
        if demand.raised_on != first:
            yield f"{demand}: raised on {demand.raised_on}, not on {first}"


def _facts(text: Text) -> dict[str, bool]:
    """What publishing makes of a draft; nothing of it is so before."""
    revision = text.working_revision
    entries = AuditEntry.objects.filter(act="publish", noun="text", object_id=text.pk)
    return {
        "what visitors see": text.live_revision_id == revision.pk,
        "numbered": revision.number == 1,
        "dated": revision.published_at is not None,
        "fingerprinted": bool(revision.fingerprint),
        "out of its working state": text.state == "",
        "public as a statement": text.statement.public_since is not None,
        "quoted in public": text.quotations.get().in_live,
        "in the audit log, once": entries.count() == 1,
        "decided by the publisher": text.decisions.filter(by__username="publisher").count() == 1,
    }


def log() -> Iterator[str]:
    verdict = auditing.verify()
    if verdict.broken is not None:
        yield f"The audit log is not whole: {verdict.reason} at {verdict.broken}"
    decided = AuditEntry.objects.filter(act="publish").count()
    if verdict.count != decided:
        yield f"The audit log has {verdict.count} entries for {decided} publications"
