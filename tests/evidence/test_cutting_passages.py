import pytest

from evidence.passages import WORDS, cut, sentences

SENTENCE = "Leerlingen die uitleg geven leren daar zelf ook van. "


def test_a_short_text_is_one_passage() -> None:
    assert cut("Eén zin.\n\nEn nog een.") == ["Eén zin.\n\nEn nog een."]


@pytest.mark.parametrize("text", ["", "  \n\n ", "\n"])
def test_nothing_gives_no_passage(text: str) -> None:
    assert cut(text) == []


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE * 300,
        "\n\n".join([SENTENCE * 20] * 30),
        "woord " * 2_000,
        "\n\n".join(["kort"] * 900),
        SENTENCE * 100 + "woord " * 700 + "\n\nEinde.",
        "lijst\n- een\n- twee\n\n" + SENTENCE * 200,
    ],
)
def test_every_word_stands_in_exactly_one_passage_and_none_is_too_long(text: str) -> None:
    passages = cut(text)
    assert " ".join(passages).split() == text.split()
    assert all(0 < len(passage.split()) <= WORDS for passage in passages)


def test_the_border_is_the_end_of_a_sentence() -> None:
    passages = cut(SENTENCE * 300)
    assert len(passages) > 1
    assert all(passage.endswith("van.") for passage in passages)


def test_paragraphs_stay_apart_inside_a_passage() -> None:
    assert cut("Een.\n\n\nTwee.") == ["Een.\n\nTwee."]


def test_sentences_end_at_punctuation_before_a_capital() -> None:
    assert sentences("Werkt het? Ja, bijv. in groep 3! Soms.") == ["Werkt het?", "Ja, bijv. in groep 3!", "Soms."]
