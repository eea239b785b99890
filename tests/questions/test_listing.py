"""The queue as data: which cases each view and filter holds, and pages that lose nothing and repeat nothing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from brokers import clock
from evidence.models import Passage, Theme
from questions import casewords, keyset, listing, reporting, workflow
from questions.listing import Wanted
from questions.models import CaseWords, Question
from questions.privacy import erase
from tests import factories

pytestmark = pytest.mark.django_db


def held(user: Any, **what: Any) -> set[Any]:
    return set(listing.rows(user, Wanted(**what)))


def put(question: Question, **columns: Any) -> None:
    """Columns of a case as a later day would find them."""
    Question.objects.filter(pk=question.pk).update(**columns)


# --- Views


def test_each_view_holds_its_cases_and_no_others() -> None:
    desk = factories.Desk()
    waiting, asked, drafted = factories.triaged(desk), factories.proposed(desk), factories.drafted(desk)
    review, ready, done = factories.in_review(desk), factories.answered(desk), factories.published(desk)
    put(drafted, due_on=timezone.localdate() - timedelta(days=1))
    put(waiting, due_on=timezone.localdate())
    factories.unconfirmed()
    expected = {
        "mine": {asked, drafted, review, ready},
        "unclaimed": {waiting},
        "asker": {asked},
        "in_review": {review},
        "reported": set(),
        "overdue": {drafted},
        "open": {waiting, asked, drafted, review},
        "all": {waiting, asked, drafted, review, ready, done},
    }
    assert {name: held(desk.broker, view=name) for name in expected} == expected
    assert held(desk.reviewer, view="review") == {review}
    assert held(desk.editor, view="publish") == {ready}
    assert held(desk.broker, view="review") == held(desk.broker, view="publish") == set()


def test_a_reported_mistake_brings_the_case_to_its_view() -> None:
    desk = factories.Desk()
    question = factories.published(desk)
    reporting.mistake(factories.item(question).living(), {"what": "Dit klopt niet."}, network="192.0.2.1")
    assert held(desk.editor, view="reported") == {question}


def test_a_case_that_waits_for_the_asker_is_not_overdue_and_comes_back_when_they_agreed() -> None:
    desk = factories.Desk()
    question = factories.proposed(desk)
    assert (held(desk.broker, view="asker"), question.due_on) == ({question}, None)
    factories.move(question, "agree", factories.asker(question))
    assert held(desk.broker, view="asker") == set()


def test_who_is_no_staff_sees_nothing(visitor: Any) -> None:
    factories.triaged()
    assert list(listing.page(visitor, Wanted()).rows) == []


def test_where_the_answer_stands_is_on_the_case_after_every_move_of_it() -> None:
    desk = factories.Desk()
    for make in (
        factories.drafted,
        factories.in_review,
        factories.approved,
        factories.answered,
        factories.published,
        factories.revising,
        factories.retracted,
    ):
        case = factories.reload(make(desk))
        states = set(case.item.versions.values_list("state", flat=True)) & set(Question.STANDS)
        assert {case.answer_now} - {""} == states, make
    case = factories.in_review(desk)
    factories.move(factories.working(case), "request_changes", desk.reviewer, remarks="nog niet", kind="all")
    assert factories.reload(case).answer_now == ""
    factories.move(factories.working(case), "submit", desk.broker)
    factories.move(case, "propose", desk.broker, articulated="Met andere woorden?")  # takes it back from review
    assert factories.reload(case).answer_now == ""


# --- Filters


def test_filters_narrow_a_view_and_each_other() -> None:
    desk = factories.Desk()
    theme = Theme.objects.create(slug="rekenen", label_nl="Rekenen")
    one = factories.assigned(desk, sector="vo", text="Helpt rekenen met blokjes?")
    other = factories.triaged(desk, sector="vo", text="Werkt huiswerk in de brugklas?")
    factories.move(one, "retheme", desk.broker, add=["rekenen"])
    mail = desk.broker.email.upper()
    assert theme in one.themes.all()
    for what, expected in [
        ({"sector": "vo"}, {one, other}),
        ({"sector": "vo", "state": "triaged"}, {other}),
        ({"sector": "po"}, set()),
        ({"track": "full"}, {one, other}),
        ({"track": "short"}, set()),
        ({"theme": "rekenen"}, {one}),
        ({"theme": "nergens"}, set()),
        ({"assignee": "me"}, {one}),
        ({"assignee": "none"}, {other}),
        ({"assignee": mail}, {one}),
        ({"assignee": "niemand@desk.example"}, set()),
        ({"q": "blokje"}, {one}),
        ({"q": "huiswerk", "theme": "rekenen"}, set()),
        ({"view": "mine", "q": "huiswerk"}, set()),
    ]:
        assert held(desk.broker, **what) == expected, what


def test_what_cannot_be_a_filter_is_named() -> None:
    for given, field in [
        ({"state": "lost"}, "state"),
        ({"view": "secret"}, "view"),
        ({"age": "-1"}, "age"),
        ({"age": "veel"}, "age"),
        ({"order": "price"}, "order"),
        ({"view": "overdue", "order": "newest"}, "order"),
        ({"q": "x" * 201}, "q"),
        ({"colour": "red"}, "colour"),
    ]:
        with pytest.raises(ValidationError) as refused:
            listing.wanted(given)
        assert field in refused.value.message_dict
    what, wrong = listing.usable({"state": "lost", "sector": "vo"})
    assert (what, wrong) == (Wanted(sector="vo"), ["Status"])


@pytest.mark.parametrize(
    ("days", "first"),
    # Monday 23 November 2026; the weekend does not count, and today has not passed.
    [(1, date(2026, 11, 21)), (5, date(2026, 11, 17)), (6, date(2026, 11, 14)), (2_000, date(2018, 12, 28))],
)
def test_age_is_counted_in_working_days(days: int, first: date) -> None:
    today = date(2026, 11, 23)
    found = listing.days_ago(days, today)
    assert clock.working_days(found - timedelta(days=1), today) >= days
    assert clock.working_days(found, today) < days
    assert days > 6 or found == first


def test_only_cases_that_came_in_long_enough_ago_are_old() -> None:
    desk = factories.Desk()
    old, young = factories.triaged(desk), factories.triaged(desk)
    put(old, confirmed_at=timezone.now() - timedelta(days=21))
    assert held(desk.broker, age=10) == {old}
    assert held(desk.broker, age=25) == set()
    assert young in held(desk.broker)
    today = timezone.localdate()
    assert (listing.age(factories.reload(old), today) or 0) >= 12
    assert listing.age(factories.reload(young), today) == 0
    assert listing.age(factories.declined(desk), today) is None


# --- Words


def test_words_are_found_in_every_form_and_in_part() -> None:
    desk = factories.Desk()
    case = factories.triaged(desk, text="Hoe leren kinderen leesvaardigheid?", context="Een combinatieklas.")
    for words in (
        "kind",
        "leesvaardigheden",
        "vaardigheid",
        "KINDEREN",
        "leren kind",
        f"R-{case.number}",
        f"#{case.number}",
    ):
        assert held(desk.broker, q=words) == {case}, words
    for words in ("hond", "leren hond", "%", "_", "de", "'"):
        assert held(desk.broker, q=words) == set(), words


def test_a_bare_number_is_that_of_the_case_or_stands_in_its_words() -> None:
    desk = factories.Desk()
    case = factories.triaged(desk)
    other = factories.triaged(desk, text=f"Klopt het dat {case.number} minuten lezen helpt?")
    assert held(desk.broker, q=str(case.number)) == {case, other}
    assert held(desk.broker, q=f"R-{case.number}") == {case}


@pytest.mark.parametrize("state", list(factories.IN_STATE))
def test_a_case_of_any_state_is_found_by_the_words_it_has_now(state: Any) -> None:
    question = factories.reload(factories.IN_STATE[state](factories.Desk()))
    assert question.words.terms == casewords.terms_of(question)


def test_the_sharpened_words_count_as_soon_as_they_are_proposed() -> None:
    desk = factories.Desk()
    question = factories.assigned(desk)
    assert held(desk.broker, q="olifant") == set()
    factories.move(question, "propose", desk.broker, articulated="Wat doet een olifant in de klas?")
    assert held(desk.broker, q="olifant") == {question}


def test_erased_words_find_nothing_any_more() -> None:
    desk = factories.Desk()
    question = factories.triaged(desk, text="Helpt een zeldzaam kwartelei bij rekenen?", context="Onze struisvogel.")
    erase(factories.asker(question).asker)
    assert held(desk.broker, q="kwartelei") == held(desk.broker, q="struisvogel") == set()
    assert not CaseWords.objects.filter(terms__overlap=["kwartelei", "struisvogel"]).exists()


def test_words_of_an_older_analysis_are_renewed_once() -> None:
    question = factories.triaged(text="Helpt stillezen echt iets?")
    CaseWords.objects.update(recipe="old", terms=["iets", "anders"])
    assert (casewords.renew(), casewords.renew()) == (1, 0)
    assert question.words.terms == casewords.terms_of(question)


# --- Pages


def walk(user: Any, what: Wanted, size: int) -> list[Any]:
    found, after = [], ""
    while True:
        page = listing.page(user, what, after=after, size=size)
        found += page.rows
        if not page.after:
            return found
        after = page.after


@pytest.mark.parametrize("order", ["", "newest", "oldest", "due"])
@pytest.mark.parametrize("view", ["unclaimed", "all", "open", "overdue"])
def test_pages_follow_each_other_without_gap_or_repeat_also_where_moments_are_the_same(view: str, order: str) -> None:
    if view == "overdue":
        order = ""
    desk = factories.Desk()
    made = [factories.triaged(desk) for _n in range(7)]
    same, past = timezone.now() - timedelta(days=3), timezone.localdate() - timedelta(days=2)
    for case in made[:4]:
        put(case, confirmed_at=same, due_on=past)
    for case in made[4:6]:
        put(case, due_on=past if view == "overdue" else None)
    put(made[6], due_on=past - timedelta(days=1))
    what = Wanted(view=view, order=order)
    whole = listing.page(desk.coordinator, what, size=100).rows
    assert set(whole) == set(made)
    for size in (1, 2, 3, 7):
        assert walk(desk.coordinator, what, size) == whole


def test_one_goes_back_as_one_came() -> None:
    desk = factories.Desk()
    made = [factories.triaged(desk) for _n in range(5)][::-1]
    what = Wanted()
    first = listing.page(desk.coordinator, what, size=2)
    second = listing.page(desk.coordinator, what, size=2, after=first.after)
    third = listing.page(desk.coordinator, what, size=2, after=second.after)
    assert [first.rows, second.rows, third.rows] == [made[:2], made[2:4], made[4:]]
    assert (first.before, third.after) == ("", "")
    back = listing.page(desk.coordinator, what, size=2, before=third.before)
    assert back == second
    assert listing.page(desk.coordinator, what, size=2, before=back.before) == first


def test_a_case_that_changes_or_goes_meanwhile_leaves_no_gap() -> None:
    desk = factories.Desk()
    made = [factories.triaged(desk) for _n in range(6)]
    first = listing.page(desk.coordinator, Wanted(view="unclaimed"), size=2)
    assert first.rows == made[:2]
    factories.move(made[1], "claim", desk.broker)  # the very row the next page begins after
    put(made[0], confirmed_at=timezone.now())
    second = listing.page(desk.coordinator, Wanted(view="unclaimed"), size=2, after=first.after)
    assert second.rows == made[2:4]


@pytest.mark.parametrize(
    "text", ["x", "m1", "m99999999999999999_" + "0" * 32, "d0_" + "0" * 32, "m-1_" + "0" * 32, "\x00"]
)
def test_a_place_that_somebody_made_up_is_none(text: str) -> None:
    found = keyset.place(text)
    assert found is None or str(found) == text
    case = factories.triaged()
    assert case in listing.page(factories.staff("coordinator"), Wanted(view="unclaimed"), after=text).rows or found


def test_counts_stop_at_a_thousand(monkeypatch: Any) -> None:
    desk = factories.Desk()
    for _n in range(3):
        factories.triaged(desk)
    assert listing.counts(desk.coordinator)["unclaimed"] == 3
    monkeypatch.setattr(listing, "CAP", 2)
    assert listing.counts(desk.coordinator)["unclaimed"] == 2
    assert [listing.capped(n) for n in (1, 2, 3)] == ["1", "1+", "1+"]
    assert "review" not in listing.counts(desk.coordinator)


def test_what_the_counts_ask_changes_with_the_day_and_with_nothing_else(
    travel: Any, django_assert_num_queries: Any
) -> None:
    """They are kept by the day, so a view that looked at the clock, or at rows, would stand still."""
    desk = factories.Desk()
    people = (desk.broker, desk.coordinator, desk.reviewer, desk.editor)
    assert all(one.has_perm("questions.view_question") for one in people)

    def asked(moment: datetime) -> list[Any]:
        travel(moment)
        listing.counting.cache_clear()
        names = tuple(listing.BY_NAME)
        with django_assert_num_queries(0):
            return [listing.counting(one, names, timezone.localdate(), listing.CAP) for one in people]

    morning, night, next_day = (datetime(2026, 3, day, hour, 7, tzinfo=UTC) for day, hour in ((2, 6), (2, 21), (3, 6)))
    assert asked(morning) == asked(night)
    assert asked(night) != asked(next_day)


def test_who_may_see_no_case_any_more_counts_none() -> None:
    desk = factories.Desk()
    factories.triaged(desk)
    before = listing.counts(desk.broker)
    assert before["unclaimed"] == 1
    desk.broker.groups.clear()
    again = type(desk.broker).objects.get(pk=desk.broker.pk)
    assert set(listing.counts(again).values()) == {0}


def test_every_order_walks_an_index_and_never_sorts_the_table() -> None:
    """What makes a page cost the same among a hundred and among a hundred thousand cases."""
    desk = factories.Desk()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        for what in (
            Wanted(),
            Wanted(view="open"),
            Wanted(view="unclaimed"),
            Wanted(view="asker"),
            Wanted(view="overdue"),
            Wanted(order="due"),
            Wanted(order="oldest"),
            Wanted(state="declined"),
            Wanted(assignee="me"),
        ):
            found, by = listing.rows(desk.broker, what), listing.order(what)
            if by.field == "due_by":
                found = found.annotate(due_by=listing.DUE_BY)
            place = keyset.Place(date(2026, 1, 2) if by.field.startswith("due") else timezone.now(), Question().pk)
            plan = keyset.beyond(found, by, place, False).order_by(*by.fields())[:26].explain()
            assert "Sort" not in plan or "Presorted Key" in plan, (what, plan)
            assert "Seq Scan on questions_question" not in plan, (what, plan)


def test_themes_change_what_readers_and_brokers_find(editor: Any) -> None:
    Theme.objects.create(slug="lezen", label_nl="Lezen")
    question = factories.published()
    workflow.perform(question, "retheme", by=editor, data={"add": ["lezen"]})
    event = question.events.latest("id")
    assert (event.name, event.source, event.target, event.user) == ("retheme", "published", "published", editor)
    assert themes_found(question) == {("lezen",)}
    workflow.perform(question, "retheme", by=editor, data={"remove": ["lezen"]})
    assert themes_found(question) == {()}


def themes_found(question: Question) -> set[tuple[str, ...]]:
    number = str(factories.item(question).number)
    return {tuple(one) for one in Passage.objects.filter(kind="answer", ref=number).values_list("themes", flat=True)}
