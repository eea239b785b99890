"""The page behind the link of somebody who asks: only what this person may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontend import forms
from frontend.pages import coming, pace
from frontend.pages.answers import Text, line_of_source, text_of
from frontend.pages.clock import silence
from frontend.pages.differences import Piece, between
from frontend.pages.history import Moment, for_asker
from frontend.pages.pace import Pace
from frontend.pages.wordings import said
from frontend.refused import Refused
from questions import inputs, workflow
from questions.models import Participation, Question
from questions.states import OPEN, State, Turn, Verdict, WaitsFor

# What the asker may do here. Confirming is not among it: that needs the link in the mailbox.
MOVES = ("agree", "respond", "withdraw", "come_back")

SAYS: dict[str, Any] = {
    State.SUBMITTED: gettext_lazy("We have your question. A coordinator reads it first."),
    State.TRIAGED: gettext_lazy("Your question is accepted. It waits for a knowledge broker."),
    State.ASSIGNED: gettext_lazy("A knowledge broker is working on your question."),
    State.ANSWERED: gettext_lazy("Your question is answered. You are the first to read the answer."),
    State.PUBLISHED: gettext_lazy("Your question is answered, and everybody can read the answer."),
    State.REFERRED: gettext_lazy("There is something that helps with your question already."),
    State.MERGED: gettext_lazy("Others ask the same. We work on it as one question."),
    State.DECLINED: gettext_lazy("We cannot answer this question."),
    State.WITHDRAWN: gettext_lazy("This question was withdrawn."),
    State.SPAM: gettext_lazy("The desk does not work on this question."),
}
TURNS: dict[str, Any] = {
    Turn.ASKER: gettext_lazy("It is your turn."),
    Turn.DESK: gettext_lazy("It is our turn. You do not have to do anything."),
    Turn.NOBODY: gettext_lazy("Nobody has to do anything now."),
}


@dataclass(frozen=True)
class Said:
    who: str
    at: datetime
    body: str
    mine: bool


@dataclass(frozen=True)
class Referred:
    note: str
    title: str
    url: str
    verdict: str


@dataclass(frozen=True)
class Wording:
    """The sharpened question, its frame, and what changed since the words before it."""

    before: str
    now: str
    changes: list[Piece]
    is_second: bool  # compared with an earlier proposal, not with the own words
    frame: list[tuple[str, str]]
    note: str  # why the broker asks it this way; for who asked


@dataclass(frozen=True)
class Broker:
    name: str
    knows: str


@dataclass(frozen=True)
class Track:
    token: str
    number: int | None
    title: str
    language: str
    is_confirmed: bool
    is_proved: bool
    decides: bool
    says: str
    turn: str
    todo: tuple[str, str] | None
    is_my_turn: bool
    pace: Pace | None
    broker: Broker | None
    original: str
    wording: Wording | None
    timeline: list[Moment]
    coming: list[str]
    dialogue: list[Said]
    say: Any
    agree: Any
    proposed: str
    respond: Any
    verdict: str
    may_withdraw: bool
    may_come_back: bool
    silence: str
    answer: Text | None
    answer_id: str
    answer_url: str
    retraction: str
    referral: Referred | None
    joined: str
    declined: str
    alternative: str
    is_set_aside: bool
    contact: str
    stop_token: str
    is_mail_stopped: bool


def track(part: Participation, no: Refused | None = None) -> Track:
    question = part.question
    prefetch_related_objects([question], "events", "participations", "articulations")
    moves = {one.name: one for one in workflow.options(question, part) if one.name in MOVES and one.open}
    version = answer_of(question)
    referral = referral_of(question)
    if verdict_of(part, referral) or (version and version.retraction):
        moves.pop("respond", None)
    shown_item = question.item if question.state == State.PUBLISHED else None
    return Track(
        token=part.came_by,
        is_proved=part.proved,
        number=question.number,
        title=part.title,
        language=question.language,
        is_confirmed=question.confirmed_at is not None,
        decides=part.decides,
        says=says(question, part.decides),
        turn=turn(part, "respond" in moves and referral is not None),
        todo=next((todo for name, todo in todos(version) if name in moves), None) or to_answer(part),
        is_my_turn=question.turn == Turn.ASKER and part.decides,
        pace=pace.of(question, waits=bool(question.confirmed_at) and question.state in OPEN, is_mine=part.decides),
        broker=broker_of(question),
        original=question.text if part.decides else "",
        wording=wording(part),
        timeline=for_asker(question.events.all(), part),
        coming=coming.steps(part),
        dialogue=dialogue(part),
        say=form_for("say", inputs.Say, no) if part.decides and may_talk(question) else None,
        agree=agreeing(question, moves["agree"].form, no) if "agree" in moves else None,
        proposed=proposal(question),
        respond=form_for("respond", moves["respond"].form, no) if "respond" in moves else None,
        verdict=verdict_of(part, referral),
        may_withdraw="withdraw" in moves,
        may_come_back="come_back" in moves,
        silence=silence(question) if part.decides else "",
        answer=text_of(version) if version else None,
        answer_id=str(version.pk) if version else "",
        answer_url=reverse("answer", args=[shown_item.number, shown_item.slug]) if shown_item else "",
        retraction=version.retraction if version else "",
        referral=referral,
        joined=joined(part),
        declined=question.declined_because if is_declined(question) else "",
        alternative=question.alternative if is_declined(question) else "",
        is_set_aside=question.state == State.SPAM,
        contact=settings.PRIVACY_CONTACT,
        stop_token=part.stop_token if part.proved else "",
        is_mail_stopped=part.mail_stopped_at is not None,
    )


def turn(part: Participation, is_asked: bool) -> str:
    """Whose turn it is, as this person reads it."""
    question = part.question
    if is_asked:
        return _("We have one question for you.")
    if question.closed_from and part.decides:
        return _("Do you still want to know this?")
    if question.turn == Turn.ASKER and not part.decides:
        return _("It is the turn of the person who asked this first. You do not have to do anything.")
    return str(TURNS[question.turn])


def todos(version: Any) -> list[tuple[str, tuple[str, str]]]:
    """What somebody can do now: the move, the place on the page and the words of the link to it."""
    verdict = (
        _("Read the answer and tell us whether it helps") if version else _("Read it and tell us whether it helps")
    )
    return [
        ("agree", ("agree", _("Read the sharpened question and say whether it is right"))),
        ("respond", ("answer" if version else "respond", verdict)),
    ]


def to_answer(part: Participation) -> tuple[str, str] | None:
    """What somebody has to do when the desk asked them something in a message."""
    if not (part.decides and part.question.turn == Turn.ASKER and part.question.waits_for == WaitsFor.REPLY):
        return None
    return "dialogue", _("Read our message and answer it")


def verdict_of(part: Participation, referral: Referred | None) -> str:
    """What was said of the referral or, by this person, of the answer."""
    if referral:
        return referral.verdict
    return str(Verdict(part.verdict).label) if part.verdict else ""


def broker_of(question: Question) -> Broker | None:
    """Who works on it."""
    user = question.assignee if question.state in (State.ASSIGNED, State.ANSWERED) else None
    if user is None:
        return None
    card = getattr(user, "broker", None)  # an administrator may hold a case without being a broker
    return Broker(user.called, card.expertise if card else "")


def wording(part: Participation) -> Wording | None:
    """The sharpened question beside the words before it; the own words of somebody else are not shown."""
    question = part.question
    if not question.articulated:
        return None
    rows = list(question.articulations.all())
    earlier = said(rows)[:-1]
    own = question.text if part.decides and question.text != question.articulated else ""
    before = earlier[-1] if earlier else own
    changes = between(before, question.articulated) if before else []
    note = rows[-1].note if rows and part.decides else ""
    return Wording(before, question.articulated, changes, bool(earlier), frame(question), note)


def form_for(
    name: str, form: type[django_forms.Form], no: Refused | None, initial: Mapping[str, Any] | None = None
) -> django_forms.Form:
    mine = no if no and no.action == name else None
    errors = mine.errors if mine else None
    return forms.shown(form, name, typed=mine.typed if mine else None, initial=initial, errors=errors)


def agreeing(question: Question, form: type[django_forms.Form], no: Refused | None) -> django_forms.Form:
    """The proposed words stand in the field already: changing a word is less work than typing them all."""
    shown = form_for("agree", form, no, {"articulated": question.articulated})
    shown.fields["articulated"].widget = django_forms.Textarea(attrs={"rows": 3, "lang": question.language})
    return shown


def as_it_stands(question: Question, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent to agree; words that were left as they were are no words of one's own."""
    words = str(typed.get("articulated", ""))
    return {**typed, "articulated": "" if words.split() == question.articulated.split() else words}


def proposal(question: Question) -> str:
    """Which proposal stands, told by its time."""
    return question.proposed_at.isoformat() if question.proposed_at else ""


def says(question: Question, decides: bool) -> str:
    if question.confirmed_at is None:
        return _("Your question is not confirmed yet. Open the link in the e-mail we sent you.")
    if question.closed_from:
        if decides:
            return _("We closed your question for now, because we did not hear from you. Nothing is lost.")
        return _("We closed this question for now, because we did not hear from the asker. Nothing is lost.")
    return str(SAYS[question.state])


def frame(question: Question) -> list[tuple[str, str]]:
    fields = inputs.Propose.base_fields
    names = ("for_whom", "approach", "compared_to", "outcome", "frame_context")
    return [(str(fields[name].label), value) for name in names if (value := getattr(question, name))]


def may_talk(question: Question) -> bool:
    is_gone = question.state in (State.WITHDRAWN, State.MERGED, State.SPAM) and not question.closed_from
    return question.confirmed_at is not None and not is_gone


def dialogue(part: Participation) -> list[Said]:
    if not part.decides:
        return []
    rows = part.question.messages.select_related("user")
    return [
        Said(
            _("You") if row.from_asker else row.user.called if row.user else _("The desk"),
            row.at,
            row.body,
            row.from_asker,
        )
        for row in rows
    ]


def answer_of(question: Question) -> Any:
    """The version this asker may read: sent to them, or public."""
    if question.item is None or question.state not in (State.ANSWERED, State.PUBLISHED):
        return None
    # What they were sent stays theirs to read, also while it is reviewed again.
    return question.item.shown() if question.state == State.PUBLISHED else question.item.working(question.language)


def referral_of(question: Question) -> Referred | None:
    row = question.referrals.select_related("item", "source").last() if question.state == State.REFERRED else None
    if row is None:
        return None
    verdict = str(Verdict(row.verdict).label) if row.verdict else ""
    if row.item is not None:
        return Referred(row.note, row.item.title, reverse("answer", args=[row.item.number, row.item.slug]), verdict)
    assert row.source is not None  # a referral has one target
    line = line_of_source(row.source)
    return Referred(row.note, line.title, line.url, verdict)


def is_declined(question: Question) -> bool:
    return bool(question.state == State.DECLINED)


def joined(part: Participation) -> str:
    """The address of this person's own page of the question theirs was joined with."""
    question = part.question
    if question.state != State.MERGED or question.merged_into is None or part.asker is None:
        return ""
    other = Participation.objects.filter(question=question.merged_into, asker=part.asker).first()
    if other is None:
        return ""
    other.proved = part.proved  # the same mailbox
    return reverse("track", args=[other.came_by])
