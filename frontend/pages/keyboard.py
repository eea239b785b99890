"""Where the keyboard goes on after a press that shows the editor anew: at what that press was about."""

from typing import Any

FIELDS = {"copy-asked": "asked_as", "grade": "strength", "resume": "short_answer"}
# In the row that was added: its first field that is still empty.
ROWS = {"add": "source", "claim": "source", "use": "claim"}
EXPERTS = {"add-expert": "name"}


def start_at(pressed: str, form: Any, rows: list[Any], experts: list[Any]) -> None:
    """Let the page open with the focus in a field of the texts, or of the last row of its kind."""
    for places, forms in ((FIELDS, [form]), (ROWS, rows), (EXPERTS, experts)):
        if pressed in places and forms:
            forms[-1].fields[places[pressed]].widget.attrs["autofocus"] = True
