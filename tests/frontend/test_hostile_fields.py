"""Twenty-five scripts through every free field of every form: harmless on each page, in mail, feeds and exports."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from questions import (
    afterwards,
    consulting,
    dialogue,
    elsewhere,
    following,
    inputs,
    ledger,
    looking,
    mail,
    reporting,
    searchlog,
    writing,
)
from questions.models import FollowUp, Question
from tests import factories, hostile
from tests.database import fingerprint
from tests.hostile_walk import Walk
from tests.questions.test_replies import ASKER, Box, letter_to, reply

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]


@pytest.fixture(autouse=True)
def room(settings: Any) -> None:
    settings.EMBEDDING_MODEL = "none"
    settings.QUESTIONS_PER_NETWORK_AN_HOUR = settings.FOLLOWS_PER_NETWORK_AN_HOUR = 1_000
    settings.REPLY_ADDRESS = "desk@rotonde.example"


def test_every_payload_goes_through_every_field_however_short() -> None:
    for room in (100, 150, 200, 300, 500, 2_000, None):
        seen = (
            " ".join(hostile.text(room, n) for n in range(hostile.ROUNDS))
            if room != 100
            else " ".join(hostile.bundles(100))
        )
        assert [one for one in hostile.PAYLOADS if one not in seen] == [], room
        assert room is None or all(len(hostile.text(room, n)) <= room for n in range(hostile.ROUNDS))


def test_hostile_text_is_harmless_wherever_it_shows(browser: Any, administrator: Any, mail_dir: Path) -> None:
    walk = Walk(browser, 0)
    walk.all()
    found = everywhere(walk, browser, administrator)
    walk.take_back()
    found |= looked_at(browser(), [walk.public()[1], walk.private()[0]])
    found |= looked_at(browser(administrator), walk.inside()[:1])
    found |= in_mail(mail_dir)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    assert walk.filled == hostile.free_fields(), "a field that is new belongs in the walk"


@pytest.mark.parametrize("n", range(1, hostile.ROUNDS))
def test_short_fields_get_the_other_payloads_in_turn(browser: Any, administrator: Any, mail_dir: Path, n: int) -> None:
    walk = Walk(browser, n)
    walk.short()
    found = everywhere(walk, browser, administrator) | in_mail(mail_dir)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_a_reply_by_mail_is_harmless_too(browser: Any, settings: Any, tmp_path: Path, mail_dir: Path) -> None:
    settings.REPLY_MAILBOX = f"maildir:{tmp_path / 'box'}"
    desk, box = factories.Desk(), Box(tmp_path / "box")
    question = factories.assigned(desk, email=ASKER)
    dialogue.say(question, {"body": "Welke groep?"}, by=desk.broker)
    box.put(reply(letter_to(ASKER, question), hostile.ALL, Subject=hostile.PAYLOADS[0]))
    assert box.read() == {"taken": 1}
    assert hostile.PAYLOADS[0] in question.messages.get(from_asker=True).body
    part = factories.asker(question)
    ends = ("", "/export", "/export.html")
    found = looked_at(browser(), [f"/track/{part.mailed_token}{end}" for end in ends])
    found |= looked_at(browser(desk.broker), [f"/desk/cases/{question.pk}"])
    mail.deliver()
    for letter in letters(mail_dir):
        found[f"mail: {letter['Subject']}"] = hostile.wrong_in_html(letter.get_body(("html",)).get_content())
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


# Where a form is sent, and the form: every field of it is hostile, also those where one can only choose.
FORMS = [
    ("/ask", inputs.Ask),
    ("/working-on/{shown}", inputs.MeToo),
    ("/confirm/again", inputs.Again),
    ("/track", inputs.Again),
    ("/follow", following.Ask),
    ("/answers/{number}/feedback", reporting.Helped),
    ("/answers/{number}/correction", reporting.Mistake),
    ("/track/{token}/do/respond", inputs.Respond),
    ("/track/{token}/do/agree", inputs.Agree),
    ("/track/{token}/do/withdraw", inputs.Why),
    ("/after/{after}", afterwards.Use),
    ("/after/{after}/more", afterwards.Influence),
    ("/desk/cases/{case}/searches", searchlog.Line),
    ("/desk/cases/{case}/look", looking.Library),
    ("/desk/cases/{case}/searches/library", looking.Library),
    ("/desk/cases/{case}/ledger", ledger.Found),
    ("/desk/cases/{case}/ledger/elsewhere", elsewhere.Elsewhere),
    ("/desk/cases/{case}/ledger/1", ledger.Judge),
    ("/desk/cases/{case}/answer", writing.Texts),
    ("/desk/cases/{case}/consulted", consulting.Forget),
    *(
        (f"/desk/cases/{{case}}/do/{name}", inputs.INPUTS[Question][name])
        for name in ("triage", "assign", "transfer", "answer", "retract", "refer", "merge")
    ),
]


def test_what_can_only_be_chosen_takes_no_hostile_text_and_nothing_changes(browser: Any, administrator: Any) -> None:
    answered = factories.answered()
    answered.events.filter(name="answer").update(at=timezone.now() - timedelta(weeks=6, hours=1))
    afterwards.ask()
    names = {
        "shown": factories.shown().number,
        "number": factories.item(factories.published()).number,
        "token": factories.asker(answered).token,
        "after": FollowUp.objects.get().token,
        "case": factories.assigned().pk,
    }
    client = browser(administrator)
    before = fingerprint()
    for path, form in FORMS:
        data = dict.fromkeys([*form.base_fields, "key", "version", "seen", "etag", "at"], hostile.ALL) | {"go": "send"}
        response = client.post(path.format(**names), data)
        assert 400 <= response.status_code < 500, (path, response.status_code)
        assert hostile.wrong_in(response) == [], path
    assert fingerprint() == before


def everywhere(walk: Walk, browser: Any, administrator: Any) -> dict[str, list[str]]:
    found = {one.request["PATH_INFO"]: hostile.wrong_in(one) for one in walk.shown}
    found |= looked_at(browser(), [*walk.public(), *walk.private()])
    return found | looked_at(browser(administrator), walk.inside())


def looked_at(client: Any, paths: list[str]) -> dict[str, list[str]]:
    found = {}
    for path in paths:
        response = client.get(path)
        assert response.status_code in (200, 302, 303), (path, response.status_code)
        found[path] = hostile.wrong_in(response) if response.status_code == 200 else []
    return found


def letters(folder: Path) -> Iterator[Any]:
    for file in sorted(folder.glob("*.eml")):
        yield message_from_bytes(file.read_bytes(), policy=policy.default)


def in_mail(folder: Path) -> dict[str, list[str]]:
    mail.deliver()
    found = {}
    for letter in letters(folder):
        assert (letter["Bcc"], letter["Cc"]) == (None, None)
        html = letter.get_body(("html",))
        assert html is not None
        found[f"mail: {letter['Subject']}"] = hostile.wrong_in_html(html.get_content())
    assert len(found) > 8
    return found
