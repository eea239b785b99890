"""What the operator of a desk has to declare, by the names of the settings."""

from datetime import date

from django.conf import settings

# By name of the setting; an empty one is shown as not filled in.
OPERATOR = ("OPERATOR_NAME", "OPERATOR_ADDRESS")
PRIVACY = ("PRIVACY_CONTACT", "PRIVACY_GROUND", "PRIVACY_KEPT", "PRIVACY_HELPERS", "PRIVACY_COMPLAINTS", "PRIVACY_DATE")
ACCESSIBILITY = (
    "ACCESSIBILITY_STATUS",
    "ACCESSIBILITY_KNOWN",
    "ACCESSIBILITY_TESTED",
    "ACCESSIBILITY_CONTACT",
    "ACCESSIBILITY_COMPLAINTS",
    "ACCESSIBILITY_DATE",
)
NEEDED = (*OPERATOR, *PRIVACY, *ACCESSIBILITY)
STATUSES = ("full", "partial", "none")


def missing() -> list[str]:
    """The names of the settings that are still empty."""
    return [name for name in NEEDED if not getattr(settings, name)]


def day(text: str) -> date | None:
    """A date written as 2026-11-30; None when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
