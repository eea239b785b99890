"""From the ledger to a proposed strength, by rules that are written down: docs/strength.md.

Pure: it reads what brokers wrote of each study and knows no table. It proposes; a person decides.
Too little research is never "no effect": where nothing tells, the strength is *insufficient* and the
direction *unknown*.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from evidence import designs
from evidence.strength import Strength
from questions.states import Direction, GapKind

OLD = 15  # years after which research is looked at as out of date

# How well a design can tell whether something makes a difference: each of `designs.DESIGNS`; any other counts as weak.
REVIEW, TRIAL, CONTROLLED, WEAK = 4, 3, 2, 1
LEVELS = {
    "meta-analysis": REVIEW,
    "systematic review": REVIEW,
    "rct": TRIAL,
    "quasi-experiment": CONTROLLED,
    "longitudinal": CONTROLLED,
    "review": WEAK,
    "survey": WEAK,
    "qualitative": WEAK,
    "report": WEAK,
    "book": WEAK,
}
STEPS = (Strength.INSUFFICIENT, Strength.LIMITED, Strength.MODERATE, Strength.STRONG)


class Fit(TextChoices):
    """How near the people and schools that were studied stand to those of the question."""

    SAME = "same", _("the same sector and group")
    NEAR = "near", _("a sector or group near to it")
    OTHER = "other", _("another sector or group")


# Each rule of the grading and the sentence it is told by. The order is that of docs/strength.md.
RULES: dict[str, Any] = {
    "nothing": _("No source was kept, so we do not know. That is not the same as “no effect”."),
    "untold": _("None of the kept sources tells what was found, so we do not know."),
    "strong": _(
        "Two reviews of many studies; or one with an experiment with groups made by lot; or three such experiments."
    ),
    "moderate": _(
        "One review of many studies; or two experiments with groups made by lot; or one with two other studies that compare groups or follow people."
    ),
    "limited": _("One or two studies that compare groups or follow people; or three other studies that find the same."),
    "too_few": _("Fewer than three studies, all of designs that can tell little about what makes the difference."),
    "weak_aside": _(
        "Studies of weak design are left out beside reviews and experiments with groups made by lot: they neither add nor contradict."
    ),
    "unknown_design": _("A design that we do not know, or that nobody wrote down, counts as weak."),
    "conflict": _("The studies contradict each other: “it depends”, and one step lower."),
    "indirect": _("All studies are about another sector or group: one step lower."),
    "old": _("The newest study is more than 15 years old: one step lower."),
    "not_direct": _("No study is about the same sector and group: not higher than moderate."),
    "no_direction": _("With too little research the direction is unknown."),
}


@dataclass(frozen=True)
class Study:
    """What counts of one kept source. `study` is the same for two reports of one study."""

    design: str
    direction: str
    fit: str = ""
    year: int | None = None
    study: str = ""

    @property
    def level(self) -> int:
        return LEVELS.get(designs.key_of(self.design), WEAK)

    @property
    def has_known_design(self) -> bool:
        return designs.is_known(self.design)

    @property
    def tells(self) -> bool:
        return self.direction not in ("", Direction.UNCLEAR)


@dataclass(frozen=True)
class Proposal:
    """What the rules make of the ledger; `rules` are the ids of those that counted, in their order."""

    strength: Strength
    direction: Direction
    gap_kind: str
    rules: tuple[str, ...]
    counted: int

    @property
    def reasons(self) -> list[str]:
        return [str(RULES[name]) for name in self.rules]


def propose(studies: Iterable[Study], year: int) -> Proposal:
    """The strength and direction that the kept `studies` bear out, seen from the calendar `year`."""
    kept = list(studies)
    telling = once([one for one in kept if one.tells])
    if not telling:
        rule = "untold" if kept else "nothing"
        gap = GapKind.INDIRECT if kept else GapKind.NONE
        return Proposal(Strength.INSUFFICIENT, Direction.UNCLEAR, gap, (rule,), 0)
    counted = best_designs(telling)
    groups = [[one for one in counted if one.direction == way] for way in Counter(one.direction for one in counted)]
    base = max(base_of(group) for group in groups)
    rules = [NAMES[base], *asides(telling, counted), *doubts(counted, groups, year)]
    step = max(0, base - sum(rule in STEP_LOWER for rule in rules))
    if step > MODERATE and Fit.SAME not in {one.fit for one in counted}:
        step = MODERATE
        rules.append("not_direct")
    if step == 0:
        rules.append("no_direction")
        return Proposal(STEPS[0], Direction.UNCLEAR, gap_of(rules), tuple(rules), len(counted))
    direction = Direction.MIXED if len(groups) > 1 else Direction(counted[0].direction)
    return Proposal(STEPS[step], direction, gap_of(rules), tuple(rules), len(counted))


MODERATE = STEPS.index(Strength.MODERATE)
NAMES = ("too_few", "limited", "moderate", "strong")
STEP_LOWER = ("conflict", "indirect", "old")
GAPS = {"conflict": GapKind.CONFLICTING, "indirect": GapKind.WRONG_CONTEXT, "old": GapKind.OUTDATED}


def once(studies: Sequence[Study]) -> list[Study]:
    """Each study one time: of several reports the best, and what contradicts itself is mixed."""
    found: dict[str, Study] = {}
    for n, one in enumerate(sorted(studies, key=rank)):
        name = one.study or f"#{n}"
        first = found.setdefault(name, one)
        if first.direction != one.direction:
            found[name] = Study(first.design, Direction.MIXED, first.fit, first.year, first.study)
    return list(found.values())


def rank(one: Study) -> tuple[Any, ...]:
    """The best report of a study first, in an order that does not hang on which was found first."""
    return -one.level, not one.has_known_design, -(one.year or 0), one.direction


def asides(telling: Sequence[Study], counted: Sequence[Study]) -> list[str]:
    """What has to be told of designs, whatever the step."""
    holds = {
        "weak_aside": len(counted) < len(telling),
        "unknown_design": not all(one.has_known_design for one in telling),
    }
    return [rule for rule, it_holds in holds.items() if it_holds]


def best_designs(studies: Sequence[Study]) -> list[Study]:
    """Without the weak ones, where there is a review or an experiment with groups made by lot."""
    has_better = any(one.level >= TRIAL for one in studies)
    return [one for one in studies if one.level > WEAK] if has_better else list(studies)


def base_of(group: Sequence[Study]) -> int:
    """The step (0 to 3) for how many studies of which designs found the same."""
    reviews = sum(one.level == REVIEW for one in group)
    trials = sum(one.level == TRIAL for one in group)
    controlled = sum(one.level == CONTROLLED for one in group)
    if reviews >= 2 or (reviews and trials) or trials >= 3:
        return 3
    if reviews or trials >= 2 or (trials and controlled >= 2):
        return 2
    return 1 if trials or controlled or len(group) >= 3 else 0


def doubts(counted: Sequence[Study], groups: Sequence[Any], year: int) -> list[str]:
    """The rules that take something off, in their order."""
    years = [one.year for one in counted if one.year is not None]
    holds = {
        "conflict": len(groups) > 1,
        "indirect": {one.fit for one in counted} == {Fit.OTHER},
        "old": bool(years) and year - max(years) > OLD,
    }
    return [rule for rule in STEP_LOWER if holds[rule]]


def gap_of(rules: Sequence[str]) -> str:
    return next((str(gap) for rule, gap in GAPS.items() if rule in rules), "")
