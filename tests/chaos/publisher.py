"""A process that publishes the text that a line names, and says so when it is public."""

import sys
from contextlib import suppress

import django

django.setup()

from django.contrib.auth import get_user_model

from statements.models import Text
from statements.publishing import workflow


def main() -> None:
    publisher = get_user_model().objects.get(username="publisher")
    for line in sys.stdin:
        text = Text.objects.select_related("working_revision").get(pk=int(line))
        # NothingToPublish: whoever was killed before they could say so had published it.
        with suppress(workflow.NothingToPublish):
            workflow.publish(text.working_revision, by=publisher)
        sys.stdout.write(line)
        sys.stdout.flush()


main()
