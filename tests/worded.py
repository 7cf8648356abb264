"""A site in which every text field of every table holds a unique word.

Once on a record that is public, once on one that is not: tests look for the words in what the
site answers.
"""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from taggit.models import Tag

from statements.auditing import workflow as auditing
from statements.models import (
    AddresseeName,
    Attachment,
    Authorship,
    Correction,
    DeclineReason,
    DemandLetter,
    DemandWording,
    EarlierWords,
    EventName,
    FormerSlug,
    Limit,
    Mailing,
    OrganisationName,
    PastSubmission,
    Person,
    PersonName,
    ProposedWords,
    ReleaseMember,
    ReleaseSet,
    Revision,
    SiteSettings,
    SiteText,
    StatementRelation,
    Submission,
    SubmissionAttachment,
    Suggestion,
    Text,
    UnsentForm,
)
from statements.publishing import workflow
from statements.submissions import workflow as submissions
from tests.columns import HIDDEN, Words, written
from tests.factories import (
    make_addressee,
    make_attachment,
    make_demand,
    make_demand_made,
    make_event,
    make_follow_request,
    make_follower,
    make_naming,
    make_organisation,
    make_person,
    make_place,
    make_source,
    make_submission,
    make_text,
    make_update,
    pass_safety,
)


def revision_words(words: Words, place: str) -> dict[str, str]:
    return {
        name: written(
            Revision._meta.get_field(name), words.new(f"statements.Revision.{name} of a {place}")
        )
        for name in Revision.FIELDS
    }


class WordedSite:
    """A site with a word of its own in every field: `secret` are those that no visitor may meet,
    `public` those that some page shows. A class of tests names this before `TestCase`.
    """

    @classmethod
    def setUpTestData(cls):
        cls.secret, cls.public = Words("zq"), Words("zp")
        cls.editor = get_user_model().objects.create_superuser("editor")
        cls.make_public_site()
        Suggestion.objects.create(statement=cls.statement, kind="demand")
        auditing.decide("approve", cls.statement, by=cls.editor, note="n")
        Limit.objects.create(key="a digest", ends_at=timezone.now())
        cls.make_account()
        cls.make_submission()
        cls.make_followers()
        cls.make_draft_translation()
        cls.make_draft_over_the_published_text()
        cls.make_draft_statement()
        cls.make_persons_at_risk()
        release = ReleaseSet.objects.create(name="n")
        ReleaseMember.objects.create(
            release=release, text=cls.text, revision=cls.text.working_revision
        )
        for label, names in HIDDEN.items():
            for record in apps.get_model(label)._base_manager.all():
                cls.secret.fill(record, names)
        # Words were written past the workflow.
        call_command("rebuild_search", verbosity=0)
        PastSubmission.objects.update(reason=DeclineReason.objects.all()[0].code)

    @classmethod
    def make_public_site(cls):
        """One of each kind, with words in every field that visitors may see."""
        site = SiteSettings.objects.create(pk=1)
        for code, _name in settings.LANGUAGES:
            SiteText.objects.create(site=site, language=code)
        cls.organisation = make_organisation(slug="organisation", country=make_place("FR"))
        cls.event = make_event(slug="event", is_ongoing=True)
        cls.text = make_text(
            slug="public",
            organisations=[cls.organisation],
            events=[cls.event],
            places=[make_place("FR")],
            tags=["housing"],
            source=make_source(),
            licence="n",
            published=False,
            **revision_words(cls.public, "public text"),
        )
        cls.statement = cls.text.statement
        cls.person = make_person(slug="person")
        cls.demand = make_demand(slug="demand", people=[cls.person], addressee=make_addressee())
        make_demand_made(cls.text, demand=cls.demand)
        letter = DemandLetter.objects.create(demand=cls.demand, language="en", subject="s")
        pass_safety(cls.statement)
        workflow.publish(cls.text.working_revision, by=cls.editor)
        for record, names in (
            (cls.organisation, {"name", "acronym"}),
            (cls.event, {"name"}),
            (cls.demand, {"wording"}),
            (letter, {"subject", "words"}),
            (cls.demand.addressee, {"email"}),
            (cls.person, {"name"}),
            (Tag.objects.get(), {"name"}),
            (cls.statement.source, {"publication", "title"}),
            (make_update(cls.demand, "refused"), {"quotation", "note"}),
        ):
            cls.public.fill(record, names)

    @classmethod
    def make_account(cls):
        """What packages keep of the editor: addresses, factors, a session, acts, letters."""
        address = EmailAddress.objects.create(user=cls.editor, email="a@example.org")
        EmailConfirmation.objects.create(email_address=address, key="k")
        Authenticator.objects.create(user=cls.editor, type="totp", data={})
        Session.objects.create(session_key="s", expire_date=timezone.now() + timedelta(days=1))
        Group.objects.create(name="g")
        LogEntry.objects.create(user=cls.editor, action_flag=1, object_repr="r")
        DBTaskResult.objects.create(args_kwargs={}, exception_class_path="", traceback="")

    @classmethod
    def make_followers(cls):
        """Somebody who follows by e-mail and was written to, and somebody who has not confirmed."""
        make_follow_request(cls.event)
        Mailing.objects.create(
            follower=make_follower(cls.organisation),
            rhythm="daily",
            told_from=timezone.now(),
            told_until=timezone.now(),
            claimed_at=timezone.now(),
        )

    @classmethod
    def make_submission(cls):
        """Sent by a stranger, accepted, and tied to what is public."""
        sent = make_submission(event=cls.event, email="amina@example.org")
        Submission.objects.filter(pk=sent.pk).update(
            state="accepted", statement=cls.statement, organisation=cls.organisation
        )
        submissions.answer(sent, words="An answer")
        EarlierWords.objects.create(submission=sent, title="t", text="t")
        ProposedWords.objects.create(submission=sent, title="t", text="t")
        SubmissionAttachment.objects.create(
            token_digest="d", extension="png", size=1, name_sealed="n", kept_at=timezone.now()
        )
        UnsentForm.objects.create(handle="h", token_digest="d", kept_at=timezone.now())
        often, never = DeclineReason.objects.all()[:2]
        cls.public.fill(often.words.get(language="en"), {"name"})
        cls.secret.fill(never.words.get(language="en"), {"name"})
        for _number in range(5):
            PastSubmission.objects.create(year=2020, state="declined", days=1)

    @classmethod
    def make_draft_translation(cls):
        """A text in another language, not published, of a statement that is."""
        text = make_text(
            statement=cls.statement,
            language="fr",
            published=False,
            **revision_words(cls.secret, "draft translation"),
        )
        cls.secret.fill(text)

    @classmethod
    def make_draft_over_the_published_text(cls):
        text = Text.objects.get(pk=cls.text.pk)
        workflow.save_words(
            text,
            revision_words(cls.secret, "draft over the published text"),
            by=cls.editor,
            based_on=text.working_revision_id,
        )
        quoted = cls.secret.new("quotation that only the draft contains")
        revision = text.working_revision
        Revision.objects.filter(pk=revision.pk).update(body=f"{revision.body}<p>{quoted}</p>")
        made = make_demand_made(text, quoted, demand=cls.demand)
        assert [one.in_live for one in made.quotations.all()] == [False]

    @classmethod
    def make_draft_statement(cls):
        """A draft with everything that can hang on one, tied to what is public where it can be."""
        organisation = make_organisation(parent=cls.organisation, country=make_place("DE"))
        event, place = make_event(), make_place("XZ")
        text = make_text(
            published=False,
            organisations=[organisation, cls.organisation],
            events=[event, cls.event],
            places=[place, make_place("FR")],
            tags=["only-in-drafts"],
            source=make_source(),
            **revision_words(cls.secret, "draft statement"),
        )
        statement = text.statement
        addressee, person = make_addressee("Office of Drafts"), make_person()
        demand = make_demand(people=[person], addressee=addressee)
        made = make_demand_made(text, "draft words", demand=demand)
        own = make_demand_made(text, "other words", demand=cls.demand)
        attachment = Attachment.objects.create(
            statement=statement, type="image", size=1, alternative="a", credit="c", licence="l"
        )
        former = FormerSlug.objects.create(noun="text", slug="former", object_id=text.pk)
        StatementRelation.objects.create(statement=cls.statement, kind="responds", other=statement)
        StatementRelation.objects.create(statement=statement, kind="distances", other=cls.statement)
        names = (
            EventName.objects.create(event=event, language="de", name="n"),
            OrganisationName.objects.create(organisation=organisation, language="de", name="n"),
            PersonName.objects.create(person=person, language="de", name="n"),
            DemandWording.objects.create(demand=demand, language="de", name="n"),
            DemandLetter.objects.create(demand=demand, language="de", subject="s", words="w"),
            AddresseeName.objects.create(addressee=addressee, language="de", name="n"),
        )
        printed = Authorship.objects.create(statement=statement, name_as_printed="p")
        naming = make_naming(text, person, "spelling")
        correction = Correction.objects.create(statement=statement, kind="update", note="n")
        updates = (make_update(demand, "met"), make_update(person, "released"))
        # The parent is public and its parts with it, were it not for this moment before.
        for record in (organisation, event, demand, person):
            type(record).objects.filter(pk=record.pk).update(public_since=None)
        for record in (
            *(text, statement, organisation, event, place, demand, person, addressee, attachment),
            *(
                former,
                printed,
                naming,
                correction,
                statement.source,
                Tag.objects.get(slug="only-in-drafts"),
            ),
            *(*made.quotations.all(), *own.quotations.all(), *names, *updates),
        ):
            cls.secret.fill(record)
        cls.drafts = {
            "statements": text,
            "organisations": organisation,
            "events": event,
            "demands": demand,
            "people": person,
        }
        cls.filters = {
            "event": event.slug,
            "organisation": organisation.slug,
            "demand": demand.slug,
            "tag": Tag.objects.get(slug__startswith="zq").slug,
            "place": place.code,
        }

    @classmethod
    def make_persons_at_risk(cls):
        """Two persons whom a published text names: one withheld, one shown as initials."""
        for shown in (Person.Shown.WITHHELD, Person.Shown.INITIALS):
            name = cls.secret.new(f"name of a person {shown}")
            inflected = cls.secret.new(f"another spelling of a person {shown}")
            person = make_person(name.title(), shown_as=shown)
            cls.secret.fill(
                PersonName.objects.create(person=person, language="de", name="n"), {"name"}
            )
            if shown == Person.Shown.WITHHELD:
                cls.secret.fill(person, {"slug"})
            both = f"{name.title()} and {inflected.title()}"
            fields = {
                field: f"<p>Free <b>{both}</b></p>" if is_rich else f"Free {both}"
                for field, is_rich in Revision.FIELDS.items()
            }
            text = make_text(
                slug=f"names-{shown}",
                events=[cls.event],
                source=make_source(publication=f"Friends of {both}", title=f"Free {both}!"),
                **fields,
            )
            cls.write_beside(text, f"Beside {both}")
            make_naming(text, person, name.title())
            make_naming(text, person, inflected.title())
            demand = make_demand("Free them", people=[person])
            DemandLetter.objects.create(
                demand=demand, language="en", subject=f"Free {both}", words=f"Free {both}!"
            )
            for field in ("title", "body"):
                make_demand_made(text, f"Free {both}", demand=demand, field=field)
            for record in (person, demand):
                told = make_source(publication=f"Friends of {both}", title=f"Free {both}!")
                line = f"{both} told us"
                make_update(record, "unknown", source=told, quotation=line, note=line)

    @classmethod
    def write_beside(cls, text, line):
        """One line in everything that hangs on a text or its statement and says words of it."""
        translation = make_text(
            line,
            slug=f"{text.slug}-de",
            statement=text.statement,
            language="de",
            translator=line,
        )
        Text.objects.filter(pk=translation.pk).update(translated_from=text.live_revision)
        make_attachment(text, alternative=line, caption=line, credit=line, licence=line)
        Authorship.objects.create(
            statement=text.statement, organisation=make_organisation(), name_as_printed=line
        )
        Authorship.objects.create(
            statement=text.statement, role=Authorship.Role.SIGNATORY, name_as_printed=line
        )
        workflow.publish(
            workflow.save_words(text, {"title": line}, based_on=text.working_revision_id),
            change="correction",
            note=line,
        )
