"""Why something did not happen at the hour that it was scheduled for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Refusal(models.TextChoices):
    WORDS = "words", _("its words were changed, or sent back, after they were approved")
    SAFETY = "safety", _("the safety questions are not answered for that day")
    QUOTATIONS = "quotations", _("quotations of demands are no longer in the text")
    CHANGE = "change", _("readers are not told what it changes")
    LEADING = "leading", _("the text that leads the statement is not public")
    NOTHING = "nothing", _("the words are published already, or there are none")
    STANDING = "standing", _("the standing of the statement does not lead there")
    TOLD = "told", _("readers are not told why")
    FAULT = "fault", _("a fault of the site: the operator finds it in the log")
