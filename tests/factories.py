"""Records for tests: the defaults are valid and public, a test names only what it is about."""

import io
from datetime import date
from itertools import count

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from statements import antispam, tokens, uploads
from statements.dates import PartialDate
from statements.ledger import workflow as ledger
from statements.models import (
    Addressee,
    Attachment,
    Authorship,
    DeclineReason,
    Demand,
    DemandAsMade,
    DemandPerson,
    Event,
    FollowRequest,
    Naming,
    Organisation,
    Person,
    Place,
    Quotation,
    SafetyCheck,
    Source,
    Submission,
    Text,
)
from statements.newsletter import workflow as newsletter
from statements.publishing import links, workflow
from statements.safety import workflow as safety
from statements.submissions import attachments as submission_attachments
from statements.submissions import workflow as submissions

numbers = count(1)


def make_place(code="XA", **fields):
    return Place.objects.get_or_create(code=code, defaults=fields)[0]


def make_source(published="2020-08-12", **fields):
    fields = {"publication": "Example Gazette", "url": "https://example.org/text"} | fields
    return Source.objects.create(
        published=PartialDate.parse(published) if published else None, **fields
    )


def make_organisation(name=None, **fields):
    number = next(numbers)
    fields.setdefault("slug", f"organisation-{number}")
    return Organisation.objects.create(name=name or f"Example Union {number}", **fields)


def make_event(name=None, **fields):
    number = next(numbers)
    fields = {"slug": f"event-{number}", "type": Event.Type.STRIKE} | fields
    return Event.objects.create(name=name or f"Example Strike {number}", **fields)


def make_addressee(name="the authorities of Example", **fields):
    return Addressee.objects.create(name=name, **fields)


def make_person(name=None, **fields):
    number = next(numbers)
    fields = {"slug": f"person-{number}", "is_at_risk": False} | fields
    return Person.objects.create(name=name or f"Amina Example {number}", **fields)


def make_demand(wording=None, people=(), **fields):
    number = next(numbers)
    fields = {"slug": f"demand-{number}", "kind": Demand.Kind.LABOUR} | fields
    demand = Demand.objects.create(wording=wording or f"Pay example number {number}", **fields)
    for position, person in enumerate(people):
        DemandPerson.objects.create(demand=demand, person=person, position=position)
    return demand


def make_update(record, state, happened="2020-09-01", *, source=None, by=None, **fields):
    """An update of a demand or a person, entered as an editor would."""
    return ledger.add_update(
        record,
        state,
        happened=PartialDate.parse(happened),
        source=source or make_source(),
        by=by,
        **fields,
    )


def make_text(
    title=None,
    *,
    language="en",
    slug="",
    published=True,
    organisations=(),
    events=(),
    places=(),
    tags=(),
    issued="2020-08-01",
    authority=Text.Authority.ORIGINAL,
    statement=None,
    **fields,
):
    """The leading text of a new statement, or with `statement` one more text of that one."""
    names = ("surtitle", "subtitle", "introduction", "original_title", "body", "postscript")
    words = {"title": title or f"Example statement {next(numbers)}", "body": "<p>Words.</p>"}
    words |= {name: fields.pop(name) for name in names if name in fields}
    if statement:
        text = workflow.add_text(
            statement, language=language, words=words, slug=slug, authority=authority, **fields
        )
    else:
        text = workflow.create_statement(
            language=language,
            words=words,
            slug=slug,
            authority=authority,
            issued=PartialDate.parse(issued) if issued else None,
            **fields,
        )
        statement = text.statement
        for position, organisation in enumerate(organisations):
            Authorship.objects.create(
                statement=statement, organisation=organisation, position=position
            )
        statement.events.set(events)
        statement.places.set(places)
        statement.tags.set(tags)
    if published:
        try:
            workflow.publish(text.working_revision)
        except safety.NotPassed:
            pass_safety(text.statement)
            workflow.publish(text.working_revision)
    text.refresh_from_db()
    return text


def pass_safety(statement):
    """Whomever it concerns was asked, and agreed."""
    found = safety.concerns(statement)
    if found:
        check = SafetyCheck.objects.create(
            statement=statement, agreed="yes", wished="yes", review_on=date.max
        )
        check.persons.set(found.persons)
        check.organisations.set(found.organisations)


def make_demand_made(text, words="", *, demand=None, voice="organisation", field="body", **fields):
    """A demand that a text's statement makes, with a quotation where words are given."""
    demand = demand or make_demand(**fields)
    made, _ = DemandAsMade.objects.get_or_create(
        statement=text.statement, demand=demand, voice=voice
    )
    if words:
        Quotation.objects.create(made=made, text=text, field=field, words=words)
    links.links_changed(text.statement)
    return made


def make_naming(text, person, spelling=None):
    naming = Naming.objects.create(text=text, person=person, spelling=spelling or person.name)
    links.links_changed(text.statement)
    return naming


def make_submission(text="Lower the rents.\n\nNo evictions!", *, email="", doubts=(), **fields):
    """What a stranger sent, waiting for a moderator."""
    fields = {
        "sender": Submission.Sender.ORGANISATION,
        "organisation_name": "Tenants of Example",
        "title": f"Example submission {next(numbers)}",
        "language": "en",
        "risk": Submission.Risk.NO,
        "issued": PartialDate.parse("2020-08"),
        "demands": "Lower the rents",
    } | fields
    stamp = antispam.stamp(submissions.FORM)
    sent = submissions.submit(stamp=stamp, email=email, doubts=doubts, text=text, **fields)
    return sent.submission


def make_follow_request(record=None, *, email="", rhythm="daily", language="en"):
    """An address that nobody has confirmed yet."""
    newsletter.ask(
        record,
        email=email or f"reader-{next(numbers)}@example.org",
        rhythm=rhythm,
        language=language,
    )
    return FollowRequest.objects.latest("pk")


def make_follower(*records, email="", rhythm="daily", language="en"):
    """Somebody who follows these records: the site, where none is given."""
    email = email or f"reader-{next(numbers)}@example.org"
    for record in records or [None]:
        asked = make_follow_request(record, email=email, rhythm=rhythm, language=language)
        token = tokens.issue(newsletter.CONFIRM, asked.pk)
        follower = newsletter.confirm(asked, token)
    return follower


def make_reason(code="scope", **words):
    """A reason to decline, with what the sender is told, by language."""
    reason = DeclineReason.objects.create(code=code)
    for language, told in (words or {"en": "It is not about solidarity."}).items():
        reason.words.create(language=language, name=f"{code} in {language}", words=told)
    return reason


def picture_bytes(kind="PNG", size=(4, 3), mode="RGB", colour="teal", **saving):
    content = io.BytesIO()
    Image.new(mode, size, colour).save(content, kind, **saving)
    return content.getvalue()


def make_submission_attachment(submission, file=None):
    """A file that came with a submission: a small picture, where no upload is given."""
    file = file or SimpleUploadedFile("gate.png", picture_bytes())
    token = submission_attachments.keep(uploads.take(file), file.name)
    submission_attachments.send([token], submission)
    return submission.attachments.latest("pk")


def make_attachment(text, name=None, content=None, **fields):
    """A stored file beside a text's statement: a small picture, where nothing else is given."""
    name = name or f"attachments/{next(numbers)}.png"
    content = content or picture_bytes()
    default_storage.delete(name)
    default_storage.save(name, ContentFile(content))
    fields = {
        "type": Attachment.Type.IMAGE,
        "width": 4,
        "height": 3,
        "size": len(content),
        "alternative": "A square",
        "credit": "Example Union",
        "licence": "CC BY-SA 4.0",
    } | fields
    return Attachment.objects.create(statement=text.statement, file=name, **fields)
