"""What can be wrong with what the operator declares, said before anybody reads it."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from frontend import declared


def statements_are_sound(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A status or a date that is none would silently stay away from the page."""
    found: list[CheckMessage] = []
    if (status := settings.ACCESSIBILITY_STATUS) and status not in declared.STATUSES:
        found.append(Error(f"ACCESSIBILITY_STATUS must be full, partial or none, not {status!r}.", id="frontend.E001"))
    for name in ("ACCESSIBILITY_DATE", "PRIVACY_DATE"):
        if (text := getattr(settings, name)) and declared.day(text) is None:
            found.append(Error(f"{name} must be a date such as 2026-11-30, not {text!r}.", id="frontend.E002"))
    return found


def statements_are_complete(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """For `manage.py check --deploy`: nobody should publish half a statement without knowing."""
    empty = declared.missing()
    if not empty:
        return []
    return [
        Warning(
            f"The statements on accessibility and privacy are not complete: {', '.join(empty)}.",
            hint="Set them (.env.example says how); until then the pages say that they are not filled in.",
            id="frontend.W001",
        )
    ]
