"""A reply by mail reaches the broker, once; strangers, machines and tricks reach nobody."""

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from config import celery
from questions import checks, dialogue, incoming, mail, privacy, replies, tallies
from questions.models import HandledMail, Letter, Message, Participation, Question
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db
ASKER = "asker@school.example"


class Box:
    """The mailbox of the desk, as a mail server would fill it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def put(self, mime: EmailMessage | bytes) -> None:
        self.count += 1
        new = self.folder / "new"
        new.mkdir(parents=True, exist_ok=True)
        (new / f"{self.count:04}.mail").write_bytes(mime if isinstance(mime, bytes) else mime.as_bytes())

    def waiting(self) -> int:
        return len(list((self.folder / "new").glob("*")))

    def aside(self) -> int:
        return len(list((self.folder / ".Refused" / "new").glob("*")))

    def read(self) -> dict[str, int]:
        return dict(replies.read())


@pytest.fixture
def box(settings: Any, tmp_path: Path) -> Box:
    settings.REPLY_MAILBOX = f"maildir:{tmp_path / 'box'}"
    settings.REPLY_ADDRESS = "desk@rotonde.example"
    return Box(tmp_path / "box")


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


@pytest.fixture
def question(box: Box, desk: factories.Desk) -> Question:
    """A case whose broker has just written to the asker."""
    made = factories.assigned(desk, email=ASKER)
    dialogue.say(made, {"body": "Welke groep?"}, by=desk.broker)
    return made


def letter_to(who: str, question: Question) -> Letter:
    rows = Letter.objects.filter(event__question=question).order_by("-created_at")
    return rows.filter(participation__asker__email=who).first() or rows.filter(user__email=who)[0]


def reply(letter: Letter, text: str = "Groep 6.", sender: str = ASKER, **headers: str) -> EmailMessage:
    sent = mail.render(letter)
    assert sent is not None
    made = EmailMessage()
    made["From"] = f"Iemand <{sender}>"
    made["To"] = sent.reply_to[0] if sent.reply_to else "desk@rotonde.example"
    made["Subject"] = f"Re: {sent.subject}"
    made["Message-ID"] = f"<{timezone.now().timestamp()}@school.example>"
    for name, value in headers.items():
        del made[name.replace("_", "-")]
        made[name.replace("_", "-")] = value
    made.set_content(text + "\n\nOp ma 3 nov 2025 om 14:05 schreef Rotonde:\n> " + sent.body.replace("\n", "\n> "))
    return made


def said(question: Question) -> list[str]:
    return list(question.messages.filter(from_asker=True).values_list("body", flat=True))


def test_a_reply_becomes_a_message_and_the_broker_hears_of_it(box: Box, question: Question, mail_dir: Path) -> None:
    mail.deliver()
    (file,) = [
        path for path in mail_dir.glob("*.eml") if "Reply-To" in path.read_text() and "bericht" in path.read_text()
    ]
    sent = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert re.fullmatch(r"desk\+[a-z2-7]{42}@rotonde\.example", sent["Reply-To"])
    assert len(sent["Reply-To"].partition("@")[0]) <= 64
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = ASKER, sent["Reply-To"], "Re: bericht"
    made.set_content("Groep 6, vooral zwakke lezers.\n")
    box.put(made)
    assert box.read() == {"taken": 1}
    message = question.messages.get(from_asker=True)
    assert (message.body, message.participation) == ("Groep 6, vooral zwakke lezers.", factories.asker(question))
    assert letter_to(question.assignee.email, question).kind == "message_to_broker"
    assert (box.waiting(), box.aside()) == (0, 0)
    assert tallies.totals(["reply.taken"]) == {"reply.taken": 1}


def test_only_the_typed_words_are_kept(box: Box, question: Question) -> None:
    box.put(reply(letter_to(ASKER, question), "Groep 6.\n\nMet vriendelijke groet,\nJan de Vries\n06-12345678"))
    box.read()
    assert said(question) == ["Groep 6."]


def test_a_broker_replies_to_the_asker_and_only_to_letters_about_a_message(
    box: Box, question: Question, desk: factories.Desk
) -> None:
    box.put(reply(letter_to(ASKER, question)))
    box.read()
    assert desk.broker is not None
    box.put(reply(letter_to(desk.broker.email, question), "Dank, ik zoek.", sender=desk.broker.email))
    assert box.read() == {"taken": 1}
    assert question.messages.get(body="Dank, ik zoek.").user == desk.broker
    factories.move(
        question, "transfer", factories.staff("coordinator"), broker=factories.staff("broker").email, why="x"
    )
    left = mail.render(Letter.objects.get(kind="left", event__question=question))
    assert left is not None
    assert left.reply_to == []


def test_the_same_mail_twice_is_taken_over_once(box: Box, question: Question) -> None:
    made = reply(letter_to(ASKER, question))
    box.put(made)
    box.put(b"Received: by another.example\n" + made.as_bytes())
    assert box.read() == {"taken": 2}
    assert said(question) == ["Groep 6."]
    assert (box.waiting(), box.aside()) == (0, 0)


def test_a_mail_whose_removal_was_lost_changes_nothing_a_second_time(
    box: Box, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the process is killed between the commit and the removal."""
    box.put(reply(letter_to(ASKER, question)))
    box.put(reply(letter_to(ASKER, question), sender="ander@school.example"))
    with monkeypatch.context() as killed:
        killed.setattr(replies.letterbox.Maildir, "remove", lambda *_: None)
        killed.setattr(replies.letterbox.Maildir, "put_aside", lambda *_: None)
        box.read()
    assert box.waiting() == 2
    assert box.read() == {"taken": 1, "elsewhere": 1}
    assert (said(question), box.waiting(), box.aside()) == (["Groep 6."], 0, 1)
    assert Letter.objects.filter(kind="reply_elsewhere").count() == 1


def test_a_database_that_is_away_loses_no_mail(box: Box, question: Question, monkeypatch: pytest.MonkeyPatch) -> None:
    box.put(reply(letter_to(ASKER, question)))

    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("away")

    with monkeypatch.context() as broken:
        broken.setattr(replies.dialogue, "say", away)
        with pytest.raises(OperationalError):
            box.read()
    assert not HandledMail.objects.exists()
    assert box.read() == {"taken": 1}


@pytest.mark.django_db(transaction=True)
def test_readers_at_the_same_time_take_each_reply_over_once(box: Box, question: Question) -> None:
    for n in range(5):
        box.put(reply(letter_to(ASKER, question), f"Antwoord {n}"))
    at_once([replies.read] * 3)
    assert sorted(said(question)) == [f"Antwoord {n}" for n in range(5)]
    assert box.waiting() == 0


# --- Who is not heard -----------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "+" + "a" * 42, "+" + "a" * 41, "+kort"])
def test_a_stranger_stores_nothing_and_gets_no_mail(box: Box, question: Question, token: str) -> None:
    before = Letter.objects.count()
    made = reply(letter_to(ASKER, question), To=f"desk{token}@rotonde.example")
    box.put(made)
    assert box.read() == {"stranger": 1}
    assert (said(question), Letter.objects.count(), HandledMail.objects.count()) == ([], before, 0)
    assert box.aside() == 1, "a person may look at it"


def test_a_token_is_not_guessed_from_another_letter(question: Question) -> None:
    own, other = letter_to(ASKER, question), Letter.objects.filter(kind="confirm")[0]
    mixed = other.reply_token[:26] + own.reply_token[26:]
    assert Letter.find_by_reply_token(own.reply_token.upper()) == own, "mail servers may change the case"
    assert Letter.find_by_reply_token(mixed) is None
    for odd in ("", "a", "é" * 42, "1" * 42, "a" * 500):
        assert Letter.find_by_reply_token(odd) is None


def test_who_writes_from_elsewhere_is_not_believed_and_the_known_address_hears_of_it_once(
    box: Box, question: Question, mail_dir: Path
) -> None:
    mail.deliver()
    for _n in range(3):
        box.put(reply(letter_to(ASKER, question), sender="vreemd@elders.example"))
    assert box.read() == {"elsewhere": 3}
    assert said(question) == []
    assert mail.deliver() == 1
    (letter,) = Letter.objects.filter(kind="reply_elsewhere")
    sent = mail.render(letter)
    assert sent is not None
    assert sent.to == [ASKER]
    assert "/track/" in sent.body


def test_two_senders_are_none(box: Box, question: Question) -> None:
    box.put(reply(letter_to(ASKER, question), From=f"{ASKER}, ander@school.example"))
    assert box.read() == {"elsewhere": 1}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("Auto-Submitted", "auto-generated; type=x"),
        ("Precedence", "bulk"),
        ("X-Auto-Response-Suppress", "All"),
        ("Return-Path", "<>"),
        ("List-Id", "<leraren.example>"),
        ("X-Autoreply", "yes"),
        ("Subject", "Automatisch antwoord: Een bericht over vraag 12"),
        ("Subject", "=?utf-8?q?Out_of_Office=3A_weg?="),
        ("From", "MAILER-DAEMON@school.example"),
        ("From", "no-reply@school.example"),
    ],
)
def test_automatic_mail_is_ignored_and_never_answered(box: Box, question: Question, name: str, value: str) -> None:
    before = Letter.objects.count()
    box.put(reply(letter_to(ASKER, question), **{name.replace("-", "_"): value}))
    assert box.read() == {"automatic": 1}
    assert (said(question), Letter.objects.count()) == ([], before)


def test_our_own_letters_and_bounces_go_round_no_more(box: Box, question: Question) -> None:
    sent = mail.render(letter_to(ASKER, question))
    assert sent is not None
    box.put(sent.message().as_bytes())
    bounce = reply(letter_to(ASKER, question))
    bounce.replace_header("Content-Type", 'multipart/report; report-type="delivery-status"; boundary="x"')
    box.put(bounce.as_bytes())
    assert box.read() == {"automatic": 2}


def test_a_case_that_is_closed_answers_with_a_link(box: Box, question: Question) -> None:
    letter = letter_to(ASKER, question)
    made = reply(letter)
    factories.move(question, "withdraw", factories.asker(question))
    box.put(made)
    assert box.read() == {"closed": 1}
    assert said(question) == []
    assert Letter.objects.get(kind="reply_closed").participation == factories.asker(question)


def test_who_was_erased_says_nothing_more(box: Box, question: Question) -> None:
    made = reply(letter_to(ASKER, question))
    asker = factories.asker(question).asker
    assert asker is not None
    privacy.erase(asker)
    box.put(made)
    assert box.read() == {"stranger": 1}
    assert said(question) == ["[…]"] or said(question) == []


def test_who_asked_the_same_and_decides_nothing_has_no_reply_address(
    box: Box, question: Question, second_teacher: Any
) -> None:
    part: Participation = second_teacher(question)
    letter = Letter(event=question.events.last(), kind="taken", participation=part, created_at=timezone.now())
    sent = mail.render(letter)
    assert sent is not None
    assert sent.reply_to == []


def test_more_replies_than_an_hour_allows_are_not_taken_over(box: Box, question: Question, settings: Any) -> None:
    settings.REPLIES_AN_HOUR = 2
    for n in range(4):
        box.put(reply(letter_to(ASKER, question), f"Antwoord {n}"))
    assert box.read() == {"taken": 2, "unread": 2}
    assert len(said(question)) == 2


# --- What is in it -------------------------------------------------------------------------------


def test_html_alone_is_read_and_attachments_are_named_but_not_taken(box: Box, question: Question) -> None:
    made = reply(letter_to(ASKER, question))
    made.set_content("<p>Groep <b>6</b></p><img src='https://x.example/p.gif'>", subtype="html")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="leerling.pdf")
    box.put(made)
    assert box.read() == {"taken": 1}
    (body,) = said(question)
    assert body.startswith("Groep 6\n\n(")
    assert "1" in body
    assert "leerling" not in body


@pytest.mark.parametrize("text", ["", "> alleen een citaat", "x" * 10_001, "\u200b \u00a0"])
def test_a_reply_without_usable_words_gets_a_letter_that_says_so(box: Box, question: Question, text: str) -> None:
    box.put(reply(letter_to(ASKER, question), text))
    assert box.read() == {"unread": 1}
    assert said(question) == []
    assert Letter.objects.filter(kind="reply_unread").count() == 1


def test_the_asker_s_own_link_never_gets_into_the_dialogue(box: Box, question: Question) -> None:
    sent = mail.render(letter_to(ASKER, question))
    assert sent is not None
    link = re.findall(r"http\S+/track/\S+", sent.body)[0]
    box.put(reply(letter_to(ASKER, question), f"Kijk op {link} of mail {sent.reply_to[0]} even."))
    box.read()
    assert said(question) == ["Kijk op […] of mail […] even."]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe" * 1000,
        b"From: a\r\nContent-Type: text/plain; charset=punycode\r\n\r\n" + b"a-" * 100_000,
        b"From: " + b"(" * 50_000 + b"\r\n\r\nx",
        b"Content-Type: text/plain" + b"; a=b" * 50_000 + b"\r\n\r\nx",
        b"Content-Type: message/rfc822\r\n\r\n" * 5_000,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(5_000)),
        b"Subject: =?no-such-code?q?x?=\r\nTo: desk+" + b"a" * 42 + b"@rotonde.example\r\n\r\nx",
    ],
)
def test_a_mail_made_to_do_harm_does_not_hold_up_the_next(box: Box, question: Question, raw: bytes) -> None:
    box.put(raw)
    box.put(reply(letter_to(ASKER, question)))
    counts = box.read()
    assert counts.pop("taken") == 1
    assert sum(counts.values()) == 1
    assert (box.waiting(), box.aside()) == (0, 1)


def test_control_characters_and_odd_codes_come_out_readable() -> None:
    raw = b"From: a@b.example\r\nContent-Type: text/plain; charset=windows-1252\r\n\r\nCaf\xe9\x00\x07 na\xefef\r\n"
    assert incoming.parse(raw, []).words == "Café naïef"
    raw = b"From: a@b.example\r\nContent-Type: text/plain; charset=nonsense\r\n\r\nCaf\xc3\xa9\r\n"
    assert incoming.parse(raw, []).words == "Café"


# --- Running it ----------------------------------------------------------------------------------


def test_the_command_says_what_it_did_or_why_not(
    box: Box, question: Question, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    box.put(reply(letter_to(ASKER, question)))
    call_command("read_mail")
    assert "1 taken" in capsys.readouterr().out
    settings.REPLY_MAILBOX = "imap://desk:geheim@127.0.0.1:1/INBOX"
    with pytest.raises(CommandError) as refused:
        call_command("read_mail")
    assert "geheim" not in str(refused.value)
    settings.REPLY_MAILBOX = ""
    with pytest.raises(CommandError):
        call_command("read_mail")


@pytest.mark.parametrize(
    ("address", "mailbox", "problems"),
    [
        ("desk@rotonde.example", "maildir:/var/mail/desk", []),
        ("desk@rotonde.example", "imaps://desk%40x:pass@mail.example/INBOX", []),
        ("", "", []),
        ("desk@rotonde.example", "", ["questions.W001"]),
        ("a-rather-long-address-for-it@rotonde.example", "maildir:/x", ["questions.E001"]),
        ("Desk <desk@rotonde.example>", "maildir:/x", ["questions.E001"]),
        ("desk@rotonde.example", "/var/mail", ["questions.E002"]),
        ("desk@rotonde.example", "imaps://mail.example", ["questions.E002"]),
    ],
)
def test_settings_that_do_not_fit_are_told(settings: Any, address: str, mailbox: str, problems: list[str]) -> None:
    settings.REPLY_ADDRESS, settings.REPLY_MAILBOX = address, mailbox
    assert [one.id for one in checks.replies()] == problems


def test_without_a_reply_address_letters_ask_for_no_reply(question: Question, settings: Any) -> None:
    settings.REPLY_ADDRESS = ""
    sent = mail.render(letter_to(ASKER, question))
    assert sent is not None
    assert sent.reply_to == []
    assert "antwoord boven" not in sent.body
    assert Message.objects.count() == 1


def test_the_worker_reads_the_box_every_minute_where_there_is_one(settings: Any) -> None:
    settings.REPLY_MAILBOX = ""
    assert celery.replies() == {}
    settings.REPLY_MAILBOX = "maildir:/x"
    celery.app.loader.import_default_modules()
    (entry,) = celery.replies().values()
    assert entry["task"] in celery.app.tasks


def test_a_box_that_is_away_stops_no_worker(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.REPLY_MAILBOX = "imap://desk:geheim@127.0.0.1:1/INBOX"
    replies.read_mail()
    assert "cannot be read" in caplog.text
    assert "geheim" not in caplog.text
