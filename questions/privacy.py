"""Keeping people out of what is stored: find and scrub personal data (personal.py), export and erase an asker."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from evidence import kept
from questions import casewords, copies, findable, folded, timing, workflow
from questions.models import (
    Articulation,
    Asker,
    Event,
    Follow,
    FollowUp,
    Idempotency,
    Letter,
    Message,
    Participation,
    Question,
    Version,
)
from questions.models.articulation import FRAME
from questions.models.asker import DECIDING
from questions.states import OPEN, VersionState

# What an asker tells of a question, beside its words in public and what they had read.
OWN = ("text", "context", "tried", "behalf", "on_behalf_of", "sector", "role", "region", "keep_private")


def export(asker: Asker) -> dict[str, Any]:
    """All that the desk holds of `asker`, as plain data."""
    parts = list(asker.participations.select_related("question").order_by("created_at"))
    return {
        "email": asker.email,
        "name": asker.name,
        "language": asker.language,
        "asked_how_it_went": asker.wants_follow_up,
        "since": asker.created_at.isoformat(),
        "questions": [export_part(part) for part in parts],
        **export_follows(asker),
    }


def export_follower(asker: Asker) -> dict[str, Any]:
    """What is kept of `asker` as a follower. A digest is easily passed on: its link opens no question."""
    return {"email": asker.email, "language": asker.language, **export_follows(asker)}


def export_follows(asker: Asker) -> dict[str, Any]:
    return {
        "follows": [export_follow(follow) for follow in asker.follows.select_related("theme", "item")],
        "letters": [export_letter(letter) for letter in asker.letters.order_by("created_at")],
    }


def export_follow(follow: Follow) -> dict[str, Any]:
    """What is followed: the slug of a theme, the number of an answer or the query of a search."""
    theme, item = follow.theme, follow.item
    return {
        "theme": theme.slug if theme else None,
        "answer": item.number if item else None,
        "search": follow.search or None,
        "often": follow.often,
        "asked_at": follow.created_at.isoformat(),
        "confirmed_at": follow.confirmed_at.isoformat() if follow.confirmed_at else None,
    }


def export_letter(letter: Letter) -> dict[str, Any]:
    return {"at": letter.created_at.isoformat(), "kind": letter.kind, "sent": letter.sent_at is not None}


def export_part(part: Participation) -> dict[str, Any]:
    """One part in a question; the words of a question that somebody else asked are not theirs."""
    question = part.question
    own = OWN if part.decides else ()
    return {
        "number": question.number,
        "kind": part.kind,
        "state": question.state,
        "asked_at": question.created_at.isoformat(),
        "sharpened": question.articulated,
        "agreed_at": moment(part.agreed_at),
        "verdict": part.verdict,
        "verdict_at": moment(part.verdict_at),
        **{name: getattr(question, name) for name in own},
        **(export_case(question) if part.decides else {}),
        "messages": list(question.messages.filter(participation=part).values_list("body", flat=True)),
        "history": [
            {"at": event.at.isoformat(), "name": event.name, "why": event.why, "data": event.data}
            for event in Event.objects.filter(participation=part)
        ],
        "mail_stopped_at": part.mail_stopped_at and part.mail_stopped_at.isoformat(),
        "letters": [export_letter(letter) for letter in part.letters.order_by("created_at")],
        "afterwards": [
            {
                "kind": row.kind,
                "asked_at": moment(row.asked_at),
                "answered_at": moment(row.answered_at),
                **{name: getattr(row, name) for name in ("used", "helped", "hindered", "words")},
            }
            for row in part.follow_ups.order_by("asked_at")
        ],
    }


def export_case(question: Question) -> dict[str, Any]:
    """What else belongs to a question, for the person who leads it."""
    return {
        "organisation": str(question.organisation or ""),
        "read_before": sorted(question.read_before.values_list("number", flat=True)),
        "read_sources": sorted(question.read_sources.values_list("title", flat=True)),
        "asked_as": asked_as(question),
        "wordings": [export_wording(row) for row in question.articulations.all()],
        "searched_with": list(question.searches.filter(asked_words=True).values_list("terms", flat=True)),
        "messages_from_the_desk": list(question.messages.filter(from_asker=False).values_list("body", flat=True)),
        "referrals": list(question.referrals.values("note", "verdict")),
        "waiting_since": moment(question.waiting_since),
        "reminded_at": moment(question.reminded_at),
        "declined_because": question.declined_because,
        "alternative": question.alternative,
        "checked": [
            {"criterion": one.criterion.text(question.language), "found": one.verdict, "remark": one.remark}
            for one in question.checks.select_related("criterion")
        ],
    }


def export_wording(row: Articulation) -> dict[str, Any]:
    """One wording of the question: who made it, its frame and the note that came with it."""
    names = ("n", "kind", "articulated", *FRAME, "note")
    return {
        **{name: getattr(row, name) for name in names},
        "at": row.at.isoformat(),
        "agreed_at": moment(row.agreed_at),
    }


def asked_as(question: Question) -> list[str]:
    """The asker's own words as they stand, or stood, beside the answer."""
    rows = (
        Version.objects.filter(item=question.item_id).exclude(asked_as="")
        if question.item_id
        else Version.objects.none()
    )
    return sorted(set(rows.values_list("asked_as", flat=True)))


def moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def erase(asker: Asker) -> None:
    """Forget `asker`: the contact data, what they follow, their messages and the free text of cases that are theirs alone.

    Published answers, numbers and the history without persons stay, so that statistics survive.
    """
    while not erase_once(asker):
        pass


def erase_once(asker: Asker) -> bool:
    """False, and nothing changed, when they began to take part in something else meanwhile."""
    with transaction.atomic():
        # The cases first, as the door does: somebody may be at work on one of them.
        cases = Question.objects.filter(participations__asker=asker).order_by("pk")
        theirs = list(cases.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
        parts = list(asker.participations.filter(question__in=theirs).select_related("question").order_by("question"))
        for part in parts:
            forget_part(part)
        # Whoever makes a digest holds the row and is about to change what is followed: in the same order, or in a circle.
        Asker.objects.select_for_update().filter(pk=asker.pk).first()
        if asker.participations.exclude(question__in=theirs).exists():
            transaction.set_rollback(True)
            return False
        forget_follow_ups(parts)
        asker.delete()
        for question in Question.objects.filter(pk__in=theirs).order_by("pk"):
            # Nobody is left to wait for: the desk's clock runs on from here.
            if timing.store(question):
                Event.record("erase", by=None, question=question, target=question.state, turn=question.turn_now)
    return True


def forget_part(part: Participation) -> None:
    """What this person did in this question, and what they typed in it."""
    Message.objects.filter(participation=part).update(body="[…]")
    Event.objects.filter(participation=part).update(why="", data={})
    forget_wordings(part.question, part.question.articulations.filter(participation=part))
    Idempotency.objects.filter(question=part.question).delete()
    # From here on the row is ours: nobody writes another letter to this person.
    part.close_link()
    part.letters.all().delete()
    forget_words(part)


def forget_follow_ups(parts: Sequence[Participation]) -> None:
    """What they said of their answers: all together, for two who are forgotten at once count in one order."""
    rows = FollowUp.objects.filter(participation__in=parts)
    # Held: something may be said at this moment, and counts.
    folded.fold(list(rows.order_by("pk").select_for_update()))
    rows.delete()


def forget_case(question: Question) -> None:
    """All words of a question that is none, and who asked it; its number and its dates stay.

    The caller holds the row. Somebody of whom nothing else is known is forgotten altogether.
    """
    parts = list(question.participations.all())
    words = ("articulated", *FRAME, "waived_because", "early_because", "declined_because", "alternative")
    for name in words:
        setattr(question, name, "")
    question.articulations.all().delete()
    question.save(update_fields=words)
    for part in parts:
        part.question = question
        forget_part(part)
        Participation.objects.filter(pk=part.pk).update(asker=None)
    forget_follow_ups(parts)
    question.private_drafts.all().delete()
    question.searches.update(terms="[…]")
    # Whoever set it aside may have quoted it.
    Event.objects.filter(question=question).update(why="")
    Asker.forget_unknown(part.asker_id for part in parts)


def forget_words(part: Participation) -> None:
    """Remove what the asker typed; the agreed question stays when an answer rests on it.

    While somebody else waits for the same answer and there are no agreed words, the bare question stays too.
    """
    question = part.question
    # An address that anybody may have typed keeps nothing of somebody else here.
    left = question.participations.exclude(asker=None).exclude(pk=part.pk).exclude(kind=Participation.Kind.WAITING)
    kinds = set(left.values_list("kind", flat=True))
    if kinds & set(DECIDING) or (kinds and not part.decides):
        return
    question.context = question.tried = question.on_behalf_of = ""
    question.organisation = None
    if question.articulated or not kinds:
        question.text = question.articulated or "[…]"
    # The words beside the answer, the consent to be shown and the dialogue were theirs.
    forget_asked_as(question)
    forget_wordings(question, question.articulations.all())
    question.searches.filter(asked_words=True).update(terms="[…]")
    Event.objects.filter(question=question, name="propose").update(why="", data={})
    question.unshow()
    Message.objects.filter(question=question).update(body="[…]")
    question.checks.exclude(remark="").update(remark="[…]")  # they may repeat what the asker wrote
    question.save(update_fields=["context", "tried", "on_behalf_of", "text", "organisation", "shown_at"])
    if question.item is not None and question.item.living() is None:
        question.item.entitle(question.title)  # a title made before the question was sharpened
        question.item.save(update_fields=["title", "slug"])
    if question.confirmed_at:
        casewords.keep(question)
    if question.state in OPEN and question.confirmed_at:
        findable.put_question(question)
    else:
        findable.drop_question(question)


def forget_wordings(question: Question, rows: Any) -> None:
    """What `rows` of its wordings said, wherever the desk searched with it; the last is the question itself and stays."""
    last = question.articulations.last()
    if last is None:
        return
    gone = rows.exclude(pk=last.pk)
    words = set(gone.values_list("articulated", flat=True)) - {question.articulated}
    question.searches.filter(terms__in=words).update(terms="[…]")
    gone.delete()
    rows.update(note="")


def forget_asked_as(question: Question) -> None:
    """The asker's own words beside the answer, in every version; the answer itself stays."""
    kept.forget()
    rows = Version.objects.filter(item=question.item_id).exclude(item=None).exclude(asked_as="")
    is_read = rows.filter(state__in=[VersionState.IN_REVIEW, VersionState.APPROVED]).exists()
    copies.forget_asked_as(question)
    if is_read:
        workflow.review_again(question)
