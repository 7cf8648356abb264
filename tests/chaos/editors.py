"""Two people do the same in the same moment, a hundred times: editors, and moderators."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import django

django.setup()

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connections
from django.test import Client

from statements.auditing import workflow as auditing
from statements.models import Organisation
from statements.submissions import states, workflow
from tests import factories
from tests.admin.signed_in import rows
from tests.admin.test_records import organisation_form
from tests.chaos.load import finish

ROUNDS = 100
SEEN_OTHERS, SAVED = 200, 302


class Editor:
    def __init__(self, name: str) -> None:
        self.name, self.client = name, Client(SERVER_NAME="127.0.0.1")
        self.client.force_login(get_user_model().objects.create_superuser(name))

    def save(self, one: Organisation, edition: int, start: Barrier) -> int:
        name = f"Name by {self.name} {edition}"
        typed = organisation_form(name=name, slug=one.slug, edition=str(edition)) | rows("names")
        start.wait(30)
        try:
            address = f"/admin/statements/organisation/{one.pk}/change/"
            return self.client.post(address, typed).status_code
        finally:
            connections.close_all()


def editors(pool: ThreadPoolExecutor) -> list[str]:
    both, one = [Editor("first"), Editor("second")], factories.make_organisation("Dockers")
    answers, before = Counter(), Organisation.objects.get(pk=one.pk).edition
    faults = []
    for number in range(ROUNDS):
        edition, start = Organisation.objects.get(pk=one.pk).edition, Barrier(2)
        found = list(pool.map(lambda who, e=edition, s=start: who.save(one, e, s), both))
        answers.update(found)
        if sorted(found) != [SEEN_OTHERS, SAVED]:
            faults.append(f"Round {number} of the editors was answered {found}")
    increase = Organisation.objects.get(pk=one.pk).edition - before
    print(
        f"Editors: {answers[SAVED]} saved, {answers[SEEN_OTHERS]} shown what the other one saved,"
        f" the edition went up by {increase}"
    )
    if increase != answers[SAVED]:
        faults.append("The edition does not tell how often it was saved")
    return faults


def moderators(pool: ThreadPoolExecutor) -> list[str]:
    user = get_user_model().objects.create_superuser("moderator")
    outcomes, faults = Counter(), []

    def decide(one, act: str, start: Barrier) -> str:
        start.wait(30)
        try:
            if act == "accept":
                workflow.accept(one, by=user)
            else:
                workflow.decline(one, by=user, reason="scope")
        except states.NotPossible:
            return "refused"
        finally:
            connections.close_all()
        return act

    for number in range(ROUNDS):
        one, start = factories.make_submission(), Barrier(2)
        workflow.take_up(one, by=user)
        acts = ("accept", "decline")
        found = list(pool.map(lambda act, o=one, s=start: decide(o, act, s), acts))
        outcomes.update(found)
        if found.count("refused") != 1:
            faults.append(f"Round {number} of the moderators: {found}")
    print(f"Moderators: {dict(outcomes)}")
    return faults


def main() -> int:
    settings.STAFF_MFA_REQUIRED = False
    with ThreadPoolExecutor(2) as pool:
        faults = [*editors(pool), *moderators(pool)]
    if (broken := auditing.verify().broken) is not None:
        faults.append(f"The audit log is not whole at {broken}")
    return finish(faults, "Of two one succeeds, and the other one is told.")


if __name__ == "__main__":
    raise SystemExit(main())
