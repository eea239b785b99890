"""One rule, three doors: page, API and command refuse each step alike, in the same sentence, and take it alike.

Every transition is tried in five ways (KINDS). Which situation and which person each way needs is read from
the table of test_workflow_table.py; so a new transition fails here until that table, and BREAK, know it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brokers.models import Broker, Desk
from questions import inputs, workflow
from questions.models import Item, LedgerEntry, Participation, Question, Version
from questions.models.conditions import GONE
from questions.refusals import NotNow
from questions.states import Agreement, VersionState
from tests import doors, factories
from tests.questions import test_workflow_table as table

pytestmark = pytest.mark.django_db

STAFF = ("holder", "other broker", "coordinator", "reviewer", "editor", "administrator")
WRONG_STATE, NO_RIGHT, UNMET, WRONG_INPUT, ALLOWED = KINDS = (
    "wrong state",
    "no right",
    "unmet",
    "wrong input",
    "allowed",
)
STATUS = {WRONG_STATE: 409, NO_RIGHT: 403, UNMET: 409, WRONG_INPUT: 400}
SYSTEM_ONLY = {(Question, "lapse"), *((Version, name) for name in ("review_again", "publish", "supersede", "retract"))}
ASKERS_ONLY = {(Question, name) for name in ("agree", "respond", "withdraw")}
EVERYBODY_S = {(Question, "confirm")}  # all of the desk may, so nobody of it is refused


# --- What is tried, where, and by whom -----------------------------------------------------------


@dataclass(frozen=True)
class Probe:
    """One try of one transition; `missing` names the condition that is broken first."""

    kind: str
    model: type
    name: str
    role: str
    missing: str = ""

    def __str__(self) -> str:
        return f"{self.model.__name__}.{self.name} {self.kind} {self.missing} by {self.role}".replace("  ", " ")


Plan = dict[tuple[type, str], list[Probe]]
TABLES: dict[type, dict[str, table.Row]] = {Question: table.QUESTION, Version: table.VERSION}
CONDITIONS = {
    (model, move.name): [check.__name__ for check in move.conditions]
    for model in TABLES
    for move in workflow.moves(model)
}
# Where a condition does not hold by itself; elsewhere BREAK takes away what it asks for.
NOT_MET_IN = {"confirmed": "unconfirmed", "living_answer": "retracted", "not_with_the_asker": "with the asker"}


def open_in(model: type, name: str) -> tuple[str, set[str]]:
    """The first situation in which the step can be taken by staff, else by anybody; and who may."""
    found = [
        (situation, row[name][1])
        for situation, row in TABLES[model].items()
        if name in row and row[name][0] != table.CLOSED
    ]
    return next((one for one in found if one[1] & set(STAFF)), found[0])


def first_of(people: set[str]) -> str:
    return next(role for role in STAFF if role in people)


def wrong_situation(model: type, name: str) -> str:
    """One in which the state knows no such step; those in which many steps are tried anyhow come first."""
    wanted = [*("assigned", "published", "submitted", "triaged"), *("in review", "draft", *TABLES[model])]
    return next(one for one in wanted if one in TABLES[model] and name not in TABLES[model][one])


def probes(model: type, name: str) -> Iterator[tuple[str, Probe]]:
    situation, people = open_in(model, name)
    others = [role for role in STAFF if role not in people]
    by_staff = bool(people & set(STAFF))
    asker = (model, name) in ASKERS_ONLY
    role = first_of(people) if by_staff else "asker" if asker else "coordinator"
    yield wrong_situation(model, name), Probe(WRONG_STATE, model, name, role)
    for other in others[:1] if by_staff else ("holder", "administrator"):  # the table tries the others
        yield situation, Probe(NO_RIGHT, model, name, other)
    if not by_staff and not asker:
        return
    for condition in CONDITIONS[model, name]:
        where = "withdrawn unconfirmed" if name == "reopen" else NOT_MET_IN.get(condition, situation)
        yield where, Probe(UNMET, model, name, role, condition)
    yield situation, Probe(WRONG_INPUT, model, name, role)
    yield situation, Probe(ALLOWED, model, name, role)


def plan() -> Plan:
    found: Plan = {}
    for model in TABLES:
        for name in inputs.INPUTS[model]:
            for situation, probe in probes(model, name):
                found.setdefault((model, situation), []).append(probe)
    return found


PLAN = plan()


def withdrawn_unconfirmed() -> Question:
    question = factories.unconfirmed()
    return factories.move(question, "withdraw", factories.mailed_link(question))


# --- Taking away what a condition asks for -------------------------------------------------------


def of_question(**fields: Any) -> Callable[[Any], Any]:
    return lambda row: Question.objects.filter(pk=row.pk).update(**fields)


def of_version(**fields: Any) -> Callable[[Any], Any]:
    return lambda row: Version.objects.filter(pk=row.pk).update(**fields)


def another_waits(question: Question) -> None:
    person = factories.asker(factories.submitted()).asker
    Participation.join(question=question, asker=person, kind=Participation.Kind.ME_TOO)


def remarked(question: Question) -> None:
    """Something was said of the answer, and its author did nothing with it."""
    factories.working(question).remarks.create(field="explanation", n=0, quoted="x", body="Welke boeken?")


def nothing_cited(version: Version) -> None:
    version.citations.all().delete()
    Version.objects.filter(pk=version.pk).update(gap="")


def known_earlier(**fields: Any) -> Callable[[Version], None]:
    """The version as one that follows a public one."""

    def follow(version: Version) -> None:
        Version.objects.filter(pk=version.pk).update(n=2, **{"change_note": "x", "significance": "typo", **fields})
        earlier = Version.objects.create(item=version.item, n=1, strength="weak", direction="positive")
        type(version.item).objects.filter(pk=version.item_id).update(slug="stillezen", title=factories.ARTICULATED)
        Version.objects.filter(pk=earlier.pk).update(state=VersionState.PUBLISHED)

    return follow


def unlike_the_ledger(version: Version) -> None:
    """A ledger that bears out nothing, under an answer that says something."""
    LedgerEntry.objects.create(question=version.item.questions.get(), source=factories.source())


BREAK: dict[str, Callable[[Any], Any]] = {
    "unconfirmed": of_question(confirmed_at=timezone.now(), number=990_001),
    "checked": lambda row: Desk.objects.filter(pk=row.desk_id).update(checks_first=True),
    "offered": lambda row: Broker.objects.update(absent_until=None),
    "has_articulation": of_question(proposed_at=None),
    "not_agreed": of_question(agreement=Agreement.AGREED),
    "research_closed": of_question(research_open_at=timezone.now()),
    "asked": of_question(waits_for="", waiting_since=None),
    "asker_s_turn": of_question(waits_for="", waiting_since=None, agreement=Agreement.AGREED),
    "reminded": of_question(reminded_at=None),
    "nobody_else_waits": another_waits,
    "nobody_else_asks": another_waits,
    "no_answer_begun": lambda row: of_question(item=Item.objects.create(title="x", number=990_002))(row),
    "words_kept": of_question(text=GONE),
    "closed_silent": of_question(closed_from=""),
    "may_be_shown": of_question(keep_private=True),
    "not_shown": of_question(shown_at=timezone.now()),
    "shown": of_question(shown_at=None),
    "agreement_settled": of_question(agreement=""),
    "answer_approved": lambda row: row.item.versions.update(state=VersionState.IN_REVIEW),
    "remarks_settled": remarked,
    "embargo_passed": of_question(embargo_until=timezone.now() + timedelta(days=1)),
    "scheduled": of_question(publish_at=None),
    "other_desk": lambda row: Desk.objects.exclude(pk=row.desk_id).delete(),
    "has_short_answer": of_version(short_answer=""),
    "strength_stated": of_version(strength=""),
    "rests_on_something": nothing_cited,
    "gap_has_kind": of_version(gap="Niet bekend.", gap_kind=""),
    "nothing_is_undecided": of_version(explanation="⟪ dit ⟫"),
    "says_what_changed": known_earlier(significance="", change_note=""),
    "change_is_not_made_smaller": known_earlier(),
    "strength_explained": unlike_the_ledger,
}


# --- The tries --------------------------------------------------------------------------------------


def make(model: type, situation: str, team: factories.Desk) -> Question:
    if situation == "withdrawn unconfirmed":
        return withdrawn_unconfirmed()
    if model is Question:
        return table.make_question(situation, team)
    return table.make_version(situation, team).item.questions.get()


def data_for(probe: Probe, good: dict[str, Any]) -> dict[str, Any]:
    form = inputs.INPUTS[probe.model][probe.name]
    return doors.wrong(form) if probe.kind == WRONG_INPUT else doors.filled(form, good)


def doors_for(probe: Probe, opened: doors.Doors) -> dict[str, Callable[..., doors.Said]]:
    if probe.role == "asker":
        return {"their page": opened.track}
    found = opened.of_staff()
    if probe.kind == WRONG_INPUT and not inputs.INPUTS[probe.model][probe.name].base_fields:
        found.pop("page")  # it has no field in which something could be wrong
    return found


def check(probe: Probe, case: Question, by: Any, good: dict[str, Any], opened: doors.Doors) -> None:
    if probe.missing:
        BREAK.get(probe.missing, lambda row: None)(doors.subject_of(case, probe.model))
    case, data = factories.reload(case), data_for(probe, good)
    meant = doors.try_at(doors.domain, case, probe.model, probe.name, by, data)
    assert meant.status == STATUS.get(probe.kind, 200), (str(probe), meant.sentences)
    if case.confirmed_at is None and probe.role in STAFF:
        check_hidden(probe, case, by, data, opened)
        return
    missing = all_missing(probe, case) if probe.kind == UNMET else []
    before = doors.all_that_counts()
    for name, door in doors_for(probe, opened).items():
        said = doors.try_at(door, case, probe.model, probe.name, by, data)
        about = f"{probe}, by {name}"
        assert said.status == (1 if name == "command" and meant.status != 200 else meant.status), (about, said)
        if meant.status == 200:
            assert said.after == meant.after, about
            continue
        assert said.after == before, about
        on_page = bool(said.page)
        assert sorted(said.sentences) == sorted(missing if on_page and missing else meant.sentences), about
        if on_page:
            assert all(one in said.page for one in said.sentences), about
            assert [one for one in words(data) if one not in said.page] == [], about


def check_hidden(probe: Probe, case: Question, by: Any, data: dict[str, Any], opened: doors.Doors) -> None:
    """Before the asker confirmed it, a case is there for nobody else; not even to be refused something."""
    before = doors.all_that_counts()
    for name, door in opened.of_staff().items():
        said = doors.try_at(door, case, probe.model, probe.name, by, data)
        assert said.status == (1 if name == "command" else 404), f"{probe}, by {name}"
        assert said.after == before, f"{probe}, by {name}"


def words(data: dict[str, Any]) -> list[str]:
    return [value for value in data.values() if isinstance(value, str) and value.startswith(doors.TYPED)]


def all_missing(probe: Probe, case: Question) -> list[str]:
    """Each thing that is missing; the refusal names all of them in one sentence, and the broken one is among them."""
    row = doors.subject_of(case, probe.model)
    move = workflow.from_state(type(row), str(row.state))[probe.name]
    checks = {one.__name__: one for one in move.conditions}
    assert not checks[probe.missing](row), f"{probe}: this test does not take away what it says"
    return workflow.unmet(row, move)


@pytest.fixture
def team() -> factories.Desk:
    Desk.objects.create(slug="ander", name="Ander loket")
    return factories.Desk()


@pytest.mark.parametrize(("model", "situation"), PLAN, ids=lambda one: getattr(one, "__name__", one))
def test_each_step_is_taken_and_refused_alike_at_every_door(model: type, situation: str, team: factories.Desk) -> None:
    case = make(model, situation, team)
    people, opened = table.cast(case, team, table.joined_as(situation)), doors.Doors()
    for role in STAFF:
        opened.meet(people[role])
    good = table.good_data(people)
    for probe in PLAN[model, situation]:
        mark = transaction.savepoint()
        check(probe, case, people[probe.role], good.get(probe.name, {}), opened)
        transaction.savepoint_rollback(mark)


def test_every_transition_is_tried_in_every_way_it_has() -> None:
    tried = {(one.model, one.name, one.kind) for found in PLAN.values() for one in found}
    for model in TABLES:
        for name in inputs.INPUTS[model]:
            wanted = set(KINDS) - (set() if CONDITIONS[model, name] else {UNMET})
            if (model, name) in SYSTEM_ONLY:
                wanted = {WRONG_STATE, NO_RIGHT}
            if (model, name) in EVERYBODY_S:
                wanted -= {NO_RIGHT}
            assert {kind for kind in KINDS if (model, name, kind) in tried} == wanted, name


def test_what_only_the_desk_or_askers_may_do_is_open_to_nobody_of_the_staff() -> None:
    closed = {
        (model, name) for model in TABLES for name in inputs.INPUTS[model] if not open_in(model, name)[1] & set(STAFF)
    }
    assert closed == SYSTEM_ONLY | ASKERS_ONLY


def test_the_link_in_the_mail_is_the_one_door_to_confirm_by() -> None:
    question = factories.unconfirmed()
    token = factories.asker(question).confirm_token
    assert Client().post(reverse("confirm", args=[token])).status_code == 302
    assert [one.name for one in question.events.order_by("pk")] == ["ask", "confirm"]
    before = doors.all_that_counts()
    assert Client().post(reverse("confirm", args=[token])).status_code == 302, "once more does no harm"
    assert doors.all_that_counts() == before


def test_what_is_missing_is_told_in_one_sentence_that_names_it_all(team: factories.Desk) -> None:
    case = make(Version, "empty draft", team)
    with pytest.raises(NotNow) as refusal:
        workflow.perform(factories.working(case), "submit", by=team.broker)
    assert len(refusal.value.missing) > 1
    sentence = str(refusal.value)
    assert sentence.count(".") == 1
    assert all(one.removesuffix(".")[1:] in sentence for one in refusal.value.missing)
