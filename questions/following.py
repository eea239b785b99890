"""How somebody begins to follow, changes and stops it: nothing is mailed that the mailbox has not asked for."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from evidence.bells import ring
from evidence.facets import Filters
from evidence.models import Theme
from questions import inputs, intake, personal, tallies, tasks
from questions.digest import next_after
from questions.mail import CONFIRMATIONS_APART
from questions.models import Asker, Follow, Letter

LONGEST_SEARCH = 300
WAITING = 20
Often = Follow.Often


class Ask(inputs.Narrow):
    """An address and what it wants to follow: a search (words, narrowed), else an answer, else a theme."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    often = forms.ChoiceField(
        label=_("How often do you want an e-mail?"),
        choices=Often.choices,
        initial=Often.WEEKLY,
        widget=forms.RadioSelect,
    )
    q = forms.CharField(label=_("Search"), max_length=LONGEST_SEARCH, required=False)
    answer = inputs.AnswerField(required=False, min_value=1, max_value=2**31 - 1)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors:
            data["what"] = what = subject(data)
            check_often(data["often"], "item" in what)
        return data


def subject(data: Mapping[str, Any]) -> dict[str, Any]:
    """What is followed, as the field of a follow; ValidationError when there is nothing."""
    if words := " ".join(data["q"].split()):
        return {"search": query(words, Filters(**{name: data[name] for name in inputs.Narrow.base_fields}))}
    if data["answer"] is not None:
        return {"item": data["answer"]}
    theme = Theme.objects.filter(slug=data["theme"]).first()
    if theme is None:
        raise ValidationError(_("Choose first what you want to follow: a theme, an answer or a search."))
    return {"theme": theme}


def query(words: str, filters: Filters) -> str:
    """The search as the search page has it in its address: the words, then what was chosen."""
    return urlencode({"q": words, **{name: value for name, value in asdict(filters).items() if value}})


def check_often(often: str, is_of_answer: bool) -> None:
    if often == Often.AT_ONCE and not is_of_answer:
        raise ValidationError({"often": _("At once is for one answer only. Choose every week or every month.")})


def ask(data: Mapping[str, Any], *, network: str = "") -> None:
    """Note what an address wants to follow, and mail it a link to confirm; the same for known and unknown addresses.

    Raises ValidationError (400) or TooMany (429). `network` as for questions.
    """
    cleaned = inputs.clean_form(Ask, data)
    personal.refuse(cleaned, ["q"], personal.NAMES_NOBODY)
    email, language = cleaned["email"].lower(), (get_language() or "nl")[:2]
    with transaction.atomic():
        intake.count_against(
            "follow network", intake.prefix(network), intake.HOUR, settings.FOLLOWS_PER_NETWORK_AN_HOUR
        )
        intake.count_against("follow address", email, intake.DAY, settings.FOLLOWS_PER_ADDRESS_A_DAY)
        asker = Asker.at(email, language=language)
        # What was confirmed stays as it is: whoever types an address may not change what its owner chose.
        defaults = {"often": cleaned["often"], "language": language}
        row, _is_new = Follow.objects.get_or_create(asker=asker, **cleaned["what"], defaults=defaults)
        # Its days begin anew: it is to be found when the letter is read.
        Follow.objects.filter(pk=row.pk, confirmed_at=None).update(created_at=timezone.now())
        forget_most(asker)
        write(asker, language)
        tallies.add("follow.asked")
    ring(tasks.deliver)


def lock(asker: Asker) -> bool:
    """Whoever changes what an address follows waits for the digest that is being made for it."""
    return bool(Asker.objects.select_for_update(no_key=True).filter(pk=asker.pk).values_list("pk", flat=True))


def forget_most(asker: Asker) -> None:
    """A stranger who types an address again and again fills no page of its owner."""
    waiting = asker.follows.filter(confirmed_at=None).order_by("-created_at")
    asker.follows.filter(pk__in=list(waiting.values_list("pk", flat=True)[WAITING:])).delete()


def write(asker: Asker, language: str) -> None:
    """One letter for all that waits, at most one an hour to an address."""
    letters = Letter.objects.filter(asker=asker, kind="follow_confirm")
    if letters.filter(sent_at=None, dead_at=None).exists():
        return
    last, now = letters.order_by("-created_at").first(), timezone.now()
    ended = last and (last.sent_at or last.dead_at)
    due = max(now, ended + CONFIRMATIONS_APART) if ended else now
    Letter.objects.create(asker=asker, kind="follow_confirm", due_at=due, content={"language": language})


def confirm(asker: Asker, chosen: Collection[str]) -> int:
    """Begin to follow what was `chosen` (ids) of what waits; only the mailbox knows the link that leads here.

    Returns how many. ValidationError when none was chosen.
    """
    ids = [pk for text in chosen if (pk := inputs.as_uuid(text))]
    if not ids:
        raise ValidationError(_("Choose at least one thing that you want to follow."))
    now = timezone.now()
    with transaction.atomic():
        lock(asker)
        rows = list(asker.follows.filter(pk__in=ids, confirmed_at=None).order_by("created_at"))
        for row in rows:
            row.confirmed_at = row.seen_until = now
            row.due_at = next_after(row.often, now)
            tallies.add("follow.confirmed")
        Follow.objects.bulk_update(rows, ["confirmed_at", "seen_until", "due_at"])
        if rows:
            Asker.objects.filter(pk=asker.pk).update(language=rows[-1].language)
    return len(rows)


class Change(forms.Form):
    often = forms.ChoiceField(label=_("How often?"), choices=Often.choices)


def change(follow: Follow, data: Mapping[str, Any]) -> None:
    """How often, from now on; nothing that is new is passed over. ValidationError (400)."""
    often = inputs.clean_form(Change, data)["often"]
    check_often(often, follow.is_of_answer)
    with transaction.atomic():
        lock(follow.asker)
        Follow.objects.filter(pk=follow.pk).update(often=often, due_at=next_after(often, timezone.now()))


def stop(follows: QuerySet[Follow]) -> None:
    """Stop and forget them; with the last one what was told, and the address if nothing else is known of it.

    Stopping twice is no fault.
    """
    with transaction.atomic():
        askers = Asker.objects.filter(pk__in=list(follows.values_list("asker", flat=True)))
        for asker in askers.select_for_update(no_key=True).order_by("pk"):
            gone, _rows = follows.filter(asker=asker).delete()
            if gone:
                tallies.add("follow.stopped")
            if not asker.follows.exists():
                asker.letters.all().delete()
            Asker.forget_unknown([asker.pk])


def follows_of(asker: Asker) -> list[Follow]:
    """What is followed, the newest last."""
    return list(asker.follows.exclude(confirmed_at=None).select_related("theme", "item"))
