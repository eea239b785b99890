"""The numbers page says what was recorded, in plain words."""

from dataclasses import replace
from typing import Any

import pytest

from evidence import figures
from frontend.pages import numbers

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "title"), [("", "Hoe goed werkt het zoeken?"), ("/en", "How well does the search work?")]
)
def test_everybody_can_read_the_recorded_figures(browser: Any, language: str, title: str) -> None:
    recorded = figures.read()
    assert recorded
    html = browser().get(f"{language}/search/numbers").content.decode()
    assert f"<h1>{title}</h1>" in html
    assert recorded.recipe in html
    for one in recorded.sets:
        assert str(numbers.TESTS[one.name]) or one.name
        assert f'<rect width="{round(100 * one.of("hybrid"))}"' in html


def test_scores_and_errors_are_of_a_hundred() -> None:
    recorded = figures.read()
    assert recorded
    (one, *_others) = recorded.sets
    page = numbers.shaped(replace(recorded, sets=[replace(one, kept=(19, 20), rejected=(3, 4), name="new")]))
    assert (page.missed, page.misled) == (5, 25)
    assert page.tests[0].name == "new"
    assert all(0 <= bar.score <= 100 for bar in page.tests[0].bars)


def test_without_figures_the_page_says_so(browser: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "read", lambda: None)
    html = browser().get("/en/search/numbers").content.decode()
    assert "Nothing was measured yet." in html
