"""Writing an answer: nobody overwrites anybody unseen, and nothing that was typed is lost."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from questions import limits, writing
from questions.models import KeptDraft, Question, Version
from questions.refusals import NotNow, Stale
from questions.states import VersionState
from tests import factories


@pytest.fixture
def team(db: None) -> factories.Desk:
    return factories.Desk()


@pytest.fixture
def case(team: factories.Desk) -> Question:
    return factories.agreed(team)


def etag(question: Question) -> str:
    return writing.etag(writing.current(factories.reload(question)))


def test_the_first_text_is_written_on_top_of_nothing(case: Question, team: factories.Desk) -> None:
    assert etag(case) == writing.NEW
    version = writing.write(case, factories.texts(), by=team.broker, expected=writing.NEW)
    assert version.short_answer == factories.TEXTS["short_answer"]
    assert [line.n for line in version.citations.all()] == [1]
    assert list(version.authors.all()) == [team.broker]
    assert etag(case) == version.etag
    with pytest.raises(Stale):
        writing.write(case, factories.texts(), by=team.broker, expected=writing.NEW)


def test_a_text_written_on_top_of_one_that_changed_meanwhile_is_refused_and_kept(
    case: Question, team: factories.Desk
) -> None:
    read = writing.write(case, factories.texts(), by=team.broker, expected=writing.NEW).etag
    writing.write(case, factories.texts(short_answer="Eerst."), by=team.broker, expected=read)
    late = factories.texts(short_answer="Te laat.")
    with pytest.raises(Stale) as refusal:
        writing.write(case, late, by=team.broker, expected=read)
    assert factories.working(case).short_answer == "Eerst."
    kept = KeptDraft.objects.get()
    assert kept == refusal.value.kept
    assert (kept.content, kept.user, kept.base) == (late, team.broker, read)


@pytest.mark.parametrize("tag", ['"' + "x" * 5_000 + '"', '"\x00"', '"\x1f\u200b"', "é" * 61, ""])
def test_whatever_was_sent_as_the_etag_the_text_is_kept(tag: str, case: Question, team: factories.Desk) -> None:
    writing.write(case, factories.texts(), by=team.broker, expected=writing.NEW)
    late = factories.texts(short_answer="Te laat.")
    with pytest.raises(Stale):
        writing.write(case, late, by=team.broker, expected=tag)
    assert KeptDraft.objects.get().content == late


def test_a_star_overwrites_knowingly(case: Question, team: factories.Desk) -> None:
    writing.write(case, factories.texts(), by=team.broker, expected=writing.NEW)
    assert writing.write(case, factories.texts(gap="geen"), by=team.broker, expected="*").gap == "geen"


def test_each_save_changes_the_etag_and_replaces_all_citations(case: Question, team: factories.Desk) -> None:
    first = factories.write(case, team.broker)
    second = factories.write(case, team.broker, citations=[])
    assert first.etag != second.etag
    assert not second.citations.exists()


@pytest.mark.parametrize("state", ["triaged", "answered", "published", "declined"])
def test_an_answer_is_written_only_while_somebody_works_on_it(state: str, team: factories.Desk) -> None:
    question = getattr(factories, state)(team)
    before = Version.objects.count()
    with pytest.raises(Exception) as refusal:
        writing.write(question, factories.texts(), by=team.broker, expected="*")
    assert type(refusal.value).__name__ in {"NotNow", "NotYou"}
    assert Version.objects.count() == before


@pytest.mark.parametrize("field", ["short_answer", "explanation", "gap"])
def test_a_field_takes_fifty_thousand_characters_and_not_one_more(
    field: str, case: Question, team: factories.Desk
) -> None:
    version = factories.write(case, team.broker, **{field: "é" * limits.ANSWER_FIELD})
    assert len(getattr(factories.reload(version), field)) == 50_000
    with pytest.raises(ValidationError) as refusal:
        factories.write(case, team.broker, **{field: "é" * (limits.ANSWER_FIELD + 1)})
    assert list(refusal.value.error_dict) == [field]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("text", "citations.1"),
        ({"source": "nergens", "claim": "x"}, "citations.1.source"),
        ({"source": "SOURCE"}, "citations.1.claim"),
        ({"source": "SOURCE", "claim": "x", "page": "3"}, "citations.1.page"),
        ({"source": "SOURCE", "claim": ["x"]}, "citations.1.claim"),
        ({"source": "SOURCE", "claim": "x", "locator": "p" * 101}, "citations.1.locator"),
    ],
)
def test_a_wrong_citation_is_named_and_nothing_is_written(
    line: Any, field: str, case: Question, team: factories.Desk
) -> None:
    key = factories.source().key
    if isinstance(line, dict) and line.get("source") == "SOURCE":
        line = {**line, "source": key}
    with pytest.raises(ValidationError) as refusal:
        factories.write(case, team.broker, citations=[{"source": key, "claim": "goed"}, line])
    assert list(refusal.value.error_dict) == [field]
    assert factories.reload(case).item is None


# --- "We do not know" is never "it does not work" ------------------------------------------------


@pytest.mark.parametrize("direction", ["none", "positive", "negative", "mixed"])
def test_too_little_research_has_no_direction(direction: str, case: Question, team: factories.Desk) -> None:
    with pytest.raises(ValidationError) as refusal:
        factories.write(case, team.broker, strength="insufficient", direction=direction)
    assert list(refusal.value.error_dict) == ["direction"]
    version = factories.write(case, team.broker, strength="insufficient", direction="unclear")
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("UPDATE questions_version SET direction = %s WHERE id = %s", [direction, version.pk])


@pytest.mark.parametrize(
    ("texts", "ready"),
    [
        ({}, True),
        ({"short_answer": ""}, False),
        ({"strength": ""}, False),
        ({"citations": []}, False),
        ({"citations": [], "gap": "Naar groep 6 is niet gekeken."}, True),
        ({"citations": [], "strength": "insufficient", "direction": "", "gap": "Niets gevonden."}, True),
    ],
)
def test_an_answer_goes_to_review_only_with_text_strength_and_something_to_rest_on(
    texts: dict[str, Any], ready: bool, case: Question, team: factories.Desk
) -> None:
    version = factories.write(case, team.broker, **texts)
    if ready:
        factories.move(version, "submit", team.broker)
    else:
        with pytest.raises(NotNow):
            factories.move(version, "submit", team.broker)
    assert factories.reload(version).state == (VersionState.IN_REVIEW if ready else VersionState.DRAFT)
