"""All that is kept of somebody, as a page to read: labels in words and values as text."""

from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from brokers.sectors import Role, Sector
from questions.models import Articulation, Follow, FollowUp, Participation
from questions.states import Behalf, Checked, State, Verdict

LABELS: dict[str, Any] = {
    "email": _("E-mail address"),
    "name": _("Name"),
    "language": _("Language"),
    "asked_how_it_went": _("May we ask what became of an answer?"),
    "since": _("Known to us since"),
    "number": _("Number"),
    "kind": _("Kind"),
    "state": _("State"),
    "asked_at": _("Asked on"),
    "sharpened": _("The sharpened question"),
    "agreed_at": _("Agreed on"),
    "verdict": _("Does this answer your question?"),
    "verdict_at": _("Said on"),
    "text": _("Your question"),
    "context": _("Why do you ask, and for whom?"),
    "tried": _("What have you tried or read already?"),
    "on_behalf_of": _("On behalf of (school, team or network)"),
    "sector": _("Sector"),
    "role": _("I am a"),
    "region": _("Region"),
    "organisation": _("Organisation"),
    "behalf": _("For whom do you ask?"),
    "keep_private": _("Do not show this question to others while you work on it"),
    "read_before": _("Answers you had read before"),
    "read_sources": _("Sources you had read before"),
    "asked_as": _("Your own words beside the answer"),
    "wordings": _("How the words of your question came about"),
    "articulated": _("The sharpened question"),
    "for_whom": _("For whom"),
    "approach": _("Which approach"),
    "compared_to": _("Compared to what"),
    "outcome": _("Which outcome"),
    "frame_context": _("In which context"),
    "n": _("Number"),
    "searched_with": _("Your own words, with which we searched"),
    "messages": _("Messages you wrote"),
    "messages_from_the_desk": _("Messages from the desk"),
    "referrals": _("What we referred you to"),
    "waiting_since": _("We wait for your answer since"),
    "reminded_at": _("We reminded you on"),
    "declined_because": _("Why we cannot answer it"),
    "alternative": _("Where you can go instead"),
    "checked": _("What we checked before we took it"),
    "criterion": _("Criterion"),
    "found": _("Is it met?"),
    "remark": _("Remark"),
    "history": _("What you did"),
    "letters": _("E-mails to you"),
    "afterwards": _("What you told us afterwards"),
    "answered_at": _("Answered on"),
    "used": _("What you used the answer for"),
    "helped": _("What helped"),
    "hindered": _("What made it difficult"),
    "words": _("In your words"),
    "note": _("Our note"),
    "at": _("When"),
    "why": _("Why"),
    "data": _("Details"),
    "sent": _("Sent"),
    "mail_stopped_at": _("No e-mail about it since"),
    "follows": _("What you follow"),
    "theme": _("Theme"),
    "answer": _("Answer"),
    "search": _("Search"),
    "often": _("How often"),
    "confirmed_at": _("Confirmed on"),
}
CHOICES: dict[str, Any] = {
    "state": State,
    "verdict": Verdict,
    "sector": Sector,
    "role": Role,
    "behalf": Behalf,
    "often": Follow.Often,
    "used": FollowUp.Used,
    "helped": FollowUp.Helped,
    "hindered": FollowUp.Hindered,
    "found": Checked,
}
KINDS = dict([*Participation.Kind.choices, *FollowUp.Kind.choices, *Articulation.Kind.choices])


@dataclass(frozen=True)
class Fact:
    """One thing that is kept: text, several texts, or several groups of facts."""

    label: str
    text: str
    several: list[str]
    groups: list[list["Fact"]]


@dataclass(frozen=True)
class Exported:
    person: list[Fact]
    questions: list[list[Fact]]


def page(data: dict[str, Any]) -> Exported:
    person = {name: value for name, value in data.items() if name != "questions"}
    return Exported(facts(person), [facts(one) for one in data["questions"]])


def facts(data: dict[str, Any]) -> list[Fact]:
    return [fact(name, value) for name, value in data.items() if value not in ("", None, [], {})]


def fact(name: str, value: Any) -> Fact:
    label = str(LABELS.get(name, name))
    if isinstance(value, dict):
        return Fact(label, "", [], [facts(value)])
    if isinstance(value, list):
        groups = [facts(one) for one in value if isinstance(one, dict)]
        return Fact(label, "", [said(name, one) for one in value if not isinstance(one, dict)], groups)
    return Fact(label, said(name, value), [], [])


def said(name: str, value: Any) -> str:
    """A value in words."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if name in CHOICES:
        return str(dict(CHOICES[name].choices).get(value, value))
    if name == "kind":
        return str(KINDS.get(value, value))
    if name in ("at", "since") or name.endswith("_at"):
        moment = parse_datetime(str(value))
        return date_format(localtime(moment), "j F Y H:i") if moment else str(value)
    return str(value)
