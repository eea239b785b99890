"""A verdict says what was looked at, and no answer goes out while a remark at it waits."""

import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import translation

from brokers import roles
from brokers.models import User
from questions import recipients, reviewing, workflow
from questions.models import Event, Question, Remark, Review, Version
from questions.refusals import NotNow
from questions.states import VersionState
from tests import factories

pytestmark = pytest.mark.django_db
SAY_WHAT = "Zeg waar je naar keek."
VERDICTS = [("approve", {}), ("request_changes", {"remarks": "Korter."})]


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


@pytest.fixture
def browser(client: Any) -> Any:
    def opened(user: User) -> Any:
        client.force_login(user, backend="brokers.backends.ByRole")
        return client

    return opened


# --- What was looked at ---------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "data"), VERDICTS)
def test_with_more_kinds_open_a_verdict_says_which_it_is_about(
    desk: factories.Desk, name: str, data: dict[str, str]
) -> None:
    question = factories.in_review(desk)
    with pytest.raises(ValidationError) as no:
        factories.move(factories.working(question), name, desk.reviewer, **data)
    assert no.value.message_dict == {"kind": [SAY_WHAT]}
    assert not Review.objects.exists()
    assert factories.working(question).state == VersionState.IN_REVIEW
    factories.move(factories.working(question), name, desk.reviewer, kind="language", **data)
    assert [one.kind for one in Review.objects.all()] == ["language"]


@pytest.mark.parametrize(("name", "data"), VERDICTS)
def test_with_one_kind_open_a_verdict_is_about_that_one(desk: factories.Desk, name: str, data: dict[str, str]) -> None:
    question = factories.in_review(desk)
    for kind in ("content", "language"):
        factories.move(factories.working(question), "approve", desk.reviewer, kind=kind)
    other = factories.staff(roles.REVIEWER)
    factories.move(factories.working(question), name, other, **data)
    assert [one.kind for one in Review.objects.filter(reviewer=other)] == ["practice"]


@pytest.mark.parametrize(("name", "data"), VERDICTS)
def test_everything_that_is_open_is_a_choice_of_its_own(desk: factories.Desk, name: str, data: dict[str, str]) -> None:
    question = factories.in_review(desk)
    factories.move(factories.working(question), "approve", factories.staff(roles.REVIEWER), kind="language")
    factories.move(factories.working(question), name, desk.reviewer, kind="all", **data)
    assert {one.kind for one in Review.objects.filter(reviewer=desk.reviewer)} == {"content", "practice"}


def test_page_api_and_command_ask_for_it_in_the_same_words_and_keep_what_was_typed(
    browser: Any, api: Any, desk: factories.Desk
) -> None:
    question = factories.in_review(desk)
    etag = factories.working(question).etag
    sent = {"remarks": "Mooi stuk.", "etag": etag}
    page = browser(desk.reviewer).post(f"/desk/cases/{question.pk}/answer/do/approve", sent)
    assert page.status_code == 400
    assert SAY_WHAT in page.content.decode()
    assert "Mooi stuk." in page.content.decode()
    url = f"/api/v1/questions/{question.pk}/answer/transitions/approve"
    answer = api(desk.reviewer).post(url, {"remarks": "Mooi stuk."}, headers={"If-Match": etag})
    assert (answer.status_code, SAY_WHAT in answer.content.decode()) == (400, True)
    with pytest.raises(CommandError, match=SAY_WHAT):
        call_command(
            "step", str(question.number), "answer:approve", f"--as={desk.reviewer.email}", stdout=io.StringIO()
        )
    assert not Review.objects.exists()


@pytest.mark.parametrize(("given", "ticked"), [([], 0), (["content", "language"], 2)])
def test_the_page_proposes_a_kind_only_when_one_is_left(
    browser: Any, desk: factories.Desk, given: list[str], ticked: int
) -> None:
    question = factories.in_review(desk)
    for kind in given:
        factories.move(factories.working(question), "approve", desk.reviewer, kind=kind)
    page = browser(desk.reviewer).get(f"/desk/cases/{question.pk}").content.decode()
    boxes = [part.partition(">")[0] for part in page.split('<input type="radio" name="kind"')[1:]]
    assert len(boxes) == 2 * 4, "two verdicts, of three kinds or of all"
    chosen = [one for one in boxes if "checked" in one]
    assert len(chosen) == ticked
    assert all('value="practice"' in one for one in chosen)


# --- Remarks that wait ------------------------------------------------------------------------------


def remark(question: Question, by: Any, body: str = "Welke boeken?") -> Remark:
    return reviewing.say(factories.working(question), {"field": "short_answer", "n": 0, "body": body}, by=by)


def settle(question: Question, row: Remark, by: Any, **data: str) -> None:
    reviewing.settle(factories.reload(question), row.pk, data or {"outcome": "done"}, by=by)


def remarked(desk: factories.Desk, *bodies: str) -> Question:
    """An answer that was approved while remarks at it wait."""
    question = factories.in_review(desk)
    for body in bodies:
        remark(question, desk.reviewer, body)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    return question


def test_an_answer_with_remarks_that_wait_is_approved_but_not_sent(desk: factories.Desk) -> None:
    question = remarked(desk, "Welke boeken?", "Welke groep?")
    assert factories.working(question).state == VersionState.APPROVED
    with pytest.raises(NotNow) as no:
        factories.move(factories.reload(question), "answer", desk.broker)
    assert no.value.missing == ["2 opmerkingen bij de tekst wachten: zeg wat je ermee deed."]
    first, last = Remark.objects.all()
    settle(question, first, desk.broker)
    with pytest.raises(NotNow, match=r"^1 opmerking bij de tekst wacht"):
        factories.move(factories.reload(question), "answer", desk.broker)
    settle(question, last, desk.broker, outcome="not_done", answer="Dat staat in de uitleg.")
    assert factories.move(factories.reload(question), "answer", desk.broker).state == "answered"


@pytest.mark.parametrize(("name", "data"), [("publish", {}), ("schedule", {"publish_at": factories.tomorrow})])
def test_a_new_version_with_a_remark_that_waits_is_not_published_or_planned(
    desk: factories.Desk, name: str, data: dict[str, Any]
) -> None:
    question = factories.revising(desk)
    factories.write(question, desk.broker)
    factories.move(factories.working(question), "submit", desk.broker)
    row = remark(question, desk.reviewer)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    given = {key: value() for key, value in data.items()}
    with pytest.raises(NotNow, match=r"^1 opmerking bij de tekst wacht"):
        factories.move(factories.reload(question), name, desk.editor, **given)
    settle(question, row, desk.broker)
    factories.move(factories.reload(question), name, desk.editor, **given)


def test_a_remark_at_another_version_holds_up_nothing(desk: factories.Desk) -> None:
    question = factories.published(desk)
    old = factories.item(question).living()
    assert old is not None
    old.remarks.create(field="short_answer", n=0, body="Bij de vorige versie.")
    factories.move(factories.reload(question), "revise", desk.broker, why="nieuw")
    factories.write(question, desk.broker)
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    assert factories.move(factories.reload(question), "publish", desk.editor).state == "published"


def test_the_page_says_that_remarks_wait_and_has_the_author_settle_them_there(
    browser: Any, desk: factories.Desk
) -> None:
    question = remarked(desk, "Welke boeken?")
    client, url = browser(desk.broker), f"/desk/cases/{question.pk}"
    page = client.get(url).content.decode()
    assert page.count("1 opmerking bij de tekst wacht: zeg wat je ermee deed.") >= 2, "at the step, and in what is left"
    row = Remark.objects.get()
    assert f"/remarks/{row.pk}/settle" in page
    assert client.post(f"{url}/remarks/{row.pk}/settle", {"outcome": "done"}).status_code == 302
    page = client.get(url).content.decode()
    assert "opmerking bij de tekst wacht:" not in page
    assert "Er wacht geen opmerking bij de tekst." in page


# --- What is left, in words -------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_step_to_publication_has_words_also_when_it_is_done(desk: factories.Desk, language: str) -> None:
    question = factories.published(desk)
    version = factories.item(question).living()
    with translation.override(language):
        steps = reviewing.readiness(question, version)
        asked = [
            check
            for model, name in ((Version, "submit"), (Question, "answer"), (Question, "publish"))
            for check in next(move for move in workflow.moves(model) if move.name == name).conditions
        ]
        assert [check.__name__ for check in asked if not str(check.met).strip()] == []
        assert all(one.is_met and one.words.strip() for one in steps), steps
        assert len({one.words for one in steps}) == len(steps), "each thing once"
    rules = {check.__name__ for check in asked} - {"answer_approved"}
    assert len(steps) == len(rules) + len(version.needed_kinds()) + 1  # type: ignore[union-attr]


# --- Who may review ---------------------------------------------------------------------------------


def test_the_letter_and_the_queue_ask_the_same_people(desk: factories.Desk) -> None:
    both = factories.staff(roles.REVIEWER)
    both.groups.add(*factories.staff(roles.ADMINISTRATOR).groups.all())
    gone = factories.staff(roles.REVIEWER)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    question = factories.in_review(desk)
    told = list(recipients.reviewers(Event.objects.get(question=question, name="answer_submit")))
    assert len(told) == len(set(told)), "one letter, however many roles"
    version = factories.working(question)
    assert {one for one in told if version in reviewing.waiting_for(one)} == set(told)
    assert {desk.reviewer, both} <= set(told)
    assert set(told).isdisjoint({gone, desk.broker})
