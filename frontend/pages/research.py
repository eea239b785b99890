"""The research of a case: what exists already, and where was searched."""

from dataclasses import dataclass
from typing import Any

from frontend.pages.finding import Hit, hits
from frontend.pages.steps import own
from frontend.refused import Refused
from questions import searchlog
from questions.models import Question, SearchEntry
from questions.suggest import suggest


@dataclass(frozen=True)
class Research:
    searches: list[SearchEntry]
    search: Any
    answers: list[Hit]
    sources: list[Hit]
    asked_now: list[Hit]
    questions: list[Hit]

    @property
    def is_empty(self) -> bool:
        return not (self.answers or self.sources or self.asked_now or self.questions)


def research_of(question: Question, user: Any, no: Refused | None) -> Research:
    found = suggest(question.title, user=user, besides=str(question.pk), limit=5)
    return Research(
        searches=list(question.searches.select_related("user")),
        search=own("search", searchlog.Line, no) if searchlog.may_log(user) else None,
        answers=hits(found.answers),
        sources=hits(found.sources),
        asked_now=hits(found.asked_now),
        questions=hits(one for one in found.questions if one not in found.asked_now),
    )
