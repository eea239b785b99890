"""Why something was found: the sentences of a passage that answer best to the query's words."""

from collections.abc import Mapping

from evidence import passages, words

LONGEST = 300


def best(body: str, weights: Mapping[str, float], longest: int = LONGEST) -> str:
    """At most `longest` characters of `body`: its best sentence by summed term weights, and what
    follows it while there is room; the beginning when no word matches."""
    found = passages.sentences(" ".join(body.split()))
    if not found:
        return ""
    start = max(range(len(found)), key=lambda n: (_weight(found[n], weights), -n))
    text = found[start]
    for sentence in found[start + 1 :]:
        if len(text) + 1 + len(sentence) > longest:
            break
        text = f"{text} {sentence}"
    return text if len(text) <= longest else _around(text, weights, longest)


def _weight(sentence: str, weights: Mapping[str, float]) -> float:
    return sum(weights.get(term, 0.0) for term in set(words.terms(sentence)))


def _around(sentence: str, weights: Mapping[str, float], longest: int) -> str:
    """The stretch of a long sentence in which the first matching word stands, cut at words."""
    tokens = sentence.split(" ")
    first = next((n for n, token in enumerate(tokens) if _weight(token, weights) > 0), 0)
    text = " ".join(tokens[max(0, first - 8) :])
    if first > 8:
        text = f"… {text}"
    if len(text) <= longest:
        return text
    return f"{text[: longest - 2].rsplit(' ', 1)[0][: longest - 2]} …"
