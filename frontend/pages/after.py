"""What somebody is asked some time after their answer, and what the desk reads of it: numbers."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from questions import afterwards
from questions.models import FollowUp
from questions.states import Verdict


@dataclass(frozen=True)
class About:
    token: str
    title: str
    language: str
    track_url: str
    is_kept: bool  # whether the first question has been answered
    still_holds: bool  # whether the answer was not taken back since


@dataclass(frozen=True)
class Row:
    label: str
    cells: list[str]


@dataclass(frozen=True)
class Table:
    title: str
    columns: list[str]
    rows: list[Row]


@dataclass(frozen=True)
class Numbers:
    tables: list[Table]
    words: list[str]
    fewest: int


def about(row: FollowUp) -> About:
    part = row.participation
    return About(
        token=row.token,
        title=part.title,
        language=part.question.language,
        track_url=reverse("track", args=[part.mailed_token]),
        is_kept=bool(row.used),
        still_holds=afterwards.still_holds(part),
    )


def numbers() -> Numbers:
    kinds = afterwards.numbers()
    columns = [str(FollowUp.Kind(one.kind).label) for one in kinds]
    all_rows = [
        Row(_("people we asked"), [shown(one.asked) for one in kinds]),
        Row(_("people who answered"), [shown(one.answered) for one in kinds]),
    ]
    return Numbers(
        tables=[
            verdicts(),
            Table(_("How many people we asked"), columns, all_rows),
            Table(_("What the answer was used for"), columns, rows(FollowUp.Used, [one.used for one in kinds])),
            Table(_("What helped"), columns, rows(FollowUp.Helped, [one.helped for one in kinds])),
            Table(_("What made it difficult"), columns, rows(FollowUp.Hindered, [one.hindered for one in kinds])),
        ],
        words=afterwards.words(),
        fewest=afterwards.FEWEST,
    )


def verdicts() -> Table:
    found = afterwards.verdicts()
    columns = [_("by an answer"), _("by a referral")]
    return Table(_("Does it answer the question?"), columns, rows(Verdict, [found["answers"], found["referrals"]]))


def rows(values: Any, counts: list[dict[str, int | None]]) -> list[Row]:
    return [Row(str(label), [shown(one[value]) for one in counts]) for value, label in values.choices]


def shown(count: int | None) -> str:
    return _("fewer than five") if count is None else str(count)
