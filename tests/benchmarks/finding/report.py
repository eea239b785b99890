"""The tables at the end of a run."""

from collections.abc import Sequence
from typing import Any

from tests.benchmarks.finding.bars import Bar, Sizes, at

LEGS = ("hybrid", "meaning", "served", "words")  # of a peer
OURS = {"served": "meaning"}  # our leg that does what this one does
ROW = "  {:<34}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}"


def _cells(figures: dict[str, Any]) -> list[str]:
    found = []
    for callers in ("1", "8", "32"):
        for name in ("p50", "p95"):
            value = at(figures, callers, name)
            found.append("–" if value is None else f"{value:.1f}")
    return found


def _lines(size: int, figures: dict[str, Any]) -> list[str]:
    lines = [
        "",
        f"{size:,} passages",
        ROW.format("ms", "p50 of 1", "p95 of 1", "p50 of 8", "p95 of 8", "p50 of 32", "p95 of 32"),
    ]
    table = [(f"search, {name}", cells) for name, cells in figures.get("search", {}).items()]
    table += [(f"HTTP {name}", cells) for name, cells in figures.get("http", {}).items()]
    table += [("bare SQL on pgvector", figures.get("bare", {}))]
    for peer, found in figures.get("peers", {}).items():
        legs = [name for name in LEGS if name in found]
        table += [(f"{peer}, {name}", found[name]) for name in legs]
    lines += [ROW.format(name, *_cells(cells)) for name, cells in table]
    recalls = ", ".join(f"{name} {value:.3f}" for name, value in figures.get("recall", {}).items())
    sizes = figures.get("bytes", {})
    apart = ", ".join(f"{name} {value / size:,.0f}" for name, value in sizes.items())
    laps = ", ".join(f"{name} {value:.2f}" for name, value in figures.get("legs", {}).items())
    memory = ", ".join(f"{name} {value:.0f} MB" for name, value in figures.get("memory", {}).items())
    words = at(figures, "words recall")
    lines += [
        f"  recall@10 by meaning against exact: {recalls}",
        f"  recall@10 by words against exact BM25: {'–' if words is None else f'{words:.3f}'}",
        f"  bytes a passage: {sum(sizes.values()) / size:,.0f} ({apart})",
        f"  loaded in {at(figures, 'load') or 0:.1f} s, index built in {at(figures, 'index build') or 0:.1f} s",
        f"  legs of a hybrid search, ms, vector remembered: {laps}",
        f"  web process, peak: {memory or 'not run'}",
        f"  server: {', '.join(f'{name} {value}' for name, value in figures.get('settings', {}).items())}",
    ]
    for peer, found in figures.get("peers", {}).items():
        lines.append(f"  {peer} {_peer(found, size)}")
    lines += [f"  failed: {name}: {why}" for name, why in figures.get("failures", {}).items()]
    lines.append(f"  seconds: {', '.join(f'{name} {value:.0f}' for name, value in figures.get('seconds', {}).items())}")
    return lines


def _peer(found: dict[str, Any], size: int) -> str:
    if "failed" in found:
        return f"failed: {found['failed']}"
    recall = f", recall@10 by meaning {found['recall']:.3f} with effort {found['effort']}" if "recall" in found else ""
    hits = ", ".join(f"{leg} {found[leg]['hits']:.1f}" for leg in LEGS if leg in found)
    built = f"{found['version']}: built in {found['build']:.1f} s, {found['bytes'] / size:,.0f} bytes a passage"
    return f"{built}{recall}; hits a query: {hits}"


def _ratios(sizes: Sizes) -> list[str]:
    """What our hybrid search costs compared with each other way, by size."""
    ways = {
        "bare pgvector, p50, 1 caller, in turn": ("ratio to bare",),
        "lancedb hybrid, p50, 1 caller": ("peers", "lancedb", "hybrid", "1", "p50"),
        "lancedb hybrid, p95, 8 callers": ("peers", "lancedb", "hybrid", "8", "p95"),
        "chroma meaning, p50, 1 caller": ("peers", "chroma", "meaning", "1", "p50"),
        "chroma meaning, p95, 8 callers": ("peers", "chroma", "meaning", "8", "p95"),
        "chroma served, p50, 1 caller": ("peers", "chroma", "served", "1", "p50"),
        "chroma served, p95, 8 callers": ("peers", "chroma", "served", "8", "p95"),
        "tantivy words, p50, 1 caller": ("peers", "tantivy", "words", "1", "p50"),
        "tantivy words, p95, 8 callers": ("peers", "tantivy", "words", "8", "p95"),
    }
    lines = [
        "",
        "search(), same leg, vector remembered ÷ the other",
        "  " + " " * 40 + "".join(f"{s:>12,}" for s in sizes),
    ]
    for name, path in ways.items():
        cells = []
        for figures in sizes.values():
            theirs = at(figures, *path)
            leg = OURS.get(path[2], path[2]) if len(path) > 2 else ""
            ours = at(figures, "search", leg, *path[3:]) if leg else None
            value = theirs if len(path) == 1 else ours / theirs if ours and theirs else None
            cells.append(f"{'–' if value is None else f'{value:.2f} ×':>12}")
        lines.append(f"  {name:<40}{''.join(cells)}")
    return lines


def text(corpus: str, sizes: Sizes, bars: Sequence[Bar]) -> str:
    lines = [
        "",
        f"Corpus: {corpus}.",
        "Beyond these: recombined sentences with drawn words; their vectors are real ones moved along the",
        "difference of two others, since a million real ones take a day here. One passage an owner.",
        "Peers look as far as a recall@10 of 0.98 takes them (nprobes, ef_search), or as far as they can be sent.",
        "Callers of search() and of the peers are threads of one process; HTTP goes through gunicorn on loopback.",
        "“With encoder”: questions never seen before. Otherwise the query's vector is remembered. Filters are",
        "drawn independently of the texts. Exact: numpy over the same half floats; BM25 over the same terms.",
    ]
    for size, figures in sizes.items():
        lines += _lines(size, figures)
    lines += _ratios(sizes)
    lines += ["", "Bars"] + [f"  {bar.state:<8} {bar.name:<58} {bar.figure}".rstrip() for bar in bars]
    return "\n".join(lines)
