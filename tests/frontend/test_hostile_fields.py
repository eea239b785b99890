"""Twenty-five scripts through every free field of every form: harmless on each page, in mail, feeds and exports."""

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from questions import mail
from tests import hostile

pytestmark = pytest.mark.django_db


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
    walk = hostile.Walk(browser, 0)
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
    walk = hostile.Walk(browser, n)
    walk.short()
    found = everywhere(walk, browser, administrator) | in_mail(mail_dir)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def everywhere(walk: hostile.Walk, browser: Any, administrator: Any) -> dict[str, list[str]]:
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


def in_mail(folder: Path) -> dict[str, list[str]]:
    mail.deliver()
    found = {}
    for file in sorted(folder.glob("*.eml")):
        letter = message_from_bytes(file.read_bytes(), policy=policy.default)
        assert (letter["Bcc"], letter["Cc"]) == (None, None)
        html = letter.get_body(("html",))
        assert html is not None
        found[f"mail: {letter['Subject']}"] = hostile.wrong_in_html(html.get_content())
    assert len(found) > 8
    return found
