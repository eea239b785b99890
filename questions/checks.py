"""System checks: settings that would let replies go astray, or an answer wait for a review that nobody can give."""

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from questions.states import ReviewKind

LONGEST_LOCAL = 64 - 43  # a local part has at most 64 characters (RFC 5321); "+" and the token take 43


def replies(**_options: Any) -> list[CheckMessage]:
    """Whether what is set of REPLY_ADDRESS and REPLY_MAILBOX fits together."""
    address, box = settings.REPLY_ADDRESS, settings.REPLY_MAILBOX
    found: list[CheckMessage] = []
    if address and not re.fullmatch(rf"[\w.-]{{1,{LONGEST_LOCAL}}}@[\w-]+(\.[\w-]+)*", address):
        words = f"REPLY_ADDRESS must be a plain address with at most {LONGEST_LOCAL} characters before the @."
        found.append(Error(words, id="questions.E001"))
    if box and not re.match(r"maildir:/|imaps?://[^@/]+@[^@/]+", box):
        words = "REPLY_MAILBOX must be maildir:/path or imaps://user:password@host/folder (signs as %40 and so on)."
        found.append(Error(words, id="questions.E002"))
    if address and not box:
        words = "REPLY_ADDRESS is set and REPLY_MAILBOX is not: nobody reads the replies that letters ask for."
        found.append(Warning(words, id="questions.W001"))
    return found


def reviews(**_options: Any) -> list[CheckMessage]:
    """Whether every track names reviews that exist, and at least one."""
    words = "REVIEWS_%s must name one or more of: %s."
    return [
        Error(words % (track.upper(), ", ".join(ReviewKind.values)), id="questions.E003")
        for track, kinds in settings.REVIEWS.items()
        if not kinds or set(kinds) - set(ReviewKind.values)
    ]
