"""State × transition × role, complete and written out by hand, against `options` and `perform`.

A situation names every transition that is declared from its state, the state after it (or CLOSED:
a condition does not hold) and everybody it is open to. What is not named must be refused with
"not now" to all, who is not named with "not you".
"""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from brokers import roles
from brokers.models import Broker, Desk
from evidence.models import Theme
from questions import dialogue, inputs, workflow
from questions.models import Question, Version
from questions.permissions import SYSTEM
from questions.refusals import NotNow, NotYou
from questions.states import State, VersionState
from tests import factories

pytestmark = pytest.mark.django_db

CLOSED = "closed"
ASKER = {"asker"}
ALL_WHO_ASK = {"asker", "asker who joined"}
HOLDER = {"holder"}
BROKERS = {"holder", "other broker", "administrator"}
COORD = {"coordinator", "administrator"}
HOLDER_OR_COORD = HOLDER | COORD
EDITORS = {"editor", "administrator"}
SORTERS = COORD | EDITORS
OTHERS = {"other broker", "editor", "administrator"}  # who may take a new version over
DESK = {"holder", "other broker", "coordinator", "reviewer", "editor", "administrator"}
REVIEWERS = {"reviewer", "administrator"}
NOBODY_ELSE = {"system"}

Row = dict[str, tuple[str, set[str]]]

ASSIGNED: Row = {
    "transfer": ("assigned", HOLDER_OR_COORD),
    "release": ("triaged", HOLDER_OR_COORD),
    "propose": ("assigned", HOLDER),
    "refer": ("referred", HOLDER_OR_COORD),
    "merge": ("merged", HOLDER_OR_COORD),
    "decline": ("declined", COORD),
    "set_aside": (CLOSED, COORD),
    "hand_over": ("submitted", COORD),
    "retrack": ("assigned", COORD),
    "withdraw": ("withdrawn", ASKER),
    "show": (CLOSED, HOLDER_OR_COORD),
    "hide": (CLOSED, HOLDER_OR_COORD),
    "retheme": ("assigned", HOLDER | SORTERS),
    "go_on": (CLOSED, HOLDER_OR_COORD),
    "take": (CLOSED, {"other broker", "administrator"}),
    "keep": ("assigned", HOLDER),
    "lapse": (CLOSED, {"system"}),
    "close_silent": (CLOSED, COORD | {"system"}),
}
NOT_SILENT: Row = {"go_on": (CLOSED, COORD), "close_silent": (CLOSED, COORD | {"system"})}
SILENT: Row = {"close_silent": ("withdrawn", COORD | {"system"})}
ASIDE: Row = {"set_aside": ("spam", COORD)}
SHOW = {"show": ("assigned", HOLDER_OR_COORD)}
PUBLISHED: Row = {
    "retheme": ("published", HOLDER | SORTERS),
    "respond": ("published", ALL_WHO_ASK),
    "schedule": (CLOSED, EDITORS),
    "unschedule": (CLOSED, EDITORS | NOBODY_ELSE),
    "publish": (CLOSED, EDITORS),
    "revise": ("published", BROKERS | {"editor"}),
    "retract": ("published", EDITORS),
}

QUESTION: dict[str, Row] = {
    "unconfirmed": {
        "confirm": ("submitted", DESK | {"asker by mail"}),
        "triage": (CLOSED, COORD),
        "retheme": (CLOSED, SORTERS),
        "refer": (CLOSED, COORD),
        "merge": (CLOSED, COORD),
        "decline": (CLOSED, COORD),
        "set_aside": (CLOSED, COORD),
        "hand_over": (CLOSED, COORD),
        "withdraw": ("withdrawn", ASKER | {"asker by mail"}),
        **NOT_SILENT,
    },
    "submitted": {
        "confirm": (CLOSED, DESK),
        "triage": ("triaged", COORD),
        "retheme": ("submitted", SORTERS),
        "refer": ("referred", COORD),
        "merge": ("merged", COORD),
        "decline": ("declined", COORD),
        **ASIDE,
        "hand_over": ("submitted", COORD),
        "withdraw": ("withdrawn", ASKER),
        **NOT_SILENT,
    },
    "triaged": {
        "retrack": ("triaged", COORD),
        "hide": (CLOSED, COORD),
        "claim": ("assigned", BROKERS),
        "retheme": ("triaged", SORTERS),
        "assign": ("assigned", COORD),
        "refer": ("referred", COORD),
        "merge": ("merged", COORD),
        "decline": ("declined", COORD),
        **ASIDE,
        "hand_over": ("submitted", COORD),
        "withdraw": ("withdrawn", ASKER),
        **NOT_SILENT,
    },
    "assigned": ASSIGNED
    | {
        "agree": (CLOSED, ASKER),
        "note_agreement": (CLOSED, HOLDER),
        "waive": (CLOSED, COORD),
        "start_research": ("assigned", COORD),
        "answer": (CLOSED, HOLDER),
    },
    "proposed": ASSIGNED
    | {
        "agree": ("assigned", ASKER),
        "note_agreement": ("assigned", HOLDER),
        "waive": ("assigned", COORD),
        "start_research": ("assigned", COORD),
        "answer": (CLOSED, HOLDER),
    },
    "agreed": ASSIGNED
    | SHOW
    | {
        "agree": (CLOSED, ASKER),
        "note_agreement": (CLOSED, HOLDER),
        "waive": (CLOSED, COORD),
        "start_research": (CLOSED, COORD),
        "answer": (CLOSED, HOLDER),
    },
    "shown": ASSIGNED
    | {"hide": ("assigned", HOLDER_OR_COORD)}
    | {
        "agree": (CLOSED, ASKER),
        "note_agreement": (CLOSED, HOLDER),
        "waive": (CLOSED, COORD),
        "start_research": (CLOSED, COORD),
        "answer": (CLOSED, HOLDER),
    },
    "shown_and_released": {
        "retrack": ("triaged", COORD),
        "hide": ("triaged", COORD),
        "claim": ("assigned", BROKERS),
        "retheme": ("triaged", SORTERS),
        "assign": ("assigned", COORD),
        "refer": ("referred", COORD),
        "merge": ("merged", COORD),
        "decline": ("declined", COORD),
        "set_aside": (CLOSED, COORD),
        "hand_over": ("submitted", COORD),
        "withdraw": ("withdrawn", ASKER),
        **NOT_SILENT,
    },
    "in_review": ASSIGNED
    | SHOW
    | {
        "agree": (CLOSED, ASKER),
        "note_agreement": (CLOSED, HOLDER),
        "waive": (CLOSED, COORD),
        "start_research": (CLOSED, COORD),
        "answer": (CLOSED, HOLDER),
    },
    "approved": ASSIGNED
    | SHOW
    | {
        "agree": (CLOSED, ASKER),
        "note_agreement": (CLOSED, HOLDER),
        "waive": (CLOSED, COORD),
        "start_research": (CLOSED, COORD),
        "answer": ("answered", HOLDER),
    },
    "answered": {
        "respond": ("answered", ALL_WHO_ASK),
        "retheme": ("answered", HOLDER | SORTERS),
        "resume": ("assigned", HOLDER_OR_COORD),
        "schedule": ("answered", EDITORS),
        "unschedule": (CLOSED, EDITORS | NOBODY_ELSE),
        "publish": ("published", EDITORS),
    },
    "embargoed": {
        "respond": ("answered", ALL_WHO_ASK),
        "retheme": ("answered", HOLDER | SORTERS),
        "resume": ("assigned", HOLDER_OR_COORD),
        "schedule": ("answered", EDITORS),
        "unschedule": (CLOSED, EDITORS | NOBODY_ELSE),
        "publish": (CLOSED, EDITORS),
    },
    "planned": {
        "respond": ("answered", ALL_WHO_ASK),
        "retheme": ("answered", HOLDER | SORTERS),
        "resume": ("assigned", HOLDER_OR_COORD),
        "schedule": ("answered", EDITORS),
        "unschedule": ("answered", EDITORS | NOBODY_ELSE),
        "publish": ("published", EDITORS),
    },
    "due": {
        "respond": ("answered", ALL_WHO_ASK),
        "retheme": ("answered", HOLDER | SORTERS),
        "resume": ("assigned", HOLDER_OR_COORD),
        "schedule": ("answered", EDITORS),
        "unschedule": ("answered", EDITORS | NOBODY_ELSE),
        "publish": ("published", EDITORS | NOBODY_ELSE),
    },
    "published": PUBLISHED,
    "revising": PUBLISHED | {"revise": ("published", OTHERS)},
    "revised": PUBLISHED
    | {"schedule": ("published", EDITORS), "publish": ("published", EDITORS), "revise": ("published", OTHERS)},
    "revised and planned": PUBLISHED
    | {
        "schedule": ("published", EDITORS),
        "unschedule": ("published", EDITORS | NOBODY_ELSE),
        "publish": ("published", EDITORS),
        "revise": ("published", OTHERS),
    },
    "retracted": PUBLISHED | {"retract": (CLOSED, EDITORS)},
    "referred": {"respond": ("submitted", ASKER), "withdraw": ("withdrawn", ASKER), "reopen": ("submitted", COORD)},
    "merged": {"unmerge": ("submitted", COORD)},
    "declined": {"reopen": ("submitted", COORD)},
    "withdrawn": {"reopen": ("submitted", COORD), "come_back": (CLOSED, ASKER | COORD)},
    "spam": {"not_spam": ("submitted", COORD)},
    "asked back": ASSIGNED
    | {"go_on": ("assigned", HOLDER_OR_COORD)}
    | {
        "agree": (CLOSED, ASKER),
        "note_agreement": (CLOSED, HOLDER),
        "waive": (CLOSED, COORD),
        "start_research": ("assigned", COORD),
        "answer": (CLOSED, HOLDER),
    },
    "reminded": ASSIGNED
    | SILENT
    | ASIDE
    | {
        "agree": ("assigned", ASKER),
        "note_agreement": ("assigned", HOLDER),
        "waive": ("assigned", COORD),
        "start_research": ("assigned", COORD),
        "answer": (CLOSED, HOLDER),
    },
    "offered": ASSIGNED
    | {"take": ("assigned", {"other broker", "administrator"})}
    | {
        "agree": (CLOSED, ASKER),
        "note_agreement": (CLOSED, HOLDER),
        "waive": (CLOSED, COORD),
        "start_research": ("assigned", COORD),
        "answer": (CLOSED, HOLDER),
    },
    "run out": ASSIGNED
    | {"lapse": ("triaged", {"system"})}
    | {
        "agree": (CLOSED, ASKER),
        "note_agreement": (CLOSED, HOLDER),
        "waive": (CLOSED, COORD),
        "start_research": ("assigned", COORD),
        "answer": (CLOSED, HOLDER),
    },
    "closed silent": {"reopen": ("submitted", COORD), "come_back": ("assigned", ASKER | COORD)},
}

VERSION: dict[str, Row] = {
    "empty draft": {"submit": (CLOSED, HOLDER)},
    "draft": {"submit": ("in_review", HOLDER)},
    "in review": {
        "request_changes": ("draft", REVIEWERS),
        "approve": ("approved", REVIEWERS),
        "void": ("draft", HOLDER | NOBODY_ELSE),
        "review_again": ("in_review", NOBODY_ELSE),
    },
    "with the asker": {
        "void": (CLOSED, HOLDER | NOBODY_ELSE),
        "review_again": ("in_review", NOBODY_ELSE),
        "publish": ("published", NOBODY_ELSE),
    },
    "approved": {
        "void": ("draft", HOLDER | NOBODY_ELSE),
        "review_again": ("in_review", NOBODY_ELSE),
        "publish": ("published", NOBODY_ELSE),
    },
    "published": {"supersede": ("superseded", NOBODY_ELSE), "retract": ("retracted", NOBODY_ELSE)},
    "superseded": {},
    "retracted": {},
}


@pytest.fixture
def team() -> factories.Desk:
    Desk.objects.create(slug="ander", name="Ander loket")
    return factories.Desk()


def embargoed(desk: factories.Desk) -> Question:
    later = timezone.now() + timedelta(days=1)
    return factories.move(factories.approved(desk), "answer", desk.broker, embargo_until=later.isoformat())


def revised(desk: factories.Desk) -> Question:
    question = factories.revising(desk)
    factories.write(question, desk.broker, short_answer="Beter gezegd.")
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    return question


def republished(desk: factories.Desk) -> Version:
    question = factories.move(revised(desk), "publish", desk.editor)
    return factories.item(question).versions.get(n=1)


def due(desk: factories.Desk) -> Question:
    question = factories.planned(desk)
    Question.objects.filter(pk=question.pk).update(publish_at=timezone.now())
    return question


def revised_and_planned(desk: factories.Desk) -> Question:
    return factories.move(revised(desk), "schedule", desk.editor, publish_at=factories.tomorrow())


def asked_back(desk: factories.Desk) -> Question:
    question = factories.assigned(desk)
    dialogue.say(question, {"body": "Om welke groep gaat het?", "waits": True}, by=desk.broker)
    return question


def reminded(desk: factories.Desk) -> Question:
    question = factories.proposed(desk)
    Question.objects.filter(pk=question.pk).update(reminded_at=timezone.now())
    return question


def closed_silent(desk: factories.Desk) -> Question:
    return factories.move(reminded(desk), "close_silent", SYSTEM)


def offered(desk: factories.Desk) -> Question:
    question = factories.assigned(desk)
    Broker.objects.filter(user=desk.broker).update(absent_until=timezone.localdate())
    return question


def run_out(desk: factories.Desk) -> Question:
    question, ended = factories.assigned(desk), timezone.localdate() - timedelta(days=1)
    Question.objects.filter(pk=question.pk).update(held_until=ended, held_warned=ended)
    return question


SPECIAL = {
    "offered": offered,
    "run out": run_out,
    "embargoed": embargoed,
    "revised": revised,
    "due": due,
    "revised and planned": revised_and_planned,
    "asked back": asked_back,
    "reminded": reminded,
    "closed silent": closed_silent,
    "spam": factories.set_aside,
}
# Where nobody else may want to know it, or a step would be open nowhere.
ALONE = ("submitted", "triaged", "reminded")


def joined_as(situation: str) -> str:
    """What the other one who wants to know it is: not confirmed yet where that would close a step."""
    return "waiting" if situation in ALONE else "me_too"


def make_question(situation: str, desk: factories.Desk) -> Question:
    if situation == "unconfirmed":
        return factories.unconfirmed()
    if situation == "submitted":
        return factories.submitted()
    made = SPECIAL.get(situation) or getattr(factories, situation)
    return factories.reload(made(desk))


def make_version(situation: str, desk: factories.Desk) -> Version:
    if situation == "empty draft":
        question = factories.agreed(desk)
        factories.write(question, desk.broker, short_answer="", citations=[])
        return factories.working(question)
    if situation == "superseded":
        return republished(desk)
    if situation in ("published", "retracted"):
        shown = factories.item(getattr(factories, situation)(desk)).shown()
        assert shown is not None
        return shown
    name = {"draft": "drafted", "in review": "in_review", "with the asker": "answered"}.get(situation, situation)
    return factories.working(getattr(factories, name)(desk))


def cast(question: Question, desk: factories.Desk, joins: str = "me_too") -> dict[str, Any]:
    """Everybody who could try something; `joins`: how far the asker who joined is."""
    me_too = factories.submitted()
    return {
        "asker": factories.asker(question),
        "asker of another": factories.asker(me_too),
        "asker who joined": question.participations.model.join(
            question=question, asker=factories.asker(me_too).asker, kind=joins
        ),
        "holder": desk.broker,
        "other broker": factories.staff(roles.BROKER),
        "coordinator": desk.coordinator,
        "reviewer": desk.reviewer,
        "editor": desk.editor,
        "administrator": factories.staff(roles.ADMINISTRATOR),
        "visitor": AnonymousUser(),
        "system": SYSTEM,
    }


def good_data(people: dict[str, Any]) -> dict[str, dict[str, Any]]:
    why = {"why": "daarom"}
    return {
        "triage": {"track": "full"},
        "schedule": {"publish_at": (timezone.now() + timedelta(days=2)).isoformat()},
        "assign": {"broker": people["other broker"].email},
        "transfer": {"broker": people["other broker"].email, **why},
        "propose": {"articulated": factories.ARTICULATED},
        "show": {"nobody_recognisable": True},
        "retheme": {"add": [Theme.objects.get_or_create(slug="lezen", label_nl="Lezen")[0].slug]},
        "refer": {"source": factories.source().key, "note": "lees dit"},
        "respond": {"verdict": "no", **why},
        "merge": {"into": factories.triaged().number, **why},
        "decline": {**why, "alternative": "elders"},
        "hand_over": {**why, "desk": "ander"},
        "retrack": {**why, "track": "short"},
        "request_changes": {"remarks": "nog niet", "kind": "content"},
        "approve": {"kind": "all"},
        **dict.fromkeys(
            (
                "release",
                "note_agreement",
                "waive",
                "start_research",
                "resume",
                "revise",
                "retract",
                "unmerge",
                "reopen",
                "go_on",
                "keep",
            ),
            why,
        ),
    }


class Undo(Exception):
    pass


def outcome(subject: Any, name: str, by: Any, data: dict[str, Any]) -> str:
    """What `perform` answers; whatever it did is undone."""
    result = ""
    try:
        with transaction.atomic():
            result = str(workflow.perform(subject, name, by=by, data=data).state)
            raise Undo
    except NotNow:
        return "not now"
    except NotYou:
        return "not you"
    except Undo:
        return result


def expected(row: Row, name: str, role: str) -> str:
    if name not in row:
        return "not now"
    target, people = row[name]
    if role not in people:
        return "not you"
    return "not now" if target == CLOSED else target


def check(subject: Any, row: Row, people: dict[str, Any]) -> None:
    data = good_data(people)
    table = {
        (name, role): outcome(subject, name, by, data.get(name, {}))
        for name in inputs.INPUTS[type(subject)]
        for role, by in people.items()
    }
    assert table == {(name, role): expected(row, name, role) for name, role in table}
    for role, by in people.items():
        options = workflow.options(subject, by)
        assert [one.name for one in options] == [name for name in inputs.INPUTS[type(subject)] if name in row]
        for one in options:
            target, allowed = row[one.name]
            assert (one.permitted, one.open) == (role in allowed, role in allowed and target != CLOSED), (one, role)
            assert bool(one.reason) != one.open, "a closed way says why, an open one has nothing to say"


@pytest.mark.parametrize("situation", QUESTION)
def test_a_question_lets_through_whom_the_table_says_and_nobody_else(situation: str, team: factories.Desk) -> None:
    question = make_question(situation, team)
    people = cast(question, team, joined_as(situation))
    if situation == "unconfirmed":
        people["asker by mail"] = factories.mailed_link(question)
    check(question, QUESTION[situation], people)


@pytest.mark.parametrize("situation", VERSION)
def test_a_version_lets_through_whom_the_table_says_and_nobody_else(situation: str, team: factories.Desk) -> None:
    version = make_version(situation, team)
    question = version.item.questions.get()
    check(version, VERSION[situation], cast(question, team))


def declared(subject: Any) -> set[tuple[str, str]]:
    return {(move.name, str(move.source)) for move in workflow.moves(type(subject))}


STATE_OF = {
    **{name: name for name in QUESTION if name in State.values},
    "unconfirmed": "submitted",
    **dict.fromkeys(("embargoed", "planned", "due"), "answered"),
    "revised and planned": "published",
    "revising": "published",
    "revised": "published",
    "retracted": "published",
    **dict.fromkeys(("offered", "run out", "proposed", "agreed", "shown", "in_review", "approved"), "assigned"),
    "shown_and_released": "triaged",
    **dict.fromkeys(("asked back", "reminded"), "assigned"),
    "closed silent": "withdrawn",
}
VERSION_STATE_OF = {"empty draft": "draft", "in review": "in_review", "with the asker": "approved"}


def test_the_table_names_every_state_and_every_declared_transition_of_a_question() -> None:
    assert {STATE_OF[name] for name in QUESTION} == set(State.values)
    written = {(name, STATE_OF[situation]) for situation, row in QUESTION.items() for name in row}
    assert written == declared(Question())
    assert {name for name, _state in written} == set(inputs.INPUTS[Question])


def test_the_table_names_every_state_and_every_declared_transition_of_a_version() -> None:
    states = {situation: VERSION_STATE_OF.get(situation, situation) for situation in VERSION}
    assert set(states.values()) == set(VersionState.values)
    written = {(name, states[situation]) for situation, row in VERSION.items() for name in row}
    assert written == declared(Version())
    assert {name for name, _state in written} == set(inputs.INPUTS[Version])


def test_every_transition_has_been_walked_open_at_least_once() -> None:
    for table in (QUESTION, VERSION):
        walked = {name for row in table.values() for name, (target, _people) in row.items() if target != CLOSED}
        assert walked == {name for row in table.values() for name in row}


def test_every_way_out_says_who_may_take_it_and_every_condition_says_what_is_missing() -> None:
    for subject in (Question(), Version()):
        for move in workflow.moves(type(subject)):
            assert workflow.who_may(move)
            assert move.custom["label"]
            assert all(str(check.reason).endswith(".") for check in move.conditions)
