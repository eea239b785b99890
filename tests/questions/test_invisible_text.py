"""Text that nobody can see is no text."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from evidence.visible import is_blank
from questions import dialogue, intake
from questions.models import Version
from questions.refusals import NotNow
from tests import factories

INVISIBLE = ["\u200b", " \u2060\ufeff ", "\u00ad", "\u3164", "\u2800\n", "\u0301"]


@pytest.mark.parametrize("text", [*INVISIBLE, "", " \t\n"])
def test_what_does_not_show_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "\u200ba", "é", "e\u0301", "。", "\N{GRINNING FACE}", "0"])
def test_what_shows_is_not(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.django_db
@pytest.mark.parametrize("text", INVISIBLE)
def test_an_invisible_answer_is_empty(text: str) -> None:
    desk = factories.Desk()
    question = factories.agreed(desk)
    version = factories.write(question, desk.broker, short_answer=text, gap=text)
    assert (version.short_answer, version.gap) == ("", "")
    with pytest.raises(NotNow):
        factories.move(version, "submit", desk.broker)


@pytest.mark.django_db
@pytest.mark.parametrize("texts", [{"short_answer": "\u200b"}, {"gap": "\u200b", "citations": []}])
def test_invisible_text_that_is_stored_already_does_not_go_to_review(texts: dict[str, Any]) -> None:
    desk = factories.Desk()
    question = factories.agreed(desk)
    version = factories.write(question, desk.broker, **{name: value for name, value in texts.items() if value == []})
    stored = {name: value for name, value in texts.items() if value}
    Version.objects.filter(pk=version.pk).update(**stored)
    with pytest.raises(NotNow):
        factories.move(version, "submit", desk.broker)


@pytest.mark.django_db
def test_an_invisible_question_reason_or_message_is_missing() -> None:
    desk = factories.Desk()
    question = factories.assigned(desk)
    for name, data in (("propose", {"articulated": "\u200b"}), ("release", {"why": "\u2060"})):
        with pytest.raises(ValidationError):
            factories.move(question, name, desk.broker, **data)
    with pytest.raises(ValidationError):
        dialogue.say(question, {"body": "\u200b"}, by=desk.broker)
    with pytest.raises(ValidationError):
        intake.ask(factories.asking(text="\u200b" * 20))


@pytest.mark.django_db
def test_a_nul_byte_is_still_refused_by_name() -> None:
    desk = factories.Desk()
    with pytest.raises(ValidationError):
        factories.write(factories.agreed(desk), desk.broker, gap="\x00")
