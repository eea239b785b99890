"""Why something was found: the sentences of a passage that answer best to the query's words."""

from collections.abc import Mapping
from functools import lru_cache

from evidence import passages, words

LONGEST = 300


def best(body: str, weights: Mapping[str, float], longest: int = LONGEST) -> str:
    """At most `longest` characters of `body`: its best sentence by summed term weights, and what
    follows it in its paragraph while there is room; the beginning when no word matches."""
    found = _sentences(body)
    if not found:
        return ""
    worth = [sum(weights.get(term, 0.0) for term in terms) for _, _, terms in found]
    start = worth.index(max(worth))
    paragraph, text, _ = found[start]
    for number, sentence, _ in found[start + 1 :]:
        if number != paragraph or len(text) + 1 + len(sentence) > longest:
            break
        text = f"{text} {sentence}"
    return text if len(text) <= longest else _around(text, weights, longest)


# The same passages are found over and over, and taking them apart is half the cost of a search.
@lru_cache(maxsize=1_024)
def _sentences(body: str) -> list[tuple[int, str, frozenset[str]]]:
    """Every sentence with the number of its paragraph and its words."""
    return [
        (number, sentence, frozenset(words.terms(sentence)))
        for number, paragraph in enumerate(passages.paragraphs(body))
        for sentence in passages.sentences(" ".join(paragraph.split()))
    ]


def _around(sentence: str, weights: Mapping[str, float], longest: int) -> str:
    """The stretch of a long sentence in which the first matching word stands, cut at words."""
    tokens = sentence.split(" ")
    matching = (n for n, token in enumerate(tokens) if weights.keys() & set(words.terms(token)))
    first = next(matching, 0)
    text = " ".join(tokens[max(0, first - 8) :])
    if first > 8:
        text = f"… {text}"
    if len(text) <= longest:
        return text
    return f"{text[: longest - 2].rsplit(' ', 1)[0][: longest - 2]} …"
