"""The words that grade evidence."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Strength(TextChoices):
    """How much weight the research can bear; says nothing about the direction of the effect."""

    STRONG = "strong", _("strong: many good studies")
    MODERATE = "moderate", _("moderate: good research, but some doubt stays")
    LIMITED = "limited", _("limited: few or weak studies")
    INSUFFICIENT = "insufficient", _("too little research: we do not know")


# The same as sentences that can stand alone; what we do not know comes with a caution wherever it is quoted.
SENTENCES = {
    Strength.STRONG: _("Strong evidence: there is much good research."),
    Strength.MODERATE: _("Moderate evidence: there is good research, but some doubt stays."),
    Strength.LIMITED: _("Limited evidence: there are few or weak studies."),
    Strength.INSUFFICIENT: _("We do not know: there is too little research."),
}
# The same of one source, which is never "several studies".
OF_ONE = {
    Strength.STRONG: _("This source is strong evidence."),
    Strength.MODERATE: _("This source is fairly strong evidence."),
    Strength.LIMITED: _("This source is limited evidence."),
    Strength.INSUFFICIENT: _("This source tells too little: from it alone we do not know."),
}
CAUTION = _("This is not the same as “it does not work”: nobody has looked well enough yet.")
