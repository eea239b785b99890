"""What somebody typed in a reply, without what their mail program put below it. Pure text, no mail.

Our letters begin with a line of their own ("Reply above this line"), in every program and language. Where
that is gone, the marks of quoting count (`>`). Only what surely is a quote is cut: rather a line too many
than a word lost. Libraries were tried: they cut all that follows a "Thanks," and miss the Dutch of Gmail.
"""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

import nh3

LONGEST_HEAD = 400  # characters: an introduction of a quote, also over two lines
# "Op ma 3 nov. 2025 om 14:05 schreef Rotonde <desk@…>:", "On … wrote:", or anything with an address or a time.
SAID = re.compile(r"\b(schreef|geschreven|wrote|schrieb|écrit)\b|@", re.IGNORECASE)
WHEN = re.compile(r"@|\d{1,2}[:.]\d{2}|\b20\d\d\b")
FIELD = re.compile(
    r"^[*_ ]*(van|verzonden|datum|aan|cc|onderwerp|antwoord aan|from|sent|date|to|subject|reply-to|importance)"
    r"[*_ ]*:", re.IGNORECASE
)  # fmt: skip
LONGEST_IN_RULE = 40  # "-----Original Message-----"
SIGNED = re.compile(
    r"^(--|(verzonden|verstuurd) (vanaf|met|van|via) .{1,40}|sent (from|with|via) .{1,40}|(get )?outlook (voor|for) .{1,60}"
    r"|download outlook .{1,60})$",
    re.IGNORECASE,
)
GREETING = re.compile(
    r"^(met )?((vriendelijke|hartelijke|vriendelijk|hartelijk)e? )?(groet(en|jes)?|mvg)[,.!]?$"
    r"|^((kind|best|warm) )?regards[,.!]?$|^yours sincerely[,.]?$",
    re.IGNORECASE,
)
LONGEST_SIGNATURE = 10  # lines after a greeting; more is no signature
MOST_TAGS = 10_000  # what we look for stands at the top
TAGS = {"p", "div", "br", "blockquote", "li", "tr", "table", "h1", "h2", "h3", "h4", "pre", "hr"}


def own_words(text: str, ours: Iterable[str]) -> str:
    """The typed part of a reply. `ours`: the lines that our own letters begin with, in every language."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    start = first_quoted(lines, tuple(ours))
    above, below = lines[: before_introduction(lines, start)], lines[start:]
    # Who answers between the quoted lines typed what has no mark.
    between = [line for line in below if line and not line.startswith(">") and not introduces(line)]
    between = between if below and below[0].startswith(">") else []
    typed = without_signature(above)
    return "\n".join([*typed, *([""] if typed and between else []), *between]).strip()


def first_quoted(lines: list[str], ours: tuple[str, ...]) -> int:
    """Where the quote begins: at our own line, else at the first mark, else at the head Outlook puts there."""
    for n, line in enumerate(lines):
        if line.startswith(">") or any(one in line for one in ours):
            return n
    for n in range(len(lines) - 1):
        if FIELD.match(lines[n]) and FIELD.match(lines[n + 1]):
            return n
    return len(lines)


def before_introduction(lines: list[str], start: int) -> int:
    """The line above which the person wrote: the head of the quote belongs to the program."""
    if start == len(lines):
        return start
    end = up_past_blanks(lines, start)
    fields = end
    while fields and (FIELD.match(lines[fields - 1]) or is_rule(lines[fields - 1]) or not lines[fields - 1].strip()):
        fields -= 1
    if fields != end:
        return up_past_blanks(lines, fields)
    for length in (1, 2):
        head = " ".join(lines[max(0, end - length) : end])
        if end >= length and introduces(head):
            return up_past_blanks(lines, end - length)
    return end


def is_rule(line: str) -> bool:
    """Whether it is a stroke across the page, maybe with some words in it."""
    bare = line.strip()
    if len(bare) > 4 and set(bare) in ({"_"}, {"-"}):
        return True
    return bare.startswith("---") and bare.endswith("---") and 0 < len(bare.strip("-")) <= LONGEST_IN_RULE


def introduces(head: str) -> bool:
    return bool(len(head) <= LONGEST_HEAD and head.endswith(":") and SAID.search(head) and WHEN.search(head))


def up_past_blanks(lines: list[str], n: int) -> int:
    while n and not lines[n - 1].strip():
        n -= 1
    return n


def without_signature(lines: list[str]) -> list[str]:
    """`lines` without a signature below them; a greeting counts only when it stands alone and little follows."""
    said = [n for n, line in enumerate(lines) if line.strip()]
    for n in said[1:][-LONGEST_SIGNATURE - 1 :]:
        plain = lines[n].strip()
        if SIGNED.match(plain) or GREETING.match(plain):
            return lines[:n]
    return lines


# --- From HTML ------------------------------------------------------------------------------------


class Reader(HTMLParser):
    """Lines of text; what stands in a blockquote gets the mark of a quote."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = [""]
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.depth += tag == "blockquote"
        self.newline()
        if tag in {"p", "blockquote"}:
            self.newline(empty=True)

    def handle_endtag(self, tag: str) -> None:
        self.newline()
        self.depth -= tag == "blockquote"

    def handle_data(self, data: str) -> None:
        self.lines[-1] += re.sub(r"\s+", " ", data)

    def newline(self, empty: bool = False) -> None:
        if self.lines[-1].strip() or empty:
            mark = "> " if self.depth else ""
            self.lines[-1] = mark + self.lines[-1].strip() if self.lines[-1].strip() else ""
            self.lines.append("")


def text_of(html: str) -> str:
    """The text of an HTML mail: paragraphs as lines, scripts and styles gone."""
    reader = Reader()
    some = "<".join(html.split("<")[:MOST_TAGS])
    reader.feed(nh3.clean(some, tags=TAGS, attributes={}))
    reader.close()
    reader.newline()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(reader.lines)).strip()
