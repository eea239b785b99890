"""Ready-made texts: filled in for a case in the asker's language, and never sent with a field in them."""

import pytest
from django.core.exceptions import ValidationError

from brokers.models import Desk, User
from questions import defaults, dialogue, placeholders, readytexts
from questions.models import Letter, ReadyText
from questions.refusals import NotNow, NotYou, Stale
from questions.states import State
from tests import factories

pytestmark = pytest.mark.django_db
WORDS = {"kind": "note", "name": "Kort", "text_nl": "Zie {answer}: {link}", "text_en": "See {answer}: {link}"}


def kept(by: User, **more: str) -> ReadyText:
    return readytexts.save(Desk.default(), None, {**WORDS, **more}, by=by, expected=0)


def filled(question: object, row: ReadyText, by: User, **more: object) -> readytexts.Filled:
    rows = readytexts.filled(question, by=by, **more)  # type: ignore[arg-type]
    return next(one for one in rows if one.pk == row.pk)


def test_a_desk_begins_with_texts_of_every_kind_whose_fields_all_exist() -> None:
    desk = Desk.objects.create(slug="mbo", name="Loket mbo")
    assert readytexts.furnish(desk) == len(defaults.TEXTS)
    assert readytexts.furnish(desk) == 0
    rows = list(readytexts.of_desk(desk))
    assert {row.kind for row in rows} == set(ReadyText.Kind.values)
    for row in rows:
        readytexts.checked({name: getattr(row, name) for name in ("kind", "name", "text_nl", "text_en")})
        assert set(placeholders.names(row.text_nl)) == set(placeholders.names(row.text_en)), row.name


@pytest.mark.parametrize(("language", "words"), [("nl", "Zie"), ("en", "See")])
def test_a_text_is_filled_in_the_language_of_the_asker(coordinator: User, language: str, words: str) -> None:
    question = factories.submitted(language=language)
    item = factories.item(factories.published())
    made = filled(question, kept(coordinator), coordinator, target=item)
    prefix = "" if language == "nl" else "/en"
    assert made.text == f"{words} {item.title}: http://localhost:8000{prefix}/answers/{item.number}"
    assert made.left == []


def test_what_cannot_be_filled_in_is_said_and_stays_to_be_seen(coordinator: User) -> None:
    made = filled(factories.submitted(), kept(coordinator, text_nl="{number} {answer} {…} {link}"), coordinator)
    assert made.left == ["answer", "…", "link"]
    assert made.text.endswith("{answer} {…} {link}")


def test_a_question_is_never_told_to_others_in_the_asker_s_own_words(coordinator: User, second_teacher: object) -> None:
    row = kept(coordinator, text_nl="Je vroeg: {question}")
    question = factories.submitted(text="Mijn eigen woorden over lezen in groep 6?")
    assert "Mijn eigen woorden" in filled(question, row, coordinator).text
    second_teacher(question)  # type: ignore[operator]
    question = factories.reload(question)
    assert filled(question, row, coordinator).text == "Je vroeg: je vraag"
    shown = factories.shown()
    second_teacher(shown)  # type: ignore[operator]
    assert filled(shown, row, coordinator).text == f"Je vroeg: {factories.ARTICULATED}"


def test_no_text_holds_the_name_or_the_address_of_who_asked(coordinator: User) -> None:
    question = factories.submitted(name="Geheimzinnig Persoon", email="geheim@school.example")
    every = " ".join(f"{{{name}}}" for name in placeholders.FIELDS)
    text = filled(question, kept(coordinator, text_nl=every), coordinator).text
    assert "Geheimzinnig" not in text
    assert "geheim@" not in text


@pytest.mark.parametrize("text", ["Beste {naam},", "{ Number }", "{asker_email}"])
def test_a_field_that_does_not_exist_is_refused_by_name(coordinator: User, text: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        kept(coordinator, text_nl=text)
    (error,) = refusal.value.error_dict["text_nl"]
    assert error.code == "unknown_field"
    assert "{number}" in str(error.messages)


OPEN = "Lees dit: {answer}"


def test_a_field_that_was_left_is_never_sent() -> None:
    team = factories.Desk()
    question = factories.assigned(team)
    tries = [
        ("refer", {"source": factories.source().key, "note": OPEN}),
        ("decline", {"why": OPEN, "alternative": "y"}),
        ("decline", {"why": "x", "alternative": "omdat {…}"}),
    ]
    for name, data in tries:
        with pytest.raises(ValidationError) as refusal:
            factories.move(question, name, team.coordinator, **data)
        assert [one.code for found in refusal.value.error_dict.values() for one in found] == ["open_field"]
    with pytest.raises(ValidationError):
        dialogue.say(question, {"body": OPEN}, by=team.broker)
    assert factories.reload(question).state == State.ASSIGNED
    assert not Letter.objects.filter(kind__in=["referred", "declined", "message_to_asker"]).exists()
    assert dialogue.say(question, {"body": OPEN}, by=factories.asker(question)).body == OPEN, "an asker writes freely"


def test_who_was_overtaken_saves_nothing_unseen(coordinator: User, editor: User) -> None:
    row = kept(coordinator)
    assert readytexts.save(row.desk, row, {**WORDS, "text_nl": "Eerst."}, by=editor, expected=1).n == 2
    with pytest.raises(Stale):
        readytexts.save(row.desk, row, {**WORDS, "text_nl": "Later."}, by=coordinator, expected=1)
    row.refresh_from_db()
    assert (row.text_nl, row.changed_by) == ("Eerst.", editor)


def test_two_texts_of_one_kind_do_not_share_a_name(coordinator: User) -> None:
    kept(coordinator)
    with pytest.raises(NotNow):
        kept(coordinator)
    kept(coordinator, kind="message")


def test_coordinators_and_editors_keep_the_texts_and_nobody_else(
    broker: User, reviewer: User, coordinator: User, editor: User
) -> None:
    row = kept(editor)
    for user in (broker, reviewer):
        with pytest.raises(NotYou):
            kept(user, name="Anders")
        with pytest.raises(NotYou):
            readytexts.drop(row, by=user)
    readytexts.drop(row, by=coordinator)
    assert not ReadyText.objects.filter(pk=row.pk).exists()
    with pytest.raises(NotNow):
        readytexts.save(row.desk, row, WORDS, by=coordinator, expected=1)


def test_an_example_is_whole(coordinator: User) -> None:
    for _kind, _name, dutch, english in defaults.TEXTS:
        assert set(placeholders.names(readytexts.example(dutch, "nl"))) <= {"…"}
        assert set(placeholders.names(readytexts.example(english, "en"))) <= {"…"}
