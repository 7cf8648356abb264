"""A text's language in admin forms: any BCP 47 tag, the usual ones suggested by name."""

from __future__ import annotations

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from statements import languages


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
