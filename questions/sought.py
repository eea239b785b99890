"""What visitors look for and do not find: counted always, in words only when several places typed the same word.

A search may hold anything, so it is never stored. Of a search that found nothing each word is kept
as a keyed hash; only when it comes from PLACES places on the internet is the word itself, which is at
hand at that moment, written beside them. Numbers, long texts and whatever looks like personal data or
a name are left out before that.
"""

import hashlib
import hmac
import re
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from evidence.lexicon import STOP_WORDS
from evidence.words import folded
from questions import names, personal, retention, tallies
from questions.intake import HOUR, count_against, prefix
from questions.models import Sought
from questions.refusals import TooMany

PLACES = 5  # fewer could be told apart
WORDS = 12  # of a longer search no word is kept: that is somebody's story
TOGETHER = (2, 3)  # words that are kept beside each other as well
AN_HOUR = 30  # searches of one place that may leave words
WORD = re.compile(r"[^\W\d_]{3,40}")
MADE, EMPTY, NARROWED = "search.made", "search.empty", "search.narrowed"


def looked(text: str, *, found: bool, narrowed: bool, network: str = "", words: bool = True) -> None:
    """Count that somebody searched; `narrowed`: it was their filters that left nothing.

    `words` is False for who asks not to be followed: then it is the count alone.
    """
    tallies.add(MADE)
    if found:
        return
    tallies.add(NARROWED if narrowed else EMPTY)
    if words and not narrowed:
        keep(text, prefix(network))


def keep(text: str, place: str) -> None:
    units = units_of(text)
    if not units:
        return
    try:
        count_against("sought", place, HOUR, AN_HOUR)
    except TooMany:
        return
    today = timezone.localdate()
    for unit in units:
        keep_one(unit, place, today)


def units_of(text: str) -> list[str]:
    """The words of a search that may be counted, folded, and two or three of them together."""
    if personal.find_personal_data(text):
        return []
    words = WORD.findall(folded(text))
    if len(words) > WORDS or any(word in names.GIVEN - names.ALSO_WORDS for word in words):
        return []
    units = sorted(set(words) - STOP_WORDS)
    return [*units, " ".join(units)] if len(units) in TOGETHER else units


def keep_one(unit: str, place: str, today: date) -> None:
    """One more place that looked for `unit`; from PLACES on its rows say the word."""
    mine = digest("word", unit)
    with transaction.atomic():
        row = Sought(digest=mine, place=digest("place", f"{unit}|{place}"), day=today)
        Sought.objects.bulk_create([row], ignore_conflicts=True)
        rows = Sought.objects.filter(digest=mine, day__gt=today - retention.SOUGHT)
        if rows.values("place").distinct().count() >= PLACES:
            rows.filter(word="").update(word=unit)


def digest(kind: str, text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"sought:{kind}:{text}".encode(), hashlib.sha256).hexdigest()


def words(first: date, last: date) -> list[tuple[str, int]]:
    """Each word that was not found from PLACES places in these days, and on how many days of a place; most first."""
    rows = Sought.objects.filter(day__gte=first, day__lte=last).exclude(word="").values("word")
    counted = rows.annotate(places=Count("place", distinct=True), n=Count("pk")).filter(places__gte=PLACES)
    return list(counted.order_by("-n", "word").values_list("word", "n"))
