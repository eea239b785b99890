"""What else exists for the question of an answer: other answers, and research that it does not cite."""

from collections.abc import Collection
from hashlib import sha256

from django.core.cache import cache

from evidence.models import Source
from questions import suggest
from questions.models import Item, Version

SHOWN = 4
CANDIDATES = 20
KEPT = 3600  # seconds; what was published since shows within the hour
KEPT_WITHOUT_MODEL = 60


def related(item: Item, cited: Collection[str]) -> tuple[list[Version], list[Source]]:
    """Living answers and public sources near the title of `item`, but for itself and the keys it cites.

    The search is remembered; what may be shown is asked again every time, in two queries.
    """
    numbers, ids = candidates(item)
    versions = {version.item.number: version for version in suggest.answers(numbers)}
    sources = {str(source.pk): source for source in suggest.sources(ids, None)}
    answers = [versions[int(one)] for one in numbers if int(one) in versions and int(one) != item.number]
    uncited = [sources[one] for one in ids if one in sources and sources[one].key not in cited]
    return answers[:SHOWN], uncited[:SHOWN]


def candidates(item: Item) -> tuple[list[str], list[str]]:
    """Numbers of answers and ids of sources, the nearest first."""
    key = f"related:{item.pk}:{sha256(item.title.encode()).hexdigest()[:16]}"
    known: tuple[list[str], list[str]] | None = cache.get(key)
    if known is None:
        found = suggest.suggest(item.title, limit=CANDIDATES)
        known = [str(one.number) for one in found.answers], [one.id for one in found.sources]
        cache.set(key, known, KEPT_WITHOUT_MODEL if found.degraded else KEPT)
    return known
