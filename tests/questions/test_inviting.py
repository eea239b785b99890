"""Somebody from outside judges one answer by a link, and nothing of them stays longer than needed."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from questions import inviting, mail, retention
from questions.models import Invitation, Letter, Question, Review
from questions.refusals import NotNow, NotYou, Stale, TooMany
from tests import factories

pytestmark = pytest.mark.django_db
EMAIL = "praktijk@school.example"
OWN = "Mijn eigen woorden over zebrapaden en het stillezen van mijn klas?"


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


def data(**more: Any) -> dict[str, Any]:
    return {
        "name": "Pia Praktijk",
        "email": EMAIL,
        "kind": "practice",
        "language": "nl",
        "covers_changes": True,
        **more,
    }


def invited(desk: factories.Desk, **more: Any) -> tuple[Question, Invitation]:
    question = factories.in_review(desk, text=OWN)
    return question, inviting.invite(question, data(**more), by=desk.broker)


def fresh(row: Invitation) -> Invitation:
    return Invitation.objects.select_related("version__item", "invited_by").get(pk=row.pk)


def judge(row: Invitation, verdict: str = "approved", **more: Any) -> None:
    row = fresh(row)
    inviting.judge(row, {"verdict": verdict, **more}, expected=row.version.etag)


def letters(kind: str) -> list[str]:
    made = [mail.render(letter) for letter in Letter.objects.filter(kind=kind)]
    return [f"{one.subject}\n{one.body}" for one in made if one]


def test_they_get_a_letter_with_their_link_and_without_a_word_of_the_asker(desk: factories.Desk) -> None:
    _question, row = invited(desk, note="Alleen de uitvoerbaarheid.")
    [text] = letters("invited")
    assert f"/review/{row.token}" in text
    assert "Alleen de uitvoerbaarheid." in text
    assert "zebrapaden" not in text
    assert str(desk.broker.email) not in text
    message = mail.render(Letter.objects.get(kind="invited"))
    assert message is not None
    assert (message.to, message.reply_to) == ([EMAIL], [])
    assert row.until == timezone.localdate() + timedelta(days=settings.INVITED_DAYS)


def test_the_secret_of_the_link_is_not_stored(desk: factories.Desk) -> None:
    _question, row = invited(desk)
    assert row.token not in str(Invitation.objects.values_list())
    assert Invitation.find(row.token) == row


def test_their_verdict_counts_for_the_kind_they_were_asked_for_and_no_other(desk: factories.Desk) -> None:
    question, row = invited(desk)
    judge(row, checked=["practice.usable"])
    version = factories.working(question)
    assert version.open_kinds() == ["content", "language"]
    review = version.reviews.get()
    assert (review.kind, review.reviewer, review.invitation) == ("practice", None, row)
    assert version.events.get(name="answer_approve").user is None
    assert factories.move(version, "approve", desk.reviewer, kind="all").state == "approved"


def test_one_verdict_for_one_text_and_a_new_one_when_it_changes(desk: factories.Desk) -> None:
    question, row = invited(desk)
    judge(row)
    with pytest.raises(NotNow):
        judge(row, "changes", remarks="Toch niet")
    factories.write(question, desk.broker, short_answer="Anders.")
    factories.move(factories.working(question), "submit", desk.broker)
    assert len(letters("invited_again")) == 1
    judge(row, "changes", remarks="Toch niet")
    assert factories.working(question).state == "draft"


def test_who_was_not_asked_to_see_changes_sees_and_judges_none(desk: factories.Desk) -> None:
    question, row = invited(desk, covers_changes=False)
    factories.write(question, desk.broker, short_answer="Anders.")
    factories.move(factories.working(question), "submit", desk.broker)
    assert letters("invited_again") == []
    assert not inviting.is_open(fresh(row))
    with pytest.raises(NotYou):
        judge(row)


def test_who_wants_a_change_says_which(desk: factories.Desk) -> None:
    question, row = invited(desk)
    with pytest.raises(ValidationError):
        judge(row, "changes")
    inviting.say(fresh(row), {"field": "short_answer", "n": 0, "body": "Dit lukt niet in een grote klas."})
    judge(row, "changes")
    assert factories.working(question).state == "draft"
    [text] = letters("changes")
    assert "Dit lukt niet in een grote klas." in text
    assert factories.TEXTS["short_answer"][:20] in text


def test_a_text_that_they_did_not_read_is_not_judged(desk: factories.Desk) -> None:
    _question, row = invited(desk)
    with pytest.raises(Stale):
        inviting.judge(fresh(row), {"verdict": "approved"}, expected='"old"')


@pytest.mark.parametrize("whose", ["broker", "broker with a plus", "inviter"])
def test_nobody_is_asked_to_judge_their_own_text(whose: str, desk: factories.Desk) -> None:
    question = factories.in_review(desk)
    own = {
        "broker": desk.broker.email.upper(),
        "broker with a plus": desk.broker.email.replace("@", "+mij@"),
        "inviter": desk.editor.email,
    }
    with pytest.raises(ValidationError):
        inviting.invite(question, data(email=own[whose]), by=desk.editor)
    assert not Invitation.objects.exists()


def test_only_who_holds_it_an_editor_or_a_coordinator_invites_and_only_to_a_text_in_review(
    desk: factories.Desk,
) -> None:
    question = factories.in_review(desk)
    for somebody in (desk.reviewer, factories.staff("broker")):
        with pytest.raises(NotYou):
            inviting.invite(question, data(), by=somebody)
    for n, somebody in enumerate((desk.broker, desk.editor, desk.coordinator)):
        inviting.invite(question, data(email=f"a{n}@school.example"), by=somebody)
    with pytest.raises(ValidationError):
        inviting.invite(question, data(email="A0@school.example"), by=desk.broker)
    with pytest.raises(NotNow):
        inviting.invite(factories.drafted(desk), data(), by=desk.broker)
    with pytest.raises(NotNow):
        inviting.invite(factories.agreed(desk), data(), by=desk.broker)


@pytest.mark.parametrize("days", [0, -1, 91])
def test_a_link_ends_within_three_months(days: int, desk: factories.Desk) -> None:
    until = timezone.localdate() + timedelta(days=days)
    with pytest.raises(ValidationError):
        invited(desk, until=until.isoformat())


@pytest.mark.parametrize("end", ["withdrawn", "expired", "case withdrawn", "erased"])
def test_a_link_that_ended_opens_nothing_and_judges_nothing(end: str, desk: factories.Desk) -> None:
    question, row = invited(desk)
    before = fresh(row)
    if end == "withdrawn":
        inviting.call_off(question, row.pk, by=desk.editor)
        assert len(letters("uninvited")) == 1
    elif end == "expired":
        Invitation.objects.update(until=timezone.localdate() - timedelta(days=1))
    elif end == "erased":
        inviting.forget_person(row)
    else:
        factories.move(question, "withdraw", factories.asker(question))
    assert Invitation.find(row.token) is None
    if end != "case withdrawn":
        with pytest.raises(NotNow):
            inviting.judge(before, {"verdict": "approved"}, expected=before.version.etag)
    assert not Review.objects.exists()


def test_who_tries_many_links_is_stopped(desk: factories.Desk, monkeypatch: Any) -> None:
    _question, row = invited(desk)
    monkeypatch.setattr(inviting, "WRONG_LINKS_AN_HOUR", 2)
    for _n in range(2):
        assert inviting.open_link("x" * 40, network="192.0.2.1") is None
    with pytest.raises(TooMany):
        inviting.open_link(row.token, network="192.0.2.77")
    assert inviting.open_link(row.token, network="198.51.100.1") == row


@pytest.mark.parametrize(("agrees", "name"), [(True, "Pia Praktijk"), (False, "")])
def test_some_time_after_the_end_the_address_goes_and_the_name_of_who_is_not_to_be_named(
    agrees: bool, name: str, desk: factories.Desk
) -> None:
    _question, row = invited(desk)
    judge(row, may_be_named=agrees, remarks="Mooi.")
    assert retention.forget_invited() == 0
    Invitation.objects.update(until=timezone.localdate() - timedelta(days=settings.INVITED_KEPT_DAYS + 1))
    assert retention.forget_invited() == 1
    row = fresh(row)
    assert (row.name, row.email, row.note) == (name, "", "")
    assert Review.objects.get().remarks == "Mooi.", "what was judged stays"


def test_their_data_can_be_had_and_removed(desk: factories.Desk) -> None:
    _question, row = invited(desk, note="Let op de klas.")
    judge(row, remarks="Mooi.", may_be_named=True)
    found = inviting.export(fresh(row))
    assert (found["name"], found["email"], found["reviews"][0]["remarks"]) == ("Pia Praktijk", EMAIL, "Mooi.")
    inviting.forget_person(fresh(row))
    row = fresh(row)
    assert (row.name, row.email, row.note, row.may_be_named) == ("", "", "", False)
