from evidence.excerpt import LONGEST, best

BODY = (
    "Dit is een inleiding zonder veel nieuws. Huiswerk helpt vooral oudere leerlingen. "
    "Voor jonge kinderen is het effect klein. " + "Daarna volgt nog veel meer tekst over iets anders. " * 8
)


def test_the_excerpt_begins_with_the_sentence_that_answers_best() -> None:
    assert best(BODY, {"huiswerk": 2.0, "leerl": 1.0}).startswith("Huiswerk helpt")


def test_the_excerpt_is_never_too_long() -> None:
    assert len(best(BODY, {"huiswerk": 2.0})) <= LONGEST
    assert len(best("woord " * 400, {})) <= LONGEST
    assert len(best("w" * 4_000, {})) <= LONGEST


def test_without_a_matching_word_it_is_the_beginning() -> None:
    assert best(BODY, {}).startswith("Dit is een inleiding")


def test_a_long_sentence_is_shown_around_the_word() -> None:
    text = "en " * 200 + "huiswerk " + "en " * 200
    assert "huiswerk" in best(text, {"huiswerk": 1.0})


def test_nothing_gives_nothing() -> None:
    assert best("", {"a": 1.0}) == ""
