"""What a moderator fills in for each decision on a submission."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.models import Correction, DeclineReason, Submission
from statements.models.base import LanguageFormField
from statements.models.decision import Decision
from statements.models.submission import MOST_NOTE
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


class AcceptForm(WithNote, WithWords):
    act = "accept"
    language = LanguageFormField(
        label=gettext_lazy("Language of the text"),
        help_text=gettext_lazy("A tag as en, pt-BR or sr-Latn."),
        max_length=35,
        widget=forms.TextInput({"size": 10, "dir": "ltr"}),
    )
    field_order = ("language", "words", "note")

    def __init__(self, *args: object, submission: Submission, **kwargs: object) -> None:
        super().__init__(*args, submission=submission, **kwargs)
        self.fields["words"].required = False
        self.fields["language"].initial = submission.known_language


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
        self.reason = reason
        if reason:
            words = reason.in_language(self.submission.reply_language)
            self.initial = {"reason": reason.code, "words": words.words if words else ""}

    def clean_reason(self) -> str:
        self.reason = self.cleaned_data["reason"]
        return self.reason.code


class GrantForm(WithNote, WithWords):
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
    field_order = ("public_note", "words", "note")

    def __init__(self, *args: object, submission: Submission, **kwargs: object) -> None:
        super().__init__(*args, submission=submission, **kwargs)
        self.fields["words"].required = False
        self.is_public = withdrawal.is_seen_by_readers(submission)
        if not self.is_public:
            del self.fields["public_note"]

    def clean_public_note(self) -> str:
        note = self.cleaned_data["public_note"]
        if not note.strip():
            raise forms.ValidationError(_("Readers are told why: write a sentence."))
        return note


class RefuseForm(WithNote, WithWords):
    act = "refuse_withdrawal"


FORMS: dict[str, type[ActForm]] = {
    form.act: form
    for form in (AskForm, ChangesForm, AcceptForm, DeclineForm, GrantForm, RefuseForm)
}
