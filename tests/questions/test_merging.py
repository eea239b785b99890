"""Two texts written on top of one become one: nothing that either wrote is left out, and nobody chooses unasked."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questions.merging import END, MARK, merge, text

BASE = "Lezen helpt.\n\nVooral in groep 6. De studies zijn klein."


def test_what_only_one_of_the_two_changed_is_taken_over() -> None:
    mine = BASE.replace("De studies zijn klein.", "De studies zijn groot.")
    assert text(BASE, mine, BASE) == (mine, True)
    assert text(BASE, BASE, mine) == (mine, True)


def test_changes_in_different_sentences_of_one_paragraph_both_stand() -> None:
    mine, theirs = BASE.replace("groep 6", "groep 7"), BASE.replace("klein", "groot")
    merged, is_clean = text(BASE, mine, theirs)
    assert merged == "Lezen helpt.\n\nVooral in groep 7. De studies zijn groot."
    assert is_clean


def test_two_wordings_of_one_sentence_stand_side_by_side_and_marked() -> None:
    merged, is_clean = text(BASE, BASE.replace("klein", "oud"), BASE.replace("klein", "groot"))
    assert not is_clean
    assert merged.count(MARK) == merged.count(END) == 2
    assert merged.index("De studies zijn groot.") < merged.index("De studies zijn oud.")
    assert merged.startswith("Lezen helpt.\n\nVooral in groep 6.")


SENTENCE = st.sampled_from(["Een. ", "Twee. ", "Drie.\n", "\n", "Vier", "Vijf! ", "Zes? "])
TEXT = st.lists(SENTENCE, max_size=8).map("".join)


@given(TEXT, TEXT, TEXT)
@settings(max_examples=200, deadline=None)
def test_every_word_that_either_added_is_in_the_merged_text(base: str, mine: str, theirs: str) -> None:
    merged, is_clean = text(base, mine, theirs)
    assert set(mine.split()) - set(base.split()) <= set(merged.replace(MARK, " ").split())
    assert set(theirs.split()) - set(base.split()) <= set(merged.replace(MARK, " ").split())
    assert is_clean == (MARK not in merged)


@given(TEXT, TEXT)
@settings(max_examples=100, deadline=None)
def test_a_text_that_one_side_left_alone_is_the_other_side(base: str, other: str) -> None:
    assert text(base, base, other) == text(base, other, base) == (other, True)


@pytest.mark.parametrize("piece", ["a ", "a. ", "\n", "De kat. De hond. ", "?!"])
def test_a_hostile_text_of_fifty_thousand_signs_is_merged_at_once(piece: str) -> None:
    base, mine, theirs = (piece * (50_000 // len(piece)) + end for end in ("", "mijn", "hun"))
    begin = time.perf_counter()
    merged, _clean = text(base, mine, theirs)
    assert time.perf_counter() - begin < 3
    assert "mijn" in merged
    assert "hun" in merged


def test_fields_are_merged_each_by_its_own_kind() -> None:
    row = {"source": "a-2020", "claim": "x"}
    base = {"gap": "Geen.", "strength": "limited", "direction": "", "citations": [row]}
    mine = {"gap": "Geen.\r\n", "strength": "strong", "citations": [row, {"source": "b-2020", "claim": "y"}]}
    theirs = {**base, "gap": "Iets.", "strength": "moderate", "citations": [{"source": "c-2020", "claim": "z"}, row]}
    merged = merge(base, {**mine, "gap": "Geen."}, theirs, texts=["gap"], choices=["strength", "direction"])
    assert merged.content["gap"] == "Iets."
    assert merged.content["strength"] == "strong", "one of the two has to be chosen, and they are told"
    assert [one["source"] for one in merged.content["citations"]] == ["c-2020", "a-2020", "b-2020"]
    assert merged.outcomes == {
        "gap": "theirs",
        "strength": "both",
        "direction": "same",
        "citations": "joined",
        "consulted": "same",
    }


def test_a_row_that_both_worded_otherwise_stands_twice_and_is_told() -> None:
    base, mine, theirs = ({"citations": [{"source": "a", "claim": claim}]} for claim in ("x", "y", "z"))
    merged = merge(base, mine, theirs, texts=[], choices=[])
    assert [one["claim"] for one in merged.content["citations"]] == ["z", "y"]
    assert merged.outcomes["citations"] == "both"


def test_what_was_taken_out_for_good_does_not_come_back() -> None:
    expert = {"consulted": [{"name": "Wieke Ster"}], "asked_as": "Mijn kind?"}
    merged = merge({}, expert, {}, texts=["asked_as"], choices=[], forgotten=["asked_as", "consulted"])
    assert merged.content == {"asked_as": "", "citations": [], "consulted": []}
