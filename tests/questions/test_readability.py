"""How a text reads: the counts are right, the formulas are the stated ones, and advice never stops anybody."""

import time

import pytest

from questions.readability import WORDS_A_MINUTE, reading, sentences_of, syllables

EASY = "De kat zit op de mat. De zon is warm. Wij gaan naar bos en zee. " * 4
HARD = (
    "Onderzoeksresultaten betreffende differentiatiestrategieën binnen heterogene onderwijssituaties "
    "suggereren desalniettemin aanzienlijke implementatieproblematiek, waarbij organisatorische "
    "randvoorwaarden, professionaliseringsactiviteiten en schoolleiderschap gezamenlijk determinerend "
    "blijken voor uiteindelijke leeropbrengsten van individuele leerlingen in uiteenlopende contexten en omstandigheden. "
)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("lezen", 2),
        ("school", 1),
        ("theater", 3),
        ("ideeën", 3),
        ("evaluatie", 5),
        ("begrijpend", 3),
        ("mooie", 2),
        ("eeuwen", 2),
        ("creatief", 3),
        ("geïnteresseerd", 5),
        ("radio", 3),
        ("museum", 3),
        ("bsn", 1),
    ],
)
def test_dutch_syllables(word: str, count: int) -> None:
    assert syllables(word, "nl") == count


@pytest.mark.parametrize(("word", "count"), [("read", 1), ("reading", 2), ("children", 2), ("make", 1), ("helped", 1)])
def test_english_syllables(word: str, count: int) -> None:
    assert syllables(word, "en") == count


def test_the_formulas_are_the_stated_ones() -> None:
    text = "De kat zit op de mat. " * 10  # 60 words of one syllable, six a sentence
    assert reading(text, "nl").score == round(206.84 - 0.93 * 6 - 77.0)
    assert reading("The cat sat on the mat. " * 10, "en").score == round(206.835 - 1.015 * 6 - 84.6)
    assert (reading(text, "nl").formula, reading(text, "en").formula) == ("Flesch-Douma", "Flesch")


def test_an_easy_text_scores_higher_than_a_hard_one_and_only_the_hard_one_gets_advice() -> None:
    easy, hard = reading(EASY, "nl"), reading(HARD * 2, "nl")
    assert easy.score is not None
    assert hard.score is not None
    assert easy.score > 65 > hard.score
    assert easy.advice == []
    assert len(hard.advice) == 2
    assert hard.longest_sentence.startswith("Onderzoeksresultaten")


def test_words_and_minutes_leave_out_what_nobody_reads() -> None:
    text = (
        "## Kop\n\nLees [@jansen-2020, p. 4] dit [stuk](https://example.org/a-b-c).\n\n```\ncode die niemand leest\n```"
    )
    assert reading(text, "nl").words == 4
    assert reading("woord " * WORDS_A_MINUTE * 3, "nl").minutes == 3
    assert reading("", "nl").minutes == 0


@pytest.mark.parametrize("text", ["", "   \n", "[@a-2020]", "Te kort."])
def test_a_text_that_is_too_short_has_no_score(text: str) -> None:
    assert (reading(text, "nl").score, reading(text, "nl").level, reading(text, "nl").advice) == (None, "", [])


def test_items_of_a_list_and_headings_are_sentences_of_their_own() -> None:
    assert len([one for one in sentences_of("## Kop\n- een\n- twee\n\nSlot. En bijv. dit.") if one.strip()]) == 5


@pytest.mark.parametrize(
    "text", ["a" * 50_000, "a. " * 16_000, "```" * 16_000, "[@" * 25_000, "\n" * 50_000, "- " * 25_000]
)
def test_a_hostile_text_is_read_at_once(text: str) -> None:
    begin = time.perf_counter()
    reading(text, "nl")
    assert time.perf_counter() - begin < 2
