"""How the door says no. A fixable fault in the data is a ValidationError (400)."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar


class NotNow(Exception):
    """The subject is not in a state for this (409).

    The message says why, in one sentence; `missing` holds the sentence of each thing that is missing.
    """

    def __init__(self, message: Any, missing: Sequence[str] = ()) -> None:
        super().__init__(message)
        self._missing = missing

    @property
    def missing(self) -> list[str]:
        return list(self._missing) or [str(self)]


class TextChanged(NotNow):
    """What somebody says belongs to a text that is not there any more: 412 for who named it by its ETag."""

    def __init__(self, message: Any, current: Any) -> None:
        super().__init__(message)
        self.current = current


class NotThere(NotNow):
    """What was named is not there, or not in this case: 404 for who named it in an address."""


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


def because(
    reason: Any, met: Any = "", missing: Callable[[Any], Sequence[Any]] | None = None
) -> Callable[[Check], Check]:
    """Gives a condition the sentence that is shown while it does not hold, and the one while it does.

    `missing` tells of a subject what exactly is missing, where that is more than one thing.
    """

    def attach(check: Check) -> Check:
        check.reason, check.met, check.missing = reason, met, missing  # type: ignore[attr-defined]
        return check

    return attach


def sentences(check: Any, subject: Any) -> list[str]:
    """What is missing before `check` holds for `subject`; nothing when it does."""
    if check(subject):
        return []
    told = check.missing(subject) if check.missing else ()
    return [str(one) for one in told] or [str(check.reason)]


def lacking(checks: Iterable[Any], subject: Any) -> list[str]:
    """All that is missing before `checks` hold, each thing once."""
    return list(dict.fromkeys(one for check in checks for one in sentences(check, subject)))


def in_one(missing: Sequence[str]) -> str:
    """Several sentences as one."""
    first, rest = missing[0], [one[:1].lower() + one[1:] for one in missing[1:]]
    return first if not rest else "; ".join(one.removesuffix(".") for one in (first, *rest)) + "."


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
