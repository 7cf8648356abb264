"""What somebody has and wants to know of: words, a fingerprint, or a file."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.canonical import canonical, read_fingerprint
from statements.diff import word_list

MOST_LETTERS = 200_000
# Fewer words stand in many texts, and prove nothing.
FEWEST_WORDS = 6
MOST_BYTES = 20 * 1024 * 1024


class VerifyForm(forms.Form):
    """One of the two is enough; with a file, words are not looked at."""

    use_required_attribute = False

    words = forms.CharField(
        label=gettext_lazy("The text, or a fingerprint"),
        help_text=gettext_lazy(
            "Paste the whole text or a passage. A fingerprint is the row of letters and digits"
            " beside the number of a version."
        ),
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 12}),
        required=False,
    )
    file = forms.FileField(
        label=gettext_lazy("Or a PDF that was downloaded here"),
        help_text=gettext_lazy(
            "It is checked whether the file is as this site made it. A copy that was saved anew by"
            " a program is not: paste its text instead."
        ),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        required=False,
        allow_empty_file=True,
    )

    def clean_words(self) -> str:
        words = self.cleaned_data["words"]
        if len(words) > MOST_LETTERS:
            message = _("This is longer than any text here: at most %(number)s letters.")
            raise forms.ValidationError(message % {"number": MOST_LETTERS})
        is_asked = not words or read_fingerprint(words)
        if not is_asked and len(word_list(canonical(words))) < FEWEST_WORDS:
            message = _("Paste at least %(number)s words: fewer stand in many texts.")
            raise forms.ValidationError(message % {"number": FEWEST_WORDS})
        return words

    def clean_file(self) -> UploadedFile | None:
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            message = _("No file of this site is so large: at most %(size)s.")
            raise forms.ValidationError(message % {"size": filesizeformat(MOST_BYTES)})
        return file

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors and not data.get("words") and data.get("file") is None:
            self.add_error("words", _("Paste a text, or choose a file."))
        return data
