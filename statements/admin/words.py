"""The words of a text in a form: what the statement's form and the translation's have in common."""

from __future__ import annotations

import copy
from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from statements import languages, markup, rights
from statements.admin import publishing
from statements.admin.editor import rich_text_widget
from statements.admin.kept import KeptForm
from statements.admin.languages import LanguageWidget, NoteLanguage
from statements.admin.taken import refuse_taken
from statements.models import Correction, FormerSlug, ReleaseSet, Revision, Text
from statements.models.base import SlugField
from statements.plain import collapse
from statements.publishing import releases, slugs, wording, workflow
from statements.publishing.states import LIVE, MOVES, TOWARDS_READERS, possible


def words_field(name: str, **kwargs: object) -> forms.Field:
    """The form field of one part of a revision."""
    if not Revision.FIELDS[name]:
        kwargs["widget"] = forms.TextInput({"class": "vTextField", "data-part": name})
    return Revision._meta.get_field(name).formfield(**kwargs)


class WordsForm(NoteLanguage, KeptForm, forms.ModelForm):
    """Fields for the words of `self.text`, which `_post_clean` puts on it as unsaved revision.

    The form posts the revision and the edition that it was opened with; statements/admin/
    conflict.py compares them with those in the database.
    """

    language = Text._meta.get_field("language").formfield(widget=LanguageWidget)
    authority = Text._meta.get_field("authority").formfield()
    translator = Text._meta.get_field("translator").formfield()
    surtitle = words_field("surtitle")
    title = words_field("title")
    subtitle = words_field("subtitle")
    introduction = words_field("introduction")
    original_title = words_field("original_title")
    body = words_field("body")
    postscript = words_field("postscript")
    why = Revision._meta.get_field("why").formfield(
        label=_("Why this change"),
        help_text=_("A line for the history, for the other editors."),
        widget=forms.TextInput({"class": "vTextField"}),
    )
    change = forms.ChoiceField(
        choices=[("", "---------"), *Revision.Change.choices],
        required=False,
        label=_("Kind of change"),
    )
    note = Correction._meta.get_field("note").formfield(
        label=_("What changed, for readers"),
        help_text=_("Stands on the text's page and in the public register of corrections."),
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )
    scheduled_for = forms.DateTimeField(
        required=False,
        label=_("Publish at"),
        widget=forms.DateTimeInput(
            {"type": "datetime-local", "class": "vTextField"}, format="%Y-%m-%dT%H:%M"
        ),
    )
    release_set = forms.ModelChoiceField(
        ReleaseSet.objects.prepared(),
        required=False,
        label=_("Release set"),
        help_text=_("All its texts go out together, or none of them."),
    )
    slug = SlugField(blank=True).formfield(
        label=_("Address"),
        help_text=_(
            "Stays when the title changes. Empty: made from the title."
            " Where a public address is changed, the old one leads to the new one."
        ),
        widget=forms.TextInput({"class": "vTextField", "dir": "auto"}),
    )
    working_revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    edition = forms.IntegerField(required=False, widget=forms.HiddenInput)

    text: Text
    # The text that the words are of; an unsaved one where it is being added. Each form has its own.
    find_text: Callable[[], Text]
    was_edited_meanwhile = False
    # Who fills the form in: the admin says it when it makes the form.
    editor: rights.User

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.text = self.find_text()
        # As it was when the form was sent: saving changed words takes approvals away.
        self.before = copy.copy(self.text)
        self.initial = self._initial_words() | self.initial
        self.fields["scheduled_for"].help_text = _(
            "To the minute; the site's time zone is %(zone)s."
        ) % {"zone": timezone.get_current_timezone_name()}
        for name, is_rich in Revision.FIELDS.items():
            if is_rich:
                self.fields[name].widget = rich_text_widget(name)
        language = self["language"].value() or self.text.language or "en"
        self._speak(language)
        is_written = bool(self.text.scheduled_note)
        self.offer_language(self.text.scheduled_note_language if is_written else language)

    def _initial_words(self) -> dict[str, object]:
        text = self.text
        initial: dict[str, object] = {
            "language": text.language or "en",
            "authority": text.authority,
            "translator": text.translator,
            "slug": text.slug,
            "working_revision": text.working_revision_id,
            "edition": self.instance.edition,
            "change": text.scheduled_change,
            "note": text.scheduled_note,
            "scheduled_for": text.scheduled_for,
        }
        if text.working_revision:
            initial |= text.working_revision.words
        return initial

    def _speak(self, language: str) -> None:
        """Give the parts of the text its language and direction."""
        for name in Revision.FIELDS:
            widget = self.fields[name].widget
            widget.language = language
            widget.attrs |= {"lang": language, "dir": languages.direction(language)}

    def show_words(self) -> None:
        """Put them where Django's admin looks for what somebody may read and not change."""
        text = self.text
        shown = {
            "language": languages.name(text.language),
            "authority": text.get_authority_display(),
            "translator": text.translator,
            "slug": text.slug,
        }
        for name, is_rich in Revision.FIELDS.items():
            words = getattr(text.working_revision, name)
            shown[name] = markup.safe_html(words) if is_rich else words
        names = {field.name for field in self.instance._meta.get_fields()}
        for name in shown.keys() - names:
            setattr(self.instance, name, shown[name] or "—")
        self.instance.why = text.working_revision.why or "—"

    @property
    def act(self) -> str:
        """What a button asks for beside saving, if the editor may do it at all."""
        pressed = next((act for act in MOVES if act != "save" and f"_{act}" in self.data), "")
        return pressed if pressed and rights.can_move(self.editor, pressed) else ""

    @property
    def is_publishing(self) -> bool:
        """Whether these words are to become the next version, now or at their hour."""
        return self.act in ("publish", "schedule", "join")

    @cached_property
    def changed_data(self) -> list[str]:
        """What the log says was changed: words as they are stored, not as a browser writes them."""
        untouched = {name for name in Revision.FIELDS if self._is_as_it_was(name)}
        if not self["note"].value():
            untouched.add("note_language")
        return [name for name in super().changed_data if name not in untouched]

    def _is_as_it_was(self, name: str) -> bool:
        posted = getattr(self, "cleaned_data", {}).get(name)
        return posted is not None and wording.same_part(name, posted, self.initial.get(name))

    @property
    def change_fields(self) -> list[forms.BoundField]:
        """What readers are told of a further version; they stand beside the button."""
        return [self["change"], self["note"], self["note_language"]]

    @property
    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name) or "" for name in Revision.FIELDS}

    def clean_language(self) -> str:
        language = self.cleaned_data["language"]
        others = Text.objects.filter(statement_id=self.text.statement_id, language=language)
        if self.text.statement_id and others.exclude(pk=self.text.pk).exists():
            raise ValidationError(_("The statement has a text in this language already."))
        return language

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug:
            refuse_taken(Text, slug, FormerSlug.Noun.TEXT, but=self.text.pk)
        return slug or self.text.slug

    def _clean_rich(self, name: str) -> None:
        """Without the editor, a blank line makes a paragraph where there are no tags."""
        typed = self.cleaned_data.get(name) or ""
        try:
            self.cleaned_data[name] = (
                markup.clean(typed) if "<" in typed else markup.paragraphs(typed)
            )
        except markup.MarkupRefused as refused:
            self.add_error(name, refused)

    def clean(self) -> dict:
        self.now = timezone.now()
        for name, is_rich in Revision.FIELDS.items():
            if is_rich:
                self._clean_rich(name)
        data = super().clean()
        if self.act:
            self._clean_act()
        if self.is_publishing and self.text.is_public:
            self._clean_change()
        self._refuse_what_would_be_lost()
        return data

    def _clean_act(self) -> None:
        """Whether the act is possible with the words as they will be once they are saved."""
        typed = Revision(text=self.text, by=self.editor, **self.words)
        stored = self.text.working_revision
        is_stored = bool(stored) and wording.same_words(stored, typed)
        towards_readers = self.act in TOWARDS_READERS
        if towards_readers and rights.needs_other_eyes(self.editor, stored if is_stored else typed):
            self._refuse(
                "own_words",
                _(
                    "Words of this statement are published by somebody who did not write"
                    " them. Save the draft, and ask another publisher."
                ),
            )
        state = self.text.state if is_stored else Text.State.DRAFT
        if self.act == "publish" or possible(self.act, state):
            pass
        elif state == LIVE:
            self._refuse("live", _("Visitors read these very words already."))
        else:
            self._refuse(
                "state",
                _(
                    "With the words that you changed this is a draft again. Save it, or submit"
                    " it for review."
                ),
            )
        if self.text.release_id and self.act in publishing.ALONE:
            self._refuse("release", _("It goes out with a release set: take it out of that first."))
        if self.act == "schedule":
            self._clean_hour()
        if self.act == "join":
            self._clean_set()

    def _refuse(self, code: str, words: str) -> None:
        self.add_error(None, ValidationError(words, code=code))

    def _clean_hour(self) -> None:
        at = self.cleaned_data.get("scheduled_for")
        if "scheduled_for" not in self.errors and not at:
            self.add_error("scheduled_for", _("Say when it is to be published."))
        elif at and at <= self.now:
            self.add_error("scheduled_for", _("This moment has passed."))

    def _clean_set(self) -> None:
        release = self.cleaned_data.get("release_set")
        if "release_set" not in self.errors and not release:
            self.add_error("release_set", _("Choose the set that it goes out with."))
        elif release and release.members.count() >= releases.MOST_MEMBERS:
            self.add_error("release_set", publishing.full())

    def _clean_change(self) -> None:
        """A further version tells readers what it changed; the same words make no version."""
        live = self.text.live_revision
        if live and wording.same_words(live, Revision(text=self.text, **self.words)):
            return
        if not self.cleaned_data.get("change"):
            self.add_error("change", _("Say what kind of change readers are told of."))
            return
        is_typographical = self.cleaned_data["change"] == Revision.Change.TYPOGRAPHICAL
        has_note = bool((self.cleaned_data.get("note") or "").strip())
        if not (is_typographical or has_note):
            self.add_error("note", _("Say in a sentence what changed, for the public register."))
        elif is_typographical and has_note:
            words = _(
                "Of such a change readers are told nothing: take this out, or choose another."
            )
            self.add_error("note", words)

    def _refuse_what_would_be_lost(self) -> None:
        """What is typed about a change is kept with the change alone."""
        typed = Revision(text=self.text, **self.words)
        stored, live = self.text.working_revision, self.text.live_revision
        if self.cleaned_data.get("why") and stored and wording.same_words(stored, typed):
            words = _("The words are as they were: change them too, or take this out.")
            self.add_error("why", words)
        note = (self.cleaned_data.get("note") or "").strip()
        is_told = self.is_publishing and live and not wording.same_words(live, typed)
        if note and collapse(note) != self.text.scheduled_note and not is_told:
            words = _(
                "Readers are told of words that are published in place of others: take it out."
            )
            self.add_error("note", words)

    def _post_clean(self) -> None:
        """Put the unsaved words on the text, where the rows of the form look for their passages."""
        super()._post_clean()
        self.text.unsaved = Revision(text=self.text, **self.words)
        self.text.is_publishing = self.is_publishing

    def clean_edition(self) -> int:
        """Refuse to write over what somebody else saved, unless it was seen (R-OP4).

        The refused form holds all that was typed, and the newest edition and revision: to save it
        once more is to put it on top of the other's, knowingly.
        """
        newest = self._newest()
        posted = {
            "edition": self.cleaned_data.get("edition") or 0,
            "working_revision": self.cleaned_data.get("working_revision"),
        }
        if self.instance.pk and posted != newest:
            self.was_edited_meanwhile = True
            self.data = self.data.copy()
            for name, value in newest.items():
                self.data[self.add_prefix(name)] = str(value)
            self.add_error(
                None,
                ValidationError(
                    _(
                        "Somebody else saved this while you were editing it. Nothing of yours is"
                        " lost: compare the two, then save again to put yours on top."
                        " Theirs stays in the history."
                    ),
                    code="edited_meanwhile",
                ),
            )
        return newest["edition"]

    def _newest(self) -> dict[str, int | None]:
        return {
            "edition": self.instance.edition,
            "working_revision": self.text.working_revision_id,
        }

    def save_text(self, *, by: object) -> None:
        """Save the text: its own columns, its address, and its words as a new revision."""
        text, data = self.text, self.cleaned_data
        text.language, text.authority = data["language"], data["authority"]
        text.translator = data["translator"]
        if not text.pk:
            text.slug = data["slug"]
            workflow.save_new(text, self.words, by=by, why=data["why"])
            return
        text.save(update_fields=["language", "authority", "translator", "translated_from"])
        slugs.change_slug(text, data["slug"])
        based_on = data["working_revision"]
        workflow.save_words(text, self.words, by=by, based_on=based_on, why=data["why"])
