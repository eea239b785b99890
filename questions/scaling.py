"""Many cases at once, in every state, for load tests: written in bulk, as if each had gone through the door."""

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from brokers import clock, roles
from brokers.models import Broker, Desk, User
from brokers.sectors import Sector
from evidence import index, words
from evidence.index import Part
from evidence.models import Passage, Source, Theme
from evidence.strength import Strength
from questions import casewords, endings, findable, numbers, throughput, timing
from questions.models import (
    Articulation,
    Asker,
    CaseWords,
    Citation,
    Ending,
    Event,
    Item,
    Participation,
    Question,
    Referral,
    Revision,
    Version,
)
from questions.models.revision import WRITTEN
from questions.seeding import WORDS
from questions.states import OPEN, Direction, State, Track, Turn, VersionState, WaitsFor

Tell = Callable[[str], None]
BATCH = 1_000
MOST_CASES = 10_000
BROKERS = 50  # as many as a big desk has
WITH_ASKER, IN_REVIEW = 0.2, 0.2  # of the cases that are worked on: waiting for the asker, and of the others
# Of a thousand cases of a desk that has worked for years; the real one refers more than it answers.
OF_A_THOUSAND = {
    State.SUBMITTED: 15,
    State.TRIAGED: 25,
    State.ASSIGNED: 80,
    State.ANSWERED: 10,
    State.PUBLISHED: 250,
    State.REFERRED: 480,
    State.DECLINED: 90,
    State.WITHDRAWN: 50,
}
# What happened until then: name, state after it, whose turn, days after the step before, and who did it.
Step = tuple[str, State, Turn, float, str]
IN: list[Step] = [
    ("ask", State.SUBMITTED, Turn.ASKER, 0, "asker"),
    ("confirm", State.SUBMITTED, Turn.DESK, 0.1, "asker"),
]
ACCEPTED: list[Step] = [*IN, ("triage", State.TRIAGED, Turn.DESK, 1, "desk")]
PROPOSED: list[Step] = [
    *ACCEPTED,
    ("claim", State.ASSIGNED, Turn.DESK, 2, "broker"),
    ("propose", State.ASSIGNED, Turn.ASKER, 2, "broker"),
]
WORKED: list[Step] = [*PROPOSED, ("agree", State.ASSIGNED, Turn.DESK, 3, "asker")]
ANSWERED: list[Step] = [*WORKED, ("answer", State.ANSWERED, Turn.DESK, 12, "broker")]
STEPS: dict[State, list[Step]] = {
    State.SUBMITTED: IN,
    State.TRIAGED: ACCEPTED,
    State.ASSIGNED: WORKED,
    State.ANSWERED: ANSWERED,
    State.PUBLISHED: [*ANSWERED, ("publish", State.PUBLISHED, Turn.NOBODY, 10, "desk")],
    State.REFERRED: [*ACCEPTED[:3], ("refer", State.REFERRED, Turn.NOBODY, 3, "desk")],
    State.DECLINED: [*IN, ("decline", State.DECLINED, Turn.NOBODY, 2, "desk")],
    State.WITHDRAWN: [*ACCEPTED, ("withdraw", State.WITHDRAWN, Turn.NOBODY, 4, "asker")],
}
YEARS = 8 * 365


@dataclass
class Made:
    """The rows of one batch, in the order in which they are stored."""

    items: list[Item] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    askers: list[Asker] = field(default_factory=list)
    parts: list[Participation] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    events: list[tuple[Event, datetime]] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    wordings: list[Articulation] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    themes: list[tuple[Question, Theme]] = field(default_factory=list)


def fill(count: int, tell: Tell) -> None:
    """Add `count` generated cases with all that hangs on them: about 4 ms a case. Nobody gets a letter."""
    people = [broker(n) for n in range(min(BROKERS, 2 + count // 200))]
    dice = random.Random(count)
    themes, sources = list(Theme.objects.all()), list(Source.objects.filter(public=True)[:200])
    maker = Maker(dice, Desk.default(), people, themes, sources)
    for first in range(0, count, BATCH):
        with transaction.atomic():
            store(maker.batch(min(BATCH, count - first)))
        tell(f"generated {min(first + BATCH, count):,} of {count:,} cases")


def broker(n: int) -> User:
    """Somebody to hold cases, who cannot log in; the same person when the command runs again."""
    user, is_new = User.objects.get_or_create(email=f"load{n}@desk.example", defaults={"name": f"Load {n}"})
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        user.groups.add(Group.objects.get(name=roles.BROKER))
        Broker.objects.create(user=user, capacity=MOST_CASES)
    return user


@dataclass
class Maker:
    dice: random.Random
    desk: Desk
    people: list[User]
    themes: list[Theme]
    sources: list[Source]

    def batch(self, count: int) -> Made:
        made, states = Made(), list(OF_A_THOUSAND)
        given = numbers.next_numbers(count)
        for number, state in zip(
            given, self.dice.choices(states, weights=list(OF_A_THOUSAND.values()), k=count), strict=True
        ):
            self.case(made, number, state)
        return made

    def case(self, made: Made, number: int, state: State) -> None:
        waits = state == State.ASSIGNED and self.dice.random() < WITH_ASKER
        steps = PROPOSED if waits else STEPS[state]
        took = timedelta(days=sum(step[3] for step in steps))
        ago = timedelta(days=self.dice.uniform(1, 30) if state in OPEN else self.dice.uniform(2, YEARS))
        begun = timezone.now() - took - ago
        text = f"Wat is bekend over {' en '.join(self.dice.sample(WORDS, 3))} bij {self.dice.choice(WORDS)}?"
        question = Question(
            number=number,
            state=state,
            desk=self.desk,
            text=text,
            context=" ".join(self.dice.choices(WORDS, k=40)),
            sector=self.dice.choice(Sector.values),
            role="teacher",
            track="" if len(steps) == len(IN) else self.dice.choice(Track.values),
            assignee=self.dice.choice(self.people) if state in (State.ASSIGNED, State.ANSWERED) else None,
            confirmed_at=begun + timedelta(hours=2),
        )
        asker = Asker(email=f"load{secrets.token_hex(8)}@load.example")
        part = Participation(question=question, asker=asker)
        part.token_digest, part.mailed_digest = part.digest(part.token), part.digest(part.mailed_token)
        made.questions.append(question)
        made.askers.append(asker)
        made.parts.append(part)
        if question.track and self.themes:
            made.themes.append((question, self.dice.choice(self.themes)))
        self.happened(made, question, part, steps, begun)
        if state in (State.ASSIGNED, State.ANSWERED, State.PUBLISHED):
            self.sharpen(made, question, None if waits else part)
        if state in (State.ANSWERED, State.PUBLISHED):
            self.answer(made, question, VersionState.PUBLISHED if state == State.PUBLISHED else VersionState.APPROVED)
        if state == State.ASSIGNED and not waits and self.dice.random() < IN_REVIEW:
            self.answer(made, question, VersionState.IN_REVIEW)
        if state == State.REFERRED and self.sources:
            made.referrals.append(
                Referral(question=question, source=self.dice.choice(self.sources), note="Lees dit eens.")
            )
        if state in OPEN:
            made.passages += self.findable(question)

    def happened(self, made: Made, question: Question, part: Participation, steps: list[Step], begun: datetime) -> None:
        before, at, passed, is_tracked = "", begun, [], False
        worker = question.assignee or self.people[0]
        for name, state, turn, days, who in steps:
            at += timedelta(days=days)
            passed.append(throughput.Step(name, state, turn, at))
            is_tracked = is_tracked or name == "triage"
            by: dict[str, Any] = {"participation": part} if who == "asker" else {"user": worker}
            event = Event(question=question, name=name, source=before, target=state, turn=turn, **by)
            event.track = question.track if is_tracked else ""
            event.at = at
            made.events.append((event, at))
            before = state
        question.turn_now = steps[-1][2]
        question.due_on = timing.due(question, passed)
        if question.state not in OPEN:
            self.ended(made, question, [event for event, _at in made.events[-len(steps) :]])
        if question.state == State.ASSIGNED:
            question.held_until = clock.after(timezone.localdate(), self.dice.randint(3, 10))

    def ended(self, made: Made, question: Question, events: list[Event]) -> None:
        """The figures of an ending, as `endings` keeps them."""
        end = next(n for n, event in enumerate(events) if n > 1 and event.target not in OPEN)
        theme = [one.slug for case, one in made.themes[-1:] if case is question]
        row = Ending(case=question.pk, nth=1, outcome=events[end].target, ended_at=events[end].at)
        row.track, row.sector, row.themes, row.broker = question.track, question.sector, theme, question.assignee
        made.endings.append(endings.timed(row, events[: end + 1]))

    def sharpen(self, made: Made, question: Question, agreed: Participation | None) -> None:
        """A sharpened question, with which the asker agreed, or has yet to."""
        question.articulated = question.text.replace("Wat is bekend over", "Wat is het effect van")
        at = question.proposed_at = question.confirmed_at or timezone.now()
        if agreed:
            question.agreement, question.agreed_by = "agreed", agreed
            question.agreement_at = question.research_open_at = at
        else:
            question.waits_for, question.waiting_since = WaitsFor.AGREEMENT, made.events[-1][1]
        made.wordings.append(
            Articulation(
                question=question,
                n=1,
                kind=Articulation.Kind.PROPOSED,
                articulated=question.articulated,
                at=at,
                agreed_at=at if agreed else None,
            )
        )

    def answer(self, made: Made, question: Question, state: str) -> None:
        assert question.number is not None
        item = Item(
            number=question.number, title=question.articulated, slug=slugify(question.articulated)[:80].strip("-")
        )
        question.item, item.holder = item, question.assignee
        is_public = state == VersionState.PUBLISHED
        question.answer_now = "" if is_public else state
        version = Version(
            item=item,
            state=state,
            short_answer=" ".join(self.dice.choices(WORDS, k=60)) + ".",
            explanation=" ".join(self.dice.choices(WORDS, k=300)) + ".",
            strength=Strength.MODERATE,
            direction=Direction.POSITIVE,
            approved_at=None if state == VersionState.IN_REVIEW else question.confirmed_at,
            published_at=made.events[-1][1] if is_public else None,
        )
        made.items.append(item)
        made.versions.append(version)
        chosen = self.dice.sample(self.sources, min(3, len(self.sources)))
        made.citations += [Citation(version=version, source=one, n=n) for n, one in enumerate(chosen, 1)]
        made.revisions.append(Revision(version=version, n=0, content=written(version, chosen)))
        if is_public:
            made.passages += index.rows(
                findable.ANSWER,
                str(item.number),
                [Part(item.title, version.short_answer), Part(item.title, version.explanation)],
                public=True,
                sectors=[question.sector],
                strength=version.strength,
                year=timezone.now().year,
            )

    def findable(self, question: Question) -> list[Passage]:
        return index.rows(
            findable.QUESTION,
            str(question.pk),
            [Part(question.title, f"{question.text}\n\n{question.context}", keys=f"R-{question.number}")],
            public=False,
            desk=self.desk.pk,
            sectors=[question.sector],
            year=timezone.now().year,
        )


def written(version: Version, sources: list[Source]) -> dict[str, Any]:
    """The text of a version as its one save holds it."""
    cited = [{"source": one.key, "claim": "", "locator": ""} for one in sources]
    return {**{name: str(getattr(version, name) or "") for name in WRITTEN}, "citations": cited, "consulted": []}


def store(made: Made) -> None:
    Item.objects.bulk_create(made.items)
    agreed = {question.pk: question.agreed_by for question in made.questions}
    for question in made.questions:  # a question and its part point at each other
        question.agreed_by = None
    Question.objects.bulk_create(made.questions)
    Asker.objects.bulk_create(made.askers)
    Participation.objects.bulk_create(made.parts)
    for question in made.questions:
        question.agreed_by = agreed[question.pk]
    Question.objects.bulk_update([one for one in made.questions if one.agreed_by], ["agreed_by"])
    Version.objects.bulk_create(made.versions)
    Citation.objects.bulk_create(made.citations)
    Referral.objects.bulk_create(made.referrals)
    Event.objects.bulk_create(event for event, _at in made.events)
    # The moment of an event is written by itself; here it was long ago.
    for event, at in made.events:
        event.at = at
    put_back(made)
    Articulation.objects.bulk_create(made.wordings)
    Revision.objects.bulk_create(made.revisions)
    Ending.objects.bulk_create(made.endings)
    through = Question.themes.through
    through.objects.bulk_create(through(question_id=one.pk, theme_id=theme.pk) for one, theme in made.themes)
    CaseWords.objects.bulk_create(
        CaseWords(question=one, terms=casewords.terms_of(one), recipe=words.WORDS_RECIPE) for one in made.questions
    )
    index.add(made.passages)


def put_back(made: Made) -> None:
    """What the database dates by itself, dated as it would have been."""
    begun = {event.question_id: at for event, at in reversed(made.events)}
    with connection.cursor() as cursor:
        for table, rows in (
            (Event, [(event.pk, at) for event, at in made.events]),
            (Question, [(one.pk, begun[one.pk]) for one in made.questions]),
        ):
            name, column = table._meta.db_table, "at" if table is Event else "created_at"
            kind = "bigint" if table is Event else "uuid"
            cursor.execute(
                f"UPDATE {name} SET {column} = new.moment"
                f" FROM unnest(%s::{kind}[], %s::timestamptz[]) AS new(id, moment) WHERE {name}.id = new.id",
                [list(values) for values in zip(*rows, strict=True)],
            )
