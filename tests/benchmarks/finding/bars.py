"""Whether each bar is held: pure functions on the figures of a run."""

from dataclasses import dataclass
from typing import Any

LARGE = (100_000, 1_000_000)
# What we are held against, peer, leg and how it is called here. Chroma in the process that asks
# keeps all vectors in its memory and shares them with nobody; served, it is built as ours is.
RIVALS = (
    ("lancedb", "hybrid", "LanceDB hybrid"),
    ("chroma", "served", "Chroma (meaning only), served"),
    ("chroma", "meaning", "Chroma (meaning only), in process"),
)
Sizes = dict[int, dict[str, Any]]


@dataclass(frozen=True)
class Bar:
    """What is promised, the figure of this run, and held / missed / not run."""

    name: str
    figure: str
    state: str


def verdict(values: list[bool]) -> str:
    if not values:
        return "not run"
    return "held" if all(values) else "missed"


def at(figures: dict[str, Any], *path: str) -> float | None:
    """The figure at this path, or None when that part was not run or failed."""
    found: Any = figures
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return None if found is None else float(found)


def ratio(sizes: Sizes) -> list[Bar]:
    bars = []
    for size in LARGE:
        found = at(sizes.get(size, {}), "ratio to bare")
        state = verdict([] if found is None else [found <= 4])
        bars.append(Bar(f"hybrid ÷ bare pgvector, p50, {size:,} ≤ 4", "" if found is None else f"{found:.2f} ×", state))
    return bars


def peers(sizes: Sizes) -> list[Bar]:
    bars = []
    for size in LARGE:
        figures = sizes.get(size, {})
        ours = at(figures, "search", "hybrid", "8", "p95")
        for peer, leg, name in RIVALS:
            theirs = at(figures, "peers", peer, leg, "8", "p95")
            known = ours is not None and theirs is not None
            told = f"{ours:.1f} against {theirs:.1f} ms" if known else ""
            state = verdict([ours < theirs] if known else [])  # type: ignore[operator]
            bars.append(Bar(f"p95 with 8 callers below {name}, {size:,}", told, state))
    return bars


def recall(sizes: Sizes) -> list[Bar]:
    bars = []
    for name, least in (("all", 0.98), ("1 %", 0.95)):
        found = {size: at(figures, "recall", name) for size, figures in sorted(sizes.items())}
        known = {size: value for size, value in found.items() if value is not None}
        told = ", ".join(f"{size:,}: {value:.3f}" for size, value in known.items())
        bars.append(Bar(f"recall@10 by meaning, {name} ≥ {least}", told, verdict([v >= least for v in known.values()])))
    return bars


def growth(sizes: Sizes) -> Bar:
    small, large = (at(sizes.get(size, {}), "search", "hybrid", "1", "p95") for size in (10_000, 1_000_000))
    name = "hybrid p95 at 1,000,000 ÷ at 10,000 < 3"
    if small is None or large is None:
        return Bar(name, "", "not run")
    return Bar(name, f"{large / small:.2f} × ({small:.1f} to {large:.1f} ms)", verdict([large / small < 3]))


def ingest(found: dict[str, float]) -> Bar:
    name = "put and embed ÷ bare model ≥ 0.9"
    if "ratio" not in found:
        return Bar(name, "", "not run")
    told = f"{found['ratio']:.2f} × ({found['product']:.1f} against {found['bare']:.1f} passages a second)"
    told += "".join(
        f", {name} {found[f'{name} seconds']:.0f} s" for name in ("put", "embed", "bare") if f"{name} seconds" in found
    )
    return Bar(name, told, verdict([found["ratio"] >= 0.9]))


def memory(sizes: Sizes) -> Bar:
    found = {size: at(figures, "memory", "largest process") for size, figures in sorted(sizes.items())}
    known = [(size, value) for size, value in found.items() if value]
    name = "memory of a web process, largest size ÷ smallest ≤ 1.1"
    if len(known) < 2:
        return Bar(name, "", "not run")
    (least, small), (most, large) = known[0], known[-1]
    told = f"{large / small:.2f} × ({small:.0f} MB at {least:,}, {large:.0f} MB at {most:,})"
    return Bar(name, told, verdict([large / small <= 1.1]))


def every(sizes: Sizes, ingested: dict[str, float]) -> list[Bar]:
    return [*ratio(sizes), *peers(sizes), *recall(sizes), growth(sizes), ingest(ingested), memory(sizes)]
