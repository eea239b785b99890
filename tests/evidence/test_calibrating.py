from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from evidence import calibration, embedding, encoder, floor
from evidence.background import Background, texts
from evidence.models import Calibration, Passage
from evidence.search import Results

DEFAULT = "multilingual-e5-small-q4/384/query:passage/t1"
NAN = float("nan")


def test_both_error_rates_are_counted_at_the_floor() -> None:
    found = calibration.rates([0.5, 0.4, 0.2, 0.1], [0.3, 0.1, 0.0, NAN], 0.2)
    assert (found.kept, found.rejected) == (0.75, 0.75)
    assert (found.related, found.unrelated) == (4, 4)


def test_the_curve_trades_what_is_kept_for_what_is_rejected() -> None:
    generator = np.random.default_rng(1)
    found = calibration.rates(list(generator.normal(1, 1, 500)), list(generator.normal(-1, 1, 500)), 0.0)
    assert len(found.curve) == 10
    kept, rejected = zip(*found.curve, strict=True)
    assert list(kept) == sorted(kept, reverse=True)
    assert list(rejected) == sorted(rejected)
    assert rejected[-1] > 0.8


def test_the_floor_rejects_nine_in_ten_unrelated_questions() -> None:
    base = calibration.chosen("some/model", [0.9] * 20, [n / 100 for n in range(100)])
    assert calibration.rates([0.9] * 20, [n / 100 for n in range(100)], base).rejected == pytest.approx(0.9, abs=0.02)


def test_the_floor_gives_way_where_it_would_cost_related_questions() -> None:
    related = [n / 100 for n in range(100)]
    base = calibration.chosen("some/model", related, [0.5] * 20)
    assert calibration.rates(related, [0.5] * 20, base).kept >= 0.95


def test_a_floor_that_judged_sets_gave_is_never_raised() -> None:
    assert calibration.chosen(DEFAULT, [0.9] * 20, [0.8] * 20) == floor.FLOORS["multilingual-e5-small-q4"].base


def test_a_background_text_is_not_near_to_itself() -> None:
    dutch, english = texts()
    count = len(dutch) + len(english)
    one = Background(np.zeros(count, np.float32), np.eye(count, dtype=np.float32))
    query = np.eye(count, dtype=np.float32)[3]
    assert one.closeness(query, dutch[3]) == 0.0
    assert one.closeness(query, "something else") == pytest.approx(0.1)


def test_half_of_what_all_queries_share_is_taken_out() -> None:
    one = Background(np.array([1.0, 0.0], np.float32), np.eye(2, dtype=np.float32))
    assert one.without(np.array([0.5, 1.0], np.float32)).tolist() == [0.0, 1.0]
    assert np.linalg.norm(one.without(np.array([0.6, 0.8], np.float32))) == pytest.approx(1.0)


@pytest.mark.django_db
def test_calibrating_keeps_the_floor_and_search_goes_by_it(shelve: Any, find: Callable[..., Results]) -> None:
    shelve("a", "Toetsen", "Vaak toetsen helpt om te onthouden.")
    shelve("b", "Lezen", "Voorlezen helpt kleuters.")
    embedding.embed_all()
    out = StringIO()
    call_command("calibrate", stdout=out)
    kept = Calibration.objects.get()
    assert kept.recipe == encoder.recipe()
    assert kept.passages == 2
    assert len(kept.curve) == 10
    assert "rejected" in out.getvalue()
    assert find("toetsen").hits[0].relevant
    Calibration.objects.update(base=10.0)
    assert find("toetsen").nothing_relevant


@pytest.mark.django_db
def test_calibrating_waits_until_every_passage_has_its_vector(shelve: Any) -> None:
    shelve("a", "Toetsen", "Vaak toetsen helpt om te onthouden.")
    with pytest.raises(CommandError, match="embed"):
        call_command("calibrate", stdout=StringIO())


@pytest.mark.django_db
def test_calibrating_nothing_is_refused() -> None:
    with pytest.raises(CommandError, match="no passage"):
        call_command("calibrate", stdout=StringIO())


def _write(folder: Path, document: str, query: str) -> Path:
    folder.mkdir()
    (folder / "corpus.jsonl").write_text(f'{{"_id": "d", "text": "{document}"}}\n', encoding="utf-8")
    (folder / "queries.jsonl").write_text(f'{{"_id": "q", "text": "{query}"}}\n', encoding="utf-8")
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\td\t1\n", encoding="utf-8")
    return folder


@pytest.mark.django_db
def test_judged_sets_are_asked_with_each_others_questions(tmp_path: Path) -> None:
    one = _write(tmp_path / "one", "Vaak toetsen helpt om te onthouden.", "Helpt toetsen?")
    other = _write(tmp_path / "other", "De vuilniswagen komt op maandag.", "Wanneer komt de vuilniswagen?")
    out = StringIO()
    call_command("calibrate", "--sets", str(one), str(other), stdout=out)
    assert "kept 100.0% of 2 questions" in out.getvalue()
    assert "rejected 100.0% of 2 questions" in out.getvalue()
    assert not Passage.objects.exists()
    assert not Calibration.objects.exists()


@pytest.mark.django_db
def test_a_set_that_cannot_be_read_is_said_and_nothing_stays(tmp_path: Path) -> None:
    one = _write(tmp_path / "one", "Vaak toetsen helpt om te onthouden.", "Helpt toetsen?")
    with pytest.raises(CommandError, match=r"corpus\.jsonl"):
        call_command("calibrate", "--sets", str(one), str(tmp_path / "absent"), stdout=StringIO())
    assert not Passage.objects.exists()
