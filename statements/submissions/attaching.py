"""The files of a form: those that it has so far, and the one that came with it now.

One file comes with each request, so that none is larger than what a proxy lets through. It is held
at once, whatever else is wrong with the form, and the form carries its token.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from statements import limits
from statements.models import Submission, SubmissionAttachment
from statements.submissions import attachments
from statements.submissions.attachments import MOST, Held, NoRoom
from statements.submissions.forms import FileForm

# From one network in an hour.
MOST_AN_HOUR = 30


class Attaching:
    """`form` is for the next file, or for the one that was refused now."""

    def __init__(self, request: HttpRequest, submission: Submission | None = None) -> None:
        self.request = request
        dropped = request.POST.getlist("drop")
        # What was sent before: the row, its name, and whether it is to be left out now.
        self.sent = [
            (row, name, str(row.pk) in dropped)
            for row, name in (sent_with(submission) if submission else ())
        ]
        posted = list(dict.fromkeys(request.POST.getlist("attached")))[: 2 * MOST]
        found = attachments.held(posted) if posted else []
        # Some were held for too long: whoever chose them is told.
        self.missing = len(posted) - len(found)
        self.held = self._wanted(found)
        self.form = FileForm(room=self.room)
        if self.room > 0 and "file" in request.FILES:
            self._take()

    @property
    def room(self) -> int:
        return MOST - len(self.sent) + len(self.dropped) - len(self.held)

    @property
    def dropped(self) -> list[int]:
        return [row.pk for row, _name, is_dropped in self.sent if is_dropped]

    @property
    def tokens(self) -> list[str]:
        return [one.token for one in self.held]

    @property
    def refused(self) -> bool:
        return bool(self.form.errors)

    def _wanted(self, found: list[Held]) -> list[Held]:
        """Without those that are to be left out."""
        dropped = set(self.request.POST.getlist("drop"))
        if gone := [one for one in found if one.token in dropped]:
            attachments.let_go(gone)
        wanted = [one for one in found if one.token not in dropped]
        if wanted:
            attachments.keep_on(wanted)
        return wanted

    def _take(self) -> None:
        form = FileForm(self.request.POST, self.request.FILES, room=self.room)
        self.form = form
        if not form.is_valid() or not form.cleaned_data.get("file"):
            return
        if limits.hit_from("attach", self.request, most=MOST_AN_HOUR, seconds=3600):
            form.add_error("file", _("Many files came from your network. Send this one later."))
            return
        try:
            token = attachments.keep(
                form.cleaned_data["file"], self.request.FILES["file"].name or ""
            )
        except NoRoom:
            form.add_error("file", _("There is no room for files now. Send the words without it."))
            return
        self.held += attachments.held([token])
        self.form = FileForm(room=self.room)


def sent_with(submission: Submission) -> list[tuple[SubmissionAttachment, str]]:
    """What was attached to it, with the names that its sender gave."""
    rows = submission.attachments.listed()
    return [(row, attachments.name_of(row)) for row in rows]
