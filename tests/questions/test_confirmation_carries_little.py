"""Whoever types somebody's address must not choose what the desk sends there."""

import pytest

from questions.rendering import RECOGNISABLE, recognisable


@pytest.mark.parametrize(
    "bait",
    [
        "https://win.example/now",
        "www.win.example",
        "win.example",
        "shop.win.nl/koop",
        "koop@win.example",
        "HTTP://X.EXAMPLE",
    ],
)
def test_no_address_of_any_kind_gets_through(bait: str) -> None:
    assert "win" not in recognisable(f"Kijk op {bait} voor je prijs").lower()
    assert "x.example" not in recognisable(f"Kijk op {bait} voor je prijs").lower()


def test_a_long_text_is_cut_at_a_word() -> None:
    cut = recognisable("woord " * 2000)
    assert len(cut) <= RECOGNISABLE + 2
    assert cut.endswith("woord …")


def test_an_ordinary_question_stays_as_it_is() -> None:
    text = "Helpt huiswerk in groep 7 en 8, o.a. bij rekenen?"
    assert recognisable(text) == text


def test_a_hostile_text_costs_no_time() -> None:
    assert len(recognisable("a" * 10_000)) <= RECOGNISABLE + 2
