import json
import signal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from evidence import encoder, figures
from evidence.models import Passage, Posting, Vector

pytestmark = pytest.mark.django_db
MEASURES = {"nDCG@10", "MRR@10", "Recall@10", "Recall@100"}


def write(folder: Path, corpus: list[Any], queries: list[Any], qrels: list[str]) -> Path:
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)))
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)))
    (folder / "qrels.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *qrels]) + "\n")
    return folder


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    corpus = [
        {"_id": f"https://example.org/{'d' * 90}/{n}", "title": f"Onderwerp nummer{n}", "text": "x"} for n in range(12)
    ]
    queries = [{"_id": f"q{n}", "text": f"iets over nummer{n}"} for n in range(12)]
    qrels = [f"q{n}\t{corpus[n]['_id']}\t1" for n in range(12)]
    return write(tmp_path, corpus, queries, qrels)


def run(*arguments: Path | str) -> str:
    out = StringIO()
    call_command("evaluate_search", *map(str, arguments), stdout=out, stderr=StringIO())
    return out.getvalue()


def test_every_mode_is_measured_and_printed_as_json(judged: Path) -> None:
    (one,) = json.loads(run(judged, "--json"))["sets"]
    assert set(one["scores"]) == {"words", "meaning", "hybrid"}
    assert all(set(measured) == MEASURES for measured in one["scores"].values())
    assert one["scores"]["words"]["MRR@10"] == one["scores"]["hybrid"]["MRR@10"] == 1.0
    assert (one["documents"], one["queries"]) == (12, 12)
    assert one["kept"] == [12, 12]
    assert one["rejected"] == [0, 0]


def test_without_json_it_is_a_table_with_the_rule(judged: Path) -> None:
    shown = run(judged)
    assert "hybrid" in shown
    assert "held" in shown
    assert "mean nDCG@10: words 1.000" in shown


@pytest.fixture
def other(tmp_path: Path) -> Path:
    folder = tmp_path / "other"
    folder.mkdir()
    return write(
        folder,
        [{"_id": "d", "title": "", "text": "Kaas uit Gouda"}],
        [{"_id": "q", "text": "kaas"}, {"_id": "unjudged", "text": "brood"}],
        ["q\td\t1"],
    )


def test_queries_of_other_domains_are_unrelated(judged: Path, other: Path) -> None:
    first, second = json.loads(run(judged, other, "--json"))["sets"]
    assert first["rejected"] == [1, 1]
    assert second["rejected"] == [12, 12]


def test_sets_of_one_domain_are_not(judged: Path, other: Path) -> None:
    domains = ("--domain", f"{judged.name}=one", "--domain", "other=one")
    assert [one["rejected"] for one in json.loads(run(judged, other, *domains, "--json"))["sets"]] == [[0, 0], [0, 0]]


@pytest.mark.parametrize("told", ["other", "other=", "nowhere=x"])
def test_a_domain_that_cannot_be_is_said_in_a_sentence(judged: Path, other: Path, told: str) -> None:
    with pytest.raises(CommandError, match="SET=DOMAIN"):
        run(judged, other, "--domain", told)


def test_recording_writes_the_file(judged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, document = tmp_path / "figures.json", tmp_path / "none.md"
    record = figures.record
    monkeypatch.setattr(figures, "record", lambda found: record(found, path, document))
    run(judged, "--record")
    recorded = figures.read(path)
    assert recorded
    assert recorded.recipe == encoder.recipe()
    assert recorded.sets[0].sample == 1.0
    assert not document.exists()


def test_nothing_is_left_behind_and_real_content_is_untouched(judged: Path, shelve: Any) -> None:
    shelve("a", "Echt", "Over nummer3")
    run(judged, "--json")
    assert Passage.objects.count() == 1
    assert Posting.objects.exclude(passage__ref="a").count() == 0
    assert Vector.objects.count() == 0


class Interrupting(StringIO):
    """Whoever reads the progress presses Ctrl-C (or ends the process) at its first line."""

    def __init__(self, stop: signal.Signals) -> None:
        super().__init__()
        self.stop = stop

    def write(self, text: str) -> int:
        signal.raise_signal(self.stop)
        return len(text)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_stopped_cleans_up_as_well(tmp_path: Path, stop: signal.Signals) -> None:
    corpus = [{"_id": str(n), "title": "t", "text": f"tekst {n}"} for n in range(100)]
    write(tmp_path, corpus, [{"_id": "q", "text": "tekst"}], ["q\t1\t1"])
    # A shell that runs this in the background has made SIGINT ignored: a person's Ctrl-C is not.
    interrupt = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises((SystemExit, KeyboardInterrupt)):
            call_command("evaluate_search", str(tmp_path), stderr=Interrupting(stop))
    finally:
        signal.signal(signal.SIGINT, interrupt)
    assert not Passage.objects.exists()


GOOD = {
    "corpus.jsonl": '{"_id": "d", "title": "", "text": "x"}',
    "queries.jsonl": '{"_id": "q", "text": "x"}',
    "qrels.tsv": "query-id\tcorpus-id\tscore\nq\td\t1",
}


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("corpus.jsonl", None),
        ("corpus.jsonl", ""),
        ("corpus.jsonl", "{"),
        ("corpus.jsonl", "[1]"),
        ("corpus.jsonl", '{"_id": "d", "text": 3}'),
        ("corpus.jsonl", '{"title": "no id", "text": "x"}'),
        ("corpus.jsonl", b"\xff\xfe"),
        ("queries.jsonl", None),
        ("queries.jsonl", '{"_id": "q"}'),
        ("qrels.tsv", None),
        ("qrels.tsv", "q\td\t1"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq\td\tmuch"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq d 1"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nunknown\td\t1"),
    ],
)
def test_a_set_that_cannot_be_read_is_said_in_a_sentence(
    tmp_path: Path, file: str, content: str | bytes | None
) -> None:
    for name, text in {**GOOD, file: content}.items():
        if text is not None:
            (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CommandError, match=file):
        run(tmp_path)
    assert not Passage.objects.exists()


def test_a_folder_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "nowhere")


def test_without_a_model_there_is_nothing_to_measure(judged: Path, settings: Any) -> None:
    settings.EMBEDDING_MODEL = "none"
    with pytest.raises(CommandError, match="no language model"):
        run(judged)
