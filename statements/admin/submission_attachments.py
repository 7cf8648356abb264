"""What was attached to a submission: shown to whoever decides on it, and to nobody else."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from solidarity import csp
from statements import rights
from statements.models import Attachment, Submission, SubmissionAttachment
from statements.sealing import CannotOpen
from statements.submissions import attachments
from statements.uploads import TYPES


class WithAttachments(admin.ModelAdmin):
    """The address of each, on the pages of its submission."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.attachment_view)
        return [
            path("<int:pk>/attachments/<int:number>/", view, name="statements_submission_file"),
            *super().get_urls(),
        ]

    def attachment_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        if not rights.can_moderate(request.user):
            raise Http404
        found = SubmissionAttachment.objects.filter(pk=number, submission=pk).first()
        if not found:
            raise Http404
        return file_response(found)


@csp.csp_override(csp.FILES)
def file_response(found: SubmissionAttachment) -> HttpResponse:
    """A picture to be looked at, a PDF to be saved; nothing in either runs, and no cache has it."""
    try:
        content = attachments.content_of(found)
    except CannotOpen as error:
        raise Http404 from error
    response = HttpResponse(content, content_type=TYPES[found.extension])
    how = "attachment" if found.type == Attachment.Type.PDF else "inline"
    name = f"submission-{found.submission_id}-{found.pk}.{found.extension}"
    response["Content-Disposition"] = f'{how}; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def add_choices(form: forms.Form, submission: Submission) -> list[str]:
    """For each attachment a box to tick, and one for what it shows in words; their names."""
    before = set(form.fields)
    for number, one in enumerate(submission.attachments.listed(), 1):
        form.fields[f"attach_{one.pk}"] = forms.BooleanField(
            label=_("Attach number %(number)d to the draft") % {"number": number},
            help_text=_("Readers see it once an editor has said who made it, and its licence."),
            required=False,
        )
        form.fields[f"alternative_{one.pk}"] = forms.CharField(
            label=_("Alternative text of number %(number)d") % {"number": number},
            help_text=_("What it shows or says, in the language of the text."),
            max_length=Attachment._meta.get_field("alternative").max_length,
            required=False,
            widget=forms.TextInput({"dir": "auto"}),
        )
    return [name for name in form.fields if name not in before]


def chosen(form: forms.Form, data: dict) -> Mapping[int, str]:
    """Take them out of the cleaned data: the alternative texts of the ticked ones, by their ids."""
    found = {}
    for key in [name.removeprefix("attach_") for name in data if name.startswith("attach_")]:
        is_ticked, words = data.pop(f"attach_{key}"), data.pop(f"alternative_{key}", None)
        if is_ticked:
            found[int(key)] = words
        if is_ticked and words == "":
            form.add_error(
                f"alternative_{key}", _("Say what it shows, for those who cannot see it.")
            )
    return found
