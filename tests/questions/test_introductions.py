"""The introduction of a theme: by editors, nothing overwritten unseen, every edition kept."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from evidence.models import Theme
from questions import introductions
from questions.models import Introduction
from questions.refusals import NotYou, Stale
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def theme() -> Theme:
    return Theme.objects.create(slug="lezen", label_nl="Lezen")


def test_each_save_is_an_edition_with_who_and_when(theme: Theme, editor: Any) -> None:
    introductions.write(theme, {"text_nl": "Een", "text_en": "One"}, by=editor, expected=0)
    introductions.write(theme, {"text_nl": "Twee", "text_en": "Two"}, by=editor, expected=1)
    found = list(introductions.editions(theme).values_list("n", "text_nl", "text_en", "by"))
    assert found == [(2, "Twee", "Two", editor.pk), (1, "Een", "One", editor.pk)]


def test_the_same_texts_are_no_new_edition(theme: Theme, editor: Any) -> None:
    for expected in (0, 1):
        made = introductions.write(theme, {"text_nl": "Een", "text_en": ""}, by=editor, expected=expected)
    assert made.n == 1
    assert Introduction.objects.count() == 1


@pytest.mark.parametrize("person", ["broker", "coordinator", "reviewer", "visitor"])
def test_only_editors_write(theme: Theme, request: Any, person: str) -> None:
    with pytest.raises(NotYou):
        introductions.write(theme, {"text_nl": "Een"}, by=request.getfixturevalue(person), expected=0)
    assert not Introduction.objects.exists()


def test_who_was_overtaken_overwrites_nothing(theme: Theme, editor: Any, administrator: Any) -> None:
    introductions.write(theme, {"text_nl": "Een"}, by=editor, expected=0)
    with pytest.raises(Stale) as stale:
        introductions.write(theme, {"text_nl": "Twee"}, by=administrator, expected=0)
    assert stale.value.current.text_nl == "Een"
    assert introductions.current(theme).text_nl == "Een"  # type: ignore[union-attr]


def test_personal_data_and_what_is_too_long_are_refused(theme: Theme, editor: Any) -> None:
    for text in ("Bel Jan op 06-12345678", "x" * 50_001):
        with pytest.raises(ValidationError) as wrong:
            introductions.write(theme, {"text_nl": text}, by=editor, expected=0)
        assert "text_nl" in wrong.value.message_dict
    assert not Introduction.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_write_at_once_one_succeeds(theme: Theme, editor: Any) -> None:
    def write(n: int) -> None:
        try:
            introductions.write(theme, {"text_nl": f"Tekst {n}"}, by=editor, expected=0)
        except Stale:
            return

    at_once([lambda n=n: write(n) for n in range(8)])  # type: ignore[misc]
    assert Introduction.objects.count() == 1
