"""Whoever judges an answer reads all of it that readers will get, and sees each thing in it that changed."""

import re
from typing import Any

import pytest
from django.utils import translation

from frontend.pages.reviewing import LABELS
from questions import inviting, paragraphs, reviewing, searchlog
from questions.models import Question, Version
from questions.models.revision import FOR_EVERYBODY
from tests import factories

pytestmark = pytest.mark.django_db

# One value for each field that everybody reads, and the words by which a reviewer knows it.
WRITTEN = {
    "asked_as": ("Lezen zebra's beter?", "Lezen zebra&#x27;s beter?"),
    "short_answer": ("Kort gezegd: een beetje.", "Kort gezegd"),
    "explanation": ("De uitleg in woorden.", "De uitleg in woorden"),
    "conclusion": ("Wat eruit volgt: laat ze kiezen.", "Wat eruit volgt"),
    "strength": ("moderate", "redelijk: goed onderzoek"),
    "direction": ("positive", "het helpt"),
    "gap": ("Over groep 3 weten we niets.", "Over groep 3"),
    "gap_kind": ("outdated", "verouderd onderzoek"),
    "team_questions": ("Wat lezen wij zelf?", "Wat lezen wij zelf?"),
    "team_try": ("Een leeshoek.", "Een leeshoek"),
    "team_watch": ("Of ze echt lezen.", "Of ze echt lezen"),
    "look_again_on": ("2031-03-14", "14 maart 2031"),
    "significance": ("clarification", "duidelijker of vollediger"),
    "change_note": ("De uitleg is korter.", "De uitleg is korter"),
}
OTHERWISE = {
    "strength": "strong",
    "direction": "mixed",
    "gap_kind": "conflicting",
    "look_again_on": "2032-01-01",
    "significance": "conclusion",
}
AT = {"strength": "sure", "direction": "sure"}  # told in one line


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


def written(**more: Any) -> dict[str, Any]:
    return {name: value for name, (value, _words) in WRITTEN.items()} | more


def in_review(desk: factories.Desk) -> Question:
    """A second version, which says all that a version can say."""
    question = factories.revising(desk)
    searchlog.log(
        question, {"place": "ERIC", "terms": "silent reading", "searched_on": "2026-01-05", "hits": 3}, by=desk.broker
    )
    expert = {"name": "Dr. Vos", "agreed_on": "2026-01-01", "agreed_by": "mail"}
    factories.write(question, desk.broker, **written(consulted=[expert]))
    factories.move(factories.working(question), "submit", desk.broker)
    return question


def read_by(question: Question, desk: factories.Desk, browser: Any) -> dict[str, str]:
    """The pages on which the answer is judged, by who judges it."""
    data = {"name": "Pia", "email": "pia@school.example", "kind": "practice", "language": "nl"}
    row = inviting.invite(question, data, by=desk.broker)
    return {
        "colleague": browser(desk.reviewer).get(f"/desk/cases/{question.pk}").content.decode(),
        "from outside": browser().get(f"/review/{row.token}").content.decode(),
    }


def test_every_field_that_readers_get_stands_on_both_pages_of_review_and_takes_a_remark(
    browser: Any, desk: factories.Desk
) -> None:
    assert set(WRITTEN) == set(FOR_EVERYBODY), "a new field of the answer: reviewers have to read it"
    question = in_review(desk)
    words = {AT.get(name, name): [] for name in (*WRITTEN, "title", "citations", "consulted")}  # type: ignore[var-annotated]
    for name, (_value, told) in WRITTEN.items():
        words[AT.get(name, name)].append(told)
    words |= {"title": [factories.ARTICULATED], "citations": ["kleine effecten"], "consulted": ["Dr. Vos"]}
    for who, page in read_by(question, desk, browser).items():
        for field, told in words.items():
            found = re.search(rf'id="at-{field}-0".*?<details class="here"', page, re.DOTALL)
            assert found, (who, field)
            assert str(LABELS[field]) in page, (who, field)
            assert [one for one in told if one not in found[0]] == [], (who, field)
        assert "We hebben één keer gezocht:" in page, who
        assert "silent reading" not in page or who == "colleague", "where was searched, not with which words"


@pytest.mark.parametrize("name", FOR_EVERYBODY)
def test_a_change_of_any_field_is_told_to_who_judged_it_before(desk: factories.Desk, name: str) -> None:
    question = in_review(desk)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="content")
    last = reviewing.last_of(factories.working(question), desk.reviewer)
    assert last is not None
    assert reviewing.changes(last, factories.working(question)) == []
    changed = written(**{name: OTHERWISE.get(name, "Heel iets anders.")})
    factories.write(question, desk.broker, **changed, consulted=[])
    found = [one.field for one in reviewing.changes(last, factories.working(question))]
    assert AT.get(name, name) in found


def test_what_was_judged_does_not_change_with_the_language_of_who_looks(desk: factories.Desk) -> None:
    question = in_review(desk)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="content")
    version = factories.working(question)
    last = reviewing.last_of(version, desk.reviewer)
    assert last is not None
    with translation.override("en"):
        assert reviewing.changes(last, version) == []
        assert "redelijk: goed onderzoek" in paragraphs.parts(version, paragraphs.SURE)[0]


def test_a_first_version_changes_nothing_for_anybody(desk: factories.Desk) -> None:
    question = factories.in_review(desk)
    Version.objects.filter(item=question.item).update(significance="typo", change_note="oud")
    fields = {one.field for one in paragraphs.paragraphs(factories.working(question))}
    assert fields.isdisjoint({"significance", "change_note"})
