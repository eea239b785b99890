"""The figures that were recorded, and that a change does not make them worse."""

import json
from pathlib import Path
from typing import Any

import pytest

from evidence import encoder, evaluation, figures, judged, trial
from evidence.figures import Figures, SetFigures

SHARED = Path(__file__).resolve().parents[3] / "shared" / "eval"
WORSE = 0.01


def scores(words: float, meaning: float, hybrid: float) -> figures.Scores:
    return {"words": {"nDCG@10": words}, "meaning": {"nDCG@10": meaning}, "hybrid": {"nDCG@10": hybrid}}


MADE = Figures(
    "2026-11-22",
    "model/3/x/t1",
    "nl1",
    [
        SetFigures("a", "x", 10, 5, scores(0.2, 0.4, 0.5), (9, 10), (3, 4), 0.5),
        SetFigures("b", "y", 10, 5, scores(0.2, 0.4, 0.39), (10, 10), (1, 4), 0.5),
    ],
)


def test_figures_are_read_as_they_were_written(tmp_path: Path) -> None:
    path, document = tmp_path / "figures.json", tmp_path / "search.md"
    document.write_text(f"before\n{figures.BEGIN}\nYESTERDAY\n{figures.END}\nafter\n")
    figures.record(MADE, path, document)
    assert figures.read(path) == MADE
    text = document.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "YESTERDAY" not in text
    assert "+0.100 held" in text
    assert "-0.010 missed" in text
    assert "95.0 % of 20 | 50.0 % of 8" in text


def test_without_a_file_there_are_no_figures(tmp_path: Path) -> None:
    assert figures.read(tmp_path / "none.json") is None


def test_the_document_shows_what_was_recorded() -> None:
    recorded = figures.read()
    assert recorded
    block = figures.DOCUMENT.read_text(encoding="utf-8").split(figures.BEGIN)[1].split(figures.END)[0]
    assert block.strip() == figures.markdown(recorded)
    assert json.loads(recorded.as_json())["date"] == recorded.date


def test_a_sample_is_always_the_same_and_holds_what_is_relevant() -> None:
    documents = {f"d{n}": ("", "x") for n in range(50)}
    queries = {f"q{n}": "x" for n in range(20)}
    content = judged.JudgedSet(documents, queries, {f"q{n}": {f"d{n}": 1, "d49": 0} for n in range(20)})
    small = evaluation.sample(content, queries=5, documents=12)
    turned = judged.JudgedSet(dict(reversed(documents.items())), queries, dict(reversed(content.judgements.items())))
    assert small == evaluation.sample(turned, queries=5, documents=12)
    assert (len(small.queries), len(small.documents)) == (5, 12)
    assert all(ref in small.documents for of in small.judgements.values() for ref, score in of.items() if score)


@pytest.mark.thorough
@pytest.mark.encoder
@pytest.mark.django_db
def test_no_set_is_found_less_well_than_was_recorded(settings: Any) -> None:
    recorded = figures.read()
    assert recorded
    if not SHARED.is_dir():
        pytest.skip("the judged sets (shared/eval beside this folder) are not here: figures not compared")
    assert recorded.recipe == encoder.recipe(), "another recipe: record the figures anew"
    encoder.prepare(lambda line: None)
    assert encoder.warm()
    worse = {}
    for one in recorded.sets:
        with trial.indexed(evaluation.sample(judged.read(SHARED / one.name))) as run:
            now = evaluation.measure(run.rankings("hybrid"), run.content.judgements)[figures.MEASURE]
        print(f"{one.name}: {now:.4f}, recorded {one.sample:.4f}")
        if now < one.sample - WORSE:
            worse[one.name] = (now, one.sample)
    assert worse == {}
