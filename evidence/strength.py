"""The words that grade evidence."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Strength(TextChoices):
    """How much weight the research can bear; says nothing about the direction of the effect."""

    STRONG = "strong", _("strong: many good studies")
    MODERATE = "moderate", _("moderate: good research, but some doubt stays")
    LIMITED = "limited", _("limited: few or weak studies")
    INSUFFICIENT = "insufficient", _("too little research: we do not know")
