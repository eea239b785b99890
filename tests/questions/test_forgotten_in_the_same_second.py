"""What begins while somebody is being forgotten ends without them: no letter, no question, no word stays behind."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from questions import (
    afterwards,
    folded,
    following,
    intake,
    joining,
    links,
    mail,
    privacy,
    retention,
    searchlog,
    writing,
)
from questions.models import (
    Asker,
    Follow,
    FollowUp,
    KeptDraft,
    Letter,
    Participation,
    Question,
    Revision,
    SearchEntry,
    Version,
)
from questions.refusals import NotNow, Stale
from tests import factories
from tests.threads import just_before, while_held

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "ook@school.example"
NETWORK = "198.51.100.7"


def forget(call: Callable[[], Any]) -> Any:
    """What `call` returned or raised, begun when the person was forgotten but not yet for others to see."""
    with transaction.atomic():
        erase()
        ended = while_held(call)
    return ended()


def erase(address: str = ADDRESS) -> None:
    privacy.erase(Asker.objects.get(email=address))


def letters_to_nobody() -> list[Letter]:
    return list(Letter.objects.filter(participation__asker=None, user=None, asker=None, invitation=None))


def test_links_that_were_asked_for_are_not_written() -> None:
    factories.proposed(email=ADDRESS)
    assert forget(lambda: links.send_again({"email": ADDRESS}, network=NETWORK)) is None
    assert letters_to_nobody() == []


@pytest.mark.parametrize("door", [joining.send_again, links.send_again])
def test_a_confirmation_that_was_asked_for_again_is_not_written(door: Callable[..., None]) -> None:
    factories.unconfirmed(email=ADDRESS)
    Letter.objects.all().delete()
    assert forget(lambda: door({"email": ADDRESS}, network=NETWORK)) is None
    assert letters_to_nobody() == []


def test_a_reply_is_not_answered() -> None:
    question = factories.proposed(email=ADDRESS)
    part = factories.asker(question)
    letter = part.letters.exclude(event=None).first()
    assert letter is not None

    def answer() -> None:
        with transaction.atomic():
            mail.answer_reply(letter, "reply_closed")

    assert forget(answer) is None
    assert letters_to_nobody() == []


def test_who_joins_something_else_joins_anew() -> None:
    factories.proposed(email=ADDRESS)
    other = factories.shown(email="eerste@school.example")
    part = forget(lambda: joining.me_too(other, {"email": ADDRESS}, network=NETWORK))
    assert isinstance(part, Participation)
    assert factories.reload(part).asker == Asker.objects.get(email=ADDRESS)


def test_who_asks_or_follows_begins_anew() -> None:
    factories.proposed(email=ADDRESS)
    asked = forget(lambda: intake.ask(factories.asking(email=ADDRESS), network=NETWORK))
    assert not isinstance(asked, Exception)
    assert factories.reload(asked[1]).asker == Asker.objects.get(email=ADDRESS)


def test_what_is_asked_just_before_is_forgotten_with_the_rest() -> None:
    factories.proposed(email=ADDRESS)
    with transaction.atomic():
        question, _part = intake.ask(factories.asking(email=ADDRESS), network=NETWORK)
        ended = while_held(erase)
    assert ended() is None
    assert not Asker.objects.filter(email=ADDRESS).exists()
    assert Question.objects.get(pk=question.pk).text == "[…]"
    assert letters_to_nobody() == []


def test_who_asks_when_an_unproved_address_is_swept_up_is_kept() -> None:
    asker = Asker.objects.create(email=ADDRESS)
    with transaction.atomic():
        _question, part = intake.ask(factories.asking(email=ADDRESS), network=NETWORK)
        ended = while_held(lambda: Asker.forget_unknown([asker.pk]))
    assert ended() is None
    assert factories.reload(part).asker == asker


def test_who_follows_when_the_address_is_forgotten_follows_anew() -> None:
    factories.proposed(email=ADDRESS)
    data = {"email": ADDRESS, "answer": factories.public_answer().number, "often": "weekly"}
    assert forget(lambda: following.ask(data, network=NETWORK)) is None
    assert Follow.objects.get().asker.email == ADDRESS
    assert retention.forget_follows() == 0


def test_who_confirms_that_they_want_to_know_it_too_is_not_written_to() -> None:
    part = joining.me_too(factories.shown(), {"email": ADDRESS}, network=NETWORK)
    found = Participation.find_to_confirm(part.confirm_token)
    assert found is not None
    assert isinstance(forget(lambda: joining.confirm(found)), NotNow)
    assert letters_to_nobody() == []
    assert factories.reload(part).is_waiting


# --- Their words ----------------------------------------------------------------------------------


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


def begun_early(desk: factories.Desk) -> Question:
    """A case that the desk searches for in the asker's own words."""
    question = factories.assigned(desk, email=ADDRESS)
    return factories.move(question, "start_research", desk.coordinator, why="het haast")


SEARCHES: list[Callable[..., SearchEntry]] = [
    searchlog.log_found,
    lambda question, by: searchlog.log(question, {"place": "ERIC", "terms": factories.TEXT}, by=by),
]


@pytest.mark.parametrize("search", SEARCHES)
def test_a_search_in_their_words_is_written_down_without_them(desk: factories.Desk, search: Any) -> None:
    question = begun_early(desk)
    entry = forget(lambda: search(question, by=desk.broker))
    assert isinstance(entry, SearchEntry)
    assert entry.terms == "[…]"


def test_a_search_that_is_done_again_does_not_bring_their_words_back(desk: factories.Desk) -> None:
    question = begun_early(desk)
    first = searchlog.log_found(question, by=desk.broker)
    assert first.terms == factories.TEXT
    again = forget(lambda: searchlog.repeat(question, first.pk, by=desk.broker))
    assert isinstance(again, SearchEntry)
    assert set(SearchEntry.objects.values_list("terms", flat=True)) == {"[…]"}


def test_a_search_in_other_words_keeps_them(desk: factories.Desk) -> None:
    question = begun_early(desk)
    entry = forget(lambda: searchlog.log_own(question, {"terms": "lezen"}, by=desk.broker))
    assert entry.terms == "lezen"


def test_the_first_save_of_an_answer_holds_no_words_of_theirs(desk: factories.Desk) -> None:
    question = factories.agreed(desk, email=ADDRESS)
    text = factories.texts(asked_as=factories.TEXT)
    made = forget(lambda: writing.write(question, text, by=desk.broker, expected=writing.NEW))
    assert isinstance(made, Version)
    assert (factories.reload(made).asked_as, factories.reload(made).short_answer) == ("", text["short_answer"])
    assert factories.TEXT not in str(list(Revision.objects.values_list("content", flat=True)))


def test_a_text_that_is_kept_apart_holds_no_words_of_theirs(desk: factories.Desk) -> None:
    question = factories.drafted(desk, email=ADDRESS)
    text = factories.texts(asked_as=factories.TEXT)
    with just_before('INSERT INTO "questions_keptdraft"', erase) as ended, pytest.raises(Stale):
        writing.write(question, text, by=desk.broker, expected='"an-old-text"')
    assert ended == [None]
    assert factories.TEXT not in str(list(KeptDraft.objects.values_list("content", flat=True)))


# --- What they said of the answer -----------------------------------------------------------------


def asked_how_it_went(email: str, desk: factories.Desk) -> FollowUp:
    return FollowUp.begin(factories.asker(factories.answered(desk, email=email)), FollowUp.Kind.WEEKS)


def test_what_they_say_at_that_moment_counts(desk: factories.Desk) -> None:
    row = asked_how_it_went(ADDRESS, desk)
    with transaction.atomic():
        afterwards.say_use(row, {"used": ["team"]})
        ended = while_held(erase)
    assert ended() is None
    assert folded.counts("6w")["used.team"] == folded.counts("6w")["answered"] == 1


def test_two_who_were_asked_in_another_order_do_not_wait_for_each_other(desk: factories.Desk) -> None:
    kinds = [FollowUp.Kind.WEEKS, FollowUp.Kind.MONTHS]
    for email, order in {ADDRESS: kinds, "ander@school.example": kinds[::-1]}.items():
        part = factories.asker(factories.answered(desk, email=email))
        for kind in order:
            FollowUp.begin(part, kind)
    # The other one begins when something was counted here, and something is still to be counted.
    with just_before('UPDATE "questions_tally"', lambda: erase("ander@school.example")) as ended:
        erase()
    assert ended == [None]
    assert [folded.counts(kind)["asked"] for kind in kinds] == [2, 2]
