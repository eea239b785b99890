"""What changed between two wordings can be seen, heard and read without colour."""

import pytest

from frontend.pages.differences import Piece, between

OLD = "Wat werkt bij begrijpend lezen in groep 6?"


def said(pieces: list[Piece], kind: str) -> str:
    return " ".join(one.text for one in pieces if one.kind in ("same", kind))


def test_words_that_went_and_came_are_marked_in_reading_order() -> None:
    pieces = between(OLD, "Wat werkt bij technisch lezen in groep 6?")
    assert pieces == [
        Piece("same", "Wat werkt bij"),
        Piece("removed", "begrijpend"),
        Piece("added", "technisch"),
        Piece("same", "lezen in groep 6?"),
    ]


@pytest.mark.parametrize(
    "new", ["Wat werkt goed bij lezen in groep 5 en 6?", "In groep 6: wat werkt bij begrijpend lezen?", OLD + " Graag."]
)
def test_both_texts_can_be_read_back(new: str) -> None:
    pieces = between(OLD, new)
    assert said(pieces, "added") == new
    assert said(pieces, "removed").casefold() == OLD.casefold()


def test_a_single_word_between_two_changes_belongs_to_the_change() -> None:
    pieces = between("een twee drie vier vijf zes zeven acht", "een twee 3 vier 5 zes zeven acht")
    assert [one.kind for one in pieces] == ["same", "removed", "added", "same"]


@pytest.mark.parametrize("new", [OLD, "wat werkt bij begrijpend lezen in groep 6?", "Hoe leren kleuters rekenen?", ""])
def test_equal_texts_and_texts_with_nothing_in_common_get_no_marks(new: str) -> None:
    assert [one for one in between(OLD, new) if one.kind != "same"] == []
