import threading

import pytest

from evidence.words import QUERY_TERMS, WORDS_RECIPE, compound_parts, query_terms, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kind", "kinderen"),
        ("effect", "effectief"),
        ("effecten", "effectiviteit"),
        ("school", "scholen"),
        ("toets", "toetsen"),
        ("leraar", "leraren"),
        ("lezen", "gelezen"),
        ("begeleiding", "begeleiden"),
        ("privé", "prive"),
        ("strategieën", "strategie"),
        ("foto's", "foto"),
        ("MBO", "mbo"),
        ("mbo-studenten", "mbostudenten"),
    ],
)
def test_forms_of_one_word_meet(one: str, other: str) -> None:
    assert set(terms(one)) & set(terms(other))


def test_begeleiding_is_not_beleid() -> None:
    assert terms("begeleiding") != terms("beleid")


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("basisschoolleerlingen", ("basis", "school", "leerlingen")),
        ("leesvaardigheid", ("lees", "vaardigheid")),
        ("lerarentekort", ("leraren", "tekort")),
        ("onderzoeksvraag", ("onderzoeks", "vraag")),
        ("huiswerkbegeleiding", ("huiswerk", "begeleiding")),
        ("wiskundeonderwijs", ("wiskunde", "onderwijs")),
        ("kansengelijkheid", ("kansen", "gelijkheid")),
    ],
)
def test_a_compound_is_found_whole_and_by_its_parts(compound: str, parts: tuple[str, ...]) -> None:
    assert compound_parts(compound) == parts
    assert {term for part in parts for term in terms(part)} < set(terms(compound))


@pytest.mark.parametrize("word", ["leerlingen", "studenten", "verantwoordelijkheid", "onderwijs", "kat", "quizzen"])
def test_a_word_that_is_no_compound_stays_whole(word: str) -> None:
    assert compound_parts(word) == ()
    assert len(terms(word)) == 1


def test_slash_and_hyphen_part_words_and_the_joined_form_is_kept() -> None:
    assert terms("leraar/docent") == [*terms("leraar"), *terms("docent")]
    assert terms("e-learning")[-1] == terms("elearning")[0]


def test_stop_words_of_both_languages_are_left_out() -> None:
    assert terms("Wat is het effect van de toets?") == ["effect", "toets"]
    assert terms("what is the effect of it") == ["effect"]


def test_group_numbers_are_kept_and_single_letters_are_not() -> None:
    assert terms("groep 3 b") == ["groep", "3"]


@pytest.mark.parametrize("text", ["", "   ", "\0", "!?…", "\ud800", "😀", "'s", "-", "a-b-c"])
def test_odd_text_gives_no_error(text: str) -> None:
    assert isinstance(terms(text), list)


def test_endless_words_are_cut_before_they_are_stored() -> None:
    assert max(map(len, terms("x" * 5_000 + " " + "-".join(["abc"] * 900)))) <= 64


def test_a_query_looks_up_each_word_once_and_not_too_many() -> None:
    assert query_terms("toets en nog een toets") == ["toets"]
    assert len(query_terms(" ".join(f"woord{n}" for n in range(1_000)))) == QUERY_TERMS


def test_the_recipe_names_the_language_and_is_the_same_every_time() -> None:
    assert WORDS_RECIPE.startswith("nl2-")


def test_threads_do_not_mix_words() -> None:
    vocabulary = [f"scholen{chr(97 + n % 26)}{chr(97 + n // 26)}jes" for n in range(300)]
    results: list[list[str]] = []
    threads = [threading.Thread(target=lambda: results.append(terms(" ".join(vocabulary)))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(result == results[0] for result in results)
