"""A letter as it is sent: its words as plain text and as HTML, and the headers that belong to it."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brokers.models import Desk
from questions import buttons, enclosed, letters, news, notices
from questions.buttons import BUTTONS
from questions.letters import LETTERS
from questions.limits import TITLE
from questions.models import Event, Letter, Question
from questions.news import Section
from questions.states import ReviewKind

RECOGNISABLE = 120
MOST_NOTICES = 20
ADDRESS = re.compile(r"\S*(?:://|www\.|\w\.\w{2,}/)\S*|\S+@\S+|\b[\w-]+\.(?:[a-z]{2,})\b", re.IGNORECASE)
WIDTH = 72
PROVING = ("confirm", "confirm_me_too")  # letters whose link proves an address
# Letters that one cannot reply to or switch off: nothing is proved yet, or nobody listens any more.
NO_REPLY = {*PROVING, "links", "merged", "dropped", "reply_closed"}
WITH_POINTS = {"changes", "reviewed"}
STAFF_REPLIES = {"message_to_broker"}  # what a reply to any other letter says is not meant for the asker
NECESSARY = {*PROVING, "links", "reply_elsewhere", "reply_closed", "reply_unread"}


@dataclass(frozen=True)
class Content:
    """What one letter is made of; `facts` fill the placeholders of its words."""

    kind: str
    language: str
    facts: Mapping[str, Any]
    link: str  # the address behind the button
    to_desk: bool = False
    reply: str = ""  # the address that takes replies
    stop: str = ""  # the address where one ends such mail, also by one click (RFC 8058)


@dataclass(frozen=True)
class Paragraph:
    """A line of its own: words, or a list of links (words, address), or what is new for a follower."""

    text: str = ""
    quoted: bool = False
    links: Sequence[tuple[str, str]] = ()
    sections: Sequence[Section] = ()


def render(letter: Letter) -> EmailMultiAlternatives | None:
    """The letter as it is sent; None when the person has been erased meanwhile, or wants no more mail."""
    to, content = recipient(letter), None
    if to:
        content = content_of(letter)
    if content is None:
        return None
    message = message_of(content, to)
    stamp = f"{letter.created_at:%Y%m%d-%H%M%S}"
    message.extra_headers["Message-ID"] = f"<{stamp}.{letter.pk.hex}@{settings.MAIL_DOMAIN}>"
    return message


def recipient(letter: Letter) -> str:
    part, user = letter.participation, letter.user
    if letter.asker is not None:
        return letter.asker.email
    if letter.invitation is not None:
        return letter.invitation.email if letter.invitation.is_live or letter.kind == "uninvited" else ""
    if part is not None:
        stopped = part.mail_stopped_at is not None and letter.kind not in NECESSARY
        return "" if stopped or part.asker is None else part.asker.email
    return user.email if user is not None else ""


def content_of(letter: Letter) -> Content | None:
    if letter.event is not None:
        return about_case(letter, letter.event)
    return to_follower(letter) if letter.user is None else to_person(letter)


def to_person(letter: Letter) -> Content | None:
    """What somebody of the desk has not read yet; None when by now there is nothing."""
    rows = list(notices.for_mail(letter.user).select_related("question")[: MOST_NOTICES + 1])
    if not rows:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        lines = [
            (notices.sentence(row), settings.BASE_URL + reverse("case", args=[row.question_id]))
            for row in rows[:MOST_NOTICES]
        ]
        count = str(len(rows)) if len(rows) <= MOST_NOTICES else f"{MOST_NOTICES}+"
    facts = {"count": count, "links": lines}
    return Content("notices", settings.LANGUAGE_CODE, facts, settings.BASE_URL + reverse("notices"), to_desk=True)


def to_follower(letter: Letter) -> Content | None:
    """None when by now there is nothing to tell any more."""
    assert letter.asker is not None
    kind = news.kind(letter)
    if not kind:
        return None
    language = letter.content.get("language") or letter.asker.language
    with translation.override(language):
        told = news.facts(letter)
    # Who typed the address may have typed these words too.
    listed = [recognisable(one) for one in told.pop("names", [])]
    names = "\n".join(listed if len(listed) == 1 else [f"- {one}" for one in listed])
    link = told.pop("link")
    return Content(kind, language, {**told, "names": names}, link, stop=news.stop_link(letter))


def about_case(letter: Letter, event: Event) -> Content:
    part, question = letter.participation, question_of(event)
    language = language_of(letter, question)
    with translation.override(language):
        return Content(
            kind=letter.kind,
            language=language,
            facts=facts(letter, event, question),
            link=settings.BASE_URL + path_for(letter, question),
            to_desk=part is None and letter.invitation is None,
            reply=reply_address(letter),
            stop=settings.BASE_URL + reverse("mail-stop", args=[part.stop_token])
            if part is not None and letter.kind not in PROVING
            else "",
        )


def question_of(event: Event) -> Question:
    assert event.question is not None
    return event.question


def language_of(letter: Letter, question: Question) -> str:
    """What is known of an asker may come from a stranger until the address is proved."""
    if letter.invitation is not None:
        return letter.invitation.language
    if letter.participation is None or letter.participation.asker is None or letter.event is None:
        return settings.LANGUAGE_CODE
    if letter.kind == "confirm":
        return question.language
    asked = letter.event.data.get("language") if letter.kind == "confirm_me_too" else ""
    return asked or letter.participation.asker.language


def facts(letter: Letter, event: Event, question: Question) -> dict[str, Any]:
    title = letter.participation.title if letter.participation is not None else question.title
    if letter.invitation is not None:
        return enclosed.to_invited(letter.invitation, question)
    return {
        "number": question.number or "",
        "title": recognisable(title) if letter.kind in PROVING else title[:TITLE],
        "broker": question.assignee.called if question.assignee else "",
        "why": event.why,
        "alternative": question.alternative,
        "points": enclosed.points(event) if letter.kind in WITH_POINTS else "",
        **named(event),
        "until": day(event.data.get("until", "")),
        **enclosed.of(letter),
    }


def named(event: Event) -> dict[str, Any]:
    """The other desk, or the other question, that this is about."""
    desk = Desk.objects.filter(pk=event.data.get("desk")).first() if event.name == "hand_over" else None
    into = Question.objects.filter(pk=event.data.get("into")).first() if event.name == "merge" else None
    return {"desk": desk.name if desk else "", "into": into.number if into else ""}


def day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "j F Y") if iso else ""


def recognisable(text: str) -> str:
    """Enough of a question to know it by, and nothing that a stranger could advertise with.

    The address has not been proved yet: whoever typed it must not choose what we send there.
    """
    words = ADDRESS.sub("[…]", " ".join(text[: 4 * RECOGNISABLE].split()))
    return words if len(words) <= RECOGNISABLE else words[:RECOGNISABLE].rsplit(" ", 1)[0] + " …"


def path_for(letter: Letter, question: Question) -> str:
    part = letter.participation
    if letter.invitation is not None:
        return reverse("home") if letter.kind == "uninvited" else reverse("review", args=[letter.invitation.token])
    if part is None:
        return reverse("case", args=[question.pk])
    if letter.kind in PROVING:
        return reverse("confirm", args=[part.confirm_token])
    return enclosed.path(letter) or reverse("track", args=[part.mailed_token])


def reply_address(letter: Letter) -> str:
    """Where a reply to this letter becomes a message; nothing where nobody would hear it."""
    part = letter.participation
    heard = letter.kind in STAFF_REPLIES if part is None else part.decides and letter.kind not in NO_REPLY
    if not (heard and settings.REPLY_ADDRESS):
        return ""
    local, _at, domain = settings.REPLY_ADDRESS.rpartition("@")
    return f"{local}+{letter.reply_token}@{domain}"


# --- From words to mail, the same for a letter and for its preview ------------------------------


def foreseen(letter: Letter) -> EmailMultiAlternatives | None:
    """`letter` as it would be sent, for people of the desk: without the secrets that only its reader may have."""
    content = content_of(letter)
    if content is None:
        return None
    return message_of(
        replace(
            content,
            link=settings.BASE_URL + reverse("track", args=["-"]).removesuffix("-") + "…",
            reply=made_up_reply() if content.reply else "",
            stop=f"{settings.BASE_URL}/…" if content.stop else "",
        ),
        "",
    )


def made_up_reply() -> str:
    local, _at, domain = settings.REPLY_ADDRESS.rpartition("@")
    return f"{local}+example@{domain}" if local else ""


def message_of(content: Content, to: str) -> EmailMultiAlternatives:
    with translation.override(content.language):
        subject, lines = LETTERS[content.kind]
        title = " ".join((str(subject) % content.facts).split())
        page = {
            "content": content,
            "subject": title,
            "paragraphs": paragraphs(lines, content.facts),
            "button": str(BUTTONS.get(content.kind, buttons.OPEN_CASE if content.to_desk else buttons.OPEN_QUESTION)),
            "reply_above": str(buttons.REPLY_ABOVE) if content.reply else "",
            "closing": closing(content),
        }
        message = EmailMultiAlternatives(title, plain(page), to=[to], headers=headers(content))
        message.attach_alternative(render_to_string("mail/letter.html", page), "text/html")
    if content.reply:
        message.reply_to = [content.reply]
    return message


def paragraphs(lines: Sequence[Any], facts: Mapping[str, Any]) -> list[Paragraph]:
    """The paragraphs that say something."""
    made = [paragraph(str(line), facts) for line in lines]
    return [one for one in made if one.text or one.links or one.sections]


def paragraph(line: str, facts: Mapping[str, Any]) -> Paragraph:
    """One that is a placeholder alone is a list, or is quoted: somebody wrote it."""
    alone = re.fullmatch(r"%\((\w+)\)s", line)
    value = facts.get(alone[1]) if alone else None
    if isinstance(value, list):
        is_news = bool(value) and isinstance(value[0], Section)
        return Paragraph(sections=value) if is_news else Paragraph(links=value)
    return Paragraph((line % facts).strip(), quoted=bool(alone))


def closing(content: Content) -> list[str]:
    """The small lines at the end: what one can do besides opening the link."""
    if content.kind in letters.TO_INVITED:
        return [str(buttons.NOBODY_READS if content.kind == "uninvited" else buttons.MAY_NOT_REPLY)]
    may_reply = buttons.MAY_REPLY_DESK if content.to_desk else buttons.MAY_REPLY
    may_stop = buttons.MAY_STOP_FOLLOWING if content.kind == "digest" else buttons.MAY_STOP
    return [str(may_reply)] * bool(content.reply) + [str(may_stop)] * bool(content.stop)


def plain(page: Mapping[str, Any]) -> str:
    content: Content = page["content"]
    parts = [f"[ {page['reply_above']} ]"] if page["reply_above"] else []
    parts += [plain_paragraph(one) for one in page["paragraphs"]]
    parts += [f"{page['button']}:\n{content.link}"]
    parts += [wrapped(line) for line in page["closing"]]
    return "\n\n".join([*parts, "Rotonde\n"])


def plain_paragraph(one: Paragraph) -> str:
    if one.sections:
        return news.as_text(one.sections)
    if one.links:
        return "\n\n".join(f"{wrapped(f'{words}:')}\n{address}" for words, address in one.links)
    return wrapped(one.text, indent="  " if one.quoted else "")


def wrapped(text: str, indent: str = "") -> str:
    """Lines of at most WIDTH characters; a longer word (an address) stays whole."""
    fold = textwrap.TextWrapper(
        WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(fold.fill(line) for line in text.splitlines())


def headers(content: Content) -> dict[str, str]:
    made = {"Auto-Submitted": "auto-generated"}
    if content.stop:
        made |= {"List-Unsubscribe": f"<{content.stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return made


def example(kind: str, language: str) -> EmailMultiAlternatives | None:
    """A letter of this kind as somebody would get it, about a case that does not exist; None if there is none."""
    if kind not in LETTERS or language not in dict(settings.LANGUAGES):
        return None
    with translation.override(language):
        made_up = {
            "number": 123,
            "title": _("Does reading aloud every day help seven-year-olds to read better?"),
            "broker": "Noor Voorbeeld",
            "why": _("The reason comes here, in the words of somebody at the desk."),
            "until": day("2027-02-01"),
            "count": 1,
            "alternative": _("Where the asker can go instead comes here."),
            "inviter": "Noor Voorbeeld",
            "kind": ReviewKind.PRACTICE.label,
            "points": "",
            "desk": _("Example desk"),
            "into": 45,
            **news.example(),
            **enclosed.example(f"{settings.BASE_URL}/example"),
        }
    to_desk, outside = kind in letters.TO_DESK, kind in letters.TO_INVITED
    heard = kind in STAFF_REPLIES if to_desk else kind not in NO_REPLY and not outside
    content = Content(
        kind=kind,
        language=language,
        facts=made_up,
        link=f"{settings.BASE_URL}/example",
        to_desk=to_desk,
        reply=made_up_reply() if heard else "",
        stop="" if to_desk or outside or kind in PROVING else f"{settings.BASE_URL}/example-stop",
    )
    return message_of(content, "somebody@school.example")
