"""Who gets which letter, once, in their own language, however badly the mail server behaves."""

import email
import email.policy
import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage as Parsed
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.utils import timezone

from brokers import roles
from brokers.models import User
from questions import dialogue, intake, mail, privacy, recipients, tasks, workflow
from questions.inputs import INPUTS
from questions.letters import LETTERS, TO_DESK, TO_INVITED
from questions.models import Asker, Event, Invitation, Letter, Participation, Question, Version
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db
TO_FOLLOWERS = {
    "follow_confirm",
    "follow_known",
    "digest",
    "notices",
}  # of no event: test_following, test_digest, test_escalation


class Post:
    """The letters that were written since one looked last."""

    def __init__(self) -> None:
        self.seen: set[Any] = set()

    def fresh(self) -> set[tuple[str, str]]:
        letters = Letter.objects.exclude(pk__in=self.seen).select_related("participation__asker", "user")
        found = {(letter.kind, self.name(letter)) for letter in letters}
        assert len(found) == len(letters), "nobody gets the same letter twice"
        self.seen |= {letter.pk for letter in letters}
        return found

    @staticmethod
    def name(letter: Letter) -> str:
        person = letter.participation.asker if letter.participation else letter.user
        assert person is not None
        return person.email.partition("@")[0]


@pytest.fixture
def desk() -> factories.Desk:
    made = factories.Desk(broker=factories.staff(roles.BROKER, "Bea"))
    for role in ("broker", "coordinator", "reviewer", "editor"):
        User.objects.filter(pk=getattr(made, role).pk).update(email=f"{role}@desk.example")
        getattr(made, role).refresh_from_db()
    return made


@pytest.fixture
def post() -> Post:
    return Post()


def test_every_step_to_a_published_and_revised_answer_writes_to_the_right_people(
    desk: factories.Desk, post: Post
) -> None:
    move, write, working = factories.move, factories.write, factories.working
    question = factories.unconfirmed(email="asker@school.example")
    assert post.fresh() == {("confirm", "asker")}
    question = move(question, "confirm", factories.mailed_link(question))
    assert post.fresh() == {("received", "asker")}
    other = factories.triaged(desk, email="other@school.example")
    post.fresh()
    move(question, "triage", desk.coordinator, track="full")
    assert post.fresh() == set(), "triage is the desk's own affair"
    move(other, "merge", desk.coordinator, into=question.number, why="zelfde")
    assert post.fresh() == {("merged", "other")}
    move(question, "assign", desk.coordinator, broker=desk.broker.email)
    assert post.fresh() == {("taken", "asker"), ("taken", "other"), ("assigned", "broker")}
    question = move(question, "propose", desk.broker, articulated="Scherper?")
    assert post.fresh() == {("propose", "asker")}, "who came along does not decide"
    move(question, "agree", factories.asker(question))
    assert post.fresh() == {("agreed", "broker"), ("sharpened", "other")}
    write(question, desk.broker)
    assert post.fresh() == set()
    move(working(question), "submit", desk.broker)
    assert post.fresh() == {("review", "reviewer")}
    move(working(question), "request_changes", desk.reviewer, remarks="korter", kind="all")
    assert post.fresh() == {("changes", "broker")}
    move(working(question), "submit", desk.broker)
    move(working(question), "approve", desk.reviewer, kind="all")
    assert post.fresh() == {("review", "reviewer"), ("approved", "broker")}
    move(question, "answer", desk.broker)
    assert post.fresh() == {("answered", "asker"), ("answered", "other")}
    move(question, "publish", desk.editor)
    assert post.fresh() == {("published", "asker"), ("published", "other")}
    move(question, "revise", desk.broker, why="nieuw")
    write(question, desk.broker)
    move(working(question), "submit", desk.broker)
    move(working(question), "approve", desk.reviewer, kind="all")
    post.fresh()
    move(question, "publish", desk.editor)
    assert post.fresh() == {("revised", "asker"), ("revised", "other")}
    move(question, "retract", desk.editor, why="ingetrokken")
    assert post.fresh() == {("retracted", "asker"), ("retracted", "other")}


def test_every_other_end_writes_to_the_askers_and_to_the_broker_who_lost_the_case(
    desk: factories.Desk, post: Post, settings: Any
) -> None:
    settings.QUESTIONS_PER_ADDRESS_A_DAY = 50

    def case(**more: Any) -> Question:
        question = factories.assigned(desk, email="asker@school.example", **more)
        second = Asker.objects.get_or_create(email="second@school.example")[0]
        Participation.join(question=question, asker=second, kind="me_too")
        post.fresh()
        return question

    both = {"asker", "second"}
    other = factories.staff(roles.BROKER)
    into = factories.triaged(desk)
    ends: list[tuple[str, dict[str, Any], str, set[str]]] = [
        ("refer", {"source": factories.source().key, "note": "x"}, "referred", both),
        ("merge", {"into": into.number, "why": "x"}, "merged", both),
        ("decline", {"why": "x", "alternative": "y"}, "declined", both),
    ]
    for name, data, kind, people in ends:
        question = factories.move(case(), name, desk.coordinator, **data)
        assert post.fresh() == {(kind, person) for person in people} | {("left", "broker")}, name
    factories.move(question, "reopen", desk.coordinator, why="x")
    assert post.fresh() == {("reopened", person) for person in both}
    question = case()
    factories.move(question, "withdraw", factories.asker(question))
    assert post.fresh() == {("withdrawn", "broker"), ("dropped", "second")}
    factories.move(case(), "transfer", desk.coordinator, broker=other.email, why="x")
    assert post.fresh() == {
        ("taken", "asker"),
        ("taken", "second"),
        ("assigned", other.email.partition("@")[0]),
        ("left", "broker"),
    }
    factories.move(case(), "release", desk.broker, why="x")
    assert post.fresh() == set(), "nobody hears of what they did themselves"


def test_an_asker_whose_referral_did_not_help_sends_it_back_to_who_referred(desk: factories.Desk, post: Post) -> None:
    question = factories.referred(desk)
    post.fresh()
    factories.move(question, "respond", factories.asker(question), verdict="answered")
    assert post.fresh() == set()
    factories.move(question, "respond", factories.asker(question), verdict="partly")
    assert post.fresh() == {("not_helped", "broker")}


def test_a_message_goes_to_the_other_side(desk: factories.Desk, post: Post) -> None:
    question = factories.assigned(desk, email="asker@school.example")
    post.fresh()
    dialogue.say(question, {"body": "Hallo"}, by=desk.broker)
    assert post.fresh() == {("message_to_asker", "asker")}
    dialogue.say(question, {"body": "Dag"}, by=factories.asker(question))
    assert post.fresh() == {("message_to_broker", "broker")}


def test_a_message_about_a_case_that_nobody_holds_goes_to_the_coordinators(desk: factories.Desk, post: Post) -> None:
    question = factories.triaged(desk, email="asker@school.example")
    post.fresh()
    dialogue.say(question, {"body": "Nog iets"}, by=factories.asker(question))
    assert post.fresh() == {("message_to_broker", "coordinator")}


def test_every_kind_of_letter_has_words_and_every_event_that_writes_exists() -> None:
    kinds = {kind for rows in recipients.WRITES.values() for kind, _people in rows} - {"message"}
    extra = {"confirm", "confirm_me_too", "message_to_asker", "message_to_broker", "revised", "sent_on", "asks_you"}
    lists = {"links", "after_6w", "after_6m"}
    about_replies = {"reply_elsewhere", "reply_closed", "reply_unread"}
    assert set(LETTERS) == kinds | extra | lists | about_replies | TO_FOLLOWERS
    moves = {*INPUTS[Question], *(f"answer_{name}" for name in INPUTS[Version]), "message", "me_too", "remind"}
    assert set(recipients.WRITES) <= moves | {"invite", "uninvite", "not_published"}


def test_writing_the_letters_of_an_event_twice_writes_them_once() -> None:
    factories.published()
    before = Letter.objects.count()
    for event in Event.objects.all():
        mail.tell(event)
    assert Letter.objects.count() == before


# --- Sending ------------------------------------------------------------------------------------------


def letters_in(folder: Path) -> list[Parsed]:
    return [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in sorted(folder.glob("*.eml"))
    ]


def body_of(letter: Parsed) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_each_letter_becomes_one_file_with_one_link_that_leads_to_the_question(mail_dir: Path) -> None:
    factories.published(email="asker@school.example")
    mail.deliver()
    letters = [letter for letter in letters_in(mail_dir) if letter["To"] == "asker@school.example"]
    assert len(letters) == 6, "confirm, received, taken, propose, answered, published"
    client = Client()
    for letter in letters:
        links = re.findall(r"https?://\S+", body_of(letter))
        assert len(links) == 1
        assert links[0].startswith(configured.BASE_URL)
        assert client.get(links[0].removeprefix(configured.BASE_URL), follow=True).status_code == 200, links[0]
        assert letter["Auto-Submitted"] == "auto-generated"
        assert re.fullmatch(r"<[\w.-]+@[\w.-]+>", letter["Message-ID"])
        assert not re.search(r"%\(|None|\{", body_of(letter) + letter["Subject"])


def test_letters_to_the_desk_lead_to_the_case(mail_dir: Path) -> None:
    desk = factories.Desk()
    question = factories.in_review(desk)
    mail.deliver()
    (letter,) = [letter for letter in letters_in(mail_dir) if letter["To"] == desk.reviewer.email]
    assert f"/{question.pk}" in body_of(letter)


def test_every_letter_can_be_made_in_both_languages(mail_dir: Path) -> None:
    desk = factories.Desk()
    question = factories.published(desk, language="en", text="Does silent reading\nhelp  with 100% of comprehension?")
    event = question.events.last()
    part = factories.asker(question)
    for kind in LETTERS.keys() - TO_FOLLOWERS - TO_INVITED:
        for language in ("nl", "en"):
            Asker.objects.filter(pk=part.asker_id).update(language=language)
            made = mail.render(
                Letter(event=event, kind=kind, participation=factories.reload(part), created_at=timezone.now())
            )
            assert made is not None
            assert made.body.strip()
            assert "\n" not in made.subject


LONG = "Zie <b>dit</b> & <script>alert(1)</script> https://x.example/a?b=1&c=2\nTweede regel " + "woord " * 40


def invitation(language: str, question: Question) -> Invitation:
    """One that was not sent, with hostile words in all that a person writes."""
    question.articulated = LONG[:300]
    question.save(update_fields=["articulated"])
    today = timezone.localdate()
    return Invitation(email="buiten@school.example", language=language, note=LONG, until=today, kind="practice")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", sorted(LETTERS.keys() - TO_FOLLOWERS))
def test_text_and_html_say_the_same_and_carry_nothing_that_runs_or_tracks(
    kind: str, language: str, settings: Any
) -> None:
    settings.REPLY_ADDRESS = "desk@rotonde.example"
    question = factories.assigned(language=language, text=LONG)
    Event.objects.filter(pk=question.events.last().pk).update(why=LONG)
    Asker.objects.update(language=language)
    part, user = (None, question.assignee) if kind in TO_DESK | TO_INVITED else (factories.asker(question), None)
    outside = invitation(language, question) if kind in TO_INVITED else None
    letter = Letter(
        event=question.events.last(),
        kind=kind,
        participation=part,
        user=None if outside else user,
        invitation=outside,
        created_at=timezone.now(),
    )
    message = mail.render(letter)
    assert message is not None
    html = str(message.alternatives[0][0])
    wanted = language if part or outside else settings.LANGUAGE_CODE
    assert f'<html lang="{wanted}">' in html
    assert not re.search(r"<script|<img|<link|<style|javascript:|src=|url\(", html)
    assert not re.search(r"%\(|None", html + message.body)
    links = set(re.findall(r'href="([^"]+)"', html))
    assert len(links) == 1, "user text never becomes a link"
    (link,) = links
    assert link in message.body
    assert not re.search(r"[?&]|utm", link), "nothing that says which letter was opened"
    assert max(map(len, message.body.replace(link, "").splitlines())) <= 80
    seen = words_of(re.sub(r"<title>.*?</title>|<[^>]+>", " ", html))
    assert [word for word in words_of(message.body) if word not in seen] == []
    assert len(message.message().as_bytes()) < 15_000


def words_of(text: str) -> list[str]:
    return re.findall(r"\w{3,}", unescape(text))


def test_what_a_stranger_typed_stays_as_little_in_the_html() -> None:
    question = factories.unconfirmed(
        text="Klik op https://win.example/prijs <a href='https://win.example'>hier</a> voor"
    )
    message = mail.render(Letter.objects.get(event__question=question))
    assert message is not None
    assert "win.example" not in message.body + str(message.alternatives[0][0])


def test_every_letter_to_an_asker_can_be_stopped_by_one_click_but_the_confirmation(settings: Any) -> None:
    question = factories.published()
    for letter in Letter.objects.filter(event__question=question):
        message = mail.render(letter)
        assert message is not None
        stops = letter.participation is not None and letter.kind != "confirm"
        assert ("List-Unsubscribe" in message.extra_headers) == stops, letter.kind
        if stops:
            assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            assert re.fullmatch(r"<http[^<> ,]+/mail/stop/[^<> ,]+>", message.extra_headers["List-Unsubscribe"])


def test_no_header_can_be_added_from_what_somebody_typed() -> None:
    desk = factories.Desk(broker=factories.staff(roles.BROKER, "Bea\r\nBcc: x@y.example"))
    factories.assigned(desk)
    message = mail.render(Letter.objects.get(kind="taken"))
    assert message is not None
    assert "\n" not in message.subject
    assert message.message()["Bcc"] is None


def test_who_stopped_the_mail_gets_none_about_that_question_until_they_start_it_again(mail_dir: Path) -> None:
    desk = factories.Desk()
    question = factories.triaged(desk, email="asker@school.example")
    other = factories.triaged(desk, email="asker@school.example")
    mail.stop(factories.asker(question))
    assert not Letter.objects.filter(event__question=question, sent_at=None).exclude(kind="confirm").exists()
    factories.move(question, "claim", desk.broker)
    factories.move(other, "claim", desk.broker)
    taken = Letter.objects.filter(kind="taken", participation__asker__email="asker@school.example")
    assert [letter.event.question for letter in taken] == [other]
    mail.start_again(factories.asker(question))
    factories.move(question, "propose", desk.broker, articulated="Scherper?")
    assert Letter.objects.filter(kind="propose").count() == 1


def test_a_letter_that_was_written_while_somebody_stopped_the_mail_does_not_go_out(mail_dir: Path) -> None:
    question = factories.submitted()
    letter = Letter.objects.get(kind="received")
    Participation.objects.update(mail_stopped_at=timezone.now())
    assert mail.render(factories.reload(letter)) is None
    assert mail.render(Letter.objects.get(kind="confirm", event__question=question)) is not None


def test_the_wish_for_no_mail_stays_when_questions_are_joined() -> None:
    desk = factories.Desk()
    question = factories.triaged(desk, email="asker@school.example")
    mail.stop(factories.asker(question))
    into = factories.triaged(desk)
    factories.move(question, "merge", desk.coordinator, into=str(into.number), why="zelfde")
    factories.move(into, "claim", desk.broker)
    assert not Letter.objects.filter(kind="taken", participation__asker__email="asker@school.example").exists()


def test_an_asker_is_written_to_in_the_language_they_asked_in(mail_dir: Path) -> None:
    factories.unconfirmed(email="nl@school.example", language="nl")
    factories.unconfirmed(email="en@school.example", language="en")
    mail.deliver()
    texts = {letter["To"]: letter["Subject"] for letter in letters_in(mail_dir)}
    assert texts["en@school.example"] == "Please confirm your question"
    assert texts["nl@school.example"]


class DeadServer(BaseEmailBackend):
    def send_messages(self, email_messages: Any) -> int:
        raise ConnectionRefusedError("no mail server here")


@pytest.fixture
def dead_server(settings: Any) -> Callable[[bool], None]:
    def switch(dead: bool) -> None:
        settings.EMAIL_BACKEND = f"{__name__}.DeadServer" if dead else "questions.mailbox.Files"

    return switch


def test_a_dead_mail_server_loses_nothing_and_each_letter_goes_once_when_it_is_back(
    dead_server: Callable[[bool], None], mail_dir: Path
) -> None:
    factories.submitted()
    Letter.objects.filter(kind="confirm").delete()
    dead_server(True)
    assert mail.deliver() == 0
    (letter,) = Letter.objects.all()
    assert (letter.attempts, letter.sent_at, letter.dead_at) == (1, None, None)
    assert "no mail server" in letter.last_error
    assert letter.due_at > timezone.now() + timedelta(seconds=60)
    assert mail.deliver() == 0
    assert factories.reload(letter).attempts == 1, "it waits before it is tried again"
    dead_server(False)
    Letter.objects.update(due_at=timezone.now())
    assert mail.deliver() == 1
    assert mail.deliver() == 0
    assert len(letters_in(mail_dir)) == 1


def test_the_waits_grow_and_after_so_many_attempts_a_letter_is_visibly_dead(
    dead_server: Callable[[bool], None], administrator: User, api: Any
) -> None:
    factories.unconfirmed()
    dead_server(True)
    waits = []
    for _attempt in range(mail.ATTEMPTS + 1):
        Letter.objects.update(due_at=timezone.now())
        began = timezone.now()
        mail.deliver()
        waits.append(Letter.objects.get().due_at - began)
    letter = Letter.objects.get()
    assert letter.dead_at is not None
    assert waits[:3] == sorted(waits[:3])
    assert waits[0] < waits[3]
    assert max(waits) <= mail.LONGEST_WAIT + timedelta(seconds=5)
    dead_server(False)
    Letter.objects.update(due_at=timezone.now())
    assert mail.deliver() == 0
    assert api(administrator).get("/statusz").json()["letters"]["dead"] == 1


def test_a_thousand_dead_letters_do_not_stand_in_the_way_of_a_living_one() -> None:
    question = factories.submitted()
    event, part = question.events.last(), factories.asker(question)
    Letter.objects.all().delete()
    Letter.objects.bulk_create(
        Letter(event=event, kind=f"old{n}", participation=part, attempts=mail.ATTEMPTS, due_at=timezone.now())
        for n in range(1_200)
    )
    Letter.objects.create(event=event, kind="received", participation=part)
    assert mail.deliver() == 1


def test_what_is_due_longest_goes_first() -> None:
    late, early = factories.unconfirmed(), factories.unconfirmed()
    Letter.objects.filter(participation__question=early).update(due_at=timezone.now() - timedelta(hours=2))
    assert mail.deliver(limit=1) == 1
    assert early.events.get().letters.get().sent_at is not None
    assert late.events.get().letters.get().sent_at is None


def test_a_letter_that_was_taken_by_a_worker_that_died_goes_out_after_its_lease(mail_dir: Path) -> None:
    factories.unconfirmed()
    taken = mail.take_one()
    assert taken is not None
    assert mail.take_one() is None
    assert mail.deliver() == 0
    Letter.objects.update(due_at=timezone.now())
    assert mail.deliver() == 1


def test_a_letter_that_is_sent_again_after_a_crash_is_the_same_file(mail_dir: Path) -> None:
    factories.unconfirmed()
    letter = mail.take_one()
    assert letter is not None
    message = mail.render(letter)
    assert message is not None
    message.send()
    Letter.objects.update(due_at=timezone.now())  # the worker died before it wrote down that it was sent
    mail.deliver()
    assert [path.suffix for path in mail_dir.iterdir()] == [".eml"], "one file, and no half ones"


@pytest.mark.django_db(transaction=True)
def test_four_workers_that_deliver_at_once_send_each_letter_once(mail_dir: Path) -> None:
    for _n in range(12):
        factories.submitted()
    Letter.objects.update(due_at=timezone.now())
    sent = at_once([mail.deliver] * 4)
    assert sum(sent) == 24
    assert set(Letter.objects.values_list("attempts", flat=True)) == {1}
    assert len(list(mail_dir.glob("*.eml"))) == 24


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_confirmation_an_hour_to_an_address(mail_dir: Path) -> None:
    for _n in range(4):
        intake.ask(factories.asking(email="slachtoffer@school.example"))
    Letter.objects.update(due_at=timezone.now())
    assert sum(at_once([mail.deliver] * 4)) == 1


def test_who_was_erased_gets_no_letter(mail_dir: Path) -> None:
    question = factories.submitted()
    privacy.erase(factories.asker(question).asker)
    assert mail.deliver() == 0
    assert not list(mail_dir.glob("*.eml"))


def test_a_letter_is_written_only_when_the_move_succeeds() -> None:
    question = factories.triaged()
    before = Letter.objects.count()
    with pytest.raises(Exception, match=r"."):
        workflow.perform(question, "publish", by=factories.staff(roles.EDITOR))
    assert Letter.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_the_bell_delivers_what_waits(mail_dir: Path) -> None:
    factories.submitted()
    tasks.deliver()
    assert len(letters_in(mail_dir)) == 2
