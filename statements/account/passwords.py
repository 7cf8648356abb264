"""What a password may not be, beside short and common."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from statements.models import SiteText


class NoNameOfSiteOrUser:
    """Refuse passwords that are little more than the name of the site or of the account."""

    # What must be left when the names are taken out.
    LEFT = 8

    def validate(self, password: str, user: User | None = None) -> None:
        rest = password.casefold()
        for word in self.words(user):
            rest = rest.replace(word, "")
        if rest != password.casefold() and len(rest) < self.LEFT:
            raise ValidationError(self.get_help_text(), code="password_is_a_name")

    def words(self, user: User | None) -> list[str]:
        """The names and their words, the longest first."""
        names = [urlsplit(settings.SITE_URL).hostname or "", user.get_username() if user else ""]
        names.append(str(SiteText.objects.for_language().name))
        found = {word for name in names for word in re.split(r"\W+", name.casefold())}
        return sorted((word for word in found if len(word) >= 4), key=len, reverse=True)

    def get_help_text(self) -> str:
        return _("Your password can't be made of the name of this site or of your account.")
