"""A source found elsewhere: in the library and in the ledger at once, once, and only as somebody typed it."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from evidence import csl
from evidence.library import put_source
from evidence.models import Source
from questions import elsewhere, ledger
from questions.models import Event, Question
from questions.refusals import NotNow, NotYou
from tests import factories

pytestmark = pytest.mark.django_db

TYPED = {
    "type": "article-journal",
    "title": "Free voluntary reading and vocabulary",
    "author": 'van der Meer, A. B.\n"Ministerie van Onderwijs, Cultuur en Wetenschap"\n\nErasmus',
    "year": "2019",
    "container": "Reading Research",
    "volume": "12",
    "issue": "3",
    "page": "1-20",
    "publisher": "Press",
    "doi": "https://doi.org/10.1234/ABC.5",
    "url": "https://eric.example/?id=EJ1",
    "language": "en",
    "locator": "p. 4",
    "note": "Gevonden in ERIC.",
}


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


def bring(question: Question, by: Any, **other: str) -> elsewhere.Brought:
    return elsewhere.bring(question, {**TYPED, **other}, by=by)


def test_what_was_typed_and_nothing_else_stands_in_the_library_and_in_the_ledger(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    brought = bring(question, desk.broker)
    source = brought.entry.source
    assert brought.is_new
    assert source.csl == {
        "type": "article-journal",
        "title": "Free voluntary reading and vocabulary",
        "author": [
            {"family": "van der Meer", "given": "A. B."},
            {"literal": "Ministerie van Onderwijs, Cultuur en Wetenschap"},
            {"literal": "Erasmus"},
        ],
        "issued": {"date-parts": [[2019]]},
        "container-title": "Reading Research",
        "volume": "12",
        "issue": "3",
        "page": "1-20",
        "publisher": "Press",
        "DOI": "10.1234/abc.5",
        "URL": "https://eric.example/?id=EJ1",
        "language": "en",
    }
    assert (source.key, source.year, source.doi) == ("van-der-meer-2019", 2019, "10.1234/abc.5")
    assert (brought.entry.state, brought.entry.locator, brought.entry.note) == ("found", "p. 4", "Gevonden in ERIC.")
    assert Event.objects.filter(name="ledger_add", question=question, user=desk.broker).count() == 1


def test_title_and_kind_are_enough_and_what_was_left_empty_stays_empty(desk: factories.Desk) -> None:
    brought = elsewhere.bring(factories.agreed(desk), {"type": "report", "title": "Rapport"}, by=desk.broker)
    assert brought.entry.source.csl == {"type": "report", "title": "Rapport"}
    assert (brought.entry.source.year, brought.entry.source.doi, brought.entry.design) == (None, None, "")


def put(**more: Any) -> Source:
    return put_source({"type": "report", "title": "Wat er al was", **more})


KNOWN = {
    "its DOI": ({"DOI": "10.1234/abc.5"}, {"url": ""}),
    "its DOI as an address": ({"DOI": "10.1234/abc.5"}, {"doi": "", "url": "http://dx.doi.org/10.1234/abc.5"}),
    "its address": ({"URL": "https://eric.example/?id=EJ1"}, {"doi": ""}),
    "its address, and now with a DOI": ({"URL": "https://eric.example/?id=EJ1"}, {}),
    "its address in another way": ({"URL": "http://eric.example/x"}, {"doi": "", "url": "https://ERIC.example/x/"}),
    "the address of its DOI": ({"URL": "https://doi.org/10.1234/abc.5"}, {"url": ""}),
}


@pytest.mark.parametrize("how", KNOWN)
def test_what_the_library_knows_by_its_doi_or_address_is_not_put_in_again(desk: factories.Desk, how: str) -> None:
    has, typed = KNOWN[how]
    there = put(**has)
    before = there.csl
    brought = bring(factories.agreed(desk), desk.broker, **typed)
    assert (brought.entry.source, brought.is_new) == (there, False)
    assert factories.reload(there).csl == before
    assert Source.objects.count() == 1


@pytest.mark.parametrize(
    "has",
    [
        {"DOI": "10.1234/other", "URL": "https://eric.example/?id=EJ1"},
        {"DOI": "10.1234/abc.55"},
        {"URL": "https://eric.example/?id=EJ12"},
        {"URL": "https://eric.example/?id=ej1"},
        {},
    ],
)
def test_another_doi_or_address_is_another_source(desk: factories.Desk, has: dict[str, str]) -> None:
    there = put(**has)
    brought = bring(factories.agreed(desk), desk.broker)
    assert brought.is_new
    assert brought.entry.source != there


def test_a_form_that_is_sent_twice_makes_one_source(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    first, second = (bring(question, desk.broker, doi="", url="") for _n in range(2))
    assert (first.is_new, second.is_new, second.entry) == (True, False, first.entry)
    assert bring(question, desk.broker, doi="", url="", year="2020").is_new


WRONG = {
    "type": "boek",
    "title": " ",
    "author": "Smith, J., Jones, K.",
    "year": "2999",
    "doi": "geen doi",
    "url": "eric.example/x",
    "language": "tlh",
    "locator": "x" * 101,
}


@pytest.mark.parametrize("field", WRONG)
def test_what_is_wrong_is_named_by_its_field_and_nothing_is_kept(desk: factories.Desk, field: str) -> None:
    question = factories.agreed(desk)
    with pytest.raises(ValidationError) as error:
        bring(question, desk.broker, **{field: WRONG[field]})
    assert set(error.value.message_dict) == {field}
    assert not Source.objects.exists()
    assert not question.ledger.exists()


@pytest.mark.parametrize("line", ["Smith, J., Jones, K.", "Smith, J.; Jones, K.", ", J.", "Smith,"])
def test_a_line_that_is_not_one_name_is_refused_and_not_guessed_at(line: str) -> None:
    with pytest.raises(ValidationError, match="één naam per regel"):
        csl.names_in(f"Goed, A.\n{line}")


def test_who_may_not_add_a_source_or_not_keep_the_ledger_leaves_nothing_behind(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    for other in (desk.coordinator, desk.reviewer, desk.editor):
        with pytest.raises(NotYou):
            bring(question, other)
    with pytest.raises(NotNow):
        bring(factories.proposed(desk), desk.broker)
    assert not Source.objects.exists()
    assert bring(question, factories.staff("broker")).is_new


def test_a_full_ledger_takes_nothing_into_the_library_either(desk: factories.Desk, monkeypatch: Any) -> None:
    monkeypatch.setattr(ledger, "MOST", 0)
    with pytest.raises(NotNow):
        bring(factories.agreed(desk), desk.broker)
    assert not Source.objects.exists()


def test_every_kind_that_can_be_chosen_is_a_type_of_the_library() -> None:
    assert set(elsewhere.KINDS) <= csl.TYPES
