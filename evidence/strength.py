"""The words that grade evidence."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Strength(TextChoices):
    """How much weight the research can bear; says nothing about the direction of the effect."""

    STRONG = "strong", _("strong: many good studies agree")
    MODERATE = "moderate", _("moderate: several studies point the same way")
    LIMITED = "limited", _("limited: few or weak studies")
    INSUFFICIENT = "insufficient", _("too little research: we do not know")


# The same as sentences that can stand alone; what we do not know comes with a caution wherever it is quoted.
SENTENCES = {
    Strength.STRONG: _("Strong evidence: many good studies agree."),
    Strength.MODERATE: _("Moderate evidence: several studies point the same way."),
    Strength.LIMITED: _("Limited evidence: there are few or weak studies."),
    Strength.INSUFFICIENT: _("We do not know: there is too little research."),
}
CAUTION = _("This is not the same as “it does not work”: nobody has looked well enough yet.")
