"""The strength that a ledger bears out: the rules one by one, and what holds whatever stands in it."""

from itertools import permutations
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from evidence import designs
from evidence.strength import Strength
from questions import grading
from questions.grading import Fit, Study, propose
from questions.states import Direction, GapKind

NOW = 2026
META, REVIEW, RCT, QUASI, LONG, SURVEY, TALK = (
    "meta-analysis",
    "systematic review",
    "RCT",
    "quasi-experiment",
    "longitudinal",
    "survey",
    "qualitative",
)


def study(
    design: str, direction: str = "positive", fit: str = "same", year: int | None = 2022, name: str = ""
) -> Study:
    return Study(design, direction, fit, year, name)


TABLE = [
    ("no source at all", [], "insufficient", "unclear", ["nothing"]),
    ("kept, but it tells nothing", [study(META, "")], "insufficient", "unclear", ["untold"]),
    ("kept, direction unknown", [study(META, "unclear")], "insufficient", "unclear", ["untold"]),
    ("two reviews", [study(META), study(REVIEW)], "strong", "positive", ["strong"]),
    ("a review and an RCT", [study(META), study(RCT)], "strong", "positive", ["strong"]),
    ("three RCTs", [study(RCT)] * 3, "strong", "positive", ["strong"]),
    ("one review", [study(META)], "moderate", "positive", ["moderate"]),
    ("two RCTs", [study(RCT)] * 2, "moderate", "positive", ["moderate"]),
    ("one RCT and two others", [study(RCT), study(QUASI), study(LONG)], "moderate", "positive", ["moderate"]),
    ("one RCT", [study(RCT)], "limited", "positive", ["limited"]),
    ("many controlled studies", [study(QUASI)] * 5, "limited", "positive", ["limited"]),
    ("three weak studies", [study(SURVEY), study(TALK), study("book")], "limited", "positive", ["limited"]),
    ("two weak studies", [study(SURVEY), study(TALK)], "insufficient", "unclear", ["too_few", "no_direction"]),
    ("an unknown design", [study("vertelling")], "insufficient", "unclear", ["too_few", "unknown_design", "no_direction"]),
    ("no design written down", [study("")], "insufficient", "unclear", ["too_few", "unknown_design", "no_direction"]),
    ("no effect, and they looked", [study(META, "none")], "moderate", "none", ["moderate"]),
    ("harm", [study(RCT, "negative")] * 3, "strong", "negative", ["strong"]),
    ("contradiction", [study(META), study(META, "negative")], "limited", "mixed", ["moderate", "conflict"]),
    ("each finds both", [study(META, "mixed")], "moderate", "mixed", ["moderate"]),
    ("no effect beside an effect", [study(META), study(RCT, "none")], "limited", "mixed", ["moderate", "conflict"]),
    ("a weak voice against a review", [study(META), study(SURVEY, "negative")], "moderate", "positive", ["moderate", "weak_aside"]),
    ("another group", [study(META, fit="other")], "limited", "positive", ["moderate", "indirect"]),
    ("near, much of it", [study(META, fit="near")] * 2, "moderate", "positive", ["strong", "not_direct"]),
    ("nobody said how near", [study(META, fit="")] * 2, "moderate", "positive", ["strong", "not_direct"]),
    ("all old", [study(META, year=2010)], "limited", "positive", ["moderate", "old"]),
    ("just not old", [study(META, year=2011)], "moderate", "positive", ["moderate"]),
    ("years unknown", [study(META, year=None)], "moderate", "positive", ["moderate"]),
    ("old and elsewhere", [study(RCT, fit="other", year=1990)], "insufficient", "unclear", ["limited", "indirect", "old", "no_direction"]),
    ("two reports of one study", [study(RCT, name="a"), study(RCT, name="a")], "limited", "positive", ["limited"]),
    ("reports of one study that differ", [study(RCT, name="a"), study(RCT, "none", name="a")], "limited", "mixed", ["limited"]),
]  # fmt: skip


@pytest.mark.parametrize(("kept", "strength", "direction", "rules"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])  # fmt: skip
def test_the_rules(kept: list[Study], strength: str, direction: str, rules: list[str]) -> None:
    meant = propose(kept, NOW)
    assert (meant.strength, meant.direction, list(meant.rules)) == (strength, direction, rules)


@pytest.mark.parametrize(
    ("kept", "gap"),
    [
        ([], GapKind.NONE),
        ([study(META, "")], GapKind.INDIRECT),
        ([study(META, fit="other")], GapKind.WRONG_CONTEXT),
        ([study(META, year=2001)], GapKind.OUTDATED),
        ([study(META), study(RCT, "none")], GapKind.CONFLICTING),
        ([study(META)], ""),
    ],
)
def test_the_kind_of_gap_that_follows(kept: list[Study], gap: str) -> None:
    assert propose(kept, NOW).gap_kind == gap


def test_every_design_has_a_level_and_no_two_designs_share_a_name() -> None:
    assert set(grading.LEVELS) == set(designs.DESIGNS)
    assert set(designs.ALSO) <= set(designs.DESIGNS)
    assert designs.OTHER not in designs.DESIGNS
    names = [(key, name) for key, more in designs.ALSO.items() for name in (key, *more)]
    for language in ("nl", "en"):
        with translation.override(language):
            names += [(key, str(label)) for key, label in designs.DESIGNS.items()]
    assert [(key, name, designs.key_of(name)) for key, name in names if designs.key_of(name) != key] == []


def test_every_rule_stands_in_the_table_and_in_the_document() -> None:
    told = (Path(__file__).parents[2] / "docs" / "strength.md").read_text(encoding="utf-8")
    assert {rule for row in TABLE for rule in row[4]} == set(grading.RULES)
    assert [rule for rule in grading.RULES if f"`{rule}`" not in told] == []


studies = st.builds(
    Study,
    st.sampled_from([META, RCT, QUASI, SURVEY, TALK, ""]),
    st.sampled_from(["", *Direction.values]),
    st.sampled_from(["", *Fit.values]),
    st.one_of(st.none(), st.integers(1960, NOW)),
)
ledgers = st.lists(studies, max_size=7)


def height(kept: list[Study]) -> int:
    return grading.STEPS.index(propose(kept, NOW).strength)


@given(ledgers)
def test_too_little_research_never_reads_as_no_effect(kept: list[Study]) -> None:
    meant = propose(kept, NOW)
    assert (meant.strength == Strength.INSUFFICIENT) == (meant.direction == Direction.UNCLEAR)
    if meant.direction == Direction.NONE:
        assert any(one.direction == Direction.NONE for one in kept)
        best = [one for one in kept if one.tells and one.level > grading.WEAK] or [one for one in kept if one.tells]
        assert {one.direction for one in best} == {Direction.NONE} or {one.direction for one in kept if one.tells} == {
            Direction.NONE
        }


@given(st.lists(studies, max_size=4))
def test_the_order_in_which_sources_were_found_changes_nothing(kept: list[Study]) -> None:
    assert len({propose(list(rows), NOW) for rows in permutations(kept)}) == 1


DESIGNS = [TALK, QUASI, RCT, META]
FITS = ["other", "", "near", "same"]
agreeing = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1980, NOW)), min_size=1, max_size=6)


@given(agreeing, st.tuples(*[st.floats(0, 1)] * 3))
def test_a_study_that_contradicts_and_is_not_better_itself_never_raises_the_strength(
    kept: list[tuple[int, int, int]], part: tuple[float, ...]
) -> None:
    """`part` says how good the one that contradicts is: from 0, the worst there is, to 1, as good as the others."""
    best, nearest, oldest = (fit(one[n] for one in kept) for n, fit in enumerate((max, min, min)))
    worse = study(
        DESIGNS[int(best * part[0])], "negative", FITS[int(nearest * part[1])], 1960 + int((oldest - 1960) * part[2])
    )
    others = [study(DESIGNS[design], "positive", FITS[fit], year) for design, fit, year in kept]
    assert height([*others, worse]) <= height(others)


@given(ledgers, studies)
def test_contradiction_is_never_called_strong(kept: list[Study], other: Study) -> None:
    every = [*kept, other]
    if propose(every, NOW).direction == Direction.MIXED and not any(one.direction == Direction.MIXED for one in every):
        assert height(every) < grading.STEPS.index(Strength.STRONG)


@given(ledgers, studies)
def test_the_same_study_told_twice_counts_once(kept: list[Study], one: Study) -> None:
    named = [Study(row.design, row.direction, row.fit, row.year, str(n)) for n, row in enumerate([*kept, one])]
    assert propose([*named, named[-1]], NOW) == propose(named, NOW)


@given(ledgers, st.sampled_from([META, RCT, QUASI]), st.sampled_from(["", "unclear"]))
def test_a_study_that_tells_of_no_effect_at_all_moves_nothing(kept: list[Study], design: str, said: str) -> None:
    if any(one.tells for one in kept):
        assert propose([*kept, study(design, said)], NOW) == propose(kept, NOW)


@given(ledgers)
def test_years_that_pass_never_make_it_stronger(kept: list[Study]) -> None:
    later = grading.STEPS.index(propose(kept, NOW + 30).strength)
    assert later <= height(kept)
