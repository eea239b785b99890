"""How a question comes in: confirmed by mail, limited in number, and asked once."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from brokers.models import User
from questions import intake, limits, mail
from questions.models import Asker, Letter, Participation, Question
from questions.refusals import TooMany
from questions.states import State
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def confirmations(email: str) -> list[Letter]:
    return list(Letter.objects.filter(kind="confirm", participation__asker__email=email).order_by("due_at"))


def test_a_question_from_outside_waits_for_its_confirmation_and_writes_one_letter() -> None:
    question, part = intake.ask(
        factories.asking(email="Juf.Jansen@School.Example", tried="Google"), network="192.0.2.1"
    )
    assert (question.state, question.number, question.confirmed_at) == (State.SUBMITTED, None, None)
    assert part.asker is not None
    assert part.asker.email == "juf.jansen@school.example"
    assert (question.sector, question.role, question.tried) == ("po", "teacher", "Google")
    letter = Letter.objects.get()
    assert (letter.kind, letter.participation) == ("confirm", part)
    assert letter.due_at <= timezone.now()


@pytest.mark.parametrize("who", ["broker", "coordinator", "administrator"])
def test_staff_create_confirmed_questions_and_are_not_counted(
    who: str, request: pytest.FixtureRequest, settings: Any
) -> None:
    settings.QUESTIONS_PER_ADDRESS_A_DAY = settings.QUESTIONS_PER_NETWORK_AN_HOUR = 0
    user: User = request.getfixturevalue(who)
    question, part = intake.ask(factories.asking(), by=user)
    assert question.confirmed_at is not None
    assert question.number is not None
    assert [letter.kind for letter in part.letters.all()] == ["received"]
    assert list(question.events.values_list("name", "user")) == [("ask", user.pk), ("confirm", user.pk)]


def test_who_asks_for_others_decides_for_them_and_reads_are_remembered() -> None:
    answer = factories.published()
    question, part = intake.ask(factories.asking(on_behalf_of="De Vlieger", read=[answer.item.number, 999_999]))
    assert part.kind == Participation.Kind.ON_BEHALF
    assert part.decides
    assert list(question.read_before.all()) == [answer.item]


def test_the_same_address_is_one_asker_in_any_capitals() -> None:
    for email in ("een@school.example", "EEN@School.example"):
        intake.ask(factories.asking(email=email))
    assert Asker.objects.filter(email__iexact="een@school.example").count() == 1


def test_an_address_with_a_letter_that_two_alphabets_make_small_differently_is_still_one_asker() -> None:
    for _n in range(2):
        question, part = intake.ask(factories.asking(email="juf@\u0130stanbul.example"))
    assert Asker.objects.filter(email__contains="stanbul").get() == part.asker
    assert question.participations.get() == part


def test_somebody_else_cannot_rename_an_asker() -> None:
    intake.ask(factories.asking(email="een@school.example", name="Jan", language="nl"))
    intake.ask(factories.asking(email="een@school.example", name="Piet", language="en"))
    asker = Asker.objects.get(email="een@school.example")
    assert (asker.name, asker.language) == ("", "nl"), "nobody has proved who they are"


def test_who_confirms_decides_what_the_asker_is_called_and_written_in() -> None:
    intake.ask(factories.asking(email="een@school.example", name="Vreemde", language="en"))
    factories.submitted(email="een@school.example", name="Jan", language="nl")
    intake.ask(factories.asking(email="een@school.example", name="Piet", language="en"))
    factories.submitted(email="een@school.example", language="nl")
    asker = Asker.objects.get(email="een@school.example")
    assert (asker.name, asker.language) == ("Jan", "nl")


def test_what_staff_write_down_of_an_asker_counts(broker: User) -> None:
    intake.ask(factories.asking(email="een@school.example", name="Vreemde", language="en"))
    intake.ask(factories.asking(email="een@school.example", name="Jan", language="nl"), by=broker)
    asker = Asker.objects.get(email="een@school.example")
    assert (asker.name, asker.language) == ("Jan", "nl")


def test_a_confirmation_is_in_the_language_of_its_own_question(mail_dir: Any) -> None:
    intake.ask(factories.asking(email="een@school.example", language="en"))
    Letter.objects.all().delete()
    intake.ask(factories.asking(email="een@school.example", language="nl"))
    letter = mail.render(Letter.objects.get())
    assert letter is not None
    assert letter.subject != "Please confirm your question"


# --- Not a mail cannon ------------------------------------------------------------------------------


def test_an_address_gets_at_most_one_confirmation_an_hour() -> None:
    for _n in range(3):
        intake.ask(factories.asking(email="slachtoffer@school.example"))
    due = [letter.due_at for letter in confirmations("slachtoffer@school.example")]
    assert [later - earlier >= HOUR for earlier, later in pairwise(due)] == [True, True]
    mail.deliver()
    assert [bool(letter.sent_at) for letter in confirmations("slachtoffer@school.example")] == [True, False, False]


def test_confirmations_that_come_due_together_after_an_outage_still_go_an_hour_apart(mail_dir: Any) -> None:
    for _n in range(3):
        intake.ask(factories.asking(email="slachtoffer@school.example"))
    Letter.objects.update(due_at=timezone.now() - timedelta(minutes=5))
    assert mail.deliver() == 1
    assert len(list(mail_dir.glob("*.eml"))) == 1
    waiting = Letter.objects.filter(sent_at=None)
    assert all(letter.due_at > timezone.now() + timedelta(minutes=58) for letter in waiting)
    assert all(letter.attempts == 0 for letter in waiting), "waiting is not failing"
    Letter.objects.exclude(sent_at=None).update(sent_at=timezone.now() - HOUR)
    waiting.update(due_at=timezone.now())
    assert mail.deliver() == 1


def test_the_last_hour_counts_also_when_the_first_question_is_confirmed_already() -> None:
    question, _part = intake.ask(factories.asking(email="een@school.example"))
    mail.deliver()
    factories.move(question, "confirm", factories.mailed_link(question))
    intake.ask(factories.asking(email="een@school.example"))
    assert confirmations("een@school.example")[1].due_at > timezone.now() + timedelta(minutes=58)


def test_an_address_may_ask_so_many_questions_a_day(settings: Any) -> None:
    settings.QUESTIONS_PER_ADDRESS_A_DAY = 2
    for email in ("een@school.example", "Een@school.example"):
        intake.ask(factories.asking(email=email))
    with pytest.raises(TooMany) as refusal:
        intake.ask(factories.asking(email="EEN@school.example"))
    assert 0 < refusal.value.retry_after <= 86_401
    assert Question.objects.count() == 2
    intake.ask(factories.asking(email="ander@school.example"))


@pytest.mark.parametrize(
    ("same", "other"),
    [
        (["192.0.2.1", "192.0.2.200"], "192.0.3.1"),
        (["2001:db8:1::1", "2001:db8:1:ffff::9"], "2001:db8:2::1"),
        (["::ffff:192.0.2.1", "192.0.2.200"], "::ffff:192.0.3.1"),
    ],
)
def test_a_network_may_ask_so_many_questions_an_hour(same: list[str], other: str, settings: Any) -> None:
    settings.QUESTIONS_PER_NETWORK_AN_HOUR = 2
    for network in same:
        intake.ask(factories.asking(), network=network)
    with pytest.raises(TooMany) as refusal:
        intake.ask(factories.asking(), network=same[0])
    assert 0 < refusal.value.retry_after <= 3_601
    intake.ask(factories.asking(), network=other)


@pytest.mark.django_db(transaction=True)
def test_ten_questions_at_once_do_not_slip_past_the_count(settings: Any) -> None:
    settings.QUESTIONS_PER_ADDRESS_A_DAY = 4
    asking = factories.asking(email="druk@school.example")
    results = at_once([lambda: intake.ask(asking, network="192.0.2.9")] * 10)
    assert sum(isinstance(result, TooMany) for result in results) == 6
    assert Question.objects.count() == 4
    due = [letter.due_at for letter in confirmations("druk@school.example")]
    assert all(later - earlier >= HOUR for earlier, later in pairwise(due))


def test_a_refused_question_leaves_nothing_behind(settings: Any) -> None:
    settings.QUESTIONS_PER_ADDRESS_A_DAY = 0
    with pytest.raises(TooMany):
        intake.ask(factories.asking())
    assert not Question.objects.exists()
    assert not Asker.objects.exists()
    assert not Letter.objects.exists()


# --- What is taken ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "kort"}, "text"),
        ({"text": "x" * (limits.QUESTION + 1)}, "text"),
        ({"context": "x" * (limits.QUESTION + 1)}, "context"),
        ({"sector": "basis"}, "sector"),
        ({"role": "koning"}, "role"),
        ({"email": "geen adres"}, "email"),
        ({"email": None}, "email"),
        ({"language": "fr"}, "language"),
        ({"number": 7}, "number"),
        ({"state": "published"}, "state"),
        ({"read": "12"}, "read"),
        ({"read": [True]}, "read"),
        ({"personal_data_checked": "misschien"}, "personal_data_checked"),
    ],
)
def test_a_field_that_is_wrong_or_unknown_is_named_and_nothing_is_stored(more: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        intake.ask(factories.asking(**more))
    assert list(refusal.value.error_dict) == [field]
    assert not Question.objects.exists()


def test_ten_thousand_characters_are_taken() -> None:
    question, _part = intake.ask(factories.asking(text="é" * limits.QUESTION))
    assert len(factories.reload(question).text) == 10_000


def test_the_confirmation_link_works_for_a_week_and_only_unchanged() -> None:
    part = factories.asker(factories.unconfirmed())
    assert Participation.find_to_confirm(part.confirm_token) == part
    assert Participation.find_to_confirm(part.confirm_token + "x") is None
    assert Participation.find_to_confirm(part.token) is None
    assert Participation.find(part.confirm_token) is None
    assert Participation.find(part.token) == part


def test_the_link_is_not_in_the_database() -> None:
    part = factories.asker(factories.unconfirmed())
    row = Participation.objects.filter(pk=part.pk).values().get()
    assert part.token not in map(str, row.values())
