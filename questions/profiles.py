"""What a broker says of themselves: what they know, how much they can carry, and when they are away."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brokers.models import Broker, User
from brokers.sectors import Sector
from questions import findable, inputs, matching
from questions.models import Question
from questions.permissions import coordinates
from questions.refusals import NotNow, NotYou

FARTHEST = timedelta(days=731)
MOST = 500
SHOWN = 50
FIELDS = ("expertise", "sectors", "capacity", "absent_from", "absent_until")


class Profile(forms.Form):
    expertise = inputs.Long(
        label=gettext_lazy("What you know about"),
        help_text=gettext_lazy("Cases are compared with this, and with the answers you wrote. Askers do not see it."),
        max_length=2_000,
        required=False,
    )
    sectors = forms.MultipleChoiceField(
        label=gettext_lazy("Sectors you work for"),
        help_text=gettext_lazy("Choose none to work for all sectors."),
        choices=Sector.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    capacity = forms.IntegerField(label=gettext_lazy("How many open cases you can hold"), min_value=0, max_value=MOST)
    absent_from = forms.DateField(label=gettext_lazy("Absent from"), required=False)
    absent_until = forms.DateField(label=gettext_lazy("Absent up to and including"), required=False)

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        first, last = data.get("absent_from"), data.get("absent_until")
        if self.errors or not (first or last):
            return data
        today = timezone.localdate()
        if last is None:
            self.add_error("absent_until", _("Say until when: an absence has an end."))
        elif last < today:
            self.add_error("absent_until", _("This day is in the past."))
        elif last > today + FARTHEST:
            self.add_error("absent_until", _("This is more than two years away."))
        elif first and first > last:
            self.add_error("absent_until", _("The last day of the absence is before the first."))
        return data


def people() -> list[User]:
    """Everybody who works cases, with `broker` and `load` (open cases)."""
    return list(matching.people())


def find(pk: int) -> User | None:
    found: User | None = matching.people().filter(pk=pk).first()
    return found


def has_profile(user: Any) -> bool:
    return bool(matching.people().filter(pk=user.pk).exists())


def may_change(user: User, by: Any) -> bool:
    return bool(user.pk == by.pk or coordinates(None, by))


def current(broker: Broker) -> dict[str, Any]:
    """The profile as a form or a program sends it; an absence that is over is none."""
    first, last = coming_absence(broker) or (None, None)
    return {
        "expertise": broker.expertise,
        "sectors": list(broker.sectors),
        "capacity": broker.capacity,
        "absent_from": day(first),
        "absent_until": day(last),
    }


def coming_absence(broker: Broker) -> tuple[date | None, date] | None:
    """First (None: at once) and last day of the absence that is or is to come."""
    last = broker.absent_until
    return None if last is None or last < timezone.localdate() else (broker.absent_from, last)


def held_cases(user: User) -> list[Question]:
    """The open cases of a broker, those that end first on top."""
    return list(Question.objects.open_cases_of(user).order_by("held_until", "pk")[:SHOWN])


def day(one: date | None) -> str:
    return one.isoformat() if one else ""


def change(user: User, data: Mapping[str, Any], *, by: Any) -> Broker:
    """Change what `data` names of the profile of `user`; the rest stays. Raises NotYou, NotNow or ValidationError.

    From the first day of an absence the cases of `user` are offered to others (`querysets.offered`).
    """
    if not may_change(user, by):
        raise NotYou(_("This is for %(who)s.") % {"who": _("this person, or a coordinator")})
    with transaction.atomic():
        broker = Broker.objects.select_for_update(no_key=True).filter(user=user).first()
        if broker is None:
            raise NotNow(_("This person is not a broker."))
        before = current(broker)
        given = {key: "" if value is None else value for key, value in data.items()}
        cleaned = inputs.clean_form(Profile, {**before, **given})
        if cleaned["capacity"] is None:
            raise ValidationError({"capacity": [_("Say how many.")]})
        for name in FIELDS:
            setattr(broker, name, cleaned[name])
        broker.save(update_fields=list(FIELDS))
        if (cleaned["expertise"], cleaned["sectors"]) != (before["expertise"], before["sectors"]):
            findable.put_broker(broker)
    return broker
