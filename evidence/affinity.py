"""How near the texts of some owners are to those of others, by the vectors that are there already.

For putting a few things in order for a few others, both ways by one measure: nothing is encoded, so
it costs two queries for any number, with or without a model in this process.

Measured in November 2026 with the default model on the example content (18 open questions, four
brokers with their profiles and 25 answers): the nearest pair of a question and a broker lies at 0.16
to 0.35, any pair at 0.14 in the middle; a question about a subject that a broker has answered comes
above 0.22.
"""

from collections.abc import Sequence
from typing import NamedTuple

from evidence import recipes, statements

SAMPLE = 500  # passages of which the mean is what all texts of this corpus share
FEWEST = 50  # with fewer there is no telling what they share


class Near(NamedTuple):
    """How near the nearest two passages are, 0 to 1, and which of the other's it was."""

    fit: float
    passage: int


class Scale(NamedTuple):
    """The cosine that says nothing, and the one that nothing exceeds by much."""

    least: float
    most: float


# By the name a recipe begins with.
MEASURED = {"multilingual-e5-small-q4": Scale(0.10, 0.35), "fake": Scale(0.0, 0.8)}
OTHERS = Scale(0.0, 0.5)

_MEAN = """
    SELECT CASE WHEN count(*) >= %(fewest)s THEN avg(embedding) END AS shared
    FROM (
        SELECT embedding FROM evidence_vector WHERE recipe = %(recipe)s AND embedding IS NOT NULL
        ORDER BY passage_id LIMIT %(sample)s
    ) sampled
"""
_ROWS = """
    SELECT p.ref, p.id, coalesce(v.embedding - m.shared, v.embedding) AS embedding
    FROM evidence_passage p JOIN evidence_vector v ON v.passage_id = p.id CROSS JOIN mean m
    WHERE v.recipe = %(recipe)s AND v.embedding IS NOT NULL AND p.kind = %({side}_kind)s AND p.ref = ANY(%({side}_refs)s)
"""
_PAIRS = f"""
    WITH mean AS MATERIALIZED ({_MEAN}),
        here AS MATERIALIZED ({_ROWS.format(side="here")}),
        there AS MATERIALIZED ({_ROWS.format(side="there")})
    SELECT DISTINCT ON (here.ref, there.ref) here.ref, there.ref, there.id, 1 - (here.embedding <=> there.embedding)
    FROM here CROSS JOIN there
    ORDER BY here.ref, there.ref, here.embedding <=> there.embedding, there.id
"""


def between(kind: str, refs: Sequence[str], other_kind: str, others: Sequence[str]) -> dict[tuple[str, str], Near]:
    """For each of `refs` and each of `others` how near they are; pairs without vectors are left out."""
    recipe = recipes.current_reading().recipe
    if not recipe or not refs or not others:
        return {}
    here = {"here_kind": kind, "here_refs": list(refs)}
    there = {"there_kind": other_kind, "there_refs": list(others)}
    rows = statements.rows(_PAIRS, {"recipe": recipe, "fewest": FEWEST, "sample": SAMPLE, **here, **there})
    scale = MEASURED.get(recipe.partition("/")[0], OTHERS)
    return {(ref, other): Near(_fit(cosine, scale), passage) for ref, other, passage, cosine in rows}


def _fit(cosine: float | None, scale: Scale) -> float:
    if cosine is None or cosine != cosine:  # a text that is nothing but what all share
        return 0.0
    return min(1.0, max(0.0, (cosine - scale.least) / (scale.most - scale.least)))
