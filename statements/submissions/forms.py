"""The public form in its steps, and what the sender may write on the private page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import languages
from statements.dates import NotADate, PartialDate
from statements.markup import PUBLIC_LENGTH, paragraphs
from statements.models import Event, Submission
from statements.models.submission import MOST_DEMANDS, MOST_NOTE, UNDETERMINED
from statements.plain import line, pasted, uncut
from statements.uploads import Taken, accepted_types, take

# So many events are offered by name; others are typed.
MOST_EVENTS = 200
# A year of fewer digits is a slip.
EARLIEST = 1000


class LineInput(forms.CharField):
    """One line, as the database will keep it."""

    def to_python(self, value: object) -> str:
        return line(super().to_python(value))


class WebAddress(forms.URLField):
    """An address of a page: one without a scheme is taken for https."""

    default_validators = [URLValidator(["http", "https"])]

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "url", "dir": "ltr"}))
        super().__init__(assume_scheme="https", required=False, **kwargs)


class LongText(forms.CharField):
    """Paragraphs. A line break is one letter, as in the box, and not the two that browsers send."""

    def to_python(self, value: object) -> str:
        return normalize_newlines(super().to_python(value))


class Step(forms.Form):
    """Part of the form. What was typed elsewhere is carried along in hidden fields."""

    use_required_attribute = False

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            uncut(field)


class SenderForm(Step):
    sender = forms.ChoiceField(
        label=gettext_lazy("Who sends the statement?"),
        choices=Submission.Sender.choices,
        widget=forms.RadioSelect,
    )
    organisation_name = LineInput(
        label=gettext_lazy("Name of the organisation"),
        help_text=gettext_lazy(
            "The organisation that issued the statement, written as it writes itself."
            " Several are separated by commas."
        ),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    organisation_website = WebAddress(
        label=gettext_lazy("Its website, if it has one"),
        help_text=gettext_lazy("It helps the editors to see that the statement is real."),
        max_length=500,
    )
    sender_role = LineInput(
        label=gettext_lazy("What are you to the organisation? (optional)"),
        help_text=gettext_lazy(
            "For example its secretary, or a member. Your name is not asked for."
        ),
        max_length=200,
        required=False,
    )


class WordsForm(Step):
    title = LineInput(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("As the organisation wrote it."),
        max_length=300,
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the text"))
    text = LongText(
        label=gettext_lazy("The text"),
        help_text=gettext_lazy(
            "Paste it whole. A blank line begins a new paragraph. Your words are not changed."
        ),
        max_length=PUBLIC_LENGTH,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
    )
    day = forms.CharField(label=gettext_lazy("Day"), required=False, max_length=10)
    month = forms.CharField(label=gettext_lazy("Month"), required=False, max_length=10)
    year = forms.CharField(label=gettext_lazy("Year"), required=False, max_length=10)
    url = WebAddress(
        label=gettext_lazy("Where it was published (optional)"),
        help_text=gettext_lazy("The address of the original, if it is on the web."),
        max_length=1000,
    )
    risk = forms.ChoiceField(
        label=gettext_lazy("Could anybody named in it be put at risk?"),
        help_text=gettext_lazy("The editors check every name before it is shown."),
        choices=Submission.Risk.choices,
        initial=Submission.Risk.UNSURE,
        widget=forms.RadioSelect,
    )
    DATE = ("day", "month", "year")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = language_choices()
        for name in self.DATE:
            self.fields[name].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean_text(self) -> str:
        """To the letter, if paragraphs can be made of it."""
        text = self.cleaned_data["text"]
        if not pasted(text).strip():
            raise ValidationError(_("There are no words in it."))
        paragraphs(pasted(text))
        return text

    def clean(self) -> dict:
        data = super().clean()
        parts = [data.pop(name, "").strip() for name in reversed(self.DATE)]
        data["issued"] = None
        if any(parts) and not any(name in self.errors for name in self.DATE):
            try:
                data["issued"] = partial_date(*parts)
            except NotADate as error:
                self.add_error("day", str(error))
        return data


class FileForm(Step):
    """One picture or PDF beside the words, where the operator lets strangers attach any."""

    file = forms.FileField(
        label=gettext_lazy("A picture or document that belongs to it (optional)"), required=False
    )

    def __init__(self, *args: object, room: int, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not settings.SUBMISSION_ATTACHMENTS or room < 1:
            del self.fields["file"]
            return
        file = self.fields["file"]
        file.widget.attrs["accept"] = accepted_types()
        file.help_text = _(
            "JPEG, PNG, WebP or GIF, at most 8 MB. Where and with what a picture was taken is"
            " removed from it; what can be seen in it stays."
        )
        if settings.PDF_ATTACHMENTS:
            file.help_text = _(
                "A picture (JPEG, PNG, WebP or GIF) or a PDF, at most 8 MB. Where and with what a"
                " picture was taken is removed from it; what can be seen in it stays. A PDF is kept"
                " as it is, and can tell who made it."
            )

    def clean_file(self) -> Taken | None:
        upload = self.cleaned_data["file"]
        return take(upload) if upload else None


class AboutForm(Step):
    event = forms.ChoiceField(
        label=gettext_lazy("The event it is about (optional)"),
        help_text=gettext_lazy("An election, a strike, a trial: what the statement answers to."),
        required=False,
    )
    new_event = LineInput(
        label=gettext_lazy("Another event"),
        help_text=gettext_lazy("Name it here if it is not in the list."),
        max_length=300,
        required=False,
    )
    demands = LongText(
        label=gettext_lazy("Demands, one a line (optional)"),
        help_text=gettext_lazy(
            "What does the statement ask for, and in which words? Copy them from the text."
        ),
        max_length=MOST_DEMANDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "class": "low"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        events = Event.objects.readable().named().order_by("-is_ongoing", "-start_earliest", "-pk")
        self.events = {event.slug: event for event in events[:MOST_EVENTS]}
        self.fields["event"].choices = [
            ("", _("None of these, or I do not know")),
            *((slug, event.name_shown) for slug, event in self.events.items()),
        ]

    def clean_event(self) -> Event | None:
        return self.events.get(self.cleaned_data["event"])


class SendForm(Step):
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address (optional)"),
        help_text=gettext_lazy(
            "For questions of the editors. It is kept sealed, shown to nobody else, and erased"
            " when it is no longer needed. Without one the private link is the only way to"
            " reach you."
        ),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    note = LongText(
        label=gettext_lazy("Anything that the editors should know (optional)"),
        help_text=gettext_lazy("It is not published."),
        required=False,
        max_length=MOST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "class": "low"}),
    )
    consent = forms.BooleanField(
        label=gettext_lazy(
            "I agree that the editors keep what I send, check it, and publish the statement with"
            " the name of the organisation. I may send it, and I can withdraw it through the"
            " private link until it is accepted."
        ),
        error_messages={
            "required": gettext_lazy("Without your agreement it cannot be kept, and so not sent.")
        },
    )


class CorrectionForm(AboutForm, WordsForm, SenderForm):
    """All that can be corrected, on one page, in the order of the steps."""

    @classmethod
    def of(cls, submission: Submission) -> CorrectionForm:
        """The form with what was sent."""
        return cls(initial=cls.sent(submission))

    @classmethod
    def sent(cls, submission: Submission) -> dict[str, object]:
        """What was sent, by the names of the fields."""
        names = cls.base_fields.keys() - {"event", *cls.DATE}
        initial: dict[str, object] = {name: getattr(submission, name) for name in names}
        if submission.event:
            initial["event"] = submission.event.slug
        if submission.issued:
            parts = submission.issued.notation.split("-")
            initial |= dict(zip(reversed(cls.DATE), parts, strict=False))
        return initial


class MessageForm(Step):
    words = LongText(
        label=gettext_lazy("Your message to the editors"),
        max_length=MOST_NOTE,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "class": "low"}),
    )


class WithdrawalForm(Step):
    words = LongText(
        label=gettext_lazy("Why, if you want to say it"),
        help_text=gettext_lazy("For those who decide on it. It is never published."),
        required=False,
        max_length=MOST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "class": "low"}),
    )


class ProposalForm(Step):
    """The answer to what the editors propose."""

    proposal = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(choices=[("accept", ""), ("refuse", "")], widget=forms.HiddenInput)
    words = LongText(
        label=gettext_lazy("Your message to the editors"),
        max_length=MOST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "class": "low"}),
    )


# The steps in their order, by the name that the form carries.
STEPS: dict[str, type[Step]] = {
    "sender": SenderForm,
    "words": WordsForm,
    "about": AboutForm,
    "send": SendForm,
}


def language_choices() -> Iterable[tuple[str, str]]:
    named = sorted(
        ((tag, languages.name(tag)) for tag in languages.USUAL),
        key=lambda pair: languages.sort_key(pair[1]),
    )
    return [("", _("Choose")), *named, (UNDETERMINED, _("Another language"))]


def partial_date(year: str, month: str, day: str) -> PartialDate:
    """What three boxes say. Raises NotADate in words that tell what to mend."""
    if not year:
        raise NotADate(_("Give the year too, or leave the whole date empty."))
    if year.isdecimal() and int(year) < EARLIEST:
        raise NotADate(_("Write all four digits of the year."))
    if day and not month:
        raise NotADate(_("Give the month too, or leave the day empty."))
    try:
        numbers = [int(part) for part in (year, month, day) if part]
        notation = "-".join(
            f"{number:0{width}}" for number, width in zip(numbers, (4, 2, 2), strict=False)
        )
        found = PartialDate.parse(notation)
    except ValueError:
        raise NotADate(_("There is no such day. Change the date, or leave it empty.")) from None
    # Where the sender is, it may be the next day already.
    if found.bound > timezone.localdate() + timedelta(days=1):
        raise NotADate(_("That day is still to come. Change the date, or leave it empty."))
    return found
