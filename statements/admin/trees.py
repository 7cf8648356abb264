"""Records that are part of others: no record is a part of itself."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _


class TreeForm(forms.ModelForm):
    """Refuses a parent that is the record itself or one of its parts."""

    def clean_parent(self) -> models.Model | None:
        parent = above = self.cleaned_data["parent"]
        seen: set[int] = set()
        while above and above.pk not in seen:
            if above.pk == self.instance.pk:
                raise ValidationError(_("A record cannot be part of itself."), code="loop")
            seen.add(above.pk)
            above = above.parent
        return parent
