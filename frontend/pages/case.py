"""The dossier of one case, as the desk reads and works it: each part is a file of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from frontend.pages import clock
from frontend.pages.editor import Typed
from frontend.pages.facts import Facts, facts
from frontend.pages.foreseen import Seen
from frontend.pages.history import Moments, folded, for_desk
from frontend.pages.ledger import Ledger, ledger_of
from frontend.pages.research import Research, research_of
from frontend.pages.reviewing import Reviewing, reviewing_of
from frontend.pages.steps import Steps, own, steps
from frontend.pages.tracking import Said
from frontend.pages.triage import InCase, in_case
from frontend.pages.wordings import Wording, wordings
from frontend.pages.writing import Writing, writing_of
from frontend.refused import Refused
from questions import inputs, ledger, readytexts, writing
from questions.looking import Look
from questions.models import Question
from questions.placeholders import listed
from questions.readytexts import Filled
from questions.states import OPEN, State, Turn, VersionState

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Case:
    pk: Any
    facts: Facts
    steps: Steps
    writing: Writing
    reviewing: Reviewing
    research: Research
    ledger: Ledger
    wordings: list[Wording]
    language: str
    dialogue: list[Said]
    say: Any
    says: list[Filled]
    left: str
    triage: InCase
    clock: clock.Shown | None
    histories: list[Moments]
    is_open: bool  # somebody still waits for the desk or the asker
    is_public: bool  # the text is what everybody reads already

    @property
    def has_readers(self) -> bool:
        said = self.writing.opinions
        return bool(said.helped or said.not_helped or self.writing.reports)

    @property
    def parts(self) -> list[tuple[str, str]]:
        """What stands on the page, in its order: anchor and label, for the list to jump by."""
        every = [
            ("steps", _("What you can do"), True),
            ("triage", _("Triage"), True),
            ("question", _("The question"), True),
            ("answer", _("The answer"), True),
            ("review", _("Review and publication"), self.reviewing.is_shown),
            ("readers", _("What readers say"), self.has_readers),
            ("dialogue", _("Messages"), True),
            ("found", _("What exists already"), True),
            ("searches", _("Search log"), True),
            ("ledger", _("Evidence ledger"), True),
            ("history", _("History"), True),
        ]
        return [(anchor, label) for anchor, label, is_there in every if is_there]


def page(
    question: Question,
    user: Any,
    *,
    no: Refused | None = None,
    typed: Typed | None = None,
    is_preview: bool = False,
    refer: str = "",
    seen: Seen | None = None,
    look: Look | None = None,
    asked: Mapping[str, str] = NOTHING,
    said: str = "",
    left: Sequence[str] = (),
) -> Case:
    """`asked` is what the address says of which part to show: `ledger`, `entry` and `again`."""
    version = writing.current(question)
    entries = list(ledger.of(question))
    return Case(
        pk=question.pk,
        facts=facts(question),
        steps=steps(question, version, user, no, refer, seen),
        writing=writing_of(question, version, user, no, typed, is_preview),
        reviewing=reviewing_of(question, version, user, no),
        research=research_of(question, user, no, entries, look, asked.get("again", ""), is_early=version is None),
        ledger=ledger_of(question, version, user, no, entries, asked.get("ledger", ""), asked.get("entry", "")),
        wordings=wordings(question),
        language=question.language,
        dialogue=dialogue(question),
        say=own("say", inputs.SayAsDesk, no, {"body": said}),
        says=readytexts.filled(question, by=user, kinds=readytexts.TO_SAY, target=public_answer(question)),
        left=listed(list(left)),
        triage=in_case(question, user),
        clock=clock.of(question),
        histories=folded(for_desk(question.events.select_related("user"))),
        is_open=question.state in OPEN,
        is_public=version is not None and version.state == VersionState.PUBLISHED,
    )


def dialogue(question: Question) -> list[Said]:
    asker = str(Turn.ASKER.label)
    return [
        Said(asker if row.from_asker else str(row.user or ""), row.at, row.body, not row.from_asker)
        for row in question.messages.select_related("user")
    ]


def public_answer(question: Question) -> Any:
    """What {answer} and {link} stand for in a message: the answer of this case, once everybody can read it."""
    return question.item if question.state == State.PUBLISHED else None
