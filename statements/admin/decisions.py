"""What a moderator fills in for each decision on a submission."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.admin.languages import NoteLanguage
from statements.admin.lookups import is_key
from statements.admin.recognition import Recognised
from statements.admin.submission_attachments import add_choices, chosen
from statements.markup import PUBLIC_LENGTH, paragraphs
from statements.models import (
    Correction,
    DeclineReason,
    Event,
    Organisation,
    Person,
    Statement,
    Submission,
    Text,
)
from statements.models.base import LanguageFormField, Linked
from statements.models.decision import Decision
from statements.models.submission import MOST_NOTE
from statements.plain import line, pasted
from statements.publishing.drafts import Links
from statements.submissions import withdrawal


def box(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows, "dir": "auto"})


class ActForm(forms.Form):
    """What goes with an act on a submission. Its cleaned data are the act's arguments."""

    use_required_attribute = False

    def __init__(self, *args: object, submission: Submission, **kwargs: object) -> None:
        kwargs.setdefault("prefix", self.act)
        super().__init__(*args, **kwargs)
        self.submission = submission

    act = ""

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What was written into it, with the names of the boxes."""
        found = ((field.label, field.value()) for field in self if not field.is_hidden)
        return [(str(label), value) for label, value in found if value and isinstance(value, str)]


class WithWords(ActForm):
    words = forms.CharField(
        label=gettext_lazy("Words to the sender"),
        help_text=gettext_lazy("They stand on the sender's private page."),
        max_length=MOST_NOTE,
        widget=box(5),
    )


class WithNote(ActForm):
    note = forms.CharField(
        label=gettext_lazy("Note for colleagues"),
        help_text=gettext_lazy("The sender does not see it."),
        max_length=Decision._meta.get_field("note").max_length,
        required=False,
        widget=box(2),
    )


class AskForm(WithWords):
    act = "ask"


class ChangesForm(WithWords):
    act = "request_changes"


class ProposeForm(WithWords):
    """A copy of the sender's words, to be edited."""

    act = "propose"
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=300, widget=forms.TextInput({"dir": "auto"})
    )
    text = forms.CharField(
        label=gettext_lazy("The text"),
        help_text=gettext_lazy("A blank line begins a new paragraph."),
        max_length=PUBLIC_LENGTH,
        widget=box(14),
    )
    field_order = ("title", "text", "words")

    def __init__(self, *args: object, submission: Submission, **kwargs: object) -> None:
        super().__init__(*args, submission=submission, **kwargs)
        self.fields["words"].required = False
        self.initial = {"title": submission.title, "text": pasted(submission.text)}

    def clean_title(self) -> str:
        return line(self.cleaned_data["title"])

    def clean_text(self) -> str:
        text = pasted(self.cleaned_data["text"])
        paragraphs(text)
        return text

    def clean(self) -> dict:
        data = super().clean()
        now = (self.submission.title, pasted(self.submission.text))
        if not self.errors and (data["title"], data["text"]) == now:
            self.add_error("text", _("Nothing is changed yet."))
        return data


class KnownRecords(forms.ModelMultipleChoiceField):
    """Records of the site that were found in what was sent, to be linked or not."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, record: Linked) -> str:
        if getattr(record, "shown_as", Person.Shown.FULL) == Person.Shown.FULL:
            return record.name_shown
        return _("%(name)s (the name is shown: %(how)s)") % {
            "name": str(record),
            "how": record.get_shown_as_display(),
        }


class AcceptForm(WithNote, WithWords):
    """Into a draft, linked to whatever of the site was found in it and is ticked."""

    act = "accept"
    organisations = KnownRecords(
        Organisation.objects.none(), label=gettext_lazy("Issued by"), required=False
    )
    events = KnownRecords(Event.objects.none(), label=gettext_lazy("About"), required=False)
    persons = KnownRecords(
        Person.objects.none(),
        label=gettext_lazy("Names these people"),
        help_text=gettext_lazy("A name that is withheld is withheld in this text too."),
        required=False,
    )
    language = LanguageFormField(
        label=gettext_lazy("Language of the text"),
        help_text=gettext_lazy("A tag as en, pt-BR or sr-Latn."),
        max_length=35,
        widget=forms.TextInput({"size": 10, "dir": "ltr"}),
    )
    field_order = ("organisations", "events", "persons", "language", "words", "note")
    RECORDS = {"organisations": Organisation, "events": Event, "persons": Person}

    def __init__(self, *args: object, found: Recognised, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.found = found
        self.fields["words"].required = False
        self.fields["language"].initial = self.submission.known_language
        ticked = {
            "organisations": found.authors,
            "events": [self.submission.event_id],
            "persons": found.persons,
        }
        for name, model in self.RECORDS.items():
            ids = getattr(found, name)
            if name in self.fields and ids:
                self.fields[name].queryset = model.objects.filter(pk__in=ids).named()
                self.fields[name].initial = ticked[name]
            else:
                self.fields.pop(name, None)
        *before, words, note = self.field_order
        attached = add_choices(self, self.submission)
        self.order_fields([*before, *attached, words, note])

    def clean(self) -> dict:
        data = super().clean()
        data["attach"] = chosen(self, data)
        links = {name: list(data.pop(name, ())) for name in self.RECORDS}
        # Whom the sender named as the author stands first.
        links["organisations"].sort(key=lambda one: one.pk not in self.found.authors)
        data["links"] = Links(**links)
        return data


class MergeForm(AcceptForm):
    """Into one more text of a statement that is here: one that is like it, or any other."""

    act = "merge"
    organisations = events = None
    statement = forms.ModelChoiceField(
        Statement.objects.none(),
        label=gettext_lazy("Statement"),
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
    )
    address = forms.CharField(
        label=gettext_lazy("Another statement, by its address"),
        help_text=gettext_lazy("That of its page, or of its form in the admin."),
        required=False,
        widget=forms.TextInput({"dir": "ltr"}),
    )
    field_order = ("statement", "address", "persons", "language", "words", "note")

    def __init__(self, *args: object, like_it: Iterable[int] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["statement"].queryset = Statement.objects.filter(pk__in=like_it).titled()
        if not like_it:
            del self.fields["statement"]

    def clean_address(self) -> Statement | None:
        address = self.cleaned_data["address"].strip()
        if not address:
            return None
        statement = _statement_at(address)
        if not statement:
            raise forms.ValidationError(_("There is no statement at this address."))
        return statement

    def clean(self) -> dict:
        data = super().clean()
        statement = data.pop("address", None) or data.get("statement")
        data["statement"] = statement
        if not statement and "address" not in self.errors:
            self.add_error("address", _("Choose a statement, or give its address."))
        elif statement and statement.texts.filter(language=data.get("language")).exists():
            self.refuse_language()
        return data

    def refuse_language(self) -> None:
        self.add_error("language", _("The statement has a text in this language."))


def _statement_at(address: str) -> Statement | None:
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        return None
    # The control character that PostgreSQL refuses to look for.
    parts = path.replace("\0", "").strip("/").split("/")
    known = Text.objects.filter(slug=parts[-1]).select_related("statement").first()
    if known:
        return known.statement
    keys = [part for part in parts if is_key(part)]
    return Statement.objects.filter(pk=keys[-1]).first() if keys else None


class ReasonForm(forms.Form):
    """Which reason the sender is given, before the words that go with it."""

    decline = forms.ModelChoiceField(
        DeclineReason.objects.none(),
        label=gettext_lazy("Reason"),
        to_field_name="code",
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decline"].queryset = DeclineReason.objects.offered().worded()


class DeclineForm(WithNote, WithWords):
    """The words of the reason are in the box, in the sender's language, to be changed."""

    act = "decline"
    reason = forms.ModelChoiceField(
        DeclineReason.objects.none(), to_field_name="code", widget=forms.HiddenInput
    )
    field_order = ("reason", "words", "note")

    def __init__(
        self, *args: object, reason: DeclineReason | None = None, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].queryset = DeclineReason.objects.offered().worded()
        self.fields["words"].required = False
        self.chosen = reason
        if reason:
            words = reason.in_language(self.submission.reply_language)
            self.initial = {"reason": reason.code, "words": words.words if words else ""}
            # The page was opened to write them.
            self.fields["words"].widget.attrs["autofocus"] = True

    def clean_reason(self) -> str:
        self.chosen = self.cleaned_data["reason"]
        return self.chosen.code


class GrantForm(NoteLanguage, WithNote, WithWords):
    act = "grant_withdrawal"
    public_note = Correction._meta.get_field("note").formfield(
        label=gettext_lazy("What readers are told"),
        help_text=gettext_lazy(
            "It stands at the address of the text and in the register."
            " Name nobody who could be harmed."
        ),
        required=False,
        widget=box(3),
    )
    field_order = ("public_note", "note_language", "words", "note")

    def __init__(self, *args: object, submission: Submission, **kwargs: object) -> None:
        super().__init__(*args, submission=submission, **kwargs)
        self.fields["words"].required = False
        self.is_public = withdrawal.is_seen_by_readers(submission)
        if not self.is_public:
            del self.fields["public_note"], self.fields["note_language"]
        else:
            self.offer_language(submission.accepted_text.language)

    def clean_public_note(self) -> str:
        note = self.cleaned_data["public_note"]
        if not note.strip():
            raise forms.ValidationError(_("Readers are told why: write a sentence."))
        return note


class RefuseForm(WithNote, WithWords):
    act = "refuse_withdrawal"


FORMS: dict[str, type[ActForm]] = {
    form.act: form
    for form in (
        AskForm,
        ChangesForm,
        ProposeForm,
        AcceptForm,
        MergeForm,
        DeclineForm,
        GrantForm,
        RefuseForm,
    )
}
