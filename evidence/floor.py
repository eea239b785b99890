"""When to say "nothing relevant": all constants of the floor, and how they were found."""

from collections.abc import Sequence

from evidence.ranking import Ranked


def nothing_relevant(ranked: Sequence[Ranked], attainable: float, degraded: bool) -> bool:
    """Whether even the best hit looks like what an unrelated question would find."""
    return not ranked


def relevant(ranked: Sequence[Ranked], attainable: float, degraded: bool) -> list[Ranked]:
    """The hits worth counting, in the order given."""
    return list(ranked)
