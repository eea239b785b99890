"""The states of a question and of a version, and the words that grade an answer."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    SUBMITTED = "submitted", _("submitted")
    TRIAGED = "triaged", _("triaged")
    ASSIGNED = "assigned", _("assigned")
    ANSWERED = "answered", _("answered")
    PUBLISHED = "published", _("published")
    REFERRED = "referred", _("referred")
    MERGED = "merged", _("merged")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    SPAM = "spam", _("set aside as spam")


OPEN = (State.SUBMITTED, State.TRIAGED, State.ASSIGNED)
WORKED_ON = (State.TRIAGED, State.ASSIGNED)
EXITS = (State.REFERRED, State.MERGED, State.DECLINED, State.WITHDRAWN, State.SPAM)


class VersionState(TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("published")
    SUPERSEDED = "superseded", _("superseded")
    RETRACTED = "retracted", _("retracted")


WRITABLE = (VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.APPROVED)


class Behalf(TextChoices):
    """For whom somebody asks."""

    MYSELF = "myself", _("for myself")
    TEAM = "team", _("for my team")
    SCHOOL = "school", _("for my school")
    NETWORK = "network", _("for a network")


class Track(TextChoices):
    SIGNPOST = "signpost", _("signpost: point to what exists")
    SHORT = "short", _("short answer")
    FULL = "full", _("full answer")


class Direction(TextChoices):
    """What the research found; `none` means that it was looked for and not found."""

    POSITIVE = "positive", _("it helps")
    NEGATIVE = "negative", _("it harms")
    NONE = "none", _("studies looked for an effect and found none")
    MIXED = "mixed", _("it depends: studies differ")
    UNCLEAR = "unclear", _("unknown")


class GapKind(TextChoices):
    NONE = "none", _("no research found")
    INDIRECT = "indirect", _("only indirect research")
    WRONG_CONTEXT = "wrong_context", _("research from another context")
    OUTDATED = "outdated", _("outdated research")
    CONFLICTING = "conflicting", _("conflicting research")


class ReviewKind(TextChoices):
    """What a reviewer looks at."""

    CONTENT = "content", _("content")
    PRACTICE = "practice", _("practice")
    LANGUAGE = "language", _("language")


ALL_OPEN = "all"  # of a verdict: about every kind of review that is still open


class Significance(TextChoices):
    """What a new version changes for who read the one before it."""

    TYPO = "typo", _("only the language: it says the same")
    CLARIFICATION = "clarification", _("clearer or fuller: the conclusion stays the same")
    CONCLUSION = "conclusion", _("the conclusion changed")


class Verdict(TextChoices):
    ANSWERED = "answered", _("yes, this answers my question")
    PARTLY = "partly", _("partly")
    NO = "no", _("no")


class Agreement(TextChoices):
    AGREED = "agreed", _("agreed by the asker")
    SPOKEN = "spoken", _("agreed by the asker in a conversation")
    WAIVED = "waived", _("agreement waived")


class Checked(TextChoices):
    """What was found of an acceptance criterion."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    UNCLEAR = "unclear", _("not clear")


class WaitsFor(TextChoices):
    """What the asker is waited for."""

    AGREEMENT = "agreement", _("the asker's agreement to the sharpened question")
    REPLY = "reply", _("the asker's answer to a message")


class Turn(TextChoices):
    ASKER = "asker", _("the asker")
    DESK = "desk", _("the desk")
    NOBODY = "nobody", _("nobody: this is finished")


class TextKind(TextChoices):
    """Where a ready-made text is for."""

    NOTE = "note", _("bridging note")
    DECLINE = "decline", _("reason to decline")
    ALTERNATIVE = "alternative", _("where the asker can go instead")
    HAND_OVER = "hand_over", _("reason to hand over")
    MESSAGE = "message", _("message")
    REMINDER = "reminder", _("reminder")
