"""An approval belongs to one text, of one kind; what was said of a paragraph stays with it."""

from typing import Any

import pytest

from brokers import roles
from questions import consulting, paragraphs, privacy, reviewing, workflow
from questions.models import Question, Remark, Version
from questions.refusals import NotNow, NotYou
from questions.states import VersionState
from tests import factories

pytestmark = pytest.mark.django_db
PROSE = "Eerste alinea over stillezen in de klas.\n\nTweede alinea over boeken kiezen door kinderen zelf."


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


def in_review(desk: factories.Desk, **more: Any) -> Question:
    question = factories.agreed(desk)
    factories.write(question, desk.broker, **{"explanation": PROSE, **more})
    factories.move(factories.working(question), "submit", desk.broker)
    return question


def remark(question: Question, by: Any, n: int = 1, body: str = "Welke boeken?", field: str = "explanation") -> Remark:
    return reviewing.say(factories.working(question), {"field": field, "n": n, "body": body}, by=by)


def where(row: Remark, question: Question) -> paragraphs.Place:
    now = paragraphs.paragraphs(factories.working(question))
    return reviewing.placed([row], now)[row.pk]


# --- Kinds --------------------------------------------------------------------------------------


def test_an_answer_is_approved_when_every_kind_that_its_track_needs_is(desk: factories.Desk) -> None:
    question = in_review(desk)
    for n, kind in enumerate(("content", "practice", "language")):
        version = factories.move(factories.working(question), "approve", desk.reviewer, kind=kind)
        assert version.state == ("approved" if n == 2 else "in_review"), kind
    assert [one.kind for one in version.reviews.all()] == ["content", "practice", "language"]


@pytest.mark.parametrize(
    ("track", "kinds"), [("signpost", ["content"]), ("short", ["content", "language"]), ("full", None)]
)
def test_the_track_says_which_kinds_are_needed(track: str, kinds: list[str] | None, desk: factories.Desk) -> None:
    question = in_review(desk)
    Question.objects.filter(pk=question.pk).update(track=track)
    assert factories.working(question).open_kinds() == (kinds or ["content", "practice", "language"])


def test_changes_asked_for_one_kind_leave_the_other_approvals_while_the_text_stays(desk: factories.Desk) -> None:
    question = in_review(desk)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="content")
    factories.move(
        factories.working(question), "request_changes", desk.reviewer, kind="language", remarks="Te moeilijk"
    )
    factories.move(factories.working(question), "submit", desk.broker)
    assert factories.working(question).open_kinds() == ["practice", "language"]
    factories.write(question, desk.broker, explanation="Makkelijker.")
    assert factories.working(question).open_kinds() == ["content", "practice", "language"]


def test_the_checklist_is_kept_with_the_verdict_in_the_words_of_that_day(desk: factories.Desk) -> None:
    question = in_review(desk)
    data = {"kind": "content", "checked": ["content.claims", "language.plain"]}
    version = factories.move(factories.working(question), "approve", desk.reviewer, **data)
    stored = version.reviews.get().checked
    assert [row["ticked"] for row in stored] == [True, False, False, False, False, False]
    assert "bron" in stored[0]["words"]


# --- An approval is void when the text changes, by every way --------------------------------------


def save(question: Question, desk: factories.Desk) -> None:
    factories.write(question, desk.broker, short_answer="Heel iets anders.")


def cite(question: Question, desk: factories.Desk) -> None:
    factories.write(question, desk.broker, citations=[{"source": factories.source().key, "claim": "een andere"}])


def propose(question: Question, desk: factories.Desk) -> None:
    factories.move(question, "propose", desk.broker, articulated="Een andere vraag?")


def agree_in_other_words(question: Question, desk: factories.Desk) -> None:
    factories.move(question, "propose", desk.broker, articulated="Een andere vraag?")
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    factories.move(question, "agree", factories.asker(question), articulated="Weer anders?")


def take_back(question: Question, desk: factories.Desk) -> None:
    factories.move(factories.working(question), "void", desk.broker)


def withdraw_consent(question: Question, desk: factories.Desk) -> None:
    consulting.forget(question, {"name": "Dr. Vos"}, by=desk.broker)


def erase_the_asker(question: Question, desk: factories.Desk) -> None:
    asker = factories.asker(question).asker
    assert asker is not None
    privacy.erase(asker)


WAYS = [save, cite, propose, agree_in_other_words, take_back, withdraw_consent, erase_the_asker]


@pytest.mark.parametrize("way", WAYS)
def test_an_approval_is_void_when_the_text_changes(way: Any, desk: factories.Desk) -> None:
    expert = {"name": "Dr. Vos", "agreed_on": "2026-01-01", "agreed_by": "mail"}
    question = in_review(desk, consulted=[expert], asked_as="Lezen ze dan beter?")
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    way(question, desk)
    version = factories.working(question)
    assert version.state in (VersionState.DRAFT, VersionState.IN_REVIEW)
    assert (version.approved_at, version.open_kinds()) == (None, ["content", "practice", "language"])
    with pytest.raises(NotNow):
        factories.move(factories.reload(question), "answer", desk.broker)


@pytest.mark.parametrize("way", [withdraw_consent, erase_the_asker])
def test_what_somebody_took_back_from_a_sent_answer_is_reviewed_again_while_the_others_can_read_it(
    way: Any, desk: factories.Desk, second_teacher: Any
) -> None:
    expert = {"name": "Dr. Vos", "agreed_on": "2026-01-01", "agreed_by": "mail"}
    question = in_review(desk, consulted=[expert], asked_as="Lezen ze dan beter?")
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    factories.move(question, "answer", desk.broker)
    way(question, desk)
    with pytest.raises(NotNow, match="oed te keuren"):
        factories.move(question, "publish", desk.editor)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    assert factories.move(question, "publish", desk.editor).state == "published"


def test_reviewers_see_what_changed_since_they_judged_but_no_words_that_were_taken_back(desk: factories.Desk) -> None:
    question = in_review(desk, asked_as="Lezen zebra's dan beter?")
    factories.move(factories.working(question), "approve", desk.reviewer, kind="content")
    factories.write(question, desk.broker, explanation=PROSE.replace("boeken", "strips"), asked_as="")
    version = factories.working(question)
    last = reviewing.last_of(version, desk.reviewer)
    assert last is not None
    assert "zebra" not in str(last.judged)
    found = {one.field: one for one in reviewing.changes(last, version)}
    assert {"explanation", "asked_as"} <= set(found)
    assert ("boeken" in found["explanation"].before, "strips" in found["explanation"].now) == (True, True)
    assert (found["asked_as"].before, found["asked_as"].now) == ("", "")


# --- Remarks at a paragraph ---------------------------------------------------------------------


def test_a_remark_moves_with_its_paragraph_and_says_when_the_words_changed(desk: factories.Desk) -> None:
    question = in_review(desk)
    row = remark(question, desk.reviewer)
    factories.write(question, desk.broker, explanation=f"Nieuw begin hier.\n\n{PROSE}")
    here = where(row, question)
    assert (here.paragraph and here.paragraph.n, here.changed) == (2, False)
    factories.write(question, desk.broker, explanation=PROSE.replace("kinderen zelf", "leerlingen"))
    here = where(row, question)
    assert (here.paragraph and here.paragraph.n, here.changed) == (1, True)
    factories.write(question, desk.broker, explanation="Helemaal niets meer daarvan te vinden.")
    assert where(row, question) == paragraphs.Place(None, True)


def test_of_words_that_somebody_can_take_back_a_remark_keeps_no_copy(desk: factories.Desk) -> None:
    question = in_review(desk, asked_as="Lezen zebra's dan beter?")
    row = remark(question, desk.reviewer, n=0, field="asked_as")
    assert row.quoted == ""
    here = where(row, question)
    assert here.paragraph is not None
    assert here.paragraph.field == "asked_as"


def test_only_a_reviewer_who_did_not_write_it_says_something_and_only_of_what_is_there(desk: factories.Desk) -> None:
    question = in_review(desk)
    for somebody in (desk.broker, desk.coordinator, desk.editor):
        with pytest.raises(NotYou):
            remark(question, somebody)
    with pytest.raises(NotNow):
        remark(question, desk.reviewer, n=7)
    data = {"field": "explanation", "n": 0, "body": "x", "etag": '"old"'}
    with pytest.raises(NotNow):
        reviewing.say(factories.working(question), data, by=desk.reviewer)
    factories.move(factories.working(question), "void", desk.broker)
    with pytest.raises(NotNow):
        remark(question, desk.reviewer, n=0)
    assert not Remark.objects.exists()


def test_pressing_twice_keeps_one_remark(desk: factories.Desk) -> None:
    question = in_review(desk)
    assert remark(question, desk.reviewer) == remark(question, desk.reviewer)


def test_the_author_settles_a_remark_once_with_a_reason_when_it_is_not_done(desk: factories.Desk) -> None:
    question = in_review(desk)
    row = remark(question, desk.reviewer)
    with pytest.raises(Exception, match="waarom"):
        reviewing.settle(question, row.pk, {"outcome": "not_done"}, by=desk.broker)
    with pytest.raises(NotYou):
        reviewing.settle(question, row.pk, {"outcome": "done"}, by=desk.reviewer)
    reviewing.settle(factories.reload(question), row.pk, {"outcome": "not_done", "answer": "Klopt."}, by=desk.broker)
    with pytest.raises(NotNow):
        reviewing.settle(factories.reload(question), row.pk, {"outcome": "done"}, by=desk.broker)
    with pytest.raises(NotNow):
        reviewing.take_back(factories.working(question), row.pk, by=desk.reviewer)


def test_a_remark_can_be_taken_back_by_whoever_made_it_alone(desk: factories.Desk) -> None:
    question = in_review(desk)
    row = remark(question, desk.reviewer)
    with pytest.raises(NotNow):
        reviewing.take_back(factories.working(question), row.pk, by=factories.staff(roles.REVIEWER))
    reviewing.take_back(factories.working(question), row.pk, by=desk.reviewer)
    assert not Remark.objects.exists()


# --- Whom the queue asks ----------------------------------------------------------------------------


def test_who_judged_a_text_does_not_get_it_again_until_it_changes(desk: factories.Desk) -> None:
    other = factories.staff(roles.REVIEWER)
    question = in_review(desk)
    version = factories.move(factories.working(question), "approve", desk.reviewer, kind="content")

    def asked(user: Any) -> list[Version]:
        return list(reviewing.waiting_for(user))

    assert (asked(desk.reviewer), asked(other)) == ([], [version])
    factories.write(question, desk.broker, short_answer="Anders.")
    factories.move(factories.working(question), "submit", desk.broker)
    assert asked(desk.reviewer) == [version]


def test_the_only_reviewer_keeps_what_is_still_open(desk: factories.Desk) -> None:
    question = in_review(desk)
    version = factories.move(factories.working(question), "approve", desk.reviewer, kind="content")
    assert list(reviewing.waiting_for(desk.reviewer)) == [version]


def test_what_is_left_before_publication_follows_the_rules_of_the_door(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    factories.write(question, desk.broker, short_answer="", citations=[])

    def left() -> list[str]:
        row = factories.reload(question)
        return [one.words for one in reviewing.readiness(row, factories.working(row)) if not one.is_met]

    assert len(left()) == 2 + 3 + 1, "short answer, sources; three reviews; the asker"
    factories.write(question, desk.broker)
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    assert len(left()) == 1
    factories.move(question, "answer", desk.broker)
    assert left() == []
    options = {one.name: one for one in workflow.options(factories.reload(question), desk.editor)}
    assert options["publish"].open
