"""Words that a browser keeps until they are saved: the server's part of static/js/kept-words.js."""

from __future__ import annotations

import re

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest

# The number that the script gives to one opening of a form.
NUMBER = re.compile(r"[0-9a-f]{16}")


class KeptForm(forms.BaseForm):
    """A form that can be posted to be looked at once more, and not to be saved."""

    @property
    def is_taken_over(self) -> bool:
        return "_kept" in self.data

    def is_valid(self) -> bool:
        return super().is_valid() and not self.is_taken_over


class KeepsWords(admin.ModelAdmin):
    """The message that says that a form was saved bears its number: the browser lets go of it."""

    def message_user(
        self,
        request: HttpRequest,
        message: str,
        level: int | str = messages.INFO,
        extra_tags: str = "",
        fail_silently: bool = False,
    ) -> None:
        number = request.POST.get("kept_as", "")
        if level == messages.SUCCESS and NUMBER.fullmatch(number):
            extra_tags = f"{extra_tags} kept-{number}".strip()
        super().message_user(request, message, level, extra_tags, fail_silently)


def kept_record(record: models.Model, parent: int | None = None) -> str:
    """What the browser files the words under; a new record of another parent is another form."""
    return f"{record._meta.model_name}/{record.pk or ''}/{parent or ''}"
