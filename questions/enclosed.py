"""What some letters carry besides their one link: lists of links, as (words, address)."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brokers.models import Desk
from questions.limits import TITLE
from questions.models import Event, FollowUp, Invitation, Letter, Participation, Question
from questions.states import ReviewKind, State

# When it is asked how it went → the kind of the letter.
AFTER = {FollowUp.Kind.WEEKS: "after_6w", FollowUp.Kind.MONTHS: "after_6m"}
MOST_LINKS = 30
STOP = gettext_lazy("Do not ask me this again")


def of(letter: Letter) -> dict[str, list[tuple[str, str]]]:
    """The placeholders of this letter; empty where it has no such list."""
    found: dict[str, list[tuple[str, str]]] = {"links": [], "choices": [], "stop": [], "elsewhere": []}
    if letter.kind == "sent_on" and letter.event:
        desk = Desk.objects.filter(pk=letter.event.data.get("desk")).first()
        found["elsewhere"] = [(desk.name, desk.external_url)] if desk else []
    if letter.kind == "links" and letter.participation:
        found["links"] = links(letter.participation)
    row = follow_up(letter)
    if row is not None:
        address = absolute(reverse("after", args=[row.token]))
        stop = absolute(reverse("after-stop", args=[row.token]))
        found["choices"] = choices(address)
        found["stop"] = [(str(STOP), stop)]
    return found


def choices(address: str) -> list[tuple[str, str]]:
    return [(str(label), f"{address}?used={value}") for value, label in FollowUp.Used.choices]


def example(address: str) -> dict[str, list[tuple[str, str]]]:
    """The lists of a preview, all leading to one address."""
    title = _("Does reading aloud every day help seven-year-olds to read better?")
    return {
        "links": [(f"123. {title}", address)],
        "choices": choices(address),
        "stop": [(str(STOP), address)],
        "elsewhere": [(_("Example desk"), "https://desk.example/")],
    }


def path(letter: Letter) -> str:
    """Where the one link of a letter about the time after the answer leads; empty for other letters."""
    row = follow_up(letter)
    return reverse("after", args=[row.token]) if row else ""


def follow_up(letter: Letter) -> FollowUp | None:
    kind = next((kind for kind, name in AFTER.items() if name == letter.kind), None)
    return FollowUp.objects.filter(participation=letter.participation_id, kind=kind).first() if kind else None


def links(part: Participation) -> list[tuple[str, str]]:
    """The links to the cases of this asker, the newest first."""
    return [
        (f"{one.question.number}. {shortened(one.title)}", absolute(reverse("track", args=[one.mailed_token])))
        for one in live(part.asker_id)[:MOST_LINKS]
    ]


def live(asker: Any) -> Any:
    """The parts of this asker in confirmed cases that nobody withdrew, the newest first."""
    rows = Participation.objects.filter(asker=asker, question__confirmed_at__isnull=False)
    rows = rows.exclude(kind=Participation.Kind.WAITING)  # whose link opens nothing yet
    rows = rows.exclude(question__state=State.WITHDRAWN, question__closed_from="")
    return rows.select_related("question", "origin").order_by("-created_at")


def shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 120 else words[:120].rsplit(" ", 1)[0] + " …"


def absolute(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


def to_invited(row: Invitation, question: Question) -> dict[str, Any]:
    """What somebody from outside may know of a case: the sharpened question, never the asker's own words."""
    return {
        "number": question.number or "",
        "title": question.articulated[:TITLE],
        "inviter": row.invited_by.called if row.invited_by else _("The desk"),
        "kind": ReviewKind(row.kind).label,
        "until": date_format(row.until, "j F Y"),
        "why": row.note,
    }


def points(event: Event) -> str:
    """The remarks that wait for the author, each under the words it is about."""
    rows = event.version.remarks.filter(outcome="") if event.version is not None else []
    return "\n\n".join(f"“{shortened(row.quoted)}”\n→ {row.body}" if row.quoted else f"→ {row.body}" for row in rows)
