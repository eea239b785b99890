"""The nouns of the case, one file each."""

from questions.models.articulation import Articulation
from questions.models.asker import Asker, Participation
from questions.models.casewords import CaseWords
from questions.models.citation import Citation
from questions.models.consultation import Consultation
from questions.models.criterion import Check, Criterion
from questions.models.ending import Ending
from questions.models.event import Event
from questions.models.feedback import Correction, Feedback
from questions.models.follow import Follow
from questions.models.followup import FollowUp
from questions.models.handledmail import HandledMail
from questions.models.idempotency import Idempotency, Quota
from questions.models.introduction import Introduction
from questions.models.invitation import Invitation
from questions.models.item import Item
from questions.models.ledgerentry import LedgerEntry
from questions.models.letter import Letter
from questions.models.message import Message
from questions.models.notice import Notice
from questions.models.privatedraft import PrivateDraft
from questions.models.question import Question
from questions.models.readytext import ReadyText
from questions.models.referral import Referral
from questions.models.review import Remark, Review
from questions.models.revision import Revision
from questions.models.savedview import SavedView
from questions.models.searchentry import SearchEntry
from questions.models.sought import Sought
from questions.models.tally import Tally
from questions.models.version import KeptDraft, Version

__all__ = [
    "Articulation",
    "Asker",
    "CaseWords",
    "Check",
    "Citation",
    "Consultation",
    "Correction",
    "Criterion",
    "Ending",
    "Event",
    "Feedback",
    "Follow",
    "FollowUp",
    "HandledMail",
    "Idempotency",
    "Introduction",
    "Invitation",
    "Item",
    "KeptDraft",
    "LedgerEntry",
    "Letter",
    "Message",
    "Notice",
    "Participation",
    "PrivateDraft",
    "Question",
    "Quota",
    "ReadyText",
    "Referral",
    "Remark",
    "Review",
    "Revision",
    "SavedView",
    "SearchEntry",
    "Sought",
    "Tally",
    "Version",
]
