"""How well search does, as it was measured last: written by `evaluate_search --record`, read by the
numbers page, by docs/search.md and by the test that fails when a change makes it worse."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

PATH = Path(__file__).parent / "data" / "figures.json"
DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "search.md"
BEGIN, END = "<!-- figures: written by evaluate_search --record -->", "<!-- end of figures -->"
RULE = 0.005  # how far both together may fall below the better leg
MEASURE = "nDCG@10"

Scores = dict[str, dict[str, float]]


@dataclass(frozen=True)
class SetFigures:
    """One judged set. `kept` and `rejected`: how many of how many. `sample`: nDCG@10 of both legs
    together on evaluation.sample of the set."""

    name: str
    domain: str
    documents: int
    queries: int
    scores: Scores
    kept: tuple[int, int] = (0, 0)
    rejected: tuple[int, int] = (0, 0)
    sample: float = 0.0

    def of(self, mode: str) -> float:
        return self.scores[mode][MEASURE]

    @property
    def margin(self) -> float:
        """How far both together are above the better leg; negative when below."""
        return self.of("hybrid") - max(self.of("words"), self.of("meaning"))

    @property
    def holds(self) -> bool:
        return self.margin >= -RULE


@dataclass(frozen=True)
class Figures:
    """One run over several sets; `date` as 2026-11-22."""

    date: str
    recipe: str
    words_recipe: str
    sets: list[SetFigures] = field(default_factory=list)

    def mean(self, mode: str) -> float:
        """nDCG@10, every set counting the same."""
        return sum(one.of(mode) for one in self.sets) / len(self.sets)

    @property
    def kept(self) -> tuple[int, int]:
        return sum(one.kept[0] for one in self.sets), sum(one.kept[1] for one in self.sets)

    @property
    def rejected(self) -> tuple[int, int]:
        return sum(one.rejected[0] for one in self.sets), sum(one.rejected[1] for one in self.sets)

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=2)


def read(path: Path = PATH) -> Figures | None:
    """What was recorded last; None when nothing was."""
    if not path.exists():
        return None
    data = json.loads(path.read_text(encoding="utf-8"))
    sets = [
        SetFigures(**{**one, "kept": tuple(one["kept"]), "rejected": tuple(one["rejected"])}) for one in data["sets"]
    ]
    return Figures(data["date"], data["recipe"], data["words_recipe"], sets)


def record(figures: Figures, path: Path = PATH, document: Path = DOCUMENT) -> None:
    """Writes the file, and the block in the document where there is one."""
    path.write_text(figures.as_json() + "\n", encoding="utf-8")
    if not document.exists():
        return
    text = document.read_text(encoding="utf-8")
    if BEGIN in text and END in text:
        before, rest = text.split(BEGIN, 1)
        after = rest.split(END, 1)[1]
        document.write_text(f"{before}{BEGIN}\n{markdown(figures)}\n{END}{after}", encoding="utf-8")


def share(part: tuple[int, int]) -> str:
    """83 % (of 552); a dash when nothing was counted."""
    return f"{100 * part[0] / part[1]:.1f} % of {part[1]}" if part[1] else "–"


def markdown(figures: Figures) -> str:
    """The block of docs/search.md."""
    lines = [
        "| set | documents / queries | words | meaning | both | over the better leg | kept | rejected |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in figures.sets:
        cells = " | ".join(f"{one.of(mode):.3f}" for mode in ("words", "meaning", "hybrid"))
        rule = f"{one.margin:+.3f} {'held' if one.holds else 'missed'}"
        size = f"{one.documents:,} / {one.queries:,}"
        lines.append(f"| {one.name} | {size} | {cells} | {rule} | {share(one.kept)} | {share(one.rejected)} |")
    means = " | ".join(f"**{figures.mean(mode):.3f}**" for mode in ("words", "meaning", "hybrid"))
    lines.append(f"| mean, pooled | | {means} | | {share(figures.kept)} | {share(figures.rejected)} |")
    made = f"nDCG@10. Measured on {figures.date} with `{figures.recipe}` and `{figures.words_recipe}`."
    told = (
        "*Kept*: of the queries with a relevant document in the first ten, those that are not told “nothing relevant”. "
        "*Rejected*: of the queries of other domains, those that are."
    )
    return "\n".join([*lines, "", f"{made} {told}"])
