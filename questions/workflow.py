"""The one door. `perform` is the only code that runs a transition; `options` tells what is open.

Both read the declarations on the models, and so do the pages, the API and docs/workflow.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import Transition

from brokers.models import User
from evidence.bells import ring
from questions import casewords, endings, findable, inputs, lease, mail, notices, personal, tasks, timing
from questions.models import Asker, Event, Invitation, Participation, Question, Version
from questions.models.asker import DECIDING
from questions.models.notice import Kind
from questions.permissions import SYSTEM
from questions.refusals import NotNow, NotYou, Stale, in_one, lacking
from questions.states import VersionState

# What everybody will read, and what the address of the answer is made of.
PUBLIC_WORDS = {"propose": ("articulated",), "agree": ("articulated",)}
# Moves that give a case its number or other words, by which the desk finds it.
REWORDS = ("confirm", "propose", "agree")
ANY = "*"
NOTHING: Mapping[str, Any] = MappingProxyType({})
Subject = TypeVar("Subject", Question, Version)


@dataclass(frozen=True)
class Option:
    """One transition from the present state: whether it is open to this person and, if not, why."""

    name: str
    label: str
    open: bool
    reason: str
    permitted: bool
    form: Any
    missing: list[str] = field(default_factory=list)  # the reason as a list, one sentence each


def perform(subject: Subject, name: str, *, by: Any, data: Mapping[str, Any] = NOTHING, expected: str = "") -> Subject:
    """Run transition `name` on `subject` for `by` and return the changed row.

    Raises NotNow (409: not declared from this state, or a condition fails), NotYou (403), Stale (412)
    or ValidationError (400); nothing changes then. `data` is what a form or a request holds,
    `expected` the ETag of the text that `by` had read, when that is known.
    """
    with transaction.atomic():
        row = lock(subject)
        by = present(by)
        move = find_move(row, name, by)
        if not move.has_perm(row, by):
            raise NotYou(_("This is for %(who)s.") % {"who": who_may(move)})
        if missing := unmet(row, move):
            raise NotNow(in_one(missing), missing)
        check_read(row, expected)
        cleaned = inputs.clean(row, name, data)
        personal.refuse(cleaned, PUBLIC_WORDS.get(name, ()))
        before, had = str(row.state), holders(row)
        getattr(row, name)(by=by, **cleaned)
        lease.follow(row, name, by, before, had["held_by"])
        if isinstance(row, Question):
            timing.keep(row, name)
        row.save()
        event = write_down(row, name, by, before, had, cleaned)
        follow_up(row, name, by, cleaned)
        mail.tell(event)
        ring(tasks.deliver)
    return row


def lock(subject: Subject) -> Subject:
    """The row itself, ours until the transaction ends.

    Always the question before its version, so that nobody waits in a circle; and without the key, so
    that a letter or an event that only points at the row does not wait at all.
    """
    manager: Any = type(subject)._default_manager
    if isinstance(subject, Version):
        lock_questions(item=subject.item_id)
    try:
        row: Subject = manager.select_for_update(no_key=True, of=("self",)).get(pk=subject.pk)
    except ObjectDoesNotExist:
        raise NotNow(_("This no longer exists.")) from None
    return row


def present(by: Any) -> Any:
    """`by` as they are now that the row is ours: who was erased or withdrawn meanwhile does nothing more."""
    if isinstance(by, Invitation):
        by = Invitation.objects.live().filter(pk=by.pk).first()
        if by is None:
            raise NotNow(_("This no longer exists."))
        return by
    if not isinstance(by, Participation):
        return by
    part = Participation.objects.select_related("asker").filter(pk=by.pk).exclude(asker=None).first()
    if part is None:
        raise NotNow(_("This no longer exists."))
    part.proved = by.proved
    return part


def check_read(row: Question | Version, expected: str) -> None:
    """Nobody judges a text they have not read."""
    if expected and isinstance(row, Version) and expected not in (row.etag, ANY):
        raise Stale(None, row)


def lock_questions(**which: Any) -> None:
    """Lock the questions that `which` selects, in one order for everybody."""
    rows = Question.objects.filter(**which).order_by("pk")
    list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))


@cache
def moves(machine: type[Question] | type[Version]) -> tuple[Transition, ...]:
    """Every transition of a machine, in the order of `inputs` (django-fsm sorts by name)."""
    names, states = list(inputs.INPUTS[machine]), machine.State.values
    state: Any = machine._meta.get_field("state")
    declared = state.get_all_transitions(machine)
    return tuple(sorted(declared, key=lambda move: (names.index(move.name), states.index(move.source))))


@cache
def from_state(machine: type[Question] | type[Version], state: str) -> dict[str, Transition]:
    """The transitions that are declared from one state, by name."""
    return {move.name: move for move in moves(machine) if move.source == state}


def find_move(row: Question | Version, name: str, by: Any) -> Transition:
    """The move as it is declared from the present state; NotNow when it is not."""
    move = from_state(type(row), str(row.state)).get(name)
    if move is None:
        raise NotNow(_("This cannot be done while the state is: %(state)s.") % {"state": state_told(row, by)})
    return move


def state_told(row: Question | Version, by: Any) -> str:
    """The state in words. Who works here also reads who has the case: whoever came second wants to know."""
    holder = row.assignee if isinstance(row, Question) and isinstance(by, User) else None
    return f"{row.get_state_display()} ({holder})" if holder else str(row.get_state_display())


def may(row: Question | Version, name: str, by: Any) -> bool:
    """Whether the move is declared from here and permitted to `by`; its conditions are left to the door."""
    move = from_state(type(row), str(row.state)).get(name)
    return move is not None and bool(move.has_perm(row, by))


def who_may(move: Transition) -> str:
    return str(move.permission.who)


def unmet(row: Question | Version, move: Transition) -> list[str]:
    """All that is missing before the transition can be taken, each thing in a sentence."""
    return lacking(move.conditions, row)


def options(subject: Question | Version, by: Any) -> list[Option]:
    """What may happen to the subject now, and to whom it is open: buttons and API read this."""
    return [option_for(subject, move, by) for move in from_state(type(subject), str(subject.state)).values()]


def option_for(subject: Question | Version, move: Transition, by: Any) -> Option:
    permitted = move.has_perm(subject, by)
    missing = unmet(subject, move) if permitted else [_("This is for %(who)s.") % {"who": who_may(move)}]
    form = inputs.INPUTS[type(subject)][move.name]
    reason = in_one(missing) if missing else ""
    return Option(move.name, str(move.custom["label"]), permitted and not missing, reason, permitted, form, missing)


def review_again(question: Question) -> None:
    """Something was taken out of the answer that waits: what reviewers judged is another text now."""
    if question.item is not None:
        for version in question.item.versions.filter(state__in=[VersionState.IN_REVIEW, VersionState.APPROVED]):
            perform(version, "review_again", by=SYSTEM)


def holders(row: Question | Version) -> dict[str, int | None]:
    """Who holds the case and who planned its publication: when they lose that, mail tells them."""
    return {"held_by": getattr(row, "assignee_id", None), "planned_by": getattr(row, "publish_by_id", None)}


def write_down(
    row: Question | Version, name: str, by: Any, before: str, had: dict[str, int | None], data: dict[str, Any]
) -> Event:
    is_case = isinstance(row, Question)
    subject = {"question": row, "turn": row.turn_now} if is_case else {"version": row, "question": question_of(row)}
    why = str(data.get("why") or data.get("note") or data.get("remarks") or "")
    facts = {key: plain(value) for key, value in data.items() if key not in {"why", "note", "remarks"} and value}
    facts |= {key: who for key, who in had.items() if who is not None and who != holders(row)[key]}
    prefix = "" if isinstance(row, Question) else "answer_"
    event = Event.record(prefix + name, by=by, source=before, target=str(row.state), why=why, data=facts, **subject)
    if isinstance(row, Question):
        endings.note(row, before)
    return event


def question_of(version: Version) -> Question | None:
    return version.item.questions.order_by("created_at").first()


def plain(value: Any) -> Any:
    """A value of a transition as the history keeps it."""
    if hasattr(value, "pk"):
        return str(value.pk)
    if hasattr(value, "__iter__") and not isinstance(value, str):
        return [str(getattr(part, "pk", part)) for part in value]
    return str(value)


def follow_up(row: Question | Version, name: str, by: Any, data: dict[str, Any]) -> None:
    """What a move of the question means for its asker and the versions of its answer, in the same transaction.

    And of a version for its question: where the answer stands.
    """
    if isinstance(row, Version):
        Question.stand(row.item)
        if name in ("publish", "retract"):
            findable.put_writers(row)
        if name in ("void", "review_again"):
            unschedule(row)
    else:
        if name == "confirm":
            meet(row)
        if name in REWORDS:
            casewords.keep(row)
        tell_holder(row, name, by)
        for version, move, extra in consequences(row, name, data):
            perform(version, move, by=SYSTEM, data=extra)


def unschedule(version: Version) -> None:
    """What was to become public at its hour is no longer the text that an editor chose."""
    for question in Question.objects.filter(item=version.item_id).exclude(publish_at=None):
        perform(question, "unschedule", by=SYSTEM)


def tell_holder(question: Question, name: str, by: Any) -> None:
    """A case that came or went without its broker's doing."""
    who, kind = {"close_silent": (question.closed_with, Kind.CLOSED), "come_back": (question.assignee, Kind.BACK)}.get(
        name, (None, "")
    )
    if who is not None and who != by:
        notices.notify(who, question, kind, timezone.localdate())


def meet(question: Question) -> None:
    """The address is proved, so this is who the asker is; before that anybody could have typed it."""
    asked = question.events.filter(name="ask").first()
    part = question.participations.filter(kind__in=DECIDING).exclude(asker=None).first()
    if part is not None:
        introduce(part.asker_id, asked.data.get("name", "") if asked else "", question.language)


def introduce(asker_id: Any, name: str, language: str) -> None:
    """What somebody who proved it says of themselves; a name that was left out stays as it was."""
    Asker.objects.filter(pk=asker_id).update(language=language, **({"name": name} if name else {}))


def consequences(question: Question, name: str, data: dict[str, Any]) -> Iterator[tuple[Version, str, dict[str, Any]]]:
    item = question.item
    if item is None:
        return
    living, working = item.living(), item.working(question.language)
    if name == "propose" or (name == "agree" and data["articulated"]):
        # The sharpened question is the title of the answer: who approved it approved another title.
        if working is not None and working.state != VersionState.DRAFT:
            yield working, "void", {}
    elif name == "publish":
        approved = item.approved()
        if living is not None:
            yield living, "supersede", {}
        if approved is not None:
            yield approved, "publish", {}
    elif name == "retract" and living is not None:
        yield living, "retract", {"why": data["why"]}
