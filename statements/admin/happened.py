"""What was done to a submission, by whom and when, in a sentence."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.models import Decision

SENTENCES = {
    "submission_take_up": gettext_lazy("%(who)s took it up on %(when)s."),
    "submission_release": gettext_lazy("%(who)s put it back into the queue on %(when)s."),
    "submission_ask": gettext_lazy("%(who)s asked the sender something on %(when)s."),
    "submission_request_changes": gettext_lazy("%(who)s asked for changes on %(when)s."),
    "submission_propose": gettext_lazy("%(who)s proposed changes to the words on %(when)s."),
    "submission_accept": gettext_lazy("%(who)s accepted it on %(when)s."),
    "submission_merge": gettext_lazy(
        "%(who)s made it a text of a statement that was here before, on %(when)s."
    ),
    "submission_decline": gettext_lazy("%(who)s declined it on %(when)s. Reason: %(code)s."),
    "submission_mark_spam": gettext_lazy("%(who)s marked it as spam on %(when)s."),
    "submission_grant_withdrawal": gettext_lazy("%(who)s took it back on %(when)s."),
    "submission_refuse_withdrawal": gettext_lazy("%(who)s refused to take it back on %(when)s."),
}

OTHER = gettext_lazy("%(who)s decided something else on %(when)s.")


def happened(decision: Decision) -> str:
    """ "Amina declined it on 26 November 2026, 10:20. Reason: out-of-scope." """
    entry = decision.entry
    return SENTENCES.get(entry.act, OTHER) % {
        "who": decision.by or _("Somebody whose account is gone"),
        "when": date_format(localtime(entry.at), "DATETIME_FORMAT"),
        "code": entry.code,
    }
