"""The dossier of one case, as the desk reads and works it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brokers.sectors import Role, Sector
from frontend import forms
from frontend.pages import clock
from frontend.pages.answers import Line, Text, text_of
from frontend.pages.around import local
from frontend.pages.editor import Editor, Kept, Typed, editor, is_open, kept
from frontend.pages.finding import Hit, hits
from frontend.pages.history import Moment, for_desk
from frontend.pages.reports import Report, of_case
from frontend.pages.tracking import Said, frame
from frontend.refused import Refused
from questions import consulting, inputs, intake, reading, reporting, searchlog, workflow, writing
from questions.models import Question, SearchEntry, Version
from questions.permissions import works_or_edits
from questions.states import Agreement, State, Track, Turn, VersionState
from questions.suggest import suggest

MOST_SOURCES = 500


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
    etag: str = ""  # of the text that the step is about
    pledges: Sequence[clock.Pledge] = ()  # for whoever chooses a track


@dataclass(frozen=True)
class Reviewed:
    who: str
    at: datetime
    verdict: str
    remarks: str


@dataclass(frozen=True)
class Referral:
    target: Line
    note: str
    verdict: str
    at: datetime


@dataclass(frozen=True)
class Facts:
    """What the case is."""

    number: int | None
    title: str
    text: str
    context: str
    tried: str
    articulated: str
    frame: list[tuple[str, str]]
    agreement: str
    waived_because: str
    state: str
    tone: str
    turn: str
    broker: str
    lines: list[tuple[str, str]]
    askers: list[str]
    read_before: list[Line]
    referrals: list[Referral]
    merged_into: Line | None
    merged: list[Line]
    declined: str
    alternative: str
    public: Line | None


@dataclass(frozen=True)
class Case:
    pk: Any
    facts: Facts
    moves: list[Move]
    closed: list[Move]
    others: list[Move]
    answer_state: str
    answer: Text | None
    answer_n: int
    editor: Editor | None
    kept: list[Kept]
    reviews: list[Reviewed]
    reports: list[Report]
    opinions: reporting.Opinions
    named: list[str]
    dialogue: list[Said]
    say: Any
    clock: clock.Shown | None
    searches: list[SearchEntry]
    search: Any
    found_answers: list[Hit]
    found_sources: list[Hit]
    asked_now: list[Hit]
    found_questions: list[Hit]
    history: list[Moment]


def page(
    question: Question,
    user: Any,
    *,
    no: Refused | None = None,
    typed: Typed | None = None,
    is_preview: bool = False,
    refer: str = "",
) -> Case:
    version = writing.current(question)
    steps = moves(question, user, no, {"refer": {"answer": refer}}) + answer_moves(question, version, user, no)
    found = suggest(question.title, user=user, besides=str(question.pk), limit=5)
    may_write = is_open(question, version, user)
    draft = version if version is None or version.state in DRAFTS else None
    return Case(
        pk=question.pk,
        facts=facts(question),
        moves=[one for one in steps if one.is_open],
        closed=[one for one in steps if not one.is_open and one.form is not None],
        others=[one for one in steps if one.form is None],
        answer_state=str(VersionState(version.state).label) if version else "",
        answer_n=version.n if version else 0,
        answer=text_of(version) if version else None,
        editor=editor(draft, sources_for(user), typed, no if no and no.action == "write" else None, is_preview)
        if may_write
        else None,
        kept=list(kept(version, user)),
        reviews=reviews(version),
        reports=of_case(question, works_or_edits(question, user), no),
        opinions=reporting.opinions(question),
        named=consulting.named(question) if consulting.may_forget(question, user) else [],
        dialogue=dialogue(question),
        say=own("say", inputs.SayAsDesk, no),
        clock=clock.of(question),
        searches=list(question.searches.select_related("user")),
        search=own("search", searchlog.Line, no) if searchlog.may_log(user) else None,
        found_answers=hits(found.answers),
        found_sources=hits(found.sources),
        asked_now=hits(found.asked_now),
        found_questions=hits(one for one in found.questions if one not in found.asked_now),
        history=for_desk(question.events.select_related("user")),
    )


DRAFTS = (VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.APPROVED)


def own(name: str, form: Any, no: Refused | None, initial: Any = None) -> Any:
    mine = no if no and no.action == name else None
    return forms.shown(
        form, name, typed=mine.typed if mine else None, errors=mine.errors if mine else None, initial=initial
    )


def moves(question: Question, user: Any, no: Refused | None, initial: dict[str, Any]) -> list[Move]:
    url = "case-move"
    return [
        move(one, reverse(url, args=[question.pk, one.name]), f"move-{one.name}", no, initial.get(one.name))
        for one in workflow.options(question, user)
    ]


def answer_moves(question: Question, version: Version | None, user: Any, no: Refused | None) -> list[Move]:
    """The steps of the answer. Those that follow from a step of the question are nobody's to take."""
    if version is None:
        return []
    return [
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


FOLLOWS = ("publish", "supersede", "retract")


def move(option: workflow.Option, url: str, name: str, no: Refused | None, initial: Any, etag: str = "") -> Move:
    chosen = (no is not None and no.action == name) or bool(initial and any(initial.values()))
    form = own(name, option.form, no, initial) if option.permitted else None
    pledges = clock.pledges() if option.name == "triage" and option.open else ()
    return Move(name, option.label, url, form, option.open, option.reason, chosen, etag, pledges)


def facts(question: Question) -> Facts:
    item = question.item
    living = item.shown() if item else None
    return Facts(
        number=question.number,
        title=question.title,
        text=question.text,
        context=question.context,
        tried=question.tried,
        articulated=question.articulated,
        frame=frame(question),
        agreement=str(Agreement(question.agreement).label) if question.agreement else "",
        waived_because=question.waived_because,
        state=str(State(question.state).label),
        tone=str(question.state),
        turn=str(Turn(question.turn).label),
        broker=str(question.assignee or ""),
        lines=lines(question),
        askers=[part.get_kind_display() for part in question.participations.all() if not part.is_waiting],
        read_before=read_before(question),
        referrals=referrals(question),
        merged_into=case_line(question.merged_into) if question.merged_into else None,
        merged=[case_line(one) for one in question.merged.all()],
        declined=question.declined_because,
        alternative=question.alternative,
        public=Line(item.title, reverse("answer", args=[item.number, item.slug])) if item and living else None,
    )


def read_before(question: Question) -> list[Line]:
    """What the asker opened before sending the question."""
    return [
        *(Line(one.title, reverse("answer-number", args=[one.number])) for one in question.read_before.all()),
        *(Line(one.title, reverse("source", args=[one.key])) for one in question.read_sources.all()),
    ]


def lines(question: Question) -> list[tuple[str, str]]:
    """The short facts: label and value, empty ones left out."""
    fields = inputs.Ask.base_fields
    rows = [
        (str(fields["sector"].label), str(Sector(question.sector).label)),
        (str(fields["role"].label), str(Role(question.role).label)),
        (_("On behalf of"), " – ".join(filter(None, [question.get_behalf_display(), question.on_behalf_of]))),
        (_("In public while we work on it"), since(question)),
        (_("Answered people who were about to ask"), helped(question)),
        (_("Region"), question.region),
        (str(inputs.Triage.base_fields["track"].label), str(Track(question.track).label) if question.track else ""),
        (
            str(inputs.Triage.base_fields["themes"].label),
            ", ".join(local(theme, "label") for theme in question.themes.all()),
        ),
    ]
    return [(name, value) for name, value in rows if value]


def since(question: Question) -> str:
    return date_format(question.shown_at, "j F Y") if question.shown_at else ""


def helped(question: Question) -> str:
    """How often the answer spared somebody a question of their own."""
    return str(intake.helped_by(question.item.number) or "") if question.item else ""


def referrals(question: Question) -> list[Referral]:
    rows = question.referrals.select_related("item", "source")
    return [Referral(target(row), row.note, row.get_verdict_display() if row.verdict else "", row.at) for row in rows]


def target(row: Any) -> Line:
    if row.item is not None:
        return Line(row.item.title, reverse("answer-number", args=[row.item.number]))
    return Line(row.source.title, reverse("source", args=[row.source.key]))


def case_line(question: Question) -> Line:
    return Line(f"{question.number}: {question.title}", reverse("case", args=[question.pk]))


def reviews(version: Version | None) -> list[Reviewed]:
    if version is None:
        return []
    return [
        Reviewed(str(row.reviewer or ""), row.at, row.get_verdict_display(), row.remarks)
        for row in version.reviews.select_related("reviewer")
    ]


def dialogue(question: Question) -> list[Said]:
    asker = str(Turn.ASKER.label)
    return [
        Said(asker if row.from_asker else str(row.user or ""), row.at, row.body, not row.from_asker)
        for row in question.messages.select_related("user")
    ]


def sources_for(user: Any) -> Any:
    """What can be picked from a list; any other source is found by its key all the same."""
    return reading.sources(user).order_by("key").only("key", "title")[:MOST_SOURCES]
