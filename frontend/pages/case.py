"""The dossier of one case, as the desk reads and works it: each part is a file of its own."""

from dataclasses import dataclass
from typing import Any

from frontend.pages import clock
from frontend.pages.editor import Typed
from frontend.pages.facts import Facts, facts
from frontend.pages.history import Moment, for_desk
from frontend.pages.research import Research, research_of
from frontend.pages.steps import Steps, own, steps
from frontend.pages.tracking import Said
from frontend.pages.writing import Writing, writing_of
from frontend.refused import Refused
from questions import inputs, writing
from questions.models import Question
from questions.states import Turn


@dataclass(frozen=True)
class Case:
    pk: Any
    facts: Facts
    steps: Steps
    writing: Writing
    research: Research
    dialogue: list[Said]
    say: Any
    clock: clock.Shown | None
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
    return Case(
        pk=question.pk,
        facts=facts(question),
        steps=steps(question, version, user, no, refer),
        writing=writing_of(question, version, user, no, typed, is_preview),
        research=research_of(question, user, no),
        dialogue=dialogue(question),
        say=own("say", inputs.SayAsDesk, no),
        clock=clock.of(question),
        history=for_desk(question.events.select_related("user")),
    )


def dialogue(question: Question) -> list[Said]:
    asker = str(Turn.ASKER.label)
    return [
        Said(asker if row.from_asker else str(row.user or ""), row.at, row.body, not row.from_asker)
        for row in question.messages.select_related("user")
    ]
