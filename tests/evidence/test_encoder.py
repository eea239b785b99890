import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evidence import encoder
from evidence.passages import WORDS

ROOT = Path(__file__).resolve().parents[2]


def test_importing_the_room_loads_no_torch() -> None:
    code = (
        "import sys, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\n"
        "import django; django.setup()\n"
        "import evidence.tasks, evidence.search, evidence.library\n"
        "from evidence import encoder; encoder.recipe()\n"
        "assert not {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)


def test_the_recipe_of_the_default_is_known_without_loading_it(settings: Any) -> None:
    settings.EMBEDDING_MODEL = ""
    assert encoder.recipe() == "multilingual-e5-small-q4/384/query:passage/t1"


def test_no_model_means_no_recipe_and_no_vector(settings: Any) -> None:
    settings.EMBEDDING_MODEL = "none"
    assert encoder.recipe() == ""
    assert encoder.encode_query("x") is None
    assert encoder.encode_passages(["x"]) is None
    assert not encoder.warm()


def test_the_fake_gives_unit_vectors_that_are_the_same_every_time() -> None:
    one, other = (encoder.encode_query("lezen in de klas"), encoder.encode_passages(["lezen in de klas"]))
    assert one is not None
    assert other is not None
    assert one.shape == (384,)
    assert np.isclose(np.linalg.norm(one), 1)
    assert np.allclose(one, other[0])


def test_the_fake_finds_shared_words_similar() -> None:
    vectors = encoder.encode_passages(["de toets helpt", "toetsen helpen", "ouders en school", ""])
    assert vectors is not None
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
    assert np.isfinite(vectors).all()


def test_no_passages_give_no_vectors() -> None:
    vectors = encoder.encode_passages([])
    assert vectors is not None
    assert vectors.shape == (0, 384)


def test_a_model_that_cannot_be_loaded_is_tried_once_and_logged_once(
    settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMBEDDING_MODEL = str(tmp_path / "nowhere")
    (tmp_path / "nowhere").mkdir()
    assert [encoder.encode_query("x") for _ in range(5)] == [None] * 5
    assert encoder.recipe() == ""
    assert len([record for record in caplog.records if "cannot be loaded" in record.message]) == 1


def test_a_cached_query_vector_cannot_be_changed_by_its_reader() -> None:
    vector = encoder.encode_query("lezen")
    assert vector is not None
    with pytest.raises(ValueError, match="read-only"):
        vector[0] = 9


@pytest.mark.encoder
def test_the_default_model_knows_dutch_paraphrases() -> None:
    queries = ["Wat werkt tegen pesten op school?", "Heeft huiswerk zin in groep 8?"]
    passages = ["Aanpak van pestgedrag in de klas", "Effecten van thuis opdrachten maken op resultaten"]
    vectors = encoder.encode_passages([*passages, "De hypotheekrente is gestegen"])
    assert vectors is not None
    for number, query in enumerate(queries):
        vector = encoder.encode_query(query)
        assert vector is not None
        assert np.isclose(np.linalg.norm(vector), 1, atol=1e-5)
        assert int(np.argmax(vectors @ vector)) == number


@pytest.mark.encoder
def test_the_default_model_finds_english_for_a_dutch_question() -> None:
    vectors = encoder.encode_passages(["Retrieval practice and testing", "School building costs"])
    vector = encoder.encode_query("Helpt het om leerstof uit het geheugen op te halen?")
    assert vectors is not None
    assert vector is not None
    assert vectors[0] @ vector > vectors[1] @ vector


@pytest.mark.encoder
def test_a_whole_passage_fits_the_model() -> None:
    sentence = "Leerlingen die zelf vragen bedenken bij een tekst onthouden daar meer van. "
    text = " ".join((sentence * 40).split()[: WORDS - 6])
    ends = encoder.encode_passages([f"{text} zittenblijven", f"{text} hypotheekrente"])
    assert ends is not None
    assert float(ends[0] @ ends[1]) < 0.99999, "the last word must still count"


@pytest.mark.encoder
def test_a_query_longer_than_the_model_is_no_error() -> None:
    assert encoder.encode_query("woord " * 1_600) is not None


@pytest.mark.encoder
def test_threads_share_the_model() -> None:
    texts = [f"Vraag nummer {number} over lezen" for number in range(8)]
    found: dict[str, Any] = {}
    threads = [
        threading.Thread(target=lambda text=text: found.update({text: encoder.encode_query(text)})) for text in texts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone = encoder.encode_passages(texts)
    assert alone is not None
    assert all(found[text] is not None for text in texts)
