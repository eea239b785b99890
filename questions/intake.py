"""How a question comes in: checked, stored, and outside every queue until its address is confirmed."""

import hashlib
import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from brokers.models import Desk
from evidence.bells import ring
from questions import inputs, mail, personal, suggest, tallies, tasks, workflow
from questions.models import Asker, Event, Participation, Question, Quota
from questions.refusals import TooMany

FREE_TEXT = ("text", "context", "tried", "on_behalf_of")
HOUR, DAY = 3600, 86_400
OTHERS_TOLD_AN_HOUR = 60  # how often one network is told that others ask the same


def ask(data: Mapping[str, Any], *, by: Any = None, network: str = "") -> tuple[Question, Participation]:
    """Store a question. Staff (`by`) create confirmed ones; others get a confirmation mail.

    `network` is the caller's address, kept only as a hashed prefix that counts.
    Raises ValidationError (400, naming field and place of personal data) or TooMany (429).
    """
    cleaned = inputs.clean_form(inputs.Ask, data)
    refuse_personal_data(cleaned)
    trusted = by is not None and by.has_perm("questions.view_question")
    with transaction.atomic():
        if not trusted:
            count_against("network", prefix(network), HOUR, settings.QUESTIONS_PER_NETWORK_AN_HOUR)
            count_against("address", cleaned["email"].lower(), DAY, settings.QUESTIONS_PER_ADDRESS_A_DAY)
        question, part = store(cleaned)
        # The name waits in the history until the address is proved; there it goes with the asker's erasure.
        data = {"name": cleaned["name"]} if cleaned["name"] and not trusted else {}
        event = Event.record("ask", by=by if trusted else part, question=question, target=question.state, data=data)
        if trusted:
            workflow.introduce(part.asker_id, cleaned["name"], question.language)
            question = workflow.perform(question, "confirm", by=by)
        else:
            mail.write_confirmation(event, part)
            ring(tasks.deliver)
    return question, part


def refuse_personal_data(cleaned: Mapping[str, Any]) -> None:
    """Names field and place of each piece of personal data, unless the person has checked it."""
    if cleaned["personal_data_checked"]:
        return
    words = _(
        "Characters %(start)s to %(end)s look like %(label)s. Please leave out what tells who "
        "somebody is, or say that you have checked it (personal_data_checked)."
    )
    personal.refuse(cleaned, FREE_TEXT, words, names=True)


@dataclass(frozen=True)
class Looked:
    """What stands in the way of looking (`personal`), or what was found (`found`) and how many ask it too."""

    personal: list[personal.Finding]
    found: suggest.Suggestions | None = None
    others: int = 0


def look(text: str, *, checked: bool = False, network: str = "") -> Looked:
    """What exists for a question that somebody is typing; for page and live suggestions alike.

    A text with personal data in it goes nowhere: it gets no vector and no search until it is `checked`.
    """
    findings = [] if checked else personal.find_personal_data(text)
    if findings:
        return Looked(findings)
    return Looked([], suggest.suggest(text, limit=5), others_asking(text, network))


def helped(kind: str, ref: str, *, network: str = "") -> str:
    """Count that something which exists answers a person who was about to ask; nothing else is kept.

    Returns `kind` when `ref` is a published answer ("answer", its number) or a public source
    ("source", its key), else nothing; both count as a person helped.
    """
    field: Any = inputs.NumbersField() if kind == "answer" else inputs.SourcesField()
    known = bool(field.clean([ref]))
    try:
        count_against("helped", prefix(network), HOUR, settings.QUESTIONS_PER_NETWORK_AN_HOUR)
    except TooMany:
        return kind if known else ""  # a thank-you all the same, but no figure that one place makes alone
    tallies.add("ask.helped")
    if known and kind == "answer":
        tallies.add(f"ask.helped.{int(ref)}")
    return kind if known else ""


def helped_by(number: int) -> int:
    """How many people were answered by answer `number` while they were asking."""
    name = f"ask.helped.{number}"
    return tallies.totals([name])[name]


def store(cleaned: Mapping[str, Any]) -> tuple[Question, Participation]:
    language = cleaned["language"] or (get_language() or "nl")[:2]
    # Nobody has proved anything yet: what is known of an asker stays, and a name is not believed.
    asker = Asker.at(cleaned["email"], language=language)
    names = ("text", "context", "tried", "sector", "role", "behalf", "on_behalf_of", "personal_data_checked")
    question = Question.objects.create(
        desk=Desk.default(), language=language, **{name: cleaned[name] for name in names}
    )
    question.read_before.add(*cleaned["read"])  # it is new: there is nothing to take out
    question.read_sources.add(*cleaned["read_sources"])
    kind = Participation.Kind.ON_BEHALF if cleaned["on_behalf_of"] else Participation.Kind.ASKED
    return question, Participation.join(question=question, asker=asker, kind=kind)


def others_asking(text: str, network: str) -> int:
    """How many others ask the same now, as far as the public may know (suggest.others_asking)."""
    count = suggest.others_asking(text)
    try:
        if count:
            count_against("others", prefix(network), HOUR, OTHERS_TOLD_AN_HOUR)
    except TooMany:
        return 0
    return count


def prefix(network: str) -> str:
    """The network an address belongs to: /24 of IPv4, /48 of IPv6."""
    try:
        address = ipaddress.ip_address(network)
        # An IPv4 address as an IPv6 socket shows it: all of them would share one /48.
        address = getattr(address, "ipv4_mapped", None) or address
        return str(ipaddress.ip_network(f"{address}/{24 if address.version == 4 else 48}", strict=False))
    except ValueError:
        return "unknown"


def count_against(kind: str, who: str, seconds: int, limit: int) -> None:
    """Count one more for `who` in the present window; TooMany when over `limit`."""
    now = timezone.now().timestamp()
    start = now - now % seconds
    bucket = hmac.new(settings.SECRET_KEY.encode(), f"quota:{kind}:{who}".encode(), hashlib.sha256).hexdigest()
    window = datetime.fromtimestamp(start, tz=timezone.get_current_timezone())
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {Quota._meta.db_table} (id, bucket, "window", count) VALUES (gen_random_uuid(), %s, %s, 1) '
            f'ON CONFLICT (bucket, "window") DO UPDATE SET count = {Quota._meta.db_table}.count + 1 RETURNING count',
            [bucket, window],
        )
        count = cursor.fetchone()[0]
    if count > limit:
        raise TooMany(
            _("This is more than the desk takes from one place in this time. Please try again later."),
            retry_after=int(start + seconds - now) + 1,
        )
