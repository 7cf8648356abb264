"""What a follower chooses: on the first form, and on the private page."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from statements import languages
from statements.models import Following, Rhythm
from statements.models.follower import WITH_STATE, rhythms_of


class LanguageField(forms.ChoiceField):
    """A language of the interface, by its own name; the one of the page where none is chosen."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Language of the mails"),
            choices=[(code, languages.own_name(code)) for code, _name in settings.LANGUAGES],
            initial=get_language,
        )


class FollowForm(forms.Form):
    use_required_attribute = False

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    rhythm = forms.ChoiceField(label=_("How often?"), widget=forms.RadioSelect)

    def __init__(self, *args: object, kind: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rhythm"].choices = rhythms_of(kind)
        self.fields["rhythm"].initial = Rhythm.CHANGE if kind in WITH_STATE else Rhythm.WEEKLY
        self.fields["language"] = LanguageField()


class FollowingForm(forms.Form):
    """One thing that is followed, among others on one page."""

    rhythm = forms.ChoiceField(label=_("How often?"))
    stop = forms.BooleanField(label=_("No longer follow it"), required=False)

    def __init__(self, following: Following, data: object = None) -> None:
        initial = {"rhythm": following.rhythm}
        super().__init__(data, prefix=str(following.pk), initial=initial)
        self.fields["rhythm"].choices = rhythms_of(following.kind)


class LanguageForm(forms.Form):
    def __init__(self, data: object = None, language: str = "") -> None:
        super().__init__(data, initial={"language": language} if language else None)
        self.fields["language"] = LanguageField()
