"""Whatever is done in the second in which somebody is forgotten: no word of theirs stays, no letter, and no error."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from evidence.models import Theme
from questions import (
    afterwards,
    consulting,
    dialogue,
    digest,
    drafts,
    following,
    idempotency,
    intake,
    inviting,
    joining,
    lapsing,
    mail,
    privacy,
    publishing,
    searchlog,
    silence,
    spam,
    workflow,
    writing,
)
from questions.models import Asker, Follow, FollowUp, Letter, Participation, Question
from questions.refusals import NotNow, NotYou, Stale
from tests import factories
from tests.factories import Desk
from tests.threads import while_held

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]
ADDRESS, OTHER = "zebrapad@school.example", "ander@school.example"
WORD = "zebrapad"
OWN = f"Helpt een {WORD} mijn klas bij het stillezen in groep zes?"
NETWORK = "198.51.100.7"
REFUSED = (NotNow, NotYou, Stale)
# The words that typing errors are compared with: of nobody, and made anew by themselves.
VOCABULARY = "evidence_word"
Act = Callable[[], Any]


def part(question: Question) -> Participation:
    return Participation.objects.select_related("asker", "question").get(question=question, asker__email=ADDRESS)


def move(question: Question, name: str, by: Any, **data: Any) -> Act:
    return lambda: workflow.perform(question, name, by=by, data=data)


def of_asker(question: Question, name: str, **data: Any) -> Act:
    return move(question, name, part(question), **data)


def say(question: Question, by: Any) -> Act:
    return lambda: dialogue.say(question, {"body": "Dank je wel, tot gauw."}, by=by)


def begun_early(desk: Desk) -> Question:
    question = factories.assigned(desk, email=ADDRESS, text=OWN)
    return factories.move(question, "start_research", desk.coordinator, why="haast")


def autosave(desk: Desk, question: Question) -> Act:
    version, typed = writing.current(question), {**factories.texts(), "asked_as": OWN}
    tag, sitting = writing.etag(version), uuid.uuid4()
    return lambda: drafts.put_by(question, typed, by=desk.broker, base=tag, sitting=sitting)


def save(desk: Desk, question: Question, expected: str = "") -> Act:
    tag, typed = expected or writing.etag(writing.current(question)), factories.texts(asked_as=OWN)
    return lambda: writing.write(question, typed, by=desk.broker, expected=tag)


def forget_expert(desk: Desk, question: Question) -> Act:
    expert = {"name": "Els Kenner", "agreed_on": "2026-01-05", "agreed_by": "mail"}
    factories.write(question, desk.broker, asked_as=OWN, consulted=[expert])
    return lambda: consulting.forget(question, {"name": "Els Kenner"}, by=desk.broker)


def asked_afterwards(desk: Desk, question: Question) -> Act:
    long_ago = timezone.now() - timedelta(weeks=6, hours=1)
    question.events.filter(name="answer").update(at=long_ago)
    return afterwards.ask


def told_afterwards(desk: Desk, question: Question) -> Act:
    row = FollowUp.begin(part(question), FollowUp.Kind.MONTHS)
    data = {"helped": ["clear"], "words": f"Het {WORD} hielp."}
    return lambda: afterwards.say_influence(row, data)


def long_silent(desk: Desk, question: Question, **dates: Any) -> Question:
    Question.objects.filter(pk=question.pk).update(waiting_since=timezone.now() - timedelta(days=90), **dates)
    return question


def closed(desk: Desk, question: Question) -> Act:
    long_silent(desk, question, reminded_at=timezone.now() - timedelta(days=60))
    return lambda: silence.close_one(question.pk)


def reminded(desk: Desk, question: Question) -> Act:
    long_silent(desk, question)
    return lambda: silence.remind_one(question.pk)


def lapsed(desk: Desk, question: Question) -> Act:
    day = timezone.localdate() - timedelta(days=30)
    Question.objects.filter(pk=question.pk).update(held_until=day, held_warned=day)
    return lapsing.run


def published_by_itself(desk: Desk, question: Question) -> Act:
    Question.objects.filter(pk=question.pk).update(publish_at=timezone.now() - timedelta(hours=1))
    return publishing.publish_due


def spam_forgotten(desk: Desk, question: Question) -> Act:
    long_ago = timezone.now() - timedelta(days=settings.SPAM_KEPT_DAYS + 1)
    question.events.filter(name="set_aside").update(at=long_ago)
    return spam.forget


def invited(desk: Desk, question: Question) -> Act:
    data = {"name": "Pia", "email": OTHER, "kind": "practice", "language": "nl"}
    return lambda: inviting.invite(question, data, by=desk.broker)


def digested(desk: Desk, question: Question) -> Act:
    theme = Theme.objects.create(slug="lezen", label_nl="Lezen", label_en="Reading")
    following.ask({"email": ADDRESS, "theme": theme.slug, "often": "weekly"}, network=NETWORK)
    Follow.objects.update(confirmed_at=timezone.now(), due_at=timezone.now() - timedelta(days=1))
    return digest.step


def with_a_key(desk: Desk, question: Question) -> Act:
    """A message as the API takes it, which remembers what it answered: the case as it stands."""

    def run() -> idempotency.Outcome:
        dialogue.say(question, {"body": "Dag"}, by=desk.broker)
        return idempotency.Outcome(201, {"text": factories.reload(question).text}, question=question.pk)

    return lambda: idempotency.once("k", "p", {}, run)


def merge(desk: Desk, question: Question) -> Act:
    into = factories.triaged(desk)
    return move(question, "merge", desk.coordinator, into=str(into.number), why="dezelfde")


def merge_into(desk: Desk, question: Question) -> Act:
    other = factories.triaged(desk, email=OTHER)
    return move(other, "merge", desk.coordinator, into=str(question.number), why="dezelfde")


Make = Callable[..., Question]
# What is done to a case, made from a desk and the case of somebody who is being forgotten.
ACTS: dict[str, tuple[Make, Callable[[Desk, Question], Act]]] = {
    "the desk says something": (factories.proposed, lambda desk, question: say(question, desk.broker)),
    "they say something": (factories.proposed, lambda desk, question: say(question, part(question))),
    "they agree": (factories.proposed, lambda desk, question: of_asker(question, "agree")),
    "they withdraw": (factories.proposed, lambda desk, question: of_asker(question, "withdraw", why=WORD)),
    "they judge": (
        factories.answered,
        lambda desk, question: of_asker(question, "respond", verdict="no", why=f"Mijn {WORD}!"),
    ),
    "claimed": (factories.triaged, lambda desk, question: move(question, "claim", desk.broker)),
    "released": (factories.assigned, lambda desk, question: move(question, "release", desk.broker, why="vol")),
    "proposed": (
        factories.assigned,
        lambda desk, question: move(question, "propose", desk.broker, articulated=factories.ARTICULATED),
    ),
    "merged": (factories.triaged, merge),
    "merged into": (factories.proposed, merge_into),
    "unmerged": (factories.merged, lambda desk, question: move(question, "unmerge", desk.coordinator, why="toch niet")),
    "set aside": (factories.triaged, lambda desk, question: move(question, "set_aside", desk.coordinator)),
    "not spam": (factories.set_aside, lambda desk, question: move(question, "not_spam", desk.coordinator)),
    "spam forgotten": (factories.set_aside, spam_forgotten),
    "kept by itself": (factories.drafted, autosave),
    "kept by itself, the first": (factories.agreed, autosave),
    "saved": (factories.drafted, save),
    "saved, the first": (factories.agreed, save),
    "saved on an old text": (factories.drafted, lambda desk, question: save(desk, question, '"old"')),
    "searched": (
        lambda desk, **more: begun_early(desk),
        lambda desk, question: lambda: searchlog.log_found(question, by=desk.broker),
    ),
    "an expert forgotten": (factories.agreed, forget_expert),
    "invited": (factories.in_review, invited),
    "approved": (
        factories.in_review,
        lambda desk, question: move(factories.working(question), "approve", desk.reviewer, kind="all"),
    ),
    "answered": (factories.approved, lambda desk, question: move(question, "answer", desk.broker)),
    "published": (factories.answered, lambda desk, question: move(question, "publish", desk.editor)),
    "published by itself": (factories.planned, published_by_itself),
    "asked how it went": (factories.answered, asked_afterwards),
    "told how it went": (factories.answered, told_afterwards),
    "reminded": (factories.proposed, reminded),
    "closed": (factories.proposed, closed),
    "lapsed": (factories.assigned, lapsed),
    "a digest": (factories.assigned, digested),
    "with a key": (factories.assigned, with_a_key),
    "mail is taken to go out": (factories.proposed, lambda desk, question: mail.take_one),
    "confirmed": (
        lambda desk, **more: factories.unconfirmed(**more),
        lambda desk, question: lambda: joining.confirm(factories.mailed_link(question)),
    ),
    "asked by the desk": (
        factories.assigned,
        lambda desk, question: lambda: intake.ask(factories.asking(email=ADDRESS, text=OWN), by=desk.coordinator),
    ),
}


def left_of(word: str) -> list[str]:
    """The tables in which `word` still stands, in whatever column."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" row WHERE row::text ILIKE %s)', [f"%{word}%"])
            found += [table] if cursor.fetchone()[0] and table != VOCABULARY else []
    return found


def erase() -> None:
    asker = Asker.objects.filter(email=ADDRESS).first()
    if asker is not None:
        privacy.erase(asker)


def came_off_well(ended: Any) -> bool:
    return not isinstance(ended, Exception) or isinstance(ended, REFUSED)


def prepared(what: str) -> Act:
    desk = Desk()
    make, act = ACTS[what]
    question = make(desk, email=ADDRESS, text=OWN)
    return act(desk, factories.reload(question))


@pytest.mark.parametrize("what", ACTS)
def test_what_is_begun_while_they_are_forgotten(what: str) -> None:
    act = prepared(what)
    with transaction.atomic():
        erase()
        ended = while_held(act)
    assert came_off_well(ended())
    assert not Letter.objects.filter(participation__asker=None, user=None, asker=None, invitation=None).exists()
    erase()  # who was asked for anew
    assert left_of(WORD) == []


@pytest.mark.parametrize("what", ACTS)
def test_what_is_done_just_before_they_are_forgotten(what: str) -> None:
    act = prepared(what)
    with transaction.atomic():
        with suppress(Stale):
            act()
        ended = while_held(erase)
    assert ended() is None
    assert not Letter.objects.filter(participation__asker=None, user=None, asker=None, invitation=None).exists()
    assert left_of(WORD) == []
