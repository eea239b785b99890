"""Erasing reaches every copy, whatever others did; nobody reads the words of somebody else; who waits hears nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from questions import afterwards, dialogue, following, incoming, joining, links, mail, privacy, reporting, writing
from questions.models import Asker, Event, FollowUp, Letter, Participation, Question, Version
from questions.refusals import NotNow, Stale
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
OWN = "Mijn eigen woorden over zebrapaden en het stillezen van mijn klas?"
NETWORK = "198.51.100.7"


def me_too(question: Question, email: str = "ook@school.example") -> Participation:
    return joining.me_too(question, {"email": email}, network=NETWORK)


def joined(question: Question, email: str = "ook@school.example") -> Participation:
    part = me_too(question, email)
    joining.confirm(part)
    return Participation.objects.get(pk=part.pk)


def erase(question: Question) -> None:
    asker = factories.asker(question).asker
    assert asker is not None
    privacy.erase(asker)


def text_of(letter: Letter) -> str:
    message = mail.render(letter)
    return f"{message.subject} {' '.join(message.body.split())}" if message else ""


# --- Erasing -----------------------------------------------------------------------------------------


def test_an_address_that_a_stranger_typed_keeps_no_word_of_who_is_erased() -> None:
    question = factories.shown(text=OWN)
    dialogue.say(question, {"body": "Bel mij over zebrapaden"}, by=factories.asker(question))
    me_too(question)
    erase(question)
    question = factories.reload(question)
    assert "zebrapaden" not in question.text
    assert not question.messages.filter(body__contains="zebrapaden").exists()


def test_others_who_wait_keep_the_agreed_question_and_nothing_that_was_the_asker_s() -> None:
    question = factories.shown(text=OWN)
    dialogue.say(question, {"body": "Beste zebrapaden"}, by=question.assignee)
    joined(question)
    erase(question)
    question = factories.reload(question)
    assert (question.text, question.articulated) == (factories.ARTICULATED, factories.ARTICULATED)
    assert not question.messages.filter(body__contains="zebrapaden").exists()
    assert joining.worked_on() == [], "the consent to show it went with them"


def test_their_own_words_beside_the_answer_go_also_while_others_want_to_know_it() -> None:
    desk = factories.Desk()
    question = factories.shown(desk, text=OWN)
    joined(question)
    version = factories.write(question, desk.broker, asked_as="Hoe leren zebrapaden lezen?")
    erase(question)
    assert not Version.objects.exclude(asked_as="").exists()
    with pytest.raises(Stale):  # whoever had the words in an open page does not bring them back
        writing.write(question, factories.texts(), by=desk.broker, expected=version.etag)


def test_what_a_merged_asker_said_goes_when_the_merge_is_undone() -> None:
    desk = factories.Desk()
    into = factories.agreed(desk)
    question = factories.merged(desk, into=into)
    part = into.participations.get(kind="merged")
    Event.record("respond", by=part, question=into, why="Bel zebrapaden", data={"why": "zebrapaden"})
    factories.move(question, "unmerge", desk.coordinator, why="toch anders")
    assert not Event.objects.filter(why__contains="zebrapaden").exists()
    assert not Event.objects.filter(data__why="zebrapaden").exists()


def test_an_export_holds_what_was_read_and_the_words_beside_the_answer() -> None:
    desk = factories.Desk()
    source = factories.source(title="Gelezen bron")
    question = factories.agreed(desk, read_sources=[source.key], behalf="myself")
    factories.write(question, desk.broker, asked_as="Hoe leren zij lezen?")
    asker = factories.asker(question).asker
    assert asker is not None
    (mine,) = privacy.export(asker)["questions"]
    assert mine["read_sources"] == ["Gelezen bron"]
    assert mine["asked_as"] == ["Hoe leren zij lezen?"]
    assert (mine["behalf"], mine["keep_private"]) == ("myself", False)


# --- Whose words --------------------------------------------------------------------------------------


def test_no_letter_tells_the_words_of_somebody_else(second_teacher: Any) -> None:
    desk = factories.Desk()
    into = factories.triaged(desk, text=OWN)
    factories.merged(desk, into=into, text="Hoe leer ik mijn groep beter rekenen?")
    factories.move(into, "claim", desk.broker)
    source = str(factories.source().pk)
    into = factories.move(into, "refer", desk.broker, source=source, note="Lees dit eens.")
    into.events.filter(name="refer").update(at=timezone.now() - timedelta(weeks=6, hours=1))
    assert afterwards.ask() == 2
    texts = {letter.participation.kind: text_of(letter) for letter in Letter.objects.filter(kind="after_6w")}
    assert "zebrapaden" in texts["asked"]
    assert "zebrapaden" not in texts["merged"]
    assert "rekenen" in texts["merged"]


def test_who_joined_a_question_and_moves_with_it_still_reads_no_words_of_its_asker() -> None:
    desk = factories.Desk()
    question = factories.shown(desk, text=OWN)
    joined(question)
    into = factories.triaged(desk)
    into = factories.triaged(desk, text="Iets van een ander?")
    factories.move(question, "merge", desk.coordinator, into=str(into.number), why="x")
    last = factories.triaged(desk, text="Nog een ander?")
    titles = {one.asker.email: one.title for one in into.participations.filter(kind="merged")}
    assert titles["ook@school.example"] == factories.ARTICULATED
    factories.move(into, "merge", desk.coordinator, into=str(last.number), why="x")
    titles = {one.asker.email: one.title for one in last.participations.filter(kind="merged")}
    assert titles["ook@school.example"] == factories.ARTICULATED
    assert "Iets van een ander?" in titles.values()


# --- Who waits ----------------------------------------------------------------------------------------


def test_the_links_again_are_none_of_questions_that_somebody_typed_an_address_for() -> None:
    waiting = me_too(factories.shown())
    Letter.objects.all().update(sent_at=timezone.now())
    links.send_again({"email": "ook@school.example"}, network=NETWORK)
    assert set(waiting.letters.values_list("kind", flat=True)) == {"confirm_me_too"}
    assert waiting.letters.filter(sent_at=None).count() == 1, "the link to confirm, once more"


def test_who_asked_themselves_gets_no_dead_link_among_the_links() -> None:
    waiting = me_too(factories.shown())
    question = factories.triaged(email="ook@school.example")
    links.send_again({"email": "ook@school.example"}, network=NETWORK)
    letter = Letter.objects.get(kind="links")
    assert letter.participation == factories.asker(question)
    assert waiting.mailed_token not in text_of(letter)


def test_whose_question_is_merged_hears_of_it_though_a_stranger_typed_their_address_there() -> None:
    desk = factories.Desk()
    into = factories.shown(desk)
    waiting = me_too(into)
    question = factories.triaged(desk, email="ook@school.example")
    factories.move(question, "merge", desk.coordinator, into=str(into.number), why="x")
    waiting.refresh_from_db()
    assert (waiting.kind, waiting.origin) == ("merged", question)


def test_who_takes_part_already_confirms_no_case_of_somebody_else() -> None:
    desk = factories.Desk()
    question = factories.shown(desk)
    part = joined(question)
    question = factories.move(question, "withdraw", factories.asker(question))
    factories.move(question, "reopen", desk.coordinator, why="toch")
    found = Participation.find_to_confirm(part.confirm_token)
    assert found is not None
    with pytest.raises(NotNow):
        joining.confirm(found)


# --- Afterwards ---------------------------------------------------------------------------------------


def asked_about(question: Question) -> int:
    question.events.filter(name__in=afterwards.GIVEN).update(at=timezone.now() - timedelta(weeks=6))
    return afterwards.ask()


def test_who_stopped_the_mail_is_not_counted_as_asked() -> None:
    question = factories.answered()
    mail.stop(factories.asker(question))
    assert asked_about(question) == 0
    assert not FollowUp.objects.exists()


def test_nobody_is_asked_what_they_did_with_an_answer_that_was_taken_back() -> None:
    assert asked_about(factories.retracted()) == 0
    desk = factories.Desk()
    other = factories.published(desk)
    question = factories.assigned(desk)
    question = factories.move(question, "refer", desk.broker, answer=other.number, note="Lees dit eens.")
    factories.move(other, "retract", desk.editor, why="de studie is ingetrokken")
    assert asked_about(question) == 0


def test_at_six_weeks_to_the_minute_it_is_asked() -> None:
    assert asked_about(factories.published()) == 1


# --- Texts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["track", "confirm", "after", "follow", "follow/confirm", "follow/stop", "mail/stop"])
def test_no_link_that_opens_something_gets_into_the_dialogue(path: str) -> None:
    words = f"Zie https://desk.example/{path}/abcdef0123?used=self en dank"
    assert incoming.without_secrets(words) == "Zie […] en dank"


def test_what_readers_leave_behind_names_nobody() -> None:
    version = factories.item(factories.published()).living()
    assert version is not None
    phone = "Bel 06-12345678"
    with pytest.raises(ValidationError):
        reporting.helped(version, {"helpful": "no", "missing": phone}, network=NETWORK)
    with pytest.raises(ValidationError):
        reporting.mistake(version, {"what": phone}, network=NETWORK)
    with pytest.raises(ValidationError):
        following.ask({"email": "ik@school.example", "q": phone}, network=NETWORK)
    assert not Asker.objects.filter(email="ik@school.example").exists()


def test_the_log_names_no_address_that_a_mail_server_refused(
    caplog: pytest.LogCaptureFixture, monkeypatch: Any
) -> None:
    factories.unconfirmed(email="geheim@school.example")

    def refuse(_message: Any) -> None:
        raise ValueError("geheim@school.example: no such mailbox")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    mail.deliver()
    assert "geheim" not in caplog.text
    assert "geheim" in Letter.objects.get().last_error
