"""Every column that holds words, whether visitors may see it, and a word for each to look for.

A new text field fails tests/test_leaks.py until it stands here.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from statements.markup import HTMLField
from statements.models import Revision

# Visitors may see it, on a record that is public.
SHOWN = {
    "taggit.Tag": {"name", "slug"},
    "statements.Addressee": {"name", "contacts", "email"},
    "statements.AddresseeName": {"name"},
    "statements.Attachment": {"file", "alternative", "caption", "credit", "licence"},
    "statements.Authorship": {"name_as_printed"},
    "statements.Correction": {"note"},
    "statements.DeclineWords": {"name"},
    "statements.Demand": {"slug", "wording"},
    "statements.DemandLetter": {"subject", "words"},
    "statements.DemandUpdate": {"quotation", "note"},
    "statements.DemandWording": {"name"},
    "statements.Event": {"slug", "name"},
    "statements.EventName": {"name"},
    "statements.FormerSlug": {"slug"},
    "statements.Naming": {"spelling"},
    "statements.Organisation": {"slug", "name", "acronym", "website"},
    "statements.OrganisationName": {"name", "acronym"},
    "statements.Person": {"slug", "name"},
    "statements.PersonName": {"name"},
    "statements.PersonUpdate": {"quotation", "note"},
    "statements.Place": {"code", "name_override"},
    "statements.Quotation": {"words"},
    "statements.Revision": {*Revision.FIELDS, "fingerprint", "own_fingerprint"},
    "statements.SiteSettings": {"contact_email", "appeal_url", "licence"},
    "statements.SiteText": {"name", "motto", "about", "privacy", "appeal"},
    "statements.Source": {"publication", "title", "url", "archived_url"},
    "statements.Statement": {"licence"},
    "statements.Text": {"slug", "translator"},
}
# Visitors never see it, on any record.
HIDDEN = {
    "account.EmailAddress": {"email"},
    "account.EmailConfirmation": {"key"},
    "admin.LogEntry": {"object_id", "object_repr", "change_message"},
    "auth.Group": {"name"},
    "django_tasks_database.DBTaskResult": {
        *("args_kwargs", "task_path", "worker_ids", "queue_name", "backend_name"),
        *("return_value", "exception_class_path", "traceback"),
    },
    "mfa.Authenticator": {"data"},
    "sessions.Session": {"session_data"},
    "statements.Decision": {"note"},
    "auth.User": {"username", "first_name", "last_name", "email", "password"},
    "statements.DeclineReason": {"code"},
    "statements.DeclineWords": {"words"},
    "statements.PastSubmission": {"reason"},
    "statements.ReleaseMember": {"change", "note"},
    "statements.ReleaseSet": {"name"},
    "statements.Erasure": {"noun", "value"},
    "statements.FollowRequest": {"handle", "email_sealed", "email_digest"},
    "statements.Follower": {"handle", "email_sealed", "email_digest", "seed"},
    "statements.Following": {"consent_version"},
    "statements.Mailing": {"handle"},
    "statements.Limit": {"key"},
    "statements.EarlierWords": {"title", "text", "demands"},
    "statements.ProposedWords": {"title", "text"},
    "statements.Revision": {"why"},
    "statements.SafetyCheck": {"asked"},
    "statements.SearchLinks": {"links"},
    "statements.SearchTerm": {"word"},
    "statements.Submission": {
        *("handle", "doubts", "organisation_name", "organisation_website", "sender_role", "note"),
        *("title", "text", "url", "demands", "new_event", "email_sealed", "email_digest"),
        *("reply_language", "consent_version", "stamp_digest", "text_digest", "reason"),
        "withdrawal_words",
    },
    "statements.SubmissionAttachment": {"token_digest", "name_sealed"},
    "statements.SubmissionMessage": {"words"},
    "statements.Statement": {"import_fingerprint", "next_reason", "next_note"},
    "statements.Suggestion": {"words"},
    "statements.Text": {"scheduled_change", "scheduled_note"},
    "statements.Token": {"digest", "purpose"},
    "statements.UnsentForm": {"handle", "token_digest"},
}
# Visitors always see it, whatever else is a draft.
ALWAYS = {"statements.SiteSettings", "statements.SiteText"}
# Codes and dates in notation: nothing that a word could be put into.
CODES = {
    *("language", "scheduled_note_language", "next_note_language", "note_language", "numeric"),
    *("raised_precision",),
    *("start_precision", "end_precision", "founded_precision", "dissolved_precision"),
    *("used_from_precision", "used_until_precision", "issued_precision"),
    *("published_precision", "session_key", "happened_precision", "as_of_precision"),
    *("quotation_language", "letter_language"),
}

# Their columns hold codes alone, which the code chooses.
LOGS = {"statements.AuditEntry", "statements.AuditHead"}
# Django fills them with the names of our models.
NAMES_OF_MODELS = {"auth.Permission", "contenttypes.ContentType"}
TEXT = (models.CharField, models.TextField, models.FileField, models.JSONField)


def text_fields(model: type[models.Model]) -> Iterator[models.Field]:
    """The fields that words can be written into."""
    for field in model._meta.concrete_fields:
        if isinstance(field, TEXT) and not field.choices and field.name not in CODES:
            yield field


def tables() -> Iterator[type[models.Model]]:
    """Those of the packages too."""
    for model in apps.get_models():
        if model._meta.label not in LOGS | NAMES_OF_MODELS:
            yield model


class Words:
    """Words that occur nowhere else, each with the field that it was written into."""

    # Long enough that no key or token has one by chance: a page has some hundred random letters.
    END = "qxjqzq"

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.places: dict[str, str] = {}

    def new(self, place: str) -> str:
        letters = string.ascii_lowercase
        high, low = divmod(len(self.places), len(letters))
        word = f"{self.prefix}{letters[high]}{letters[low]}{self.END}"
        self.places[word] = place
        return word

    def fill(self, record: models.Model, names: set[str] | None = None) -> None:
        """Write a word of its own into each text field, past forms and workflow."""
        values = {}
        for field in text_fields(type(record)):
            if names is not None and field.name not in names:
                continue
            word = self.new(f"{record._meta.label}.{field.name}")
            values[field.name] = written(field, word)
        type(record)._base_manager.filter(pk=record.pk).update(**values)
        record.refresh_from_db()

    def within(self, text: str) -> set[str]:
        return set(re.findall(f"{self.prefix}[a-z]{{2}}{self.END}", text.lower()))


def written(field: models.Field, word: str) -> object:
    """A value for the field that holds the word and is valid."""
    if isinstance(field, models.JSONField):
        return {"word": word}
    if isinstance(field, HTMLField):
        return f"<p>{word}</p>"
    if isinstance(field, models.URLField):
        return f"https://{word}.example/"
    if isinstance(field, models.EmailField):
        return f"{word}@example.org"
    if isinstance(field, models.FileField):
        return f"attachments/{word}.png"
    return word
