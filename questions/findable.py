"""What of a question and of an answer can be found, and by whom."""

import re
from typing import TYPE_CHECKING

from evidence import index
from evidence.index import Part
from questions.states import VersionState

if TYPE_CHECKING:
    from brokers.models import Broker
    from questions.models.item import Item
    from questions.models.question import Question
    from questions.models.version import Version

HEADING = re.compile(r"^ {0,3}#{1,6} .*$", re.MULTILINE)
KEYS = re.compile(r" ?\[(?:@[\w:.-]+(?:; ?)?)+\]")
LINKS = re.compile(r"!?\[([^\[\]\n]*)\]\([^)\n]{0,2000}\)")
MARKS = re.compile(r"[*`]{1,3}(?=\S)|(?<=\S)[*`]{1,3}|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|^> ?", re.MULTILINE)

ANSWER = "answer"
QUESTION = "question"
SOURCE = "source"
BROKER = "broker"  # what a broker knows and has answered; for matching alone, in no search of anybody
ANSWERED_BY = 50  # newest answers that tell what somebody knows
WORKING = "working"  # an open question in its agreed words, which everybody may read


def put_question(question: "Question") -> None:
    """Open questions can be found by staff only."""
    index.put(
        QUESTION,
        str(question.pk),
        [
            Part(
                title=question.title,
                body="\n\n".join(filter(None, [question.text, question.context])),
                keys=_number(question.number),
            )
        ],
        public=False,
        desk=question.desk_id,
        language=question.language,
        sectors=[question.sector],
        themes=list(question.themes.values_list("slug", flat=True)),
        year=question.created_at.year,
    )


def drop_question(question: "Question") -> None:
    index.drop(QUESTION, str(question.pk))
    drop_working(question)


def put_working(question: "Question") -> None:
    """Nothing but the agreed question: the asker's own words stay inside the desk."""
    index.put(
        WORKING,
        str(question.pk),
        [Part(title=question.articulated, body=question.articulated)],
        public=True,
        desk=question.desk_id,
        language=question.language,
        sectors=[question.sector],
        themes=list(question.themes.values_list("slug", flat=True)),
    )


def drop_working(question: "Question") -> None:
    index.drop(WORKING, str(question.pk))


def put_answer(version: "Version") -> None:
    """Published answers can be found by everybody; called by the transition that publishes."""
    item = version.item
    questions = list(item.questions.prefetch_related("themes"))
    index.put(
        ANSWER,
        str(item.number),
        [
            Part(title=item.title, body=plain(version.short_answer), keys=_number(item.number)),
            Part(
                title=item.title,
                body=plain("\n\n".join(filter(None, [version.explanation, version.conclusion, version.gap]))),
            ),
        ],
        public=True,
        language=version.language,
        sectors=sorted({question.sector for question in questions}),
        themes=sorted({theme.slug for question in questions for theme in question.themes.all()}),
        year=version.published_at.year if version.published_at else None,
        strength=version.strength,
    )


def _number(number: int | None) -> str:
    """A public number as people cite it; `evidence/identifiers.py` knows every way to write it."""
    return f"R-{number}" if number else ""


def plain(markdown: str) -> str:
    """What a reader would read: no headings (they say the same in every answer), marks or keys."""
    text = HEADING.sub("", markdown)
    return MARKS.sub("", KEYS.sub("", LINKS.sub(r"\1", text)))


def drop_answer(item: "Item") -> None:
    index.drop(ANSWER, str(item.number))


def put_broker(broker: "Broker") -> None:
    """What this broker says they know, and the answers they wrote that hold now: in which cases they are at home."""
    if not broker.user.is_active:
        drop_broker(broker.user_id)
        return
    written = broker.user.versions_written.filter(state=VersionState.PUBLISHED).select_related("item")
    answers = written.order_by("-published_at", "pk")[:ANSWERED_BY]
    parts = [Part(title=one.item.title, body=plain(one.short_answer), locator=str(one.item.number)) for one in answers]
    index.put(
        BROKER,
        str(broker.user_id),
        [*([Part(title="", body=broker.expertise)] if broker.expertise.strip() else []), *parts],
        public=False,
        sectors=broker.sectors,
        learn=False,
    )


def put_writers(version: "Version") -> None:
    """An answer became public, or is so no longer: whoever wrote it knows of it, or is not known for it."""
    for user in version.authors.filter(broker__isnull=False).select_related("broker").order_by("pk"):
        put_broker(user.broker)


def drop_broker(user_id: int) -> None:
    index.drop(BROKER, str(user_id))
