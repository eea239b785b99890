"""`[@key]` in a text: what it names becomes a citation, and what no source is called is refused by name."""

import time
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from questions import citing
from tests import factories


@pytest.fixture
def desk(db: None) -> factories.Desk:
    return factories.Desk()


def test_a_key_in_the_text_becomes_a_citation_with_its_sentence_and_place(desk: factories.Desk) -> None:
    one, two = factories.source(), factories.source()
    text = f"Eerst iets anders. **Lezen** helpt een beetje [@{one.key}, p. 12; zie ook]. Klaar.\n\n- Ook thuis [@{one.key}; @{two.key}]"
    version = factories.write(factories.agreed(desk), desk.broker, explanation=text, citations=[])
    rows = [(row.source, row.claim, row.locator) for row in version.citations.all()]
    assert rows == [(one, "Lezen helpt een beetje.", "p. 12; zie ook"), (two, "Ook thuis", "")]


def test_a_source_that_is_cited_already_gets_no_second_row(desk: factories.Desk) -> None:
    source = factories.source()
    line = {"source": source.key, "claim": "mijn woorden"}
    version = factories.write(factories.agreed(desk), desk.broker, gap=f"Niets [@{source.key}].", citations=[line])
    assert version.citations.get().claim == "mijn woorden"


@pytest.mark.parametrize("field", ["short_answer", "explanation", "conclusion", "gap"])
def test_no_reference_is_invented(desk: factories.Desk, field: str) -> None:
    question = factories.agreed(desk)
    with pytest.raises(ValidationError) as refusal:
        factories.write(question, desk.broker, **{field: "Het helpt [@bestaat-niet-2020]."})
    assert list(refusal.value.error_dict) == [field]
    assert "@bestaat-niet-2020" in str(refusal.value)
    assert factories.reload(question).item is None


def test_what_stands_in_code_is_no_citation(desk: factories.Desk) -> None:
    text = "Schrijf `[@sleutel]`.\n\n```\n[@ook-niet]\n```\n"
    assert factories.write(factories.agreed(desk), desk.broker, explanation=text).citations.count() == 1


def test_a_text_that_names_too_many_sources_is_refused(desk: factories.Desk, monkeypatch: Any) -> None:
    monkeypatch.setattr("questions.texts.ROWS", {"citations": (None, 1), "consulted": (None, 1)})
    keys = " ".join(f"[@{factories.source().key}]" for _ in range(2))
    with pytest.raises(ValidationError) as refusal:
        factories.write(factories.agreed(desk), desk.broker, gap=keys, citations=[])
    assert "citations" in refusal.value.error_dict


@pytest.mark.parametrize(
    "text", ["[@" * 25_000, "`" * 50_000, "[@a;" * 12_500, "[@a, " + "x" * 50_000, "~~~\n" * 12_000]
)
def test_hostile_texts_are_read_at_once(text: str) -> None:
    begin = time.perf_counter()
    list(citing.keys(text))
    assert time.perf_counter() - begin < 2
