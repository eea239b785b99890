"""Two people who put the criteria of a desk in order in the same second wait for each other; a second press adds none."""

import random

import pytest

from brokers.models import Desk
from questions import criteria
from questions.refusals import NotNow
from tests import factories
from tests.threads import at_once

WORDS = {"text_nl": "Het is te doen.", "text_en": "It can be done."}


@pytest.mark.django_db(transaction=True)
def test_moving_changing_and_retiring_at_once_never_locks_up() -> None:
    team, desk = factories.Desk(), Desk.objects.get(is_default=True)
    by = team.coordinator
    for n in range(6):
        rows = list(criteria.of_desk(desk))
        calls = [lambda row=row: criteria.move_up(row, by=by) for row in rows]
        calls += [lambda row=rows[0], n=n: criteria.change(row, {**WORDS, "text_nl": f"Anders {n}"}, by=by)]
        calls += [lambda n=n: criteria.add(desk, {"text_nl": f"Nieuw {n}", "text_en": f"New {n}"}, by=by)] * 2
        random.shuffle(calls)
        found = [one for one in at_once(calls) if isinstance(one, Exception)]
        assert [one for one in found if not isinstance(one, NotNow)] == []
        assert desk.criteria.filter(text_nl=f"Nieuw {n}").count() == 1
    orders = [row.order for row in criteria.of_desk(desk)]
    assert len(set(orders)) == len(orders)


@pytest.mark.django_db
def test_the_same_words_stand_in_the_list_once() -> None:
    team, desk = factories.Desk(), Desk.objects.get(is_default=True)
    row = criteria.add(desk, WORDS, by=team.coordinator)
    other = criteria.add(desk, {"text_nl": "Anders.", "text_en": "Different."}, by=team.coordinator)
    with pytest.raises(NotNow, match="staat al in de lijst"):
        criteria.add(desk, WORDS, by=team.coordinator)
    with pytest.raises(NotNow, match="staat al in de lijst"):
        criteria.change(other, WORDS, by=team.coordinator)
    assert criteria.change(row, WORDS, by=team.coordinator) == row
    criteria.retire(row, by=team.coordinator)
    assert criteria.add(desk, WORDS, by=team.coordinator) != row
