"""What the codes of the audit log mean, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from statements.admin import publishing

WORDED = publishing.WORDED | {
    "submission_take_up": gettext_lazy("Took up a submission"),
    "submission_release": gettext_lazy("Put a submission back into the queue"),
    "submission_ask": gettext_lazy("Asked the sender something"),
    "submission_request_changes": gettext_lazy("Asked for changes"),
    "submission_propose": gettext_lazy("Proposed changes to the words"),
    "submission_accept": gettext_lazy("Accepted a submission"),
    "submission_merge": gettext_lazy("Made a submission a text of a statement that was here"),
    "submission_decline": gettext_lazy("Declined a submission"),
    "submission_mark_spam": gettext_lazy("Marked a submission as spam"),
    "submission_grant_withdrawal": gettext_lazy("Took back what its sender wanted back"),
    "submission_refuse_withdrawal": gettext_lazy(
        "Refused to take back what its sender wanted back"
    ),
    "add-update": gettext_lazy("Entered what became of it"),
    "correct-update": gettext_lazy("Corrected what had become of it"),
    "change-person": gettext_lazy("Changed how a person is shown, or whether they are at risk"),
    "merge": gettext_lazy("Merged another record into it"),
    "split": gettext_lazy("Split it"),
    "seal": gettext_lazy("Sealed a version"),
    "verify": gettext_lazy("Verified an organisation"),
    "take-back-verification": gettext_lazy("Took back the verification of an organisation"),
    "sign-in": gettext_lazy("Signed in"),
    "password-refused": gettext_lazy("A password was refused"),
    "factor-refused": gettext_lazy("A code or passkey was refused"),
    "credentials-changed": gettext_lazy("Changed their own password or factors"),
    "password-replaced": gettext_lazy("Gave an account another password, or took it away"),
    "factors-reset": gettext_lazy("The factors of an account were reset"),
    "right-given": gettext_lazy("Gave a right"),
    "right-taken": gettext_lazy("Took a right away"),
    "restore-backup": gettext_lazy("A backup was restored"),
    "end-following": gettext_lazy("A following by e-mail ended, because its mail came back"),
    "mail-did-not-leave": gettext_lazy("Settled that a mail did not leave"),
    "mail-left": gettext_lazy("Settled that a mail left"),
    "switch": gettext_lazy("Turned a switch"),
    "try-again": gettext_lazy("Had a failed task tried again"),
    "sign-out-everybody": gettext_lazy("Signed everybody out"),
}
