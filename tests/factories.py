"""Cases in any state, made by walking there through the front door; no state is ever set."""

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from brokers import roles
from brokers.models import Broker, User
from evidence.library import put_source
from evidence.models import Source
from questions import intake, workflow, writing
from questions.models import Item, Participation, Question, Version
from questions.states import State

counter = itertools.count(1)

TEXT = "Helpt elke dag een kwartier stillezen bij het begrijpend lezen in groep 6?"
ARTICULATED = "Wat doet dagelijks stillezen met begrijpend lezen van leerlingen van 9 tot 12?"
TEXTS = {
    "short_answer": "Vrij lezen helpt een beetje, vooral als kinderen zelf hun boeken kiezen.",
    "explanation": "Onderzoek laat kleine effecten zien.",
    "strength": "moderate",
    "direction": "positive",
}

# What the writer of a new version says of it.
CHANGED = {"significance": "conclusion", "change_note": "Er is nieuw onderzoek bij."}


def asking(**more: Any) -> dict[str, Any]:
    """What a form or a program sends to ask a question."""
    n = next(counter)
    return {"text": TEXT, "sector": "po", "role": "teacher", "email": f"vraag{n}@school.example", **more}


def source(**more: Any) -> Source:
    n = next(counter)
    csl = {
        "type": "article-journal",
        "title": f"Reading study {n}",
        "author": [{"family": "Jansen", "given": "A."}],
        "issued": {"date-parts": [[2020]]},
        **more,
    }
    return put_source(csl)


def staff(role: str, name: str = "") -> User:
    n = next(counter)
    user = User.objects.create_user(f"{role}{n}@desk.example", name=name or f"{role} {n}")
    user.groups.add(Group.objects.get(name=role))
    if role in (roles.BROKER, roles.ADMINISTRATOR):
        Broker.objects.create(user=user)
    return user


def unconfirmed(**more: Any) -> Question:
    question, _part = intake.ask(asking(**more), network=f"192.0.{next(counter) % 250}.7")
    return question


def mailed_link(question: Question) -> Participation:
    """The asker as the confirmation mail's link brings them in."""
    part = question.participations.get(kind__in=["asked", "on_behalf"])
    found = Participation.find_to_confirm(part.confirm_token)
    assert found is not None
    return found


def submitted(**more: Any) -> Question:
    question = unconfirmed(**more)
    return workflow.perform(question, "confirm", by=mailed_link(question))


@dataclass
class Desk:
    """Whoever takes each part in bringing a case further; made when nobody is given."""

    broker: User | None = None
    coordinator: User | None = None
    reviewer: User | None = None
    editor: User | None = None

    def __post_init__(self) -> None:
        for role in (roles.BROKER, roles.COORDINATOR, roles.REVIEWER, roles.EDITOR):
            if getattr(self, role) is None:
                setattr(self, role, staff(role))


def move(subject: Any, name: str, by: Any, **data: Any) -> Any:
    return workflow.perform(subject, name, by=by, data=data)


def asker(question: Question) -> Participation:
    return question.participations.get(kind__in=["asked", "on_behalf"])


def triaged(desk: Desk | None = None, **more: Any) -> Question:
    desk = desk or Desk()
    return move(submitted(**more), "triage", desk.coordinator, track="full")


def assigned(desk: Desk | None = None, **more: Any) -> Question:
    desk = desk or Desk()
    return move(triaged(desk, **more), "claim", desk.broker)


def proposed(desk: Desk | None = None, **more: Any) -> Question:
    desk = desk or Desk()
    return move(assigned(desk, **more), "propose", desk.broker, articulated=ARTICULATED)


def agreed(desk: Desk | None = None, **more: Any) -> Question:
    question = proposed(desk, **more)
    return move(question, "agree", asker(question))


def shown(desk: Desk | None = None, **more: Any) -> Question:
    """An agreed question in public while it is worked on."""
    desk = desk or Desk()
    return move(agreed(desk, **more), "show", desk.broker, nobody_recognisable=True)


def shown_and_released(desk: Desk | None = None, **more: Any) -> Question:
    desk = desk or Desk()
    return move(shown(desk, **more), "release", desk.broker, why="vol")


def drafted(desk: Desk | None = None, **more: Any) -> Question:
    desk = desk or Desk()
    question = agreed(desk, **more)
    write(question, desk.broker)
    return reload(question)


def in_review(desk: Desk | None = None, **more: Any) -> Question:
    desk = desk or Desk()
    question = drafted(desk, **more)
    move(working(question), "submit", desk.broker)
    return question


def approved(desk: Desk | None = None, **more: Any) -> Question:
    desk = desk or Desk()
    question = in_review(desk, **more)
    move(working(question), "approve", desk.reviewer, kind="all")
    return question


def answered(desk: Desk | None = None, **more: Any) -> Question:
    desk = desk or Desk()
    return move(approved(desk, **more), "answer", desk.broker)


def tomorrow() -> str:
    return (timezone.now() + timedelta(days=1)).isoformat()


def planned(desk: Desk | None = None, **more: Any) -> Question:
    """An answer that becomes public by itself."""
    desk = desk or Desk()
    return move(answered(desk, **more), "schedule", desk.editor, publish_at=tomorrow())


def published(desk: Desk | None = None, **more: Any) -> Question:
    desk = desk or Desk()
    return move(answered(desk, **more), "publish", desk.editor)


def revising(desk: Desk | None = None, **more: Any) -> Question:
    desk = desk or Desk()
    return move(published(desk, **more), "revise", desk.broker, why="nieuw onderzoek")


def retracted(desk: Desk | None = None, **more: Any) -> Question:
    desk = desk or Desk()
    return move(published(desk, **more), "retract", desk.editor, why="de studie is ingetrokken")


def referred(desk: Desk | None = None, **more: Any) -> Question:
    desk = desk or Desk()
    return move(assigned(desk, **more), "refer", desk.broker, source=str(source().pk), note="Lees dit eens.")


def merged(desk: Desk | None = None, into: Question | None = None, **more: Any) -> Question:
    desk = desk or Desk()
    target = into or triaged(desk)
    return move(triaged(desk, **more), "merge", desk.coordinator, into=str(target.number), why="dezelfde vraag")


def declined(desk: Desk | None = None, **more: Any) -> Question:
    desk = desk or Desk()
    return move(
        triaged(desk, **more), "decline", desk.coordinator, why="een rechtsvraag", alternative="juridisch loket"
    )


def withdrawn(desk: Desk | None = None, **more: Any) -> Question:
    question = triaged(desk, **more)
    return move(question, "withdraw", asker(question))


def set_aside(desk: Desk | None = None, **more: Any) -> Question:
    desk = desk or Desk()
    return move(submitted(**more), "set_aside", desk.coordinator, why="reclame")


IN_STATE = {
    State.SUBMITTED: lambda desk: submitted(),
    State.TRIAGED: triaged,
    State.ASSIGNED: assigned,
    State.ANSWERED: answered,
    State.PUBLISHED: published,
    State.REFERRED: referred,
    State.MERGED: merged,
    State.DECLINED: declined,
    State.WITHDRAWN: withdrawn,
    State.SPAM: set_aside,
}


# --- Answers ------------------------------------------------------------------------------------


def texts(**more: Any) -> dict[str, Any]:
    """A whole answer with one citation, as a form or a program sends it; a gap with its kind."""
    if more.get("gap"):
        more.setdefault("gap_kind", "none")
    lines = more.pop("citations", None)
    if lines is None:
        lines = [{"source": str(source().pk), "claim": "kleine effecten", "locator": "p. 4"}]
    return {**TEXTS, "citations": lines, **more}


def write(question: Question, by: Any, **more: Any) -> Version:
    """Write the answer as somebody who has just read it."""
    question = reload(question)
    version = writing.current(question)
    told = CHANGED if version is not None and version.n > 1 else {}
    return writing.write(question, texts(**{**told, **more}), by=by, expected=writing.etag(version))


def working(question: Question) -> Version:
    found = item(question).working(question.language)
    assert found is not None
    return found


def item(question: Question) -> Item:
    found = reload(question).item
    assert found is not None
    return found


def public_answer(**more: Any) -> Item:
    """An answer that everybody can read, with what `texts` takes."""
    desk = Desk()
    question = agreed(desk)
    write(question, desk.broker, **more)
    move(working(question), "submit", desk.broker)
    move(working(question), "approve", desk.reviewer, kind="all")
    move(reload(question), "answer", desk.broker)
    move(reload(question), "publish", desk.editor)
    return item(question)


def answer_url(row: Item) -> str:
    return f"/answers/{row.number}/{row.slug}"


def item_by_number(number: int) -> Item:
    return Item.objects.get(number=number)


def reload(row: Any) -> Any:
    return type(row)._default_manager.get(pk=row.pk)
