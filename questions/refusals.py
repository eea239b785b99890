"""How the door says no. A fixable fault in the data is a ValidationError (400)."""

from collections.abc import Callable
from typing import Any, TypeVar


class NotNow(Exception):
    """The subject is not in a state for this; the message says why (409)."""


class NotYou(Exception):
    """This person may not do this; the message says who may (403)."""


class Stale(Exception):
    """The text changed since it was read (412). `kept` holds what was typed, `merged` that and what stands now in one."""

    def __init__(self, kept: Any, current: Any, merged: Any = None) -> None:
        super().__init__("stale")
        self.kept = kept
        self.current = current
        self.merged = merged


class TooMany(Exception):
    """A quota is used up (429); `retry_after` in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


Check = TypeVar("Check", bound=Callable[..., bool])


def because(reason: Any) -> Callable[[Check], Check]:
    """Gives a condition the sentence that is shown while it does not hold."""

    def attach(check: Check) -> Check:
        check.reason = reason  # type: ignore[attr-defined]
        return check

    return attach


def demand(check: Callable[..., bool], subject: Any) -> None:
    """Raises NotNow with the sentence of `check` unless it holds."""
    if not check(subject):
        raise NotNow(str(check.reason))  # type: ignore[attr-defined]


def who(label: Any) -> Callable[[Check], Check]:
    """Gives a predicate the words for the people it lets through."""

    def attach(check: Check) -> Check:
        check.who = label  # type: ignore[attr-defined]
        return check

    return attach
