"""docs/workflow.md, written from the declared transitions: the page cannot say what the door does not do."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django_fsm import RETURN_VALUE, Transition

from questions import inputs, workflow
from questions.models import Question, Version

PAGE = Path("docs") / "workflow.md"
HEAD = """\
# The workflow

Made by `manage.py workflow_doc` from the transitions declared in `questions/models/question.py` and
`questions/models/version.py`. Do not edit it: change the declaration and run the command again;
`manage.py workflow_doc --check` (and the tests) fail while the two differ.

One door runs every transition: `questions.workflow.perform`. It asks, in this order: is the transition
declared from the present state (else 409), may this person do it (else 403), do the conditions hold
(else 409), is the data right (else 400). A field with a star must be given.
"""
PARTS = (
    ("The question", "A case, from the question that comes in to what came of it.", Question),
    ("The version of an answer", "One text in one language. Text that was published never changes.", Version),
)


class Command(BaseCommand):
    help = "Writes docs/workflow.md from the declared transitions; --check only compares."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when the page is not current, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / PAGE
        page = render()
        if not options["check"]:
            path.parent.mkdir(exist_ok=True)
            path.write_text(page, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != page:
            raise CommandError(f"{PAGE} is not what the declarations say: run `manage.py workflow_doc`.")


def render() -> str:
    """The whole page, always in English, whatever language is active."""
    with translation.override("en"):
        return HEAD + "".join(section(title, about, model) for title, about, model in PARTS)


def section(title: str, about: str, model: type[Question] | type[Version]) -> str:
    moves = workflow.moves(model)
    return f"\n## {title}\n\n{about}\n\n{diagram(model, moves)}\n{table(model, moves)}"


def diagram(model: type[Question] | type[Version], moves: Sequence[Transition]) -> str:
    """A Mermaid state diagram; transitions between the same two states share an arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in moves:
        for target in targets(move):
            arrows.setdefault((str(move.source), target), []).append(move.name)
    ways = [f"    {source} --> {target}: {', '.join(names)}" for (source, target), names in arrows.items()]
    ends = [state for state in model.State.values if not any(source == state for source, _target in arrows)]
    lines = [
        "stateDiagram-v2",
        f"    [*] --> {model.State.values[0]}",
        *ways,
        *(f"    {state} --> [*]" for state in ends),
    ]
    return "\n".join(["```mermaid", *lines, "```", ""])


def targets(move: Transition) -> list[str]:
    """Where a transition leads; one that depends on the answer leads to several."""
    several = isinstance(move.target, RETURN_VALUE)
    return [str(state) for state in (move.target.allowed_states if several else [move.target])]


def table(model: type[Question] | type[Version], moves: Sequence[Transition]) -> str:
    """One line a transition, with every state it leaves from."""
    grouped: dict[str, list[Transition]] = {}
    for move in moves:
        grouped.setdefault(move.name, []).append(move)
    lines = [line(model, same) for same in grouped.values()]
    head = ["| transition | from | to | who | conditions: closed while | data |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *lines, ""])


def line(model: type[Question] | type[Version], same: list[Transition]) -> str:
    move = same[0]
    fields = inputs.INPUTS[model][move.name].base_fields
    cells = [
        f"**{move.name}**: {move.custom['label']}",
        ", ".join(str(one.source) for one in same),
        " or ".join(targets(move)),
        workflow.who_may(move),
        " ".join(str(check.reason) for check in move.conditions),
        ", ".join(f"`{name}`{'*' if field.required else ''}" for name, field in fields.items()),
    ]
    return f"| {' | '.join(cell.replace('|', '/') or '–' for cell in cells)} |"
