"""The answer of a case: its text or the editor of it, and what others said of it."""

from dataclasses import dataclass
from typing import Any

from frontend.pages.answers import Text, text_of
from frontend.pages.drafted import Draft, kept, private
from frontend.pages.editor import Editor, Typed, editor
from frontend.pages.reports import Report, of_case
from frontend.refused import Refused
from questions import consulting, reading, reporting, writing
from questions.models import Question, Version
from questions.permissions import works_or_edits
from questions.states import WRITABLE, VersionState

MOST_SOURCES = 500


@dataclass(frozen=True)
class Writing:
    state: str
    n: int
    text: Text | None
    editor: Editor | None
    kept: list[Draft]
    drafts: list[Draft]
    has_history: bool
    reports: list[Report]
    opinions: reporting.Opinions
    named: list[str]


def writing_of(
    question: Question, version: Version | None, user: Any, no: Refused | None, typed: Typed | None, is_preview: bool
) -> Writing:
    draft = version if version is None or version.state in WRITABLE else None
    made = None
    if writing.is_open(question, user):
        mine = no if no and no.action == "write" else None
        made = editor(draft, sources_for(user), question.language, user, typed, mine, is_preview)
    return Writing(
        state=str(VersionState(version.state).label) if version else "",
        n=version.n if version else 0,
        text=text_of(version) if version else None,
        editor=made,
        kept=kept(version, user),
        drafts=private(question, version, user, typed),
        has_history=version is not None,
        reports=of_case(question, works_or_edits(question, user), no),
        opinions=reporting.opinions(question),
        named=consulting.named(question) if consulting.may_forget(question, user) else [],
    )


def sources_for(user: Any) -> Any:
    """What can be picked from a list; any other source is found by its key all the same."""
    return reading.sources(user).order_by("key").only("key", "title")[:MOST_SOURCES]
