"""What happened to a case, in plain words: for the asker, and for people of the desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.models import Event, Participation
from questions.states import Verdict

# What an asker reads. Events that are not here stay inside the desk, and reasons stay there always.
TO_ASKER: dict[str, Any] = {
    "ask": gettext_lazy("The question was sent."),
    "confirm": gettext_lazy("The question was confirmed and got its number."),
    "triage": gettext_lazy("The desk accepted the question."),
    "claim": gettext_lazy("A knowledge broker took the question."),
    "assign": gettext_lazy("A knowledge broker got the question."),
    "take": gettext_lazy("Another knowledge broker took over the question."),
    "transfer": gettext_lazy("Another knowledge broker took over the question."),
    "release": gettext_lazy("The question waits for another knowledge broker."),
    "lapse": gettext_lazy("The question waits for another knowledge broker."),
    "propose": gettext_lazy("The broker proposed a sharper question."),
    "me_too": gettext_lazy("Somebody else wants to know this too."),
    "show": gettext_lazy("Everybody can now read the sharper question while the desk works on it."),
    "hide": gettext_lazy("The sharper question is not shown to everybody any more."),
    "agree": gettext_lazy("The sharper question was agreed."),
    "note_agreement": gettext_lazy("The broker wrote down that the asker agreed in a conversation."),
    "waive": gettext_lazy("The broker goes on with the sharper question."),
    "answer": gettext_lazy("The answer was sent."),
    "resume": gettext_lazy("The desk works on the answer again."),
    "publish": gettext_lazy("The answer was published."),
    "revise": gettext_lazy("The desk began a new version of the answer."),
    "retract": gettext_lazy("The answer was taken back."),
    "refer": gettext_lazy("The desk found something that exists already."),
    "respond": gettext_lazy("The asker said whether that helped."),
    "merge": gettext_lazy("The question was joined with one that others ask."),
    "unmerge": gettext_lazy("The question stands on its own again."),
    "decline": gettext_lazy("The desk cannot answer the question."),
    "withdraw": gettext_lazy("The question was withdrawn."),
    "hand_over": gettext_lazy("The desk handed the question over to another desk."),
    "retrack": gettext_lazy("The desk works on the question in another way."),
    "reopen": gettext_lazy("The desk opened the question again."),
    "set_aside": gettext_lazy("The desk laid the question aside."),
    "not_spam": gettext_lazy("The desk takes up the question after all."),
    "remind": gettext_lazy("The desk reminded the asker that it waits for an answer."),
    "go_on": gettext_lazy("The desk goes on without waiting any longer."),
    "close_silent": gettext_lazy("The question was closed, because the asker did not answer."),
    "come_back": gettext_lazy("The question was taken up again where it was."),
}
TO_DESK: dict[str, Any] = {
    **TO_ASKER,
    "set_aside": gettext_lazy("The question was set aside as spam."),
    "not_spam": gettext_lazy("It is a real question after all: it waits for triage again."),
    "me_too_ask": gettext_lazy("Somebody wants to know this too; their address is not confirmed yet."),
    "start_research": gettext_lazy("A coordinator let research begin before the asker agreed."),
    "search": gettext_lazy("A search was written down."),
    "ledger_add": gettext_lazy("A source was put in the ledger."),
    "ledger_found": gettext_lazy("A source in the ledger is to be judged again."),
    "ledger_kept": gettext_lazy("A source in the ledger was kept."),
    "ledger_rejected": gettext_lazy("A source in the ledger was rejected."),
    "check": gettext_lazy("Acceptance criteria were checked."),
    "keep": gettext_lazy("The broker is still working on it."),
    "message": gettext_lazy("A message was written."),
    "erase": gettext_lazy("The asker was forgotten: nobody waits for their answer any more."),
    "write": gettext_lazy("The answer was saved."),
    "links": gettext_lazy("The asker got the links by e-mail again."),
    "follow_up": gettext_lazy("The desk asked what became of the answer."),
    "retheme": gettext_lazy("The themes were changed."),
    "settle": gettext_lazy("A correction by a reader was settled."),
    "consent_withdrawn": gettext_lazy("An expert no longer agreed to be named, and was taken out."),
    "schedule": gettext_lazy("An editor chose when the answer becomes public."),
    "unschedule": gettext_lazy("The answer does not become public at the chosen moment."),
    "not_published": gettext_lazy("The answer could not become public at the chosen moment."),
    "invite": gettext_lazy("Somebody from outside was asked to review the answer."),
    "uninvite": gettext_lazy("An invitation to review the answer was withdrawn."),
    "answer_review_again": gettext_lazy("Something was taken out of the answer, so it is reviewed again."),
    "answer_submit": gettext_lazy("The answer was sent to review."),
    "answer_request_changes": gettext_lazy("The reviewer asked for changes."),
    "answer_approve": gettext_lazy("The reviewer approved the answer."),
    "answer_void": gettext_lazy("The answer was taken back from review to edit."),
    "answer_publish": gettext_lazy("A version of the answer became public."),
    "answer_supersede": gettext_lazy("An older version made place for a newer one."),
    "answer_retract": gettext_lazy("A version of the answer was taken back."),
}


@dataclass(frozen=True)
class Moment:
    at: datetime
    what: str
    who: str = ""
    why: str = ""


def for_asker(events: Iterable[Event], part: Participation) -> list[Moment]:
    return [Moment(one.at, str(TO_ASKER[one.name])) for one in events if one.name in TO_ASKER and concerns(one, part)]


def concerns(event: Event, part: Participation) -> bool:
    """What somebody else who got the answer says of it moves nothing and is theirs."""
    return event.name != "respond" or event.source != event.target or event.participation_id == part.pk


LATEST = 5


@dataclass(frozen=True)
class Moments:
    moments: list[Moment]
    is_folded: bool


def folded(moments: list[Moment]) -> list[Moments]:
    """A long history in two: what is longer ago folds away."""
    if len(moments) < LATEST * 2:
        return [Moments(moments, False)]
    return [Moments(moments[:-LATEST], True), Moments(moments[-LATEST:], False)]


def for_desk(events: Iterable[Event]) -> list[Moment]:
    return [Moment(one.at, what(one), who(one), one.why) for one in events]


def done(name: str) -> str:
    """What is said to who took a step: the line that it wrote in the history."""
    return str(TO_DESK[name]) if name in TO_DESK else _("This has been saved.")


def what(event: Event) -> str:
    words = str(TO_DESK.get(event.name, event.name.replace("_", " ")))
    verdict = event.data.get("verdict")
    return f"{words} {Verdict(verdict).label}." if verdict in Verdict.values else words


def who(event: Event) -> str:
    if event.user is not None:
        return str(event.user)
    if event.data.get("invitation"):
        return _("an invited reviewer")
    return _("the asker") if event.participation_id else _("the desk itself")
