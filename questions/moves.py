"""How a transition is declared: its label, from where to where, who may, and when."""

from collections.abc import Callable
from typing import Any

from django_fsm import transition


def move(field: Any, label: Any, source: Any, target: Any, who: Any, *when: Any) -> Callable[[Any], Any]:
    """A django-fsm transition of `field` whose permission and conditions the door asks itself."""
    declared: Callable[[Any], Any] = transition(
        field=field, source=source, target=target, permission=who, conditions=list(when), custom={"label": label}
    )
    return declared
