"""An incoming mail as far as the desk looks at it: whom it answers, who says so, what they typed.

Whatever comes in, this ends soon and raises nothing but Unreadable. It knows no database.
"""

import email
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from typing import Any

from questions import ownwords

HEADER = 4_000  # characters of a header that are looked at
TEXT = 200_000  # bytes of a part; far more than a message may have
PARTS, BOUNDARIES = 100, 20
HEAD = 100_000  # bytes of all headers together
ODD_CODES = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"}
TOKEN = r"\+([a-z2-7]{42})@"
# Pages behind a secret address, and addresses that take replies: never part of a message.
SECRET = re.compile(r"/(?:track|confirm|mail/stop|after|follow)/.|\+[a-z2-7]{42}@", re.IGNORECASE)
# Such a header, with the lines it goes on in: the parser takes its length squared.
CONTENT = re.compile(rb"^content-[\w-]+:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
MACHINES = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+-]|@|$)", re.IGNORECASE)
AWAY = re.compile(
    r"^\s*(automatisch antwoord|automatic reply|auto(matic)?[- ]?(reply|response)|out of (the )?office|afwezig"
    r"|afwezigheid|ik ben (er )?(even )?(niet|afwezig)|delivery status|undeliver|mail delivery|onbestelbaar"
    r"|returned mail|read:|gelezen:)",
    re.IGNORECASE,
)
LISTS = ("List-Id", "List-Post", "List-Unsubscribe", "Mailing-List")
ROBOTS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From", "X-Autoresponse", "X-Loop", "X-Failed-Recipients")
TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")


class Unreadable(Exception):
    """No mail, or one that is made to be hard to read."""


@dataclass(frozen=True)
class Reply:
    tokens: list[str]  # of the letters it may answer, best guess first
    sender: str  # the address that it says it comes from, in small letters; "" when there is not exactly one
    digest: str  # the same for the same mail, also when it is delivered twice
    is_automatic: bool
    words: str
    attachments: int


def parse(raw: bytes, ours: Iterable[str]) -> Reply:
    """Reads one mail. `ours`: the first lines of our own letters, where the quote of them begins."""
    if is_trap(raw):
        raise Unreadable
    try:
        return reply_of(email.message_from_bytes(raw), raw, ours)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, email.errors.MessageError) as error:
        raise Unreadable(type(error).__name__) from None  # the parser of the standard library fails in many ways


def is_trap(raw: bytes) -> bool:
    """Whether this would keep the parser busy for long."""
    return (
        raw.lower().count(b"boundary") > BOUNDARIES
        or len(re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]) > HEAD
        or any(match.end() - match.start() > HEADER for match in CONTENT.finditer(raw))
    )


def reply_of(message: Message, raw: bytes, ours: Iterable[str]) -> Reply:
    parts = list(leaves(message))
    return Reply(
        tokens=tokens(message),
        sender=sender(message),
        digest=hashlib.sha256(header(message, "Message-ID").strip().encode(errors="replace") or raw).hexdigest(),
        is_automatic=is_automatic(message),
        words=without_secrets(clean(ownwords.own_words(body(parts), ours))),
        attachments=sum(is_attachment(part) for part in parts),
    )


def leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something; a mail inside the mail is one of them."""
    waiting: list[Message] = [message]
    for _n in range(PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        inner: Any = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting[:0] = inner
        else:
            yield part


def header(message: Message, name: str) -> str:
    """The first header of this name, readable; whatever stands in it."""
    value = str(message.get(name, ""))[:HEADER]
    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError, email.errors.MessageError):
        return value


def tokens(message: Message) -> list[str]:
    found: list[str] = []
    for name in TO:
        for value in message.get_all(name, [])[:20]:
            found += re.findall(TOKEN, str(value)[:HEADER].lower())
    return list(dict.fromkeys(found))[:10]


def sender(message: Message) -> str:
    values = message.get_all("From", [])
    addresses = [address for _name, address in getaddresses([str(value)[:HEADER] for value in values])]
    return addresses[0].strip().lower() if len(addresses) == 1 else ""


def is_automatic(message: Message) -> bool:
    """Whether a machine wrote this (RFC 3834, and what programs do instead): never a message, never answered."""
    submitted = header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    return any(
        [
            submitted not in ("", "no"),
            header(message, "Precedence").strip().lower() in {"bulk", "junk", "list", "auto_reply"},
            header(message, "X-Auto-Response-Suppress").strip().lower() not in ("", "none"),
            header(message, "Return-Path").strip() == "<>",
            message.get_content_type() in {"multipart/report", "message/delivery-status"},
            any(name in message for name in (*LISTS, *ROBOTS)),
            MACHINES.match(sender(message)),
            AWAY.match(header(message, "Subject")),
        ]
    )


# --- The text -------------------------------------------------------------------------------------


def body(parts: list[Message]) -> str:
    """The plain text, else the text of the HTML."""
    shown = [part for part in parts if not is_attachment(part)]
    texts = [decoded(part) for part in shown if part.get_content_type() == "text/plain"]
    if not any(text.strip() for text in texts):
        texts = [ownwords.text_of(decoded(part)) for part in shown if part.get_content_type() == "text/html"][:1]
    return "\n".join(texts)


def is_attachment(part: Message) -> bool:
    """A file that somebody added; pictures of a signature are none."""
    if part.get_content_type() == "message/rfc822" or part.get_content_disposition() == "attachment":
        return True
    return bool(part.get_filename()) and "Content-ID" not in part


def decoded(part: Message) -> str:
    raw: Any = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    text = as_text(raw[:TEXT], charset(part))
    if part.get_param("format") == "flowed":
        text = re.sub(r"(?<=\S) \n(?=[^>\s])", " ", text.replace("\r\n", "\n"))
    return text


def charset(part: Message) -> str:
    try:
        return part.get_content_charset() or "utf-8"
    except (UnicodeError, LookupError, ValueError):
        return "utf-8"


def as_text(raw: bytes, code: str) -> str:
    try:
        return raw.decode("utf-8" if code.replace("-", "_") in ODD_CODES else code, errors="replace")
    except (LookupError, ValueError):
        return raw.decode("utf-8", errors="replace")


def clean(text: str) -> str:
    """Without control characters, and with no more than one empty line between paragraphs."""
    kept = (sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))
    lines = (line.rstrip() for line in "".join(kept).replace("\ufeff", "").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def without_secrets(text: str) -> str:
    """The people of the desk read it, and may not come by the asker's own link."""
    return re.sub(r"\S+", lambda word: "[…]" if SECRET.search(word[0]) else word[0], text)
