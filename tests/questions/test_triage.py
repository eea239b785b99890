"""What comes of a question: handed over, accepted against a criterion, next in line, and its mail read before it goes."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from brokers.models import Desk
from questions import criteria, foresight, mail, rendering, triage
from questions.models import Letter, Participation, Question
from questions.refusals import NotNow, NotYou
from questions.states import State
from tests import factories
from tests.database import fingerprint

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


@pytest.fixture
def elsewhere(db: None) -> Desk:
    return Desk.objects.create(slug="mbo", name="Loket mbo")


@pytest.fixture
def outside(db: None) -> Desk:
    return Desk.objects.create(slug="recht", name="Rechtwinkel", external_url="https://recht.example/vraag")


def sent(kind: str) -> list[Letter]:
    return list(Letter.objects.filter(kind=kind).select_related("event__question", "participation__asker"))


def mail_of(letter: Letter) -> str:
    message = rendering.render(letter)
    assert message is not None
    return f"{message.subject}\n{message.body}"


def emails(letters: list[Letter]) -> set[str]:
    return {one.participation.asker.email for one in letters}  # type: ignore[union-attr]


# --- To another desk ------------------------------------------------------------------------------


def test_a_desk_here_gets_the_whole_case_and_the_asker_hears_why(team: factories.Desk, elsewhere: Desk) -> None:
    question = factories.shown(team)
    question = factories.move(question, "hand_over", team.coordinator, desk="mbo", why="Zij weten meer van het mbo.")
    assert (question.state, question.desk, question.assignee) == (State.SUBMITTED, elsewhere, None)
    assert question.shown_at is None, "who agreed to be shown, agreed to it with the other desk"
    assert question.events.last().why == "Zij weten meer van het mbo."
    (letter,) = sent("handed_over")
    assert "Loket mbo" in mail_of(letter)
    assert "Zij weten meer van het mbo." in mail_of(letter)
    assert [one.user for one in sent("left")] == [team.broker]
    assert factories.move(question, "triage", team.coordinator, track="short").state == State.TRIAGED


def test_of_a_desk_outside_the_asker_gets_the_address_and_nothing_is_sent_there(
    team: factories.Desk, outside: Desk
) -> None:
    question = factories.submitted(text="Mag een school een ouderbijdrage eisen van ouders?")
    question = factories.move(question, "hand_over", team.coordinator, desk="recht", why="Dit is een rechtsvraag.")
    assert (question.state, question.handed_to) == (State.DECLINED, outside)
    letters = Letter.objects.filter(event__question=question, event__name="hand_over")
    assert [one.kind for one in letters] == ["sent_on"], "one letter, to who asked"
    text = mail_of(sent("sent_on")[0])
    assert "https://recht.example/vraag" in text
    assert "Dit is een rechtsvraag." in text
    assert "niets heen gestuurd" in text
    question = factories.move(question, "reopen", team.coordinator, why="toch niet")
    assert (question.state, question.handed_to) == (State.SUBMITTED, None)


def test_a_question_is_not_handed_to_the_desk_that_has_it_nor_when_there_is_no_other(team: factories.Desk) -> None:
    question = factories.submitted()
    with pytest.raises(NotNow, match="geen ander loket"):
        factories.move(question, "hand_over", team.coordinator, desk="desk", why="x")
    Desk.objects.create(slug="mbo", name="Loket mbo")
    with pytest.raises(NotNow, match="al bij dit loket"):
        factories.move(question, "hand_over", team.coordinator, desk="desk", why="x")
    with pytest.raises(ValidationError):
        factories.move(question, "hand_over", team.coordinator, desk="mbo")
    with pytest.raises(NotYou):
        factories.move(question, "hand_over", team.broker, desk="mbo", why="x")
    assert factories.reload(question).desk.slug == "desk"


# --- Accepted ---------------------------------------------------------------------------------------


def found(question: Question, **verdicts: str) -> dict[str, dict[str, str]]:
    """The same verdict for every criterion, but for those named by their place (`n3="no"`)."""
    lines = criteria.of(question)
    return {
        str(one.criterion.pk): {"verdict": verdicts.get(f"n{n}", verdicts.get("rest", "yes"))}
        for n, one in enumerate(lines, 1)
    }


def test_who_accepts_against_a_criterion_says_why(team: factories.Desk) -> None:
    question = factories.submitted()
    criteria.check(question, found(question, n3="no"), by=team.coordinator)
    with pytest.raises(ValidationError) as refusal:
        factories.move(question, "triage", team.coordinator, track="full")
    assert set(refusal.value.error_dict) == {"why"}
    question = factories.move(question, "triage", team.coordinator, track="full", why="Er komt onderzoek aan.")
    assert (question.state, question.events.last().why) == (State.TRIAGED, "Er komt onderzoek aan.")


def test_a_desk_that_wants_it_accepts_nothing_before_every_criterion_was_checked(team: factories.Desk) -> None:
    question = factories.submitted()
    assert factories.move(factories.submitted(), "triage", team.coordinator, track="full").state == State.TRIAGED
    Desk.objects.update(checks_first=True)
    first, *rest = found(question).items()
    criteria.check(question, dict(rest), by=team.coordinator)
    with pytest.raises(NotNow, match="criterium"):
        factories.move(question, "triage", team.coordinator, track="full")
    criteria.check(question, dict([first]), by=team.coordinator)
    assert factories.move(question, "triage", team.coordinator, track="full").state == State.TRIAGED


def test_the_outcome_and_what_was_checked_are_stored_together_or_not_at_all(team: factories.Desk) -> None:
    question = factories.submitted()
    before = fingerprint()
    with pytest.raises(ValidationError):
        triage.decide(question, "decline", by=team.coordinator, data={"why": "x"}, found=found(question))
    assert fingerprint() == before
    good = {"why": "x", "alternative": "y"}
    triage.decide(question, "decline", by=team.coordinator, data=good, found=found(question, n1="no"))
    names = list(question.events.values_list("name", flat=True))
    assert names[-2:] == ["check", "decline"]


def test_another_track_has_a_reason_and_is_another_one(team: factories.Desk) -> None:
    question = factories.assigned(team)
    with pytest.raises(NotNow):
        factories.move(question, "retrack", team.coordinator, track="full", why="x")
    question = factories.move(question, "retrack", team.coordinator, track="short", why="Er is al veel over.")
    assert (question.state, question.track, question.assignee) == (State.ASSIGNED, "short", team.broker)
    assert question.events.last().why == "Er is al veel over."


# --- One after the other ------------------------------------------------------------------------------


def test_the_next_question_is_the_one_that_came_after_and_after_the_last_the_oldest_again(team: factories.Desk) -> None:
    factories.unconfirmed()
    one, two, three = (factories.submitted() for _n in range(3))
    assert triage.next_after(None) == one
    assert triage.next_after(one) == two
    factories.move(two, "triage", team.coordinator, track="full")
    assert triage.next_after(one) == three
    assert triage.next_after(two) == three, "also seen from one that is done"
    assert triage.next_after(three) == one
    factories.move(one, "triage", team.coordinator, track="full")
    assert triage.next_after(three) is None


def test_each_track_says_its_norm_and_has_no_figure_while_few_cases_tell(settings: Any) -> None:
    settings.TRACK_DAYS = {"signpost": 4, "short": 15, "full": 50}
    assert [(one.track, one.days, one.usual) for one in triage.norms()] == [
        ("signpost", 4, None),
        ("short", 15, None),
        ("full", 50, None),
    ]


# --- The mail before it goes ----------------------------------------------------------------------------


STEPS: dict[str, dict[str, Any]] = {
    "refer": {"note": "Lees hoofdstuk twee."},
    "merge": {"why": "zelfde"},
    "decline": {"why": "Te breed.", "alternative": "De bibliotheek."},
    "hand_over": {"desk": "mbo", "why": "Zij weten meer."},
}


@pytest.mark.parametrize("name", STEPS)
def test_a_letter_is_read_as_it_will_be_sent_and_reading_it_changes_nothing(
    team: factories.Desk, elsewhere: Desk, second_teacher: Any, name: str
) -> None:
    question = factories.submitted()
    second_teacher(question)
    extra = {"refer": {"source": factories.source().key}, "merge": {"into": factories.triaged(team).number}}
    data = {**STEPS[name], **extra.get(name, {})}
    before = fingerprint()
    (foreseen,) = foresight.letters_of(question, name, by=team.coordinator, data=data)
    assert fingerprint() == before
    assert foreseen.people == 2
    for part in question.participations.all():
        for secret in (part.token, part.mailed_token, part.stop_token, part.asker.email):
            assert secret not in str(foreseen.message.message()), "people of the desk do not get the link of an asker"
    event = factories.move(question, name, team.coordinator, **data).events.latest("id")
    for letter in Letter.objects.filter(event=event, user=None):
        real = rendering.render(letter)
        assert real is not None
        assert real.subject == foreseen.message.subject
        assert without_addresses(real.body) == without_addresses(foreseen.message.body)


def without_addresses(text: str) -> list[str]:
    return [line for line in text.splitlines() if "/track/" not in line]


def test_what_the_door_refuses_is_refused_before_as_well(team: factories.Desk) -> None:
    question = factories.submitted()
    with pytest.raises(ValidationError):
        foresight.letters_of(question, "decline", by=team.coordinator, data={"why": "x"})
    with pytest.raises(NotYou):
        foresight.letters_of(question, "decline", by=team.broker, data=STEPS["decline"])
    with pytest.raises(NotNow):
        foresight.letters_of(factories.published(team), "decline", by=team.coordinator, data=STEPS["decline"])


def test_who_wants_no_mail_is_not_counted(team: factories.Desk) -> None:
    question = factories.submitted()
    mail.stop(factories.asker(question))
    assert foresight.letters_of(question, "decline", by=team.coordinator, data=STEPS["decline"]) == []


# --- Who came along by a merge ------------------------------------------------------------------------


def test_who_came_along_by_a_merge_hears_of_all_that_matters(team: factories.Desk) -> None:
    main = factories.proposed(team)
    factories.merged(team, into=main, email="mee@school.example")
    (told,) = [one for one in sent("merged") if one.participation.asker.email == "mee@school.example"]  # type: ignore[union-attr]
    assert f"nummer {main.number}" in mail_of(told)
    main = factories.move(main, "agree", factories.asker(main))
    assert emails(sent("sharpened")) == {"mee@school.example"}, "who agreed knows it"
    assert factories.ARTICULATED.split()[0] in mail_of(sent("sharpened")[0])
    factories.write(main, team.broker)
    factories.move(factories.working(main), "submit", team.broker)
    factories.move(factories.working(main), "approve", team.reviewer, kind="all")
    main = factories.move(factories.reload(main), "answer", team.broker)
    main = factories.move(main, "publish", team.editor)
    factories.move(main, "retract", team.editor, why="ingetrokken studie")
    for kind in ("answered", "published", "retracted"):
        assert "mee@school.example" in emails(sent(kind)), kind


@pytest.mark.parametrize(("make", "kind"), [("answered", "answered"), ("published", "published")])
def test_who_is_merged_into_a_question_with_an_answer_hears_of_the_answer(
    team: factories.Desk, make: str, kind: str
) -> None:
    main = getattr(factories, make)(team)
    question = factories.merged(team, into=main, email="laat@school.example")
    (letter,) = Letter.objects.filter(event__question=question, kind=kind)
    part = main.participations.get(asker__email="laat@school.example")
    assert letter.participation == part
    assert part.mailed_token in mail_of(letter), "the link leads to the question that was answered"


def test_going_on_without_agreement_is_told_to_everybody_who_asked(team: factories.Desk) -> None:
    question = factories.move(factories.proposed(team), "waive", team.coordinator, why="telefonisch")
    assert emails(sent("sharpened")) == {factories.asker(question).asker.email}


def test_undoing_a_merge_undoes_what_came_of_it_further_on(team: factories.Desk) -> None:
    last, middle = factories.triaged(team), factories.triaged(team)
    first = factories.merged(team, into=middle, email="eerste@school.example")
    factories.move(middle, "merge", team.coordinator, into=last.number, why="zelfde")
    assert last.participations.filter(asker__email="eerste@school.example").exists()
    factories.move(first, "unmerge", team.coordinator, why="toch anders")
    assert not Participation.objects.filter(asker__email="eerste@school.example").exclude(question=first).exists()
    assert last.participations.count() == 2, "the asker of the middle question stays"


def test_who_stopped_the_mail_of_the_joined_question_gets_none_of_their_own_afterwards(team: factories.Desk) -> None:
    main = factories.triaged(team)
    question = factories.merged(team, into=main, email="stil@school.example")
    mail.stop(main.participations.get(asker__email="stil@school.example"))
    factories.move(question, "unmerge", team.coordinator, why="toch anders")
    assert emails(sent("reopened")) == set()


def test_a_merge_that_is_undone_leaves_both_as_they_were(team: factories.Desk, second_teacher: Any) -> None:
    main, question = factories.triaged(team), factories.submitted()
    second_teacher(question)
    before = {one.pk: sorted(one.participations.values_list("pk", "kind", "asker")) for one in (main, question)}
    factories.move(question, "merge", team.coordinator, into=main.number, why="zelfde")
    factories.move(question, "unmerge", team.coordinator, why="toch anders")
    assert {one.pk: sorted(one.participations.values_list("pk", "kind", "asker")) for one in (main, question)} == before
    assert factories.reload(question).merged_into is None
    assert factories.reload(question).state == State.SUBMITTED
