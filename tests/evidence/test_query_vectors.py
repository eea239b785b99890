import threading
from typing import Any

import pytest

from evidence import encoder
from evidence.remembered import Remembered


class Counting(encoder.FakeModel):
    """Notes what it was asked, and gives a second caller half a second to come in beside the first."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.second = threading.Event()
        self.patience = 0.0
        self.fails = 0

    def query(self, text: str) -> encoder.Vectors:
        self.asked.append(text)
        if len(self.asked) > 1:
            self.second.set()
        self.second.wait(self.patience)
        if self.fails:
            self.fails -= 1
            raise RuntimeError("The model stumbles.")
        return super().query(text)


@pytest.fixture
def model(settings: Any) -> Any:
    counting = Counting()
    encoder._shelf.models["fake-counting"] = counting
    settings.EMBEDDING_MODEL = "fake-counting"
    encoder._vectors = Remembered(encoder.CACHED_QUERIES)
    yield counting
    del encoder._shelf.models["fake-counting"]
    encoder._vectors = Remembered(encoder.CACHED_QUERIES)


def test_a_text_is_encoded_once_whatever_its_white_space(model: Counting) -> None:
    for text in ("lezen in  de klas", " lezen in de klas", "lezen\nin de\tklas ", "lezen in de klas"):
        assert encoder.encode_query(text) is not None
    assert model.asked == ["lezen in de klas"]


def test_typing_costs_one_call_for_each_text(model: Counting) -> None:
    typed = ["hoe", "hoe leren", "hoe leren", "hoe leren kinderen", "hoe leren", "hoe leren kinderen"]
    for text in typed:
        encoder.encode_query(text)
    assert model.asked == ["hoe", "hoe leren", "hoe leren kinderen"]


def test_two_who_ask_the_same_at_once_cost_one_call(model: Counting) -> None:
    model.patience = 0.5
    found: list[encoder.Vectors | None] = []
    start = threading.Barrier(6)

    def ask() -> None:
        start.wait()
        found.append(encoder.encode_query("samen"))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert model.asked == ["samen"]
    assert len(found) == 6
    assert all(vector is found[0] and vector is not None for vector in found)


def test_two_who_ask_different_things_do_not_wait_for_each_other(model: Counting) -> None:
    model.patience = 30
    threads = [threading.Thread(target=encoder.encode_query, args=(text,)) for text in ("een", "twee")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)
    assert sorted(model.asked) == ["een", "twee"]


def test_a_failure_is_not_remembered(model: Counting) -> None:
    model.fails = 1
    assert encoder.encode_query("lezen") is None
    assert encoder.encode_query("lezen") is not None
    assert model.asked == ["lezen", "lezen"]


def test_who_waits_for_a_failure_hears_of_it_and_the_next_one_tries_again(model: Counting) -> None:
    model.patience, model.fails = 0.5, 1
    found: list[encoder.Vectors | None] = []
    threads = [threading.Thread(target=lambda: found.append(encoder.encode_query("x"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(found) == 2
    assert None in found
    assert encoder.encode_query("x") is not None


def test_two_models_never_share_a_vector(model: Counting, settings: Any) -> None:
    mine = encoder.encode_query("lezen")
    settings.EMBEDDING_MODEL = "fake"
    other = encoder.encode_query("lezen")
    assert mine is not other
    assert encoder.encode_query("lezen", "fake-counting/384/plain/t1") is mine
    assert encoder.encode_query("lezen", "fake-counting/384/plain/t0") is not mine, "another form of the text"
    assert model.asked == ["lezen", "lezen"]


def test_memory_is_bounded_and_what_is_asked_often_stays(model: Counting) -> None:
    for number in range(encoder.CACHED_QUERIES + 100):
        encoder.encode_query(f"vraag {number}")
        encoder.encode_query("altijd weer")
    assert len(encoder._vectors) == encoder.CACHED_QUERIES
    assert model.asked.count("altijd weer") == 1
    encoder.encode_query("vraag 0")
    assert model.asked.count("vraag 0") == 2


def test_making_something_may_ask_for_something_else() -> None:
    kept: Remembered[int] = Remembered(2)
    assert kept.get("a", lambda: kept.get("b", lambda: 1) + 1) == 2
    assert (kept.get("a", lambda: 9), kept.get("b", lambda: 9)) == (2, 1)
