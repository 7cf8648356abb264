"""A text's language in admin forms: any BCP 47 tag, the usual ones suggested by name."""

from __future__ import annotations

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from statements import languages
from statements.models.base import LanguageFormField


class LanguageWidget(forms.TextInput):
    """A tag to type, with a list of languages by their names in the interface's language."""

    def __init__(self, attrs: dict | None = None) -> None:
        own = {"size": 12, "dir": "ltr", "autocomplete": "off", "spellcheck": "false"}
        super().__init__(own | (attrs or {}))

    def get_context(self, name: str, value: object, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        list_id = f"{context['widget']['attrs'].get('id', name)}_list"
        context["widget"]["attrs"] |= {
            "list": list_id,
            "data-right-to-left": " ".join(sorted(languages.RTL_LANGUAGES)),
        }
        context["widget"]["list_id"] = list_id
        return context

    def _render(
        self, template_name: str, context: dict, renderer: object | None = None
    ) -> SafeString:
        suggested = format_html_join(
            "",
            '<option value="{}">{}</option>',
            ((tag, languages.name(tag)) for tag in languages.USUAL),
        )
        return format_html(
            '{}<datalist id="{}">{}</datalist>',
            super()._render(template_name, context, renderer),
            context["widget"]["list_id"],
            suggested,
        )


class NoteLanguage(forms.Form):
    """Says in which language readers are told something: in that of the text, if not in another."""

    note_language = LanguageFormField(
        label=_("Language of this sentence"),
        help_text=_("In which you wrote it. Empty: that of the text."),
        max_length=35,
        required=False,
        widget=LanguageWidget,
    )
    # Each form knows the text that the note is about.
    text_language = ""

    def offer_language(self, language: str) -> None:
        self.text_language = language
        self.initial.setdefault("note_language", language)

    def clean_note_language(self) -> str:
        return self.cleaned_data["note_language"] or self.text_language
