"""Whatever the signs of a text and their order, reading it takes time by its length: nobody stops the desk with one."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from frontend import prose
from questions import citing, claims, findable, limits, ownwords, paragraphs, personal, readability

UNITS = [
    *("\n", " ", "\n \n", "\u00a0", "a ", "A. ", "a@", "-", "_", "*", "`", "``a", "**a", "> ", "\n#", "\n1. ", "\n- "),
    *(
        "[",
        "[@",
        "[@a;",
        "[@a; @",
        "[@a, ",
        "[@a] ",
        "[@a]. ",
        "[@a]\n",
        "](",
        "[](",
        "![",
        "[a](<",
        "{ ",
        "<",
        "&amp;",
    ),
    *("```\n", "~~~\n", "```", "|a", "a|\n-|\n", '" ', ".” ", "juf A ", "06-", "1 ", "www.", "a/", "é", "\r\n"),
]
MAIL = 100_000  # characters of a reply
READERS: list[tuple[Callable[[str], Any], int]] = [
    (prose.html, limits.ANSWER_FIELD),
    (prose.plain, limits.ANSWER_FIELD),
    (lambda text: list(citing.keys(text)), limits.ANSWER_FIELD),
    (claims.sentences, limits.ANSWER_FIELD),
    (findable.plain, limits.ANSWER_FIELD),
    (paragraphs.split, limits.ANSWER_FIELD),
    (lambda text: readability.reading(text, "nl"), limits.ANSWER_FIELD),
    (personal.scrub, limits.QUESTION),
    (lambda text: ownwords.own_words(f"Dank!\n{text}!\n> x", []), MAIL),
]
LONGEST = 2.5  # seconds of work; what grows with the square takes ten and more


@pytest.mark.thorough
@pytest.mark.parametrize(("read", "size"), READERS)
def test_a_text_of_nothing_but_one_sign_is_read_at_once(read: Callable[[str], Any], size: int) -> None:
    slow = {}
    for unit in UNITS:
        text = (unit * (size // len(unit) + 1))[: size - 1] + "!"
        begun = time.process_time()
        read(text)
        if (took := time.process_time() - begun) > LONGEST:
            slow[unit] = took
    assert slow == {}


def test_each_citation_has_the_sentence_around_it() -> None:
    text = "# Kop\n\nEen zin [@a; @b]. Nog **een** [@c, p. 4] en [@d] . Geen.\n- Punt [@e]"
    assert list(citing.keys(text)) == [
        ("a", "", "Een zin."),
        ("b", "", "Een zin."),
        ("c", "p. 4", "Nog een en."),
        ("d", "", "Nog een en."),
        ("e", "", "Punt"),
    ]


@pytest.mark.parametrize("line", ["_____", "-----", "-----Original Message-----", "--- Doorgestuurd bericht ---  "])
def test_a_stroke_across_a_mail_is_one(line: str) -> None:
    assert ownwords.own_words(f"Dank!\n{line}\nVan: a\nAan: b\n", []) == "Dank!"


@pytest.mark.parametrize("line", ["----", "--- let op", "____ x", f"---{'a' * 41}---"])
def test_dashes_in_what_somebody_typed_are_none(line: str) -> None:
    assert ownwords.own_words(f"Dank!\n{line}\nVan: a\nAan: b\n", []) == f"Dank!\n{line}"
