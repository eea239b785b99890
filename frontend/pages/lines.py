"""The lines of the queue: what one reads of a case without opening it."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brokers.sectors import Sector
from frontend.pages.around import language, local, short_month
from questions import listing, notices, reporting, workflow
from questions.models import Question
from questions.states import State, Track, Turn

TITLE = 160  # characters of a question that stand in its line
PREVIEW = 1_200  # characters of a question that are read without opening the case


@dataclass(frozen=True)
class Preview:
    """What was asked, as far as one reads it in passing. `text` is empty when the line says it all."""

    text: str
    context: str
    is_cut: bool


@dataclass(frozen=True)
class Row:
    pk: uuid.UUID
    number: int | None
    title: str
    tone: str
    state: str
    kind: list[str]  # for whom, on which track, about what
    late: str  # since when it is overdue
    news: list[str]  # what others did in it that this person has not read
    facts: list[str]  # until when, whose, since when
    is_held: bool  # by a broker
    may_claim: bool
    may_take: bool  # over from a broker who is away
    is_chosen: bool
    may_triage: bool
    reported: int  # corrections by readers that wait
    preview: Preview


def lines(rows: list[Question], user: Any, chosen: frozenset[str], *, is_offered: bool) -> list[Row]:
    waiting = reporting.waiting_by_item(row.item_id for row in rows)
    news = notices.news(user, [row.pk for row in rows])
    today = timezone.localdate()
    return [
        line(
            row, user, today, waiting.get(row.item_id or 0, 0), news.get(row.pk, []), str(row.pk) in chosen, is_offered
        )
        for row in rows
    ]


def line(
    row: Question, user: Any, today: date, reported: int, news: list[str], is_chosen: bool, is_offered: bool
) -> Row:
    overdue = row.due_on if row.due_on and row.due_on < today else None
    return Row(
        pk=row.pk,
        number=row.number,
        title=cut(row.title),
        tone=str(row.state),
        state=str(State(row.state).label),
        kind=kind(row),
        late=_("Overdue: was due %(date)s") % {"date": day(overdue)} if overdue else "",
        news=news,
        facts=facts(row, today),
        is_held=row.assignee_id is not None,
        may_claim=workflow.may(row, "claim", user),
        may_take=is_offered and workflow.may(row, "take", user),
        is_chosen=is_chosen,
        may_triage=workflow.may(row, "triage", user),
        reported=reported,
        preview=preview(row),
    )


def kind(row: Question) -> list[str]:
    track = str(Track(row.track).label).partition(":")[0] if row.track else ""
    found = [str(Sector(row.sector).label), track, *(local(theme, "label") for theme in row.themes.all())]
    return [words for words in found if words]


def facts(row: Question, today: date) -> list[str]:
    """Short sentences, in the order one asks for them. Dates and numbers are put in here: a page of lines in
    the language of templates took longer than finding the cases."""
    found = []
    if row.due_on and row.due_on >= today:
        found.append(_("due %(date)s") % {"date": day(row.due_on)})
    if row.assignee_id is not None:
        held = row.held_until if row.state == State.ASSIGNED else None
        until = ", " + _("claimed until %(day)s") % {"day": day(held, year="")} if held else ""
        found.append(f"{row.assignee}{until}")
    if row.turn_now != Turn.NOBODY:
        found.append(f"{_('Turn:')} {Turn(row.turn_now).label}")
    if row.turn_now == Turn.ASKER and row.waiting_since:
        found.append(_("since %(date)s") % {"date": day(row.waiting_since)})
    elif row.confirmed_at:
        found.append(_("came in %(date)s") % {"date": day(row.confirmed_at)})
    age = listing.age(row, today)
    if age is not None:
        found.append(ngettext("%(n)s working day old", "%(n)s working days old", age) % {"n": age})
    return found


def day(on: date | datetime, year: str = " Y") -> str:
    """The day as people of this language write it, in local time."""
    shape = f"j {short_month()}{year}"
    return written(timezone.localtime(on).date() if isinstance(on, datetime) else on, shape, language())


@lru_cache(maxsize=2_048)
def written(on: date, shape: str, code: str) -> str:
    """The cases of a desk share their days, and to write one takes as long as the other words of its line."""
    return date_format(on, shape)


def cut(title: str) -> str:
    return title if len(title) <= TITLE else f"{title[: TITLE - 1]}…"


def preview(row: Question) -> Preview:
    text = "" if row.text == cut(row.title) else row.text  # a long one stands in the line without its end
    left = PREVIEW - len(text[:PREVIEW])
    return Preview(text[:PREVIEW], row.context[:left], len(text) + len(row.context) > PREVIEW)
