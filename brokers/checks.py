"""System checks: what an operator has to add before a desk knows the school holidays that come."""

from typing import Any

from django.core.checks import CheckMessage, Error, Warning
from django.utils import timezone

from brokers import schools


def school_holidays(**_options: Any) -> list[CheckMessage]:
    """Whether the file of the operator can be read, and this school year and the next are known."""
    try:
        missing = schools.missing(timezone.localdate())
    except schools.Unreadable as error:
        return [Error(f"SCHOOL_HOLIDAYS: {error}", id="brokers.E001")]
    if not missing:
        return []
    words = (
        f"The school holidays of {', '.join(missing)} are not known: until you add them to the file that "
        "SCHOOL_HOLIDAYS names, silent askers are reminded in these holidays too (docs/operations.md)."
    )
    return [Warning(words, id="brokers.W001")]
