"""Keeping people out of what is stored: find and scrub personal data (personal.py), export and erase an asker."""

from typing import Any

from django.db import transaction

from questions import findable
from questions.models import Asker, Event, Idempotency, Message, Participation, Question
from questions.personal import Finding as Finding
from questions.personal import find_personal_data as find_personal_data
from questions.personal import refuse as refuse
from questions.personal import scrub as scrub
from questions.states import OPEN


def export(asker: Asker) -> dict[str, Any]:
    """All that the desk holds of `asker`, as plain data."""
    parts = list(asker.participations.select_related("question").order_by("created_at"))
    return {
        "email": asker.email,
        "name": asker.name,
        "language": asker.language,
        "since": asker.created_at.isoformat(),
        "questions": [export_part(part) for part in parts],
    }


def export_part(part: Participation) -> dict[str, Any]:
    """One part in a question; the words of a question that somebody else asked are not theirs."""
    question = part.question
    own = ("text", "context", "tried", "on_behalf_of", "sector", "role") if part.decides else ()
    return {
        "number": question.number,
        "kind": part.kind,
        "state": question.state,
        "asked_at": question.created_at.isoformat(),
        **{name: getattr(question, name) for name in own},
        "messages": list(question.messages.filter(participation=part).values_list("body", flat=True)),
        "history": [
            {"at": event.at.isoformat(), "name": event.name, "why": event.why, "data": event.data}
            for event in Event.objects.filter(participation=part)
        ],
        "letters": [
            {"at": letter.created_at.isoformat(), "kind": letter.kind, "sent": letter.sent_at is not None}
            for letter in part.letters.order_by("created_at")
        ],
    }


def erase(asker: Asker) -> None:
    """Forget `asker`: the contact data, their messages and the free text of cases that are theirs alone.

    Published answers, numbers and the history without persons stay, so that statistics survive.
    """
    with transaction.atomic():
        # The cases first, as the door does: somebody may be at work on one of them.
        cases = Question.objects.filter(participations__asker=asker).order_by("pk")
        list(cases.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
        for part in list(asker.participations.select_related("question")):
            Message.objects.filter(participation=part).update(body="[…]")
            Event.objects.filter(participation=part).update(why="", data={})
            Idempotency.objects.filter(question=part.question).delete()
            part.letters.all().delete()
            part.close_link()
            forget_words(part)
        asker.delete()


def forget_words(part: Participation) -> None:
    """Remove what the asker typed; the agreed question stays when an answer rests on it.

    While somebody else waits for the same answer, the bare question stays too.
    """
    question = part.question
    others = question.participations.exclude(asker=None).exclude(pk=part.pk).exists()
    if others and not part.decides:
        return
    question.context = question.tried = question.on_behalf_of = ""
    question.organisation = None
    if not others:
        question.text = question.articulated or "[…]"
        question.unshow()
        Message.objects.filter(question=question).update(body="[…]")
    question.save(update_fields=["context", "tried", "on_behalf_of", "text", "organisation", "shown_at"])
    if question.item is not None and question.item.living() is None:
        question.item.entitle(question.title)  # a title made before the question was sharpened
        question.item.save(update_fields=["title", "slug"])
    if question.state in OPEN and question.confirmed_at:
        findable.put_question(question)
    else:
        findable.drop_question(question)
