"""The rich text editor of admin forms: CKEditor 4, cut down to what `markup` allows (R-CO4, R-CO5).

Everything that it is given is cleaned, everything that it sends is hostile until `HTMLField` has
cleaned it. settings.RICH_TEXT_WIDGET names the widget: a plain textarea serves as well.
"""

from __future__ import annotations

from functools import cache

from ckeditor.widgets import CKEditorWidget
from django import forms
from django.conf import settings
from django.forms.utils import flatatt
from django.forms.widgets import Media
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from statements import languages, markup

# By name, those that call other hosts, upload, open frames, or write what is not allowed; and
# the ones that only work with them.
REMOVED_PLUGINS = (
    *("scayt", "wsc", "exportpdf", "iframe", "iframedialog", "embed", "embedsemantic"),
    *("embedbase", "autoembed", "flash", "forms", "preview", "print", "templates", "smiley"),
    *("about", "newpage", "save", "codesnippet", "codesnippetgeshi", "devtools", "docprops"),
    *("sourcedialog", "stylesheetparser", "uploadimage", "uploadfile", "uploadwidget", "image"),
    *("image2", "mathjax", "placeholder", "contextmenu", "liststyle", "tabletools"),
    *("tableselection", "tableresize", "table", "div", "colorbutton", "colordialog", "font"),
    *("justify", "indentblock", "pagebreak", "filebrowser", "showblocks", "stylescombo"),
    *("copyformatting", "bbcode", "specialchar", "elementspath", "find", "a11yhelp", "magicline"),
)
TOOLBAR = [
    ["Format", "Bold", "Italic", "Strike", "Subscript", "Superscript"],
    ["BulletedList", "NumberedList", "Blockquote", "HorizontalRule"],
    ["Link", "Unlink"],
    ["RemoveFormat", "Undo", "Redo"],
    ["BidiLtr", "BidiRtl", "Language"],
    ["QuoteDemand", "NamePerson"],
]
HEIGHTS = {"introduction": 150, "body": 440, "postscript": 100}
# Languages that the editor's own menu offers for a passage in another language.
PASSAGE_LANGUAGES = ("ar", "be", "de", "en", "es", "fa", "fr", "it", "pl", "pt", "ru", "tr", "uk")


@cache
def allowed_content() -> dict[str, dict[str, str]]:
    """The allow-list of `markup` as the editor's own content filter reads it."""
    everywhere = markup.ATTRIBUTES["*"]
    return {
        tag: {"attributes": ",".join(sorted(everywhere | markup.ATTRIBUTES.get(tag, set())))}
        for tag in sorted(markup.TAGS)
    }


def passage_labels() -> dict[str, str]:
    """What the buttons say that make something of a selected passage, or lead back to it."""
    return {
        "quote": _("Quote as demand"),
        "name": _("Name a person"),
        "back": _("Back to the text (Alt+Shift+D)"),
        "take": _("Take the words that are selected in the text"),
        "nothing": _("Select the words in the text first."),
        "pictures": _("Pictures are not pasted with the text. Add them under “Attachments”."),
    }


class RichTextWidget(CKEditorWidget):
    """CKEditor in the page itself (divarea), which runs under the strict policy with editor.js.

    `language` is that of the text: it gives the editing area its language and direction.
    """

    template_name = "admin/statements/widgets/editor.html"
    language = "en"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(template_name=self.template_name, attrs=attrs)

    @property
    def media(self) -> Media:
        """Named in pairs, because it is pairs that keep their order when media are joined."""
        return super().media + Media(
            css={"all": ["ckeditor/ckeditor.css", "css/admin-editor.css"]},
            js=["ckeditor/fixups.js", "js/editor.js", "js/paste.js"],
        )

    def format_value(self, value: object) -> str | None:
        """Only cleaned markup reaches the editor; what cannot be cleaned is shown as its source."""
        value = super().format_value(value)
        try:
            return markup.clean(value) if value else value
        except markup.MarkupRefused:
            return value

    def get_context(self, name: str, value: object, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        context["widget"]["is_refused"] = self._is_refused(value)
        return context

    def _is_refused(self, value: object) -> bool:
        try:
            markup.clean(str(value or ""))
        except markup.MarkupRefused:
            return True
        return False

    def _render(
        self, template_name: str, context: dict, renderer: object | None = None
    ) -> SafeString:
        """By the site's own template: the package's has a style attribute."""
        context["attributes"] = flatatt(context["widget"]["attrs"])
        return render_to_string(template_name, context)

    def _set_config(self) -> None:
        part = self.attrs.get("data-part", "")
        self.config = {
            "skin": "moono-lisa",
            "language": (get_language() or "en").lower(),
            "contentsLanguage": self.language,
            "contentsLangDirection": languages.direction(self.language),
            # Only the parts of a text have passages to quote or to name somebody in.
            "toolbar": TOOLBAR if part in HEIGHTS else TOOLBAR[:-1],
            "format_tags": "p;h2;h3;h4;pre",
            "allowedContent": allowed_content(),
            "extraPlugins": "divarea,passages,tidypaste",
            "removePlugins": ",".join(REMOVED_PLUGINS),
            "removeDialogTabs": "link:advanced;link:target",
            "linkShowTargetTab": False,
            "linkShowAdvancedTab": False,
            "language_list": [
                f"{tag}:{languages.name(tag)}:{languages.direction(tag)}"
                for tag in PASSAGE_LANGUAGES
            ],
            "entities": False,
            "basicEntities": True,
            "fullPage": False,
            "versionCheck": False,
            "customConfig": "",
            "stylesSet": False,
            "contentsCss": [],
            "disableNativeSpellChecker": False,
            "title": "",
            "width": "100%",
            "height": HEIGHTS.get(part, 200),
            "passages": passage_labels(),
        }


def rich_text_widget(part: str) -> forms.Widget:
    """The chosen widget for one part of a text."""
    widget = import_string(settings.RICH_TEXT_WIDGET)()
    widget.attrs.setdefault("rows", 18 if part == "body" else 6)
    widget.attrs["data-part"] = part
    return widget
