"""Pictures and documents beside a statement's text, as rows of the statement's form."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from statements import aside
from statements.admin.base import FIELDS
from statements.models import Attachment, Statement, Text
from statements.publishing.attachments import forget_files
from statements.uploads import Taken, accepted_types, take


class AttachmentForm(forms.ModelForm):
    """A new file is taken in our own way. One that came with a refused form is kept aside."""

    aside = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, owner: int, text: Text | None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.owner, self.text = owner, text
        if self.instance.pk and not self.instance.is_finished:
            self._let_wait()
        self.fields["file"].widget.attrs["accept"] = accepted_types()
        self.upload: UploadedFile | None = None
        self.taken: Taken | None = None
        self.kept = aside.find(self["aside"].value(), owner=owner) if self.is_bound else None
        if self.kept:
            self.fields["file"].required = False
            self._say_kept(self.kept.label)

    def _let_wait(self) -> None:
        """It came through the public form: a draft is saved without what nobody has found out."""
        for name in ("credit", "licence"):
            self.fields[name].required = False
        self.fields["credit"].help_text = format_html(
            '<strong class="unfinished">{}</strong>',
            _("Readers do not see it before it says who made it, and its licence."),
        )

    def clean(self) -> dict:
        data = super().clean()
        for name in ("credit", "licence"):
            asked = self.text and self.text.is_publishing and not self.fields[name].required
            if asked and not data.get(name):
                self.add_error(name, _("Publishing needs this: it came without."))
        return data

    def clean_file(self) -> object:
        upload = self.cleaned_data["file"]
        if isinstance(upload, UploadedFile):
            self.upload, self.taken = upload, take(upload)
        elif self.kept:
            self.taken = self.kept.taken
        if not self.taken:
            return upload
        self.instance.type, self.instance.size = self.taken.type, self.taken.size
        self.instance.width, self.instance.height = self.taken.width, self.taken.height
        return self.taken.file

    def set_aside(self) -> None:
        """The form was refused: keep the file that came with it, and let the form say so."""
        if not (self.upload and self.taken):
            return
        token = aside.put(self.taken, self.upload.name, owner=self.owner)
        self.data = self.data.copy()
        self.data[self.add_prefix("aside")] = token
        self._say_kept(self.upload.name)

    def _say_kept(self, label: str) -> None:
        self["file"].help_text = format_html(
            _("“{}” has arrived, and need not be chosen again for a day."), label
        )


class AttachmentFormSet(BaseInlineFormSet):
    """What is no longer pointed at is deleted, once that is in the database."""

    owner: int

    def get_form_kwargs(self, index: int | None) -> dict:
        text = getattr(self.instance, "working_text", None)
        return super().get_form_kwargs(index) | {"owner": self.owner, "text": text}

    def set_aside(self) -> None:
        for form in self.forms:
            form.set_aside()

    def save(self, commit: bool = True) -> list[Attachment]:
        forget_files(form.kept.path for form in self.forms if form.kept)
        aside.forget_old()
        return super().save(commit)

    def save_existing(
        self, form: AttachmentForm, obj: Attachment, commit: bool = True
    ) -> Attachment:
        if form.taken:
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
        ("file", "shown", "aside"),
        ("alternative", "language"),
        "caption",
        ("credit", "licence"),
        "position",
    )

    def get_formset(
        self, request: HttpRequest, obj: Statement | None = None, **kwargs: object
    ) -> type[AttachmentFormSet]:
        formset = super().get_formset(request, obj, **kwargs)
        formset.owner = request.user.pk
        return formset

    @admin.display(description=_("as stored"))
    def shown(self, attachment: Attachment) -> SafeString | str:
        # A file that is only being handed in has no address yet.
        if not attachment.pk or not attachment.file._committed:
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
