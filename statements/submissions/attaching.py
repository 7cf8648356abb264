"""The files of a form: those that it has so far, and the one that came with it now.

One file comes with each request, so that none is larger than what a proxy lets through. It is held
at once, whatever else is wrong with the form, and the form carries its token.
"""

from __future__ import annotations

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from statements import limits
from statements.models import Submission, SubmissionAttachment
from statements.submissions import attachments
from statements.submissions.attachments import MOST, NoRoom
from statements.submissions.forms import FileForm

# From one network in an hour.
MOST_AN_HOUR = 30


class Attaching:
    """`form` is for the next file, or for the one that was refused now."""

    def __init__(self, data: QueryDict, submission: Submission | None = None) -> None:
        dropped = data.getlist("drop")
        # What was sent before: the row, its name, and whether it is to be left out now.
        self.sent = [
            (row, name, str(row.pk) in dropped)
            for row, name in (sent_with(submission) if submission else ())
        ]
        posted = list(dict.fromkeys(data.getlist("attached")))[: 2 * MOST]
        self.held = attachments.held(posted) if posted else []
        # Some were held for too long: whoever chose them is told.
        self.missing = len(posted) - len(self.held)
        self.form = FileForm(room=self.room)
        if not submission:
            self._remember(data)

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

    def take(self, request: HttpRequest) -> None:
        """Let go of what is to be left out, hold on to the others, and take the file that came."""
        dropped = set(request.POST.getlist("drop"))
        if gone := [one for one in self.held if one.token in dropped]:
            attachments.let_go(gone)
        self.held = [one for one in self.held if one.token not in dropped]
        if self.held:
            attachments.keep_on(self.held)
        if self.room > 0 and "file" in request.FILES:
            self._take(request)
        elif not self.refused:
            self.form = FileForm(room=self.room)

    def note(self, data: QueryDict) -> None:
        """Write into the form's data what the next page has to know."""
        data.setlist("attached", self.tokens)
        data["missing"] = str(self.missing)
        data.setlist("file_faults", [str(one) for one in self.form.errors.get("file", ())])

    def _remember(self, data: QueryDict) -> None:
        """What `note` wrote."""
        self.missing += int(data.get("missing", 0))
        if faults := data.getlist("file_faults"):
            self._refuse(*faults)

    def _take(self, request: HttpRequest) -> None:
        self.form = FileForm(request.POST, request.FILES, room=self.room)
        if not self.form.is_valid() or not self.form.cleaned_data.get("file"):
            return
        if limits.hit_from("attach", request, most=MOST_AN_HOUR, seconds=3600):
            self._refuse(_("Many files came from your network. Send this one later."))
            return
        name = request.FILES["file"].name or ""
        try:
            token = attachments.keep(self.form.cleaned_data["file"], name)
        except NoRoom:
            self._refuse(_("There is no room for files now. Send the words without it."))
            return
        self.held += attachments.held([token])
        self.form = FileForm(room=self.room)

    def _refuse(self, *faults: str) -> None:
        self.form = FileForm({}, {}, room=max(1, self.room))
        self.form.is_valid()
        if "file" in self.form.fields:
            self.form.add_error("file", list(faults))


def sent_with(submission: Submission) -> list[tuple[SubmissionAttachment, str]]:
    """What was attached to it, with the names that its sender gave."""
    rows = submission.attachments.listed()
    return [(row, attachments.name_of(row)) for row in rows]
