"""What is being asked now: for staff with a link, for the public as a number that tells of nobody."""

from typing import Any

import pytest

from evidence import embedding, encoder
from questions import intake, seeding, suggest
from questions.models import Asker, Participation, Question
from questions.suggest import Suggestions
from tests import factories

pytestmark = pytest.mark.django_db
TEXT = "Helpt stillezen bij begrijpend lezen in groep zes?"


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


def asked(desk: factories.Desk, count: int, text: str = TEXT) -> list[Question]:
    made = [factories.triaged(desk, text=text) for _n in range(count)]
    embedding.embed_all()
    return made


def for_staff(desk: factories.Desk, text: str, **more: Any) -> Suggestions:
    return suggest.suggest(text, user=desk.coordinator, **more)


def test_staff_see_which_open_questions_ask_the_same(desk: factories.Desk) -> None:
    (same,) = asked(desk, 1)
    asked(desk, 1, "Welk effect heeft huiswerk op motivatie in de brugklas?")
    found = for_staff(desk, TEXT).asked_now
    assert [(one.number, one.url) for one in found] == [(same.number, f"/desk/cases/{same.pk}")]


def test_a_question_is_not_asked_by_itself(desk: factories.Desk) -> None:
    (same,) = asked(desk, 1)
    assert for_staff(desk, TEXT, besides=str(same.pk)).asked_now == []


def test_a_closed_question_is_not_asked_any_more(desk: factories.Desk) -> None:
    (same,) = asked(desk, 1)
    factories.move(same, "decline", desk.coordinator, why="x", alternative="y")
    assert for_staff(desk, TEXT).asked_now == []


def test_the_public_gets_no_questions(desk: factories.Desk) -> None:
    asked(desk, 4)
    assert suggest.suggest(TEXT).questions == []


@pytest.mark.parametrize(("people", "told"), [(0, 0), (1, 0), (2, 0), (3, 3), (4, 3), (5, 5), (7, 5)])
def test_the_public_is_told_a_number_from_three_people_on_and_in_steps(
    desk: factories.Desk, people: int, told: int
) -> None:
    asked(desk, people)
    assert suggest.others_asking(TEXT) == told


def test_one_person_who_asks_often_is_one_person(desk: factories.Desk) -> None:
    for question in asked(desk, 4):
        question.participations.update(asker=Asker.objects.get_or_create(email="steeds@school.example")[0])
    assert suggest.others_asking(TEXT) == 0


def test_people_who_joined_a_question_count_and_erased_ones_do_not(desk: factories.Desk) -> None:
    (question,) = asked(desk, 1)
    for number in range(2):
        asker = Asker.objects.create(email=f"ook{number}@school.example")
        Participation.join(question=question, asker=asker, kind="me_too")
    assert suggest.others_asking(TEXT) == 3
    Asker.objects.filter(email="ook0@school.example").delete()
    assert suggest.others_asking(TEXT) == 0


def test_questions_that_nobody_of_the_desk_has_read_do_not_count(desk: factories.Desk) -> None:
    """Who sends questions to find out what others ask has to get them past a coordinator."""
    asked(desk, 2)
    for _n in range(3):
        factories.submitted(text=TEXT)
    embedding.embed_all()
    assert suggest.others_asking(TEXT) == 0


def test_without_vectors_nothing_is_called_the_same(desk: factories.Desk, settings: Any) -> None:
    asked(desk, 3)
    settings.EMBEDDING_MODEL = "none"
    assert suggest.others_asking(TEXT) == 0
    found = for_staff(desk, TEXT)
    assert found.questions
    assert found.asked_now == []


def test_a_network_is_told_only_so_often(desk: factories.Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(desk, 3)
    monkeypatch.setattr(intake, "OTHERS_TOLD_AN_HOUR", 2)
    told = [intake.others_asking(TEXT, "198.51.100.7") for _n in range(3)]
    assert told == [3, 3, 0]
    assert intake.others_asking(TEXT, "203.0.113.9") == 3


# --- The threshold, with the real model ---------------------------------------------------------

SAME = {
    "Levert huiswerk in groep 7 en 8 iets op?": "q001",
    "Zorgt formatief handelen voor betere leerresultaten?": "q006",
    "Is een plusklas één dag in de week goed voor hoogbegaafde leerlingen, ook voor hun sociale ontwikkeling?": "q018",
    "Hoe houd ik leerlingen met ADHD bij hun werk in de klas?": "q019",
    "Helpen computerspelletjes voor het trainen van executieve functies bij lezen en rekenen?": "q020",
    "Wordt het beter op school als smartphones verboden zijn?": "q025",
    "Is Lesson Study beter voor de kwaliteit van lessen dan een gewone nascholing?": "q034",
    "Hebben verwachtingen van docenten invloed op kansen van migrantenkinderen?": "q039",
    "Heeft een continurooster met een korte pauze invloed op de concentratie van kleuters?": "q056",
    "Werkt een VR-bril beter dan een gewone les bij burgerschap op de entreeopleiding?": "q062",
}
OTHERS = [
    "Helpt een vierkantsrooster tegen lesuitval in de bovenbouw?",
    "Leren kleuters beter tellen met hun vingers?",
    "Wat is de invloed van schoolkleding op het zelfbeeld van pubers?",
    "Helpt muziekles bij het leren lezen?",
    "Hoe begeleid je een leerling die een ouder heeft verloren?",
    "Welke rol heeft de intern begeleider bij passend onderwijs?",
]


@pytest.mark.encoder
def test_other_words_for_a_question_are_the_same_and_other_questions_are_not(settings: Any) -> None:
    settings.EMBEDDING_MODEL = ""
    encoder.prepare(lambda line: None)
    assert encoder.warm()
    desk = factories.Desk()
    numbers = {}
    for case in seeding.read("cases"):
        if case["key"] in SAME.values():
            more = {"text": case["text"], "context": case.get("context", ""), "personal_data_checked": True}
            numbers[factories.submitted(**more).number] = case["key"]
    embedding.embed_all()
    found = {text: [numbers[one.number] for one in for_staff(desk, text).asked_now] for text in (*SAME, *OTHERS)}
    assert found == {**{text: [key] for text, key in SAME.items()}, **{text: [] for text in OTHERS}}
