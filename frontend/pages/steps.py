"""The steps that can be taken in a case, as forms; and those that cannot, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from frontend import forms
from frontend.pages import clock
from frontend.pages.brokers import Candidates, Held, candidates, held
from frontend.pages.foreseen import Seen, comes_first
from frontend.refused import Refused
from questions import workflow
from questions.models import Question, Version
from questions.models.articulation import FRAME
from questions.states import OPEN


@dataclass(frozen=True)
class Move:
    """A step that can be taken, as a form; or one that cannot, with the reason."""

    name: str
    label: str
    url: str
    form: Any
    is_open: bool
    reason: str
    is_chosen: bool
    missing: list[str]  # the reason as a list
    etag: str = ""  # of the text that the step is about
    pledges: Sequence[clock.Pledge] = ()  # for whoever chooses a track
    brokers: Candidates | None = None  # who can be chosen for the case
    foresees: bool = False  # its mail is read before it is taken
    seen: Seen | None = None  # that mail, when it was asked


@dataclass(frozen=True)
class Steps:
    """What this person can do now; what is theirs but not now; and what is for others.

    `ahead` are those of the closed steps that the work of the case leads to: what they still miss is to be done.
    """

    open: list[Move]
    ahead: list[Move]
    closed: list[Move]
    others: list[Move]
    held: Held | None

    @property
    def may_refer(self) -> bool:
        return any(one.name == "move-refer" for one in self.open)


def steps(
    question: Question, version: Version | None, user: Any, no: Refused | None, refer: str, seen: Seen | None = None
) -> Steps:
    initial = {"refer": {"answer": refer}} | ({seen.name: seen.words} if seen else {})
    own_moves = [with_mail(one, seen) for one in moves(question, user, no, initial)]
    every = sorted(answer_moves(question, version, user, no) + own_moves, key=lambda one: one.name in ASIDE)
    closed = [one for one in every if not one.is_open and one.form is not None]
    ahead = [one for one in closed if one.name in AHEAD and question.state in OPEN]
    return Steps(
        open=[one for one in every if one.is_open],
        ahead=ahead,
        closed=[one for one in closed if one not in ahead],
        others=[one for one in every if one.form is None],
        held=held(question),
    )


def own(name: str, form: Any, no: Refused | None, initial: Any = None) -> Any:
    mine = no if no and no.action == name else None
    return forms.shown(
        form, name, typed=mine.typed if mine else None, errors=mine.errors if mine else None, initial=initial
    )


def moves(question: Question, user: Any, no: Refused | None, initial: dict[str, Any]) -> list[Move]:
    url = "case-move"
    every = [
        move(one, reverse(url, args=[question.pk, one.name]), f"move-{one.name}", no, initial.get(one.name))
        for one in workflow.options(question, user)
        if one.name not in BY_ITSELF
    ]
    return [filled(with_brokers(one, question, no), question) for one in every]


def filled(one: Move, question: Question) -> Move:
    """A step whose form begins with what the case has: the sharpened words, its own themes."""
    if one.is_open and one.name == "move-propose":
        one.form.initial = {name: getattr(question, name) for name in ("articulated", *FRAME)}
    if one.is_open and one.name == "move-retheme":
        mine = {theme.slug for theme in question.themes.all()}
        for field, is_mine in (("add", False), ("remove", True)):
            themes = one.form.fields[field]
            themes.widget.choices = [pair for pair in themes.choices if (str(pair[0]) in mine) == is_mine]
    return one


def with_brokers(one: Move, question: Question, no: Refused | None) -> Move:
    """A step that asks for a broker tells who fits, and why."""
    if not one.is_open or "broker" not in one.form.fields:
        return one
    typed = str(no.typed.get("broker", "")) if no is not None and no.action == one.name else ""
    return replace(one, brokers=candidates(question, typed))


def with_mail(one: Move, seen: Seen | None) -> Move:
    """An outcome that writes to who asked shows its letters first, as the page of triage does."""
    name = one.name.removeprefix("move-")
    return replace(one, foresees=comes_first(name), seen=seen if seen is not None and seen.name == name else None)


def answer_moves(question: Question, version: Version | None, user: Any, no: Refused | None) -> list[Move]:
    """The steps of the answer. Those that follow from a step of the question are nobody's to take."""
    if version is None:
        return []
    every = [
        move(
            one,
            reverse("case-answer-move", args=[question.pk, one.name]),
            f"answer-move-{one.name}",
            no,
            None,
            version.etag,
        )
        for one in workflow.options(version, user)
        if one.name not in FOLLOWS
    ]
    for one in every:
        if one.is_open and "kind" in one.form.fields:
            propose_kind(one.form.fields["kind"], version)
    return every


def propose_kind(field: Any, version: Version) -> None:
    """What a verdict is about stands there when only one thing is left; else it is chosen."""
    left = version.left_to_judge()
    field.initial = left[0] if len(left) == 1 else None
    field.required = len(left) > 1  # as `kinds_meant` has it; here it only says so beside the label


# What keeps a case in order stands below what brings it further.
ASIDE = {f"move-{name}" for name in ("retheme", "retrack", "transfer", "keep", "release", "show", "hide")}
AHEAD = {"move-triage", "move-claim", "move-propose", "move-answer", "answer-move-submit", "answer-move-approve"}

# What only the desk itself does, when the time is there.
BY_ITSELF = ("lapse",)

FOLLOWS = ("publish", "supersede", "retract", "review_again")


def move(option: workflow.Option, url: str, name: str, no: Refused | None, initial: Any, etag: str = "") -> Move:
    chosen = (no is not None and no.action == name) or bool(initial and any(initial.values()))
    form = own(name, option.form, no, initial) if option.permitted else None
    pledges = clock.pledges() if option.name == "triage" and option.open else ()
    return Move(name, option.label, url, form, option.open, option.reason, chosen, option.missing, etag, pledges)
