"""Which sentence of a short answer rests on which citation."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions import claims
from questions.claims import Cited, sentences, statements


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Vrij lezen helpt. Maar niet altijd!", ["Vrij lezen helpt.", "Maar niet altijd!"]),
        ("Het helpt, bijv. bij lezen.", ["Het helpt, bijv. bij lezen."]),
        ("Volgens Smit et al. Niet altijd.", ["Volgens Smit et al. Niet altijd."]),
        ("Het effect is 0.4. Dat is klein.", ["Het effect is 0.4.", "Dat is klein."]),
        ("- **Ja**, het helpt.\n- Nee, niet altijd.", ["Ja, het helpt.", "Nee, niet altijd."]),
        ("Het helpt. [@jansen-2020] En dat blijft zo.", ["Het helpt. [@jansen-2020]", "En dat blijft zo."]),
        ("", []),
        ("…\n\n---", []),
    ],
)
def test_a_short_answer_in_sentences(text: str, found: list[str]) -> None:
    assert sentences(text) == found


ANSWER = "Vrij lezen helpt een beetje. Bij jonge kinderen is het effect groter [@smit-2019]. Niemand keek naar het mbo."


def carried(*citations: Cited) -> list[list[str]]:
    return [sorted({*one.keys, *(cited.key for cited in one.cited)}) for one in statements(ANSWER, citations)]


def test_a_key_in_a_sentence_carries_it() -> None:
    assert carried() == [[], ["smit-2019"], []]


@pytest.mark.parametrize("text", ["[@" * 50_000, "[@" + "a" * 100_000, "[@a b" * 20_000])
def test_brackets_that_never_close_take_no_time(text: str) -> None:
    began = time.process_time()
    assert claims.KEY.findall(text) == []
    assert time.process_time() - began < 1


def test_a_claim_carries_the_sentence_that_says_the_same_or_holds_it() -> None:
    assert carried(Cited(1, "a", "Vrij lezen helpt een beetje.")) == [["a"], ["smit-2019"], []]
    assert carried(Cited(1, "a", "niemand keek naar het mbo")) == [[], ["smit-2019"], ["a"]]


def test_a_claim_in_other_words_carries_the_sentence_most_alike_and_none_when_none_is() -> None:
    assert carried(Cited(1, "a", "Het effect bij jonge kinderen is wat groter")) == [[], ["a", "smit-2019"], []]
    assert carried(Cited(1, "a", "Huiswerk maken kost tijd")) == [[], ["smit-2019"], []]
    assert carried(Cited(1, "a", "…")) == [[], ["smit-2019"], []]


def test_a_sentence_without_a_source_says_so_and_is_read_without_keys() -> None:
    first, second, _third = statements(ANSWER, [])
    assert first.rests_on_nothing
    assert not second.rests_on_nothing
    assert second.text == "Bij jonge kinderen is het effect groter."


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_can_be_read(text: str, claim: str) -> None:
    made = statements(text, [Cited(1, "a", claim)])
    assert all(claims.WORD.search(one.text) or one.keys for one in made)
