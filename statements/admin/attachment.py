"""Pictures and documents beside a statement's text, as rows of the statement's form."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.forms.models import BaseInlineFormSet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from statements.admin.base import FIELDS
from statements.models import Attachment
from statements.publishing.attachments import forget_files
from statements.uploads import accepted_types, take


class AttachmentForm(forms.ModelForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = accepted_types()

    def clean_file(self) -> object:
        """A new file is taken in our own way; an unchanged one stays as it is."""
        upload = self.cleaned_data["file"]
        if not isinstance(upload, UploadedFile):
            return upload
        taken = take(upload)
        self.instance.type, self.instance.size = taken.type, taken.size
        self.instance.width, self.instance.height = taken.width, taken.height
        return taken.file


class AttachmentFormSet(BaseInlineFormSet):
    """A replaced or deleted attachment's file is deleted, once that is in the database."""

    def save_existing(
        self, form: forms.ModelForm, obj: Attachment, commit: bool = True
    ) -> Attachment:
        if "file" in form.changed_data:
            forget_files([form.initial["file"].name])
        return super().save_existing(form, obj, commit=commit)

    def delete_existing(self, obj: Attachment, commit: bool = True) -> None:
        forget_files([obj.file.name])
        super().delete_existing(obj, commit=commit)


class AttachmentInline(admin.StackedInline):
    model = Attachment
    group = "attachments"
    form = AttachmentForm
    formset = AttachmentFormSet
    formfield_overrides = FIELDS
    extra = 0
    readonly_fields = ("shown",)
    fields = (
        ("file", "shown"),
        ("alternative", "language"),
        "caption",
        ("credit", "licence"),
        "position",
    )

    @admin.display(description=_("as stored"))
    def shown(self, attachment: Attachment) -> SafeString | str:
        if not attachment.pk:
            return ""
        if attachment.type == Attachment.Type.PDF:
            return format_html('<a href="{}">{}</a>', attachment.file.url, _("PDF"))
        return format_html(
            '<img class="attachment-thumbnail" src="{}" alt="{}" width="{}" height="{}">',
            attachment.file.url,
            attachment.alternative,
            attachment.width,
            attachment.height,
        )
