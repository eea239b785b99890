"""The parts of the search benchmark whose figures nobody would check again: generator, truth and bars."""

from pathlib import Path

import numpy as np
import pytest

from evidence import encoder, ranking, words
from evidence.models import Passage
from evidence.search import search
from tests.benchmarks.finding import bars, callers, loading
from tests.benchmarks.finding.corpus import BATCH, Maker, Row, Text, number_of, real, ref_of, vectors
from tests.benchmarks.finding.exact import Bm25, Nearest

TEXTS = [
    Text("Huiswerk", "Helpt huiswerk in groep zeven. Het onderzoek komt uit andere landen dan het onze."),
    Text("", "Kinderen die samen lezen gaan vooruit. Dat geldt voor hardop lezen in tweetallen."),
]


def rows(count: int) -> list[Row]:
    return [row for batch in Maker(TEXTS).batches(count) for row in batch]


def units(count: int) -> np.ndarray:
    found = np.random.default_rng(1).normal(size=(count, 16)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def held(size: int, **figures: float) -> dict[str, str]:
    sizes = {size: {"ratio to bare": figures["ratio"], "recall": {"all": figures["recall"]}}}
    return {bar.name: bar.state for bar in bars.every(sizes, {"ratio": figures["ingest"], "product": 9, "bare": 10})}


def test_a_passage_is_the_same_at_every_size_and_in_every_run() -> None:
    assert rows(50) == rows(BATCH + 7)[:50]
    assert rows(2)[0].text == TEXTS[0], "what is real comes first"
    assert len({row.ref for row in rows(BATCH + 7)}) == BATCH + 7


def test_the_vocabulary_grows_with_the_corpus() -> None:
    made = [set(words.terms(row.text.body)) for row in rows(4_000)]
    small, large = len(set().union(*made[:1_000])), len(set().union(*made))
    assert 1.5 < large / small < 4


def test_filters_match_a_tenth_and_a_hundredth() -> None:
    made = rows(BATCH)
    assert sum("vo" in row.sectors for row in made) / BATCH == pytest.approx(0.1, abs=0.02)
    assert sum(row.year >= 2024 for row in made) / BATCH == pytest.approx(0.1, abs=0.02)
    assert sum("zeldzaam" in row.themes for row in made) / BATCH == pytest.approx(0.01, abs=0.005)


def test_the_real_texts_of_the_demo_are_there_and_refs_tell_their_number() -> None:
    texts, asked, told = real()
    assert len(texts) > 300
    assert len(asked) > 50
    assert told.startswith("demo content")
    assert number_of(ref_of(123_456)) == 123_456


def test_made_vectors_are_units_near_real_ones(tmp_path: Path) -> None:
    base = units(20)
    made = vectors(base, 60, tmp_path / "v.npy").astype(np.float32)
    again = vectors(base, 60, tmp_path / "w.npy").astype(np.float32)
    assert (made == again).all()
    assert np.linalg.norm(made, axis=1) == pytest.approx(np.ones(60), abs=1e-2)
    assert made[:20] == pytest.approx(base, abs=1e-3)
    assert not (made[20:40] == made[:20]).all(axis=1).any()


def test_exact_neighbours_are_those_of_a_full_sort_also_when_filtered() -> None:
    base, asked = units(300).astype(np.float16), units(5)
    nearest = Nearest(base, asked)
    allowed = np.arange(300) % 3 == 0
    numbers, best = nearest.top(allowed)
    cosines = nearest.cosines(np.arange(300))
    for query in range(5):
        wanted = [number for number in np.argsort(-cosines[query]) if allowed[number]][:10]
        assert set(numbers[query]) == set(wanted)
        assert nearest.recall(query, wanted, best) == 1
        assert nearest.recall(query, wanted[:5], best) == 0.5
        assert nearest.recall(query, [], best) == 0


def test_counted_bm25_is_that_of_the_product() -> None:
    made = rows(500)
    counted = Bm25(["huiswerk op school", "zzzzzz"])
    counted.add(made)
    analysed = [words.terms(f"{row.text.title}\n{row.text.body}") for row in made]
    wanted = np.zeros(len(made))
    for term in words.query_terms("huiswerk op school"):
        counts = np.array([terms.count(term) for terms in analysed])
        lengths = np.array([len(terms) for terms in analysed])
        idf = ranking.inverse_frequency(len(made), int((counts > 0).sum()))
        wanted += idf * ranking.IMPACT_UNIT * np.where(counts > 0, ranking.impacts(counts, lengths), 0)
    assert counted.scores(0) == pytest.approx(wanted, abs=0.2), "to the byte"
    ids = np.argsort(-counted.scores(0))
    assert counted.recall(0, ids[:10].tolist()) == 1
    assert counted.recall(1, [1, 2]) is None, "a query without any match says nothing about recall"


def test_a_bar_is_held_missed_or_not_run() -> None:
    good = held(100_000, ratio=3.9, recall=0.99, ingest=0.95)
    poor = held(100_000, ratio=4.1, recall=0.97, ingest=0.89)
    for part in ("bare pgvector, p50, 100,000", "by meaning, all", "put and embed"):
        (name,) = [name for name in good if part in name]
        assert (good[name], poor[name]) == ("held", "missed")
    assert {state for name, state in good.items() if "1,000,000" in name} == {"not run"}
    assert {bar.state for bar in bars.every({}, {})} == {"not run"}


def test_a_peer_that_failed_leaves_its_bar_open_and_no_other() -> None:
    ours = {"hybrid": {"8": {"p95": 5.0}}}
    peers = {"lancedb": {"failed": "exit 1"}, "chroma": {"meaning": {"8": {"p95": 4.0}}, "served": {"8": {"p95": 6.0}}}}
    found = {bar.name: bar.state for bar in bars.peers({100_000: {"search": ours, "peers": peers}})}
    assert found["p95 with 8 callers below LanceDB hybrid, 100,000"] == "not run"
    assert found["p95 with 8 callers below Chroma (meaning only), served, 100,000"] == "held"
    assert found["p95 with 8 callers below Chroma (meaning only), in process, 100,000"] == "missed"


def test_percentiles_lie_between_their_neighbours() -> None:
    assert callers.percentile([4, 1, 3, 2], 0.5) == 2.5
    assert callers.percentile(range(101), 0.95) == 95


def test_every_question_is_asked_once_by_many_callers_and_an_error_is_told() -> None:
    asked: list[int] = []
    found = callers.measure(asked.append, list(range(40)), 4, once=True)
    assert sorted(asked) == list(range(40))
    assert found["calls"] == 40
    with pytest.raises(ZeroDivisionError):
        callers.measure(lambda one: 1 / one, [0], 3, once=True)


@pytest.mark.django_db
def test_what_is_loaded_in_bulk_is_found_as_what_was_put(tmp_path: Path) -> None:
    texts, asked, _told = real()
    made = [row for batch in Maker(texts[:40]).batches(80) for row in batch]
    empty = np.zeros((80, encoder.FAKE_DIMENSIONS), np.float16)
    kept = loading.by_the_doors([made], empty)
    wanted = {text: found(text) for text in asked[:20]}
    Passage.objects.all().delete()
    loading._load([made[:50], made[50:]], kept, lambda line: None)
    assert {text: found(text) for text in asked[:20]} == wanted
    assert any(wanted.values())


def found(text: str) -> list[tuple[str, float]]:
    """Refs with their scores by words, by meaning and by both."""
    some = [
        hit for mode in ("words", "meaning", "hybrid") for hit in search(text, kinds=[loading.KIND], mode=mode).hits
    ]
    # What has nothing in common with the text is as near as anything: which of it is found is chance.
    return [(hit.ref, round(hit.score, 5)) for hit in some if hit.score > 0.001]
