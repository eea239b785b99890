"""Two people at one list, one person or one request in the same second: nothing is lost, nobody gets an error."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from brokers.models import Desk, User
from evidence.models import Theme
from frontend.accounts import StaffOnly
from questions import (
    bulk,
    casewords,
    criteria,
    digest,
    endings,
    following,
    idempotency,
    inviting,
    readytexts,
    retention,
    reviewing,
    saved,
    workflow,
)
from questions.idempotency import Outcome
from questions.listing import Wanted
from questions.models import (
    Asker,
    CaseWords,
    Criterion,
    Ending,
    Follow,
    Idempotency,
    Invitation,
    Question,
    ReadyText,
    SavedView,
)
from questions.refusals import NotNow, NotYou
from tests import factories
from tests.threads import just_before, while_held

pytestmark = pytest.mark.django_db(transaction=True)
ORDERED = 'FROM "questions_criterion" WHERE ("questions_criterion"."desk_id"'


# --- Criteria -------------------------------------------------------------------------------------


def test_two_criteria_are_moved_at_once_and_both_get_their_place() -> None:
    user = factories.staff("coordinator")
    rows = list(criteria.of_desk(Desk.default()))
    with just_before(ORDERED, lambda: criteria.move_up(rows[1], by=user)) as ended:
        criteria.move_up(rows[3], by=user)
    assert ended == [None]
    found = list(criteria.of_desk(Desk.default()))
    assert found == [rows[1], rows[0], rows[3], rows[2], *rows[4:]]


def test_words_do_not_change_under_what_is_found_at_that_moment() -> None:
    user, question = factories.staff("coordinator"), factories.submitted()
    row = criteria.of(question)[0].criterion
    before = row.text_nl
    with transaction.atomic():
        criteria.check(question, {str(row.pk): {"verdict": "yes"}}, by=user)
        ended = while_held(lambda: criteria.change(row, {"text_nl": "Anders.", "text_en": "Else."}, by=user))
    made = ended()
    assert isinstance(made, Criterion)
    assert question.checks.get().criterion.text_nl == before
    assert made != row


def test_two_new_criteria_get_each_their_own_place() -> None:
    user, desk = factories.staff("coordinator"), Desk.default()
    words = {"text_nl": "Het is te doen.", "text_en": "It can be done."}
    other = {"text_nl": "Het is nodig.", "text_en": "It is needed."}
    with transaction.atomic():
        one = criteria.add(desk, words, by=user)
        ended = while_held(lambda: criteria.add(desk, other, by=user))
        again = while_held(lambda: criteria.add(desk, words, by=user))
    assert ended().order == one.order + 1
    assert isinstance(again(), NotNow), "a second press writes no second line"


# --- Saved views ----------------------------------------------------------------------------------


@pytest.fixture
def user() -> User:
    return factories.staff("broker")


def made(user: Any, name: str) -> SavedView:
    return saved.save(user, Wanted(view="open"), {"name": name})


def test_nobody_gets_more_views_by_saving_two_at_once(user: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(saved, "MOST", 1)
    with transaction.atomic():
        made(user, "een")
        ended = while_held(lambda: made(user, "twee"))
    assert isinstance(ended(), NotNow)
    assert SavedView.objects.get().name == "een"


def test_a_view_that_is_removed_does_not_come_back_with_another_name(user: User) -> None:
    view = made(user, "een")
    with transaction.atomic():
        saved.remove(SavedView.objects.get(), by=user)
        ended = while_held(lambda: saved.change(view, {"name": "twee"}, by=user))
    assert isinstance(ended(), NotNow)
    assert not SavedView.objects.exists()


def test_a_view_that_is_removed_when_another_takes_its_place_is_a_new_one(user: User) -> None:
    view = made(user, "een")
    with transaction.atomic():
        saved.remove(view, by=user)
        data = {"name": "een", "is_instead": True}
        ended = while_held(lambda: saved.save(user, Wanted(view="open"), data))
    fresh = ended()
    assert isinstance(fresh, SavedView)
    assert SavedView.objects.get() == fresh != view


def test_a_view_that_its_owner_takes_back_is_no_longer_removed_by_others(user: User) -> None:
    view, other = made(user, "een"), factories.staff("coordinator")
    saved.change(view, {"name": "een", "is_shared": True}, by=user)
    seen = SavedView.objects.get()
    with transaction.atomic():
        saved.change(view, {"name": "een"}, by=user)
        ended = while_held(lambda: saved.remove(seen, by=other))
    assert isinstance(ended(), Exception)
    assert SavedView.objects.exists()


# --- Ready-made texts -----------------------------------------------------------------------------


def test_a_text_that_is_taken_out_of_the_list_does_not_come_back_with_other_words() -> None:
    user, row = factories.staff("coordinator"), Desk.default().ready_texts.first()
    assert row is not None
    data = {"kind": row.kind, "name": "Anders", "text_nl": "Beste {greeting}", "text_en": "Dear {greeting}"}
    with just_before('UPDATE "questions_readytext"', lambda: readytexts.drop(row, by=user)) as ended:
        readytexts.save(row.desk, row, data, by=user, expected=row.n)
    assert ended == [None]
    assert not ReadyText.objects.filter(pk=row.pk).exists()


# --- Keys of requests -----------------------------------------------------------------------------


def test_a_request_whose_answer_is_forgotten_when_it_comes_again_is_done_anew() -> None:
    def run() -> Outcome:
        return Outcome(201, {"n": Idempotency.objects.count()})

    idempotency.once("k", "p", {}, run)
    with just_before('FROM "questions_idempotency"', Idempotency.objects.all().delete) as ended:
        again = idempotency.once("k", "p", {}, run)
    assert ended
    assert (again.status, again.replayed) == (201, False)


# --- Many cases in one request --------------------------------------------------------------------


def test_many_cases_are_given_to_a_broker_who_claims_one_of_them() -> None:
    desk = factories.Desk()
    broker, coordinator = desk.broker, desk.coordinator
    first, second = sorted((factories.triaged(desk) for _n in range(2)), key=lambda one: one.pk)
    data = {"broker": broker.email}

    def together() -> list[bulk.Outcome]:
        with transaction.atomic():  # as the API does for a request with a key
            return bulk.run(coordinator, [str(first.pk), str(second.pk)], bulk.ASSIGN, data, held=[])

    with just_before('FROM "brokers_broker"', together) as ended:
        workflow.perform(second, "claim", by=broker)
    assert [one.is_done for one in ended[0]] == [True, False]
    assert factories.reload(first).assignee == factories.reload(second).assignee == broker


# --- Somebody from outside ------------------------------------------------------------------------


def invited() -> Invitation:
    desk = factories.Desk()
    question = factories.in_review(desk)
    data = {"name": "Pia Praktijk", "email": "praktijk@school.example", "kind": "practice", "language": "nl"}
    return inviting.invite(question, data, by=desk.broker)


def test_a_name_that_was_removed_does_not_come_back_when_old_addresses_are_forgotten() -> None:
    row = invited()
    over = timezone.localdate() - timedelta(days=400)
    Invitation.objects.update(until=over, may_be_named=True)
    with transaction.atomic():
        inviting.forget_person(Invitation.objects.get(pk=row.pk))
        ended = while_held(retention.forget_invited)
    assert not isinstance(ended(), Exception)
    found = Invitation.objects.get()
    assert (found.name, found.email, found.may_be_named) == ("", "", False)


def test_who_is_removed_while_they_judge_is_not_to_be_named() -> None:
    row = invited()
    row = Invitation.objects.select_related("version__item").get(pk=row.pk)
    data = {"verdict": "approved", "may_be_named": True}
    other = Invitation.objects.get(pk=row.pk)
    with just_before('UPDATE "questions_invitation"', lambda: inviting.forget_person(other)) as ended:
        inviting.judge(row, data, expected=row.version.etag)
    assert ended == [None]
    assert not Invitation.objects.get().may_be_named


# --- Remarks --------------------------------------------------------------------------------------


def test_who_loses_the_case_settles_no_remark_any_more() -> None:
    desk, other = factories.Desk(), factories.staff("broker")
    question = factories.in_review(desk)
    remark = reviewing.say(
        factories.working(question), {"field": "short_answer", "n": 0, "body": "Klopt dit?"}, by=desk.reviewer
    )
    question = factories.reload(question)
    with transaction.atomic():
        factories.move(question, "transfer", desk.coordinator, broker=other.email, why="vakantie")
        ended = while_held(lambda: reviewing.settle(question, remark.pk, {"outcome": "done"}, by=desk.broker))
    assert isinstance(ended(), NotYou)
    assert factories.reload(remark).outcome == ""


# --- What runs by itself --------------------------------------------------------------------------


def test_a_preview_of_the_digests_holds_one_address_at_a_time() -> None:
    theme = Theme.objects.create(slug="lezen", label_nl="Lezen", label_en="Reading")
    for n in range(2):
        following.ask({"email": f"volger{n}@school.example", "theme": theme.slug, "often": "weekly"})
    Follow.objects.update(confirmed_at=timezone.now(), due_at=timezone.now() - timedelta(days=1))
    last = Asker.objects.order_by("pk").last()
    assert last is not None

    def stop() -> None:
        with transaction.atomic():
            Asker.objects.select_for_update(nowait=True).get(pk=last.pk)

    with just_before('UPDATE "questions_follow"', stop) as ended:
        assert digest.preview() == [[], []]
    assert ended == [None]


def test_a_case_that_comes_back_while_all_figures_are_written_again_has_come_back() -> None:
    desk = factories.Desk()
    question = factories.declined(desk)

    def reopen() -> None:
        workflow.perform(question, "reopen", by=desk.coordinator, data={"why": "toch"})

    with just_before('INSERT INTO "questions_ending"', reopen) as ended:
        endings.write_all(lambda told: None)
    assert ended == [None]
    assert Ending.objects.get(case=question.pk).reopened_at is not None


def test_whoever_works_on_a_case_waits_for_few_others_to_be_renewed(monkeypatch: Any) -> None:
    monkeypatch.setattr(casewords, "AT_ONCE", 1)
    _first, second = sorted((factories.submitted() for _n in range(2)), key=lambda one: one.pk)
    CaseWords.objects.update(recipe="old")

    def work() -> None:
        with transaction.atomic():
            Question.objects.select_for_update(nowait=True).get(pk=second.pk)

    with just_before('SET "terms"', work) as ended:
        assert casewords.renew() == 2
    assert ended == [None]


# --- Accounts -------------------------------------------------------------------------------------


def test_who_takes_back_their_name_while_an_administrator_changes_something_else_is_not_named(user: User) -> None:
    user.agree_to_be_named(True)
    root = User.objects.create_superuser("root@desk.example")
    client = Client()
    client.force_login(root)
    address = f"/admin/brokers/user/{user.pk}/change/"
    form = client.get(address).context["adminform"].form
    typed = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    joined = typed.pop("date_joined")
    typed |= {"date_joined_0": f"{joined:%Y-%m-%d}", "date_joined_1": f"{joined:%H:%M:%S}"}
    typed |= {"name": "Anders", "groups": [row.pk for row in typed["groups"]]}
    sent = {name: value for name, value in typed.items() if value not in (None, False)}
    with just_before('UPDATE "brokers_user"', lambda: user.agree_to_be_named(False)) as ended:
        assert client.post(address, sent).status_code == 302
    assert ended == [None]
    found = User.objects.get(pk=user.pk)
    assert (found.name, found.name_public, found.is_active) == ("Anders", False, True)


def test_who_is_put_out_of_the_desk_does_not_come_back_with_a_new_password(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)
    StaffOnly().set_password(user, "een-lang-en-goed-wachtwoord")
    found = User.objects.get(pk=user.pk)
    assert found.check_password("een-lang-en-goed-wachtwoord")
    assert not found.is_active
