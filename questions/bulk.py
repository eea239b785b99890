"""The same done with several cases at once: each by itself, so that one refusal undoes no other."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from questions import inputs, workflow
from questions.listing import PAGE
from questions.models import Question
from questions.refusals import NotNow, NotYou
from questions.states import State

ASSIGN, THEMES, SPAM = "assign", "themes", "set_aside"


class Assign(forms.Form):
    """To whom. `why` is needed for cases that another broker has now."""

    broker = inputs.Assign.base_fields["broker"]
    why = inputs.OptionalWhy.base_fields["why"]


MOVES = {THEMES: "retheme", SPAM: "set_aside"}
FORMS: dict[str, type[forms.Form]] = {ASSIGN: Assign, THEMES: inputs.Retheme, SPAM: inputs.Nothing}


@dataclass(frozen=True)
class Outcome:
    """What became of one case: done, or the sentence why not. Without a number there is no such case to see."""

    pk: uuid.UUID
    number: int | None
    reason: str

    @property
    def is_done(self) -> bool:
        return not self.reason


def run(
    user: Any, chosen: Sequence[str], what: str, data: Mapping[str, Any], held: Collection[str] | None = None
) -> list[Outcome]:
    """Do `what` (ASSIGN, THEMES or SPAM) with each chosen case, a page of them at most, in one order for everybody.

    `held` are the ids of those that had a broker when they were chosen: no other is taken from one who came
    meanwhile. None when that is not known: then a reason is enough.
    Raises ValidationError when the choice or the form itself is wrong: then nothing was done.
    """
    keys = sorted(set(ids(chosen)))
    if what not in FORMS:
        raise ValidationError({"do": [_("Choose what to do.")]})
    inputs.clean_form(FORMS[what], data)
    if connection.in_atomic_block:  # all of them first: who holds a broker and waits for a case waits in a circle
        workflow.lock_questions(pk__in=keys)
    found = Question.objects.visible_to(user).in_bulk(keys)
    theirs = None if held is None else set(held)
    return [one(found.get(pk), pk, user, what, data, theirs) for pk in keys]


def ids(chosen: Sequence[str]) -> list[uuid.UUID]:
    if not chosen:
        raise ValidationError({"questions": [_("Choose at least one case.")]})
    if len(set(chosen)) > PAGE:
        raise ValidationError({"questions": [_("At most %(most)s cases at once.") % {"most": PAGE}]})
    try:
        return [uuid.UUID(key) for key in chosen]
    except ValueError:
        raise ValidationError({"questions": [_("This is no id of a case.")]}) from None


def one(
    case: Question | None, pk: uuid.UUID, user: Any, what: str, data: Mapping[str, Any], held: set[str] | None
) -> Outcome:
    if case is None:
        return Outcome(pk, None, _("This no longer exists."))
    try:
        name, given = handing(case, data, held) if what == ASSIGN else (MOVES[what], dict(data))
        workflow.perform(case, name, by=user, data=given)
    except (NotNow, NotYou) as error:
        return Outcome(pk, case.number, str(error))
    except ValidationError as error:
        return Outcome(pk, case.number, " ".join(error.messages))
    return Outcome(pk, case.number, "")


def handing(case: Question, data: Mapping[str, Any], held: set[str] | None) -> tuple[str, dict[str, Any]]:
    """The move that brings a case to a broker: one that has a broker is transferred, with a reason."""
    if case.state != State.ASSIGNED:
        return "assign", {"broker": data["broker"]}
    if held is not None and str(case.pk) not in held:
        raise NotNow(_("%(who)s took this case in the meantime.") % {"who": case.assignee})
    if not str(data.get("why", "")).strip():
        raise NotNow(_("Say why: %(who)s has this case.") % {"who": case.assignee})
    return "transfer", {"broker": data["broker"], "why": data["why"]}
