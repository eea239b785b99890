"""Joining a question that somebody else asked: shown with consent, confirmed by mail, private otherwise."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from questions import joining, mail, privacy, retention, suggest, workflow
from questions.models import Asker, Event, Letter, Participation, Question
from questions.refusals import NotNow, TooMany
from tests import factories

pytestmark = pytest.mark.django_db
OWN = "Mijn eigen woorden over zebrapaden en het stillezen van mijn klas?"


@pytest.fixture
def shown() -> Question:
    return factories.shown(text=OWN)


def wants(question: Question, email: str = "ook@school.example", **more: Any) -> Participation:
    return joining.me_too(question, {"email": email, **more}, network="198.51.100.7")


def joined(question: Question, email: str = "ook@school.example") -> Participation:
    found = Participation.find_to_confirm(wants(question, email).confirm_token)
    assert found is not None
    joining.confirm(found)
    return Participation.objects.get(pk=found.pk)


# --- What is in public --------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["submitted", "triaged", "assigned", "proposed", "agreed", "published", "withdrawn"])
def test_no_question_is_in_public_before_somebody_has_cleared_it(state: str) -> None:
    getattr(factories, state)()
    assert joining.worked_on() == []


def test_a_question_that_was_never_agreed_or_that_the_asker_keeps_private_is_not_shown() -> None:
    desk = factories.Desk()
    waived = factories.move(factories.proposed(desk), "waive", desk.coordinator, why="telefonisch")
    private = factories.proposed(desk)
    private = factories.move(private, "agree", factories.asker(private), keep_private=True)
    for question in (waived, private):
        with pytest.raises(NotNow):
            factories.move(question, "show", desk.broker, nobody_recognisable=True)


def test_personal_data_in_the_sharpened_question_is_not_shown() -> None:
    desk = factories.Desk()
    question = factories.agreed(desk)
    # As it may stand there from before such words were refused.
    Question.objects.filter(pk=question.pk).update(articulated="Wat helpt wie op 06-12345678 belt?")
    with pytest.raises(ValidationError):
        factories.move(question, "show", desk.broker, nobody_recognisable=True)
    with pytest.raises(ValidationError):
        factories.move(factories.agreed(desk), "show", desk.broker)


def test_what_is_shown_is_found_in_the_agreed_words_and_in_those_alone(shown: Question) -> None:
    (found,) = suggest.suggest(factories.ARTICULATED).working
    assert (found.title, found.number) == (factories.ARTICULATED, shown.number)
    assert "zebrapaden" not in found.passage
    assert suggest.suggest("zebrapaden").working == []
    assert suggest.suggest(factories.ARTICULATED).questions == []


@pytest.mark.parametrize("name", ["propose", "withdraw", "decline", "hide", "merge"])
def test_it_goes_out_of_sight_with_whatever_ends_it(shown: Question, name: str) -> None:
    desk = factories.Desk(broker=shown.assignee)
    steps: dict[str, Any] = {
        "propose": (desk.broker, {"articulated": "Andere woorden dan eerst voor deze vraag?"}),
        "withdraw": (factories.asker(shown), {}),
        "decline": (desk.coordinator, {"why": "x", "alternative": "y"}),
        "hide": (desk.broker, {}),
        "merge": (desk.coordinator, {"into": str(factories.triaged(desk).number), "why": "x"}),
    }
    by, data = steps[name]
    question = factories.move(shown, name, by, **data)
    assert joining.worked_on() == []
    assert suggest.suggest(factories.ARTICULATED).working == []
    if name in ("withdraw", "decline"):
        question = factories.move(question, "reopen", desk.coordinator, why="toch")
        factories.move(question, "triage", desk.coordinator, track="full")
        assert joining.worked_on() == [], "nobody cleared it again"


def test_an_erased_asker_takes_the_question_out_of_sight(shown: Question) -> None:
    privacy.erase(factories.asker(shown).asker)
    assert joining.worked_on() == []


@pytest.mark.parametrize(("people", "told"), [(0, 0), (1, 0), (2, 3), (4, 5)])
def test_how_many_want_to_know_is_told_from_three_on_and_in_steps(shown: Question, people: int, told: int) -> None:
    for n in range(people):
        joined(shown, f"ook{n}@school.example")
    wants(shown, "nog.niet.bevestigd@school.example")
    (found,) = joining.worked_on()
    assert found.askers == told


# --- Joining ---------------------------------------------------------------------------------------------


def test_somebody_joins_by_the_link_in_the_mail_and_hears_from_then_on(shown: Question) -> None:
    part = wants(shown, name="Els")
    assert (part.kind, part.asker.name) == ("waiting", "")
    assert Participation.find(part.token) is None, "its page opens to the mailbox only"
    assert not Letter.objects.filter(participation=part).exclude(kind="confirm_me_too").exists()
    part = joined(shown)
    assert (part.kind, part.asker.name, part.decides) == ("me_too", "Els", False)
    assert Letter.objects.filter(participation=part, kind="joined").count() == 1
    factories.move(shown, "release", shown.assignee, why="vol")
    factories.move(factories.reload(shown), "claim", factories.Desk().broker)
    assert Letter.objects.filter(participation=part, kind="taken").count() == 1
    assert "me_too" in shown.events.values_list("name", flat=True)


def test_until_then_nothing_is_sent_to_an_address_that_anybody_may_have_typed(shown: Question) -> None:
    part = wants(shown)
    factories.move(shown, "release", shown.assignee, why="vol")
    factories.move(factories.reload(shown), "claim", factories.Desk().broker)
    assert set(Letter.objects.filter(participation=part).values_list("kind", flat=True)) == {"confirm_me_too"}


def test_the_letter_holds_the_agreed_words_and_never_those_of_the_asker(shown: Question, mail_dir: Any) -> None:
    part = wants(shown)
    text = mail.render(Letter.objects.get(participation=part)).body
    assert factories.ARTICULATED in " ".join(text.split())
    assert "zebrapaden" not in text
    assert f"/confirm/{part.pk}" in text


def test_twice_is_once_and_tells_nothing_of_who_takes_part(shown: Question) -> None:
    parts = {wants(shown).pk, wants(shown, "OOK@school.example").pk, joined(shown).pk, joined_again(shown)}
    assert len(parts) == 1
    assert wants(shown, factories.asker(shown).asker.email).kind == "asked"
    assert shown.participations.count() == 2
    assert Letter.objects.filter(kind="joined").count() == 1


def joined_again(question: Question) -> Any:
    part = wants(question)
    found = Participation.find_to_confirm(part.confirm_token)
    assert found is not None
    found.kind = Participation.Kind.WAITING  # as a second press finds it that came in at the same moment
    with pytest.raises(NotNow):
        joining.confirm(found)
    return part.pk


def test_a_question_that_is_not_shown_cannot_be_joined() -> None:
    with pytest.raises(NotNow):
        wants(factories.agreed())
    assert not Asker.objects.filter(email="ook@school.example").exists()


def test_a_question_that_ended_meanwhile_is_joined_no_more_and_one_that_was_answered_is(shown: Question) -> None:
    ended = Participation.find_to_confirm(wants(shown).confirm_token)
    assert ended is not None
    factories.move(shown, "withdraw", factories.asker(shown))
    with pytest.raises(NotNow):
        joining.confirm(ended)


def test_joining_has_quotas(shown: Question, settings: Any) -> None:
    settings.QUESTIONS_PER_ADDRESS_A_DAY = 1
    wants(shown)
    with pytest.raises(TooMany):
        wants(shown)
    settings.QUESTIONS_PER_NETWORK_AN_HOUR = 0
    with pytest.raises(TooMany):
        wants(shown, "ander@school.example")


def test_who_joined_can_be_erased_and_who_never_confirmed_is_forgotten(shown: Question) -> None:
    part = joined(shown)
    privacy.erase(part.asker)
    assert not Asker.objects.filter(email="ook@school.example").exists()
    assert Question.objects.get(pk=shown.pk).text == OWN
    late = wants(shown, "laat@school.example", name="Laat")
    Participation.objects.filter(pk=late.pk).update(created_at=timezone.now() - timedelta(days=9))
    retention.forget_unconfirmed()
    assert not Asker.objects.filter(email="laat@school.example").exists()
    assert not Event.objects.filter(data__name="Laat").exists()
    assert Question.objects.filter(pk=shown.pk).exists()


def test_who_waits_moves_to_no_other_question(shown: Question) -> None:
    wants(shown)
    desk = factories.Desk()
    into = factories.triaged(desk)
    workflow.perform(shown, "merge", by=desk.coordinator, data={"into": str(into.number), "why": "x"})
    assert not into.participations.filter(asker__email="ook@school.example").exists()
