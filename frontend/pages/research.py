"""The research of a case: what exists already, what somebody looks for in the library, and where was searched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from frontend.pages.finding import Hit, hits
from frontend.pages.searches import Log, log_of
from frontend.pages.steps import own
from frontend.refused import Refused
from questions import ledger, looking, searchlog
from questions.models import LedgerEntry, Question
from questions.models import conditions as when
from questions.states import OPEN, State
from questions.suggest import suggest


@dataclass(frozen=True)
class Offered:
    """A hit, and how its source stands in the ledger ("" while it is not there)."""

    hit: Hit
    there: str


@dataclass(frozen=True)
class Looked:
    """What the library gave for words of one's own; `filters` are the fields to send to write it down."""

    terms: str
    filters: list[tuple[str, Any]]
    hits: list[Offered]
    total: int
    has_more: bool


@dataclass(frozen=True)
class Research:
    """`gate` says why research may not begin yet."""

    gate: str
    log: Log
    search: Any
    is_writing: bool  # whether the form of the log is unfolded
    corrects: int | None  # the entry that the form puts right
    places: Sequence[str]
    library: Any
    looked: Looked | None
    may_add: bool
    answers: list[Hit]
    sources: list[Offered]
    asked_now: list[Hit]
    questions: list[Hit]
    is_early: bool  # nothing was written yet: what exists is of use for the next step

    @property
    def found(self) -> int:
        """How many things look like the question."""
        return len(self.answers) + len(self.sources) + len(self.asked_now) + len(self.questions)

    @property
    def is_empty(self) -> bool:
        return not self.found


def research_of(
    question: Question,
    user: Any,
    no: Refused | None,
    rows: Sequence[LedgerEntry],
    look: looking.Look | None,
    again: str,
    *,
    is_early: bool,
) -> Research:
    found = suggest(question.title, user=user, besides=str(question.pk), limit=5)
    log = log_of(question, rows)
    there = {row.source.key: row.get_state_display() for row in rows}
    is_open = when.research_open(question)
    may_log = is_open and searchlog.may_log(user)
    corrects = corrected(no, again, log)
    return Research(
        gate=gate(question),
        log=log,
        search=log_form(no, again, log, corrects) if may_log else None,
        is_writing=bool(again) or corrects is not None or bool(no and no.action == "search"),
        corrects=corrects,
        places=searchlog.PLACES,
        library=library_form(question, no, look),
        looked=looked(look, there) if look else None,
        may_add=is_open and question.state in ledger.OPEN and ledger.may_add(question, user),
        answers=[one for one in hits(found.answers) if question.item is None or one.number != question.item.number],
        sources=offered(hits(found.sources), there),
        asked_now=hits(found.asked_now),
        questions=hits(one for one in found.questions if one not in found.asked_now),
        is_early=is_early and question.state in OPEN,
    )


def gate(question: Question) -> str:
    """Why research may not begin yet; nothing where it may, or where nobody works on it."""
    if question.state != State.ASSIGNED or when.research_open(question):
        return ""
    return str(when.research_open.reason)  # type: ignore[attr-defined]


def corrected(no: Refused | None, again: str, log: Log) -> int | None:
    """The entry that is being put right: of what was refused, else of the link that was followed."""
    wanted = no.action.removeprefix("correct-") if no and no.action.startswith("correct-") else ""
    wanted = wanted or (again.removeprefix("fix-") if again.startswith("fix-") else "")
    return next((one.pk for one in log.counting if str(one.pk) == wanted and not one.is_own), None)


def log_form(no: Refused | None, again: str, log: Log, corrects: int | None) -> Any:
    """The form of a search done elsewhere: empty, or with the words of one to do again or to put right."""
    wanted = str(corrects or again)
    one = next((row for row in log.counting if str(row.pk) == wanted and not row.is_own), None)
    initial: dict[str, Any] = {"place": one.where, "terms": one.terms} if one else {}
    if one and corrects:
        initial |= {"searched_on": one.on, "hits": one.hits, "kept": one.kept}
    made = own(f"correct-{corrects}" if corrects else "search", searchlog.Line, no, initial)
    made.fields["place"].widget.attrs |= {"list": "places", "autocomplete": "off"}
    return made


def library_form(question: Question, no: Refused | None, look: looking.Look | None) -> Any:
    initial = {"terms": look.terms, **look.filters} if look else {"terms": question.title[: looking.TERMS]}
    return own("look", looking.Library, no, initial)


def looked(look: looking.Look, there: Mapping[str, str]) -> Looked:
    return Looked(look.terms, list(look.filters.items()), offered(hits(look.found), there), look.total, look.has_more)


def offered(found: Sequence[Hit], there: Mapping[str, str]) -> list[Offered]:
    return [Offered(hit, there.get(hit.key, "")) for hit in found]
