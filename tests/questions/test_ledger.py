"""The evidence ledger: no research before agreement, a reason for what is rejected, and a strength that is explained."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from questions import ledger, searchlog, workflow, writing
from questions.models import LedgerEntry, Question
from questions.refusals import NotNow, NotYou, Stale
from tests import factories

pytestmark = pytest.mark.django_db

LINE = {"place": "ERIC", "terms": "free reading"}


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


def add(question: Question, by: Any) -> LedgerEntry:
    return ledger.add(question, {"source": factories.source().key}, by=by)


def keep(question: Question, by: Any, **read: str) -> LedgerEntry:
    read = {"design": "meta-analysis", "direction": "positive", "fit": "same", **read}
    return ledger.judge(question, add(question, by).pk, {"state": "kept", **read}, by=by)


RESEARCH: dict[str, Callable[[Question, Any], Any]] = {
    "log": lambda question, by: searchlog.log(question, LINE, by=by),
    "log own": lambda question, by: searchlog.log_own(question, {"terms": "lezen"}, by=by),
    "log found": lambda question, by: searchlog.log_found(question, by=by),
    "ledger": add,
    "write": lambda question, by: writing.write(question, factories.texts(), by=by, expected=writing.NEW),
}


@pytest.mark.parametrize("what", RESEARCH)
def test_no_research_before_agreement(desk: factories.Desk, what: str) -> None:
    question = factories.proposed(desk)
    with pytest.raises(NotNow, match="niet akkoord"):
        RESEARCH[what](question, desk.broker)
    assert not question.searches.exists()
    assert not question.ledger.exists()
    assert factories.reload(question).item is None


OPENS = {
    "agree": lambda desk: factories.agreed(desk),
    "note_agreement": lambda desk: factories.move(factories.proposed(desk), "note_agreement", desk.broker, why="tel."),
    "waive": lambda desk: factories.move(factories.proposed(desk), "waive", desk.coordinator, why="stil"),
    "start_research": lambda desk: factories.move(
        factories.assigned(desk), "start_research", desk.coordinator, why="x"
    ),
    "a new proposal": lambda desk: factories.move(
        factories.agreed(desk), "propose", desk.broker, articulated="Nog scherper?"
    ),
}


@pytest.mark.parametrize("how", OPENS)
def test_what_opens_research_and_that_it_stays_open(desk: factories.Desk, how: str) -> None:
    question = OPENS[how](desk)
    for act in RESEARCH.values():
        act(factories.reload(question), desk.broker)


def test_only_a_coordinator_lets_research_begin_early_and_sending_still_waits(desk: factories.Desk) -> None:
    question = factories.assigned(desk)
    with pytest.raises(NotYou):
        factories.move(question, "start_research", desk.broker, why="ik wil beginnen")
    question = factories.move(question, "start_research", desk.coordinator, why="de vraag is helder")
    assert (question.early_by, question.early_because) == (desk.coordinator, "de vraag is helder")
    option = {one.name: one for one in workflow.options(question, desk.broker)}["answer"]
    assert not option.open
    assert option.reason
    assert not question.agreement


def test_a_source_stands_once_in_a_ledger_with_what_the_library_knows_of_it(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    source = factories.source()
    source.design, source.country = "RCT", "Nederland"
    source.save()
    first = ledger.add(question, {"source": source.key}, by=factories.staff("broker"))
    assert ledger.add(question, {"source": str(source.pk)}, by=desk.broker) == first
    assert (first.state, first.design, first.country) == ("found", "rct", "Nederland")
    with pytest.raises(NotYou):
        ledger.add(question, {"source": source.key}, by=desk.reviewer)


NAMES = {
    "rct": ["rct", "RCT", "gerandomiseerd experiment", "Randomized controlled trial", "randomised trial"],
    "meta-analysis": ["meta-analysis", "Meta-analyse", "Metaanalyse"],
    "systematic review": ["systematic review", "systematische review", "Systematic literature review"],
    "longitudinal": ["onderzoek dat mensen langere tijd volgt", "study that follows people over time"],
}


@pytest.mark.parametrize(("key", "words"), [(key, words) for key, names in NAMES.items() for words in names])
@pytest.mark.parametrize("field", ["design", "design_other"])
def test_a_design_is_brought_to_its_key_whatever_it_is_called(
    desk: factories.Desk, field: str, key: str, words: str
) -> None:
    question = factories.agreed(desk)
    told = {"state": "kept", "direction": "positive", field: f" {words} "}
    assert ledger.judge(question, add(question, desk.broker).pk, told, by=desk.broker).design == key


def test_two_studies_named_in_dutch_propose_what_they_propose_in_english(desk: factories.Desk) -> None:
    for dutch, strength in [("gerandomiseerd experiment", "moderate"), ("Meta-analyse", "strong")]:
        question = factories.agreed(desk)
        for _n in range(2):
            keep(question, desk.broker, design=dutch)
        meant = ledger.proposal(question)
        assert (meant.strength, "unknown_design" in meant.rules) == (strength, False), dutch


def test_words_that_name_no_design_are_kept_as_typed_and_said_to_count_as_weak(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    kept = [
        keep(question, desk.broker, design="other", design_other="Niet-gerandomiseerde vertelling"),
        keep(question, desk.broker, design="Niet-gerandomiseerde vertelling"),
    ]
    assert {one.design for one in kept} == {"Niet-gerandomiseerde vertelling"}
    meant = ledger.proposal(question)
    assert meant.strength == "insufficient"
    assert "Een opzet die we niet kennen, of die niemand opschreef, telt als zwak." in meant.reasons


@pytest.mark.parametrize("told", [{"design": "other"}, {"design": "rct", "design_other": "vertelling"}])
def test_a_design_that_is_said_in_two_ways_or_not_at_all_is_refused(desk: factories.Desk, told: dict[str, str]) -> None:
    question = factories.agreed(desk)
    entry = add(question, desk.broker)
    with pytest.raises(ValidationError) as error:
        ledger.judge(question, entry.pk, {"state": "kept", **told}, by=desk.broker)
    assert set(error.value.message_dict) == {"design_other"}
    assert factories.reload(entry).revision == 1


def test_only_who_writes_the_answer_judges(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    entry = add(question, factories.staff("broker"))
    for other in (entry.added_by, desk.coordinator, desk.reviewer):
        with pytest.raises(NotYou):
            ledger.judge(question, entry.pk, {"state": "kept"}, by=other)
    assert ledger.judge(question, entry.pk, {"state": "kept"}, by=desk.broker).judged_by == desk.broker


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"state": "rejected"}, "reason"),
        ({"state": "rejected", "reason": "else"}, "why"),
        ({"state": "rejected", "reason": "zomaar"}, "reason"),
        ({"state": "kept", "direction": "omhoog"}, "direction"),
        ({"state": "kept", "same_study": "nergens"}, "same_study"),
        ({"state": ""}, "state"),
        ({"state": "kept", "nieuw": "x"}, "nieuw"),
    ],
)
def test_what_is_rejected_needs_a_reason_and_what_is_wrong_is_named(
    desk: factories.Desk, data: dict[str, str], field: str
) -> None:
    question = factories.agreed(desk)
    entry = add(question, desk.broker)
    with pytest.raises(ValidationError) as error:
        ledger.judge(question, entry.pk, data, by=desk.broker)
    assert field in error.value.message_dict
    assert factories.reload(entry).revision == 1


def test_a_source_that_is_taken_back_in_loses_its_reason(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    entry = add(question, desk.broker)
    entry = ledger.judge(question, entry.pk, {"state": "rejected", "reason": "old", "why": "1970"}, by=desk.broker)
    assert (entry.reason, entry.why) == ("old", "1970")
    entry = ledger.judge(question, entry.pk, {"state": "kept"}, by=desk.broker)
    assert (entry.state, entry.reason, entry.why) == ("kept", "", "")
    assert [one.key for one in ledger.kept(question)] == [entry.source.key]


def test_a_judgement_on_what_somebody_else_judged_meanwhile_is_stale(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    entry = add(question, desk.broker)
    ledger.judge(question, entry.pk, {"state": "kept"}, by=desk.broker, expected=entry.etag)
    with pytest.raises(Stale):
        ledger.judge(question, entry.pk, {"state": "found"}, by=desk.broker, expected=entry.etag)
    assert factories.reload(entry).state == "kept"


def test_a_source_of_another_case_is_not_judged_here(desk: factories.Desk) -> None:
    entry = add(factories.agreed(desk), desk.broker)
    with pytest.raises(NotNow):
        ledger.judge(factories.agreed(desk), entry.pk, {"state": "kept"}, by=desk.broker)


def test_two_reports_of_one_study_count_once(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    first, second = keep(question, desk.broker), keep(question, desk.broker)
    assert ledger.proposal(question).strength == "strong"
    read = {"state": "kept", "design": "meta-analysis", "direction": "positive", "fit": "same"}
    ledger.judge(question, second.pk, {**read, "same_study": first.source.key}, by=desk.broker)
    assert ledger.proposal(question).strength == "moderate"
    with pytest.raises(ValidationError):
        ledger.judge(question, first.pk, {**read, "same_study": second.source.key}, by=desk.broker)


def test_an_empty_ledger_bears_out_that_we_do_not_know(desk: factories.Desk) -> None:
    meant = ledger.proposal(factories.agreed(desk))
    assert (meant.strength, meant.direction, meant.gap_kind) == ("insufficient", "unclear", "none")


def test_who_states_another_strength_than_the_ledger_bears_out_says_why(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    keep(question, desk.broker)
    version = factories.write(question, desk.broker, strength="strong")
    with pytest.raises(NotNow, match="bewijsboek"):
        factories.move(version, "submit", desk.broker)
    version = factories.write(question, desk.broker, strength="strong", strength_because="Heel veel studies.")
    factories.move(version, "submit", desk.broker)


def test_what_the_ledger_bears_out_needs_no_reason(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    keep(question, desk.broker)
    factories.move(factories.write(question, desk.broker), "submit", desk.broker)


def test_a_version_that_goes_to_review_carries_where_was_searched(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    wrong = searchlog.log(question, {**LINE, "hits": 3}, by=desk.broker)
    searchlog.correct(question, wrong.pk, {**LINE, "hits": 4, "searched_on": "2026-01-02"}, by=desk.broker)
    version = factories.move(factories.write(question, desk.broker, gap="Niet bekend."), "submit", desk.broker)
    assert version.searched == [{"place": "ERIC", "on": "2026-01-02", "hits": 4}]
    searchlog.log(factories.reload(question), {**LINE, "searched_on": timezone.localdate().isoformat()}, by=desk.broker)
    assert len(factories.reload(version).searched) == 1
