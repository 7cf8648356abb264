"""Every table of the site: one noun per file, its QuerySet beside it."""

from statements.models.addressee import Addressee, AddresseeName
from statements.models.attachment import Attachment
from statements.models.audit import Actor, AuditEntry, AuditHead
from statements.models.change import ContentChange
from statements.models.correction import Correction
from statements.models.decision import Decision
from statements.models.demand import Demand, DemandPerson, DemandWording
from statements.models.demandasmade import DemandAsMade
from statements.models.dump import PublicDump
from statements.models.erasure import Erasure
from statements.models.event import Event, EventName
from statements.models.follower import (
    Follower,
    Following,
    FollowRequest,
    Mailing,
    Rhythm,
)
from statements.models.formerslug import FormerSlug
from statements.models.letter import DemandLetter
from statements.models.limit import Limit
from statements.models.maker import DemandMaker
from statements.models.naming import Naming
from statements.models.organisation import Organisation, OrganisationName
from statements.models.pastsubmission import PastSubmission
from statements.models.person import Person, PersonName
from statements.models.place import Place
from statements.models.presence import Presence
from statements.models.reason import DeclineReason, DeclineWords
from statements.models.refusal import Refusal
from statements.models.releaseset import ReleaseMember, ReleaseSet
from statements.models.safety import SafetyCheck
from statements.models.search import SearchEntry, SearchLinks, SearchRebuild, SearchTerm
from statements.models.sitesettings import SiteSettings, SiteText
from statements.models.source import Source
from statements.models.statement import Authorship, Statement, StatementRelation, Tagging
from statements.models.submission import (
    Digest,
    EarlierWords,
    ProposedWords,
    Submission,
    SubmissionMessage,
)
from statements.models.submissionattachment import SubmissionAttachment
from statements.models.suggestion import Suggestion
from statements.models.text import Quotation, Revision, Text
from statements.models.token import Token
from statements.models.unsentform import UnsentForm
from statements.models.update import DemandUpdate, PersonUpdate
from statements.models.verification import Verification

__all__ = [
    "Actor",
    "Addressee",
    "AddresseeName",
    "Attachment",
    "AuditEntry",
    "AuditHead",
    "Authorship",
    "ContentChange",
    "Correction",
    "Decision",
    "DeclineReason",
    "DeclineWords",
    "Demand",
    "DemandAsMade",
    "DemandLetter",
    "DemandMaker",
    "DemandPerson",
    "DemandUpdate",
    "DemandWording",
    "Digest",
    "EarlierWords",
    "Erasure",
    "Event",
    "EventName",
    "FollowRequest",
    "Follower",
    "Following",
    "FormerSlug",
    "Limit",
    "Mailing",
    "Naming",
    "Organisation",
    "OrganisationName",
    "PastSubmission",
    "Person",
    "PersonName",
    "PersonUpdate",
    "Place",
    "Presence",
    "ProposedWords",
    "PublicDump",
    "Quotation",
    "Refusal",
    "ReleaseMember",
    "ReleaseSet",
    "Revision",
    "Rhythm",
    "SafetyCheck",
    "SearchEntry",
    "SearchLinks",
    "SearchRebuild",
    "SearchTerm",
    "SiteSettings",
    "SiteText",
    "Source",
    "Statement",
    "StatementRelation",
    "Submission",
    "SubmissionAttachment",
    "SubmissionMessage",
    "Suggestion",
    "Tagging",
    "Text",
    "Token",
    "UnsentForm",
    "Verification",
]
