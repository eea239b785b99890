"""How the desk does, in tables of numbers over any period: the one read behind page, API and CSV.

Nothing here needs an asker. Times come from `Ending`, written when a case ends; what people said
afterwards from counts that stay when somebody is erased; the rest from rows that name nobody.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from questions import afterwards, came, folded, load, sought, tallies, took
from questions.came import step_of
from questions.models import Correction, Ending, Feedback, FollowUp, Referral, Version
from questions.periods import Period
from questions.refusals import NotYou
from questions.states import State, Verdict
from questions.tables import FEWEST, Cell, Row, Table, guarded

NAMES = (
    "flow",
    "months",
    "now",
    "reopened",
    "themes",
    "sectors",
    "times",
    "stages",
    "load",
    "helped",
    "without_case",
    "searches",
    "words",
    "feedback",
    "afterwards",
)
NOT_SAID = "not_said"
WITHOUT_CASE = "ask.helped"


def read(user: Any, period: Period) -> dict[str, Table]:
    """Every table that `user` may read, by name, in the order of NAMES. Raises NotYou for who is not of the desk.

    The same number of queries however much there is.
    """
    if not user.has_perm("questions.view_question"):
        raise NotYou(_("This is for people of the desk."))
    found = {one.name: one for one in every(user, period)}
    return {name: found[name] for name in NAMES if name in found}


def every(user: Any, period: Period) -> Iterator[Table]:
    yield from came.tables(period)
    yield from took.tables(period)
    yield helped(period)
    yield without_case(period)
    yield searches(period)
    yield words(period)
    yield feedback(period)
    yield after(period)
    if (loads := load.table(user, period)) is not None:
        yield loads


def helped(period: Period) -> Table:
    """Referrals given in a period with what was said of them up to now; answers given, and what was said of answers, in it.

    Each person who asked says it once of each answer that is sent: also of the one that another took the place of.
    """
    given = {"at__gte": period.begin, "at__lt": period.end}
    referred = Referral.objects.filter(**given).order_by()
    answered = Ending.objects.filter(
        outcome=State.ANSWERED, ended_at__gte=period.begin, ended_at__lt=period.end
    ).count()
    rows = [
        judged("referral_to_answer", verdicts(referred.exclude(item=None))),
        judged("referral_to_source", verdicts(referred.exclude(source=None))),
        judged("answer", folded.verdicts(period), given=answered),
    ]
    return Table("helped", ("given_as", "given", *Verdict.values, NOT_SAID), rows, few=FEWEST)


def verdicts(rows: "QuerySet[Any]") -> dict[str, int]:
    return dict(rows.values_list("verdict").annotate(n=Count("pk")))


def judged(name: str, counts: Mapping[str, int], given: int | None = None) -> Row:
    """What was said; of answers nothing on who said nothing, since several people may judge one."""
    parts = {verdict: counts.get(verdict, 0) for verdict in Verdict.values}
    if given is None:
        parts[NOT_SAID] = counts.get("", 0)
        given = sum(parts.values())
    return {"given_as": name, "given": given, NOT_SAID: "", **guarded(parts)}


def without_case(period: Period) -> Table:
    """How often somebody who was about to ask said that what exists answers them: in all, and by which answer."""
    counted = tallies.under(WITHOUT_CASE, period.first, period.last)
    by_answer = {name.removeprefix("."): count for name, count in counted.items() if name[1:].isdecimal()}
    rest = counted.get("", 0) - sum(by_answer.values())
    rows: list[Row] = [{"by": "all", "times": counted.get("", 0)}]
    rows += [
        {"by": int(name), "times": n} for name, n in sorted(by_answer.items(), key=lambda one: (-one[1], int(one[0])))
    ]
    rows += [{"by": "source", "times": rest}] if rest > 0 else []
    return Table("without_case", ("by", "times"), rows)


def searches(period: Period) -> Table:
    """How often visitors searched, and how often they found nothing or nothing within their filters."""
    names = {sought.MADE: "made", sought.EMPTY: "empty", sought.NARROWED: "narrowed"}
    counted: Counter[tuple[Any, str]] = Counter()
    for (name, month), count in tallies.by_month("search.", period.first, period.last).items():
        if column := names.get(f"search.{name}"):
            counted[step_of(period, month), column] += count
    columns = tuple(names.values())
    rows: list[Row] = [{"month": one, **{name: counted[one, name] for name in columns}} for one in period.steps]
    return Table("searches", ("month", *columns), rows)


def words(period: Period) -> Table:
    """Words that several places looked for and did not find."""
    found = sought.words(period.first, period.last)
    return Table("words", ("word", "times"), [{"word": word, "times": n} for word, n in found], few=sought.PLACES)


def feedback(period: Period) -> Table:
    """What readers thought of each version, and how many mistakes they reported in it; never what they wrote."""
    given = {"at__gte": period.begin, "at__lt": period.end}
    counts: dict[Any, Counter[str]] = {}
    opinions = Feedback.objects.filter(**given).order_by().values_list("version")
    for pk, yes, no in opinions.annotate(
        yes=Count("pk", filter=Q(helpful=True)), no=Count("pk", filter=Q(helpful=False))
    ):
        counts.setdefault(pk, Counter()).update(yes=yes, no=no)
    for pk, n in Correction.objects.filter(**given).order_by().values_list("version").annotate(n=Count("pk")):
        counts.setdefault(pk, Counter()).update(mistakes=n)
    versions = Version.objects.filter(pk__in=counts).select_related("item").order_by("item__number", "language", "n")
    rows = [of_version(one, counts[one.pk]) for one in versions]
    return Table(
        "feedback", ("number", "title", "language", "version", "state", "yes", "no", "mistakes"), rows, heads=5
    )


def of_version(version: Version, counts: Counter[str]) -> Row:
    about: Row = {"number": version.item.number, "title": version.item.title, "language": version.language}
    told: dict[str, Cell] = {name: counts[name] for name in ("yes", "no", "mistakes")}
    return {**about, "version": version.n, "state": str(version.state), **told}


def after(period: Period) -> Table:
    """What became of answers six weeks and six months later, in the blocks of whole months that may be told."""
    kinds = {str(one.kind): one for one in afterwards.numbers(period)}
    rows = [
        row("months", "first", {kind: one.first for kind, one in kinds.items()}),
        row("months", "last", {kind: one.last for kind, one in kinds.items()}),
        row("people", "asked", {kind: one.asked for kind, one in kinds.items()}),
        row("people", "answered", {kind: one.answered for kind, one in kinds.items()}),
    ]
    for name, choices in (("used", FollowUp.Used), ("helped", FollowUp.Helped), ("hindered", FollowUp.Hindered)):
        rows += [
            row(name, value, {kind: getattr(one, name)[value] for kind, one in kinds.items()})
            for value in choices.values
        ]
    return Table("afterwards", ("about", "said", *kinds), rows, heads=2, few=FEWEST)


def row(about: str, said: str, cells: Mapping[str, Cell]) -> Row:
    return {"about": about, "said": said, **cells}
