"""What public pages cost when much is published: milliseconds of the server and queries, kept and made anew.

    python -m tests.benchmarks.pages [--answers 10000]

Fills a database of its own (thrown away afterwards) with answers made from the texts of the example content,
in bulk, and asks for home, search, answer and theme pages through the whole stack of Django, without a network.
Searches by words only unless EMBEDDING_MODEL says otherwise: `tests.benchmarks.search` measures the rest.
"""

import argparse
import itertools
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ.setdefault("EMBEDDING_MODEL", "none")
ROOT = Path(__file__).resolve().parent.parent.parent
DEMO = ROOT / "questions" / "demo"
WORDS = ("huiswerk", "begrijpend lezen", "feedback geven", "rekenen groep 6", "motivatie leerlingen", "digitale toets")
BATCH = 1_000
ROUNDS = 60


def demo(name: str) -> Any:
    return json.loads((DEMO / f"{name}.json").read_text(encoding="utf-8"))


def fill(count: int) -> None:
    """Themes and sources of the example content, and `count` published answers as if they had gone all the way."""
    from evidence import library, packing
    from evidence.models import Passage, Theme

    random.seed(20_261)
    for n, one in enumerate(demo("themes")):
        Theme.objects.get_or_create(slug=one["slug"], defaults={**one, "order": n})
    for one in demo("sources"):
        about = {name: one[name] or "" for name in ("design", "population", "country", "strength", "finding_nl")}
        themes = Theme.objects.filter(slug__in=one["themes"])
        library.put_source(one["csl"], key=one["key"], sectors=one["sectors"], themes=themes, **about)
    for first in range(0, count, BATCH):
        Passage.objects.bulk_create(passages(answers(first, min(first + BATCH, count))))
    packing.rebuild()


def answers(first: int, last: int) -> list[Any]:
    """Living versions number `first` + 1 to `last`, in bulk, each with its question, theme and three citations."""
    from django.utils import timezone
    from django.utils.text import slugify

    from brokers.models import Desk
    from evidence.models import Source, Theme
    from questions.models import Citation, Item, Question, Version

    cases = [case for case in demo("cases") if case.get("answer")]
    themes, sources, now = list(Theme.objects.all()), list(Source.objects.all()), timezone.now()
    items, made, versions, citations = [], [], [], []
    for n in range(first, last):
        case, other = cases[n % len(cases)], random.choice(cases)
        title = f"{other['articulated'].rstrip('?')} ({n + 1})?"
        items.append(Item(number=n + 1, slug=slugify(title)[:80].strip("-"), title=title))
        asked = {"text": other["text"], "articulated": title, "sector": other["sector"], "role": other["role"]}
        made.append(
            Question(number=n + 1, state="published", desk=Desk.default(), confirmed_at=now, item=items[-1], **asked)
        )
        texts = {
            name: case["answer"].get(name) or ""
            for name in ("short_answer", "explanation", "gap", "gap_kind", "strength")
        }
        at = now - timedelta(hours=6 * n)
        versions.append(Version(item=items[-1], state="published", published_at=at, **texts))
        citations += [
            Citation(version=versions[-1], source=one, n=k) for k, one in enumerate(random.sample(sources, 3), 1)
        ]
    Item.objects.bulk_create(items)
    Question.objects.bulk_create(made)
    Version.objects.bulk_create(versions)
    Citation.objects.bulk_create(citations)
    through = Question.themes.through
    through.objects.bulk_create(through(question_id=one.pk, theme_id=random.choice(themes).pk) for one in made)
    return versions


def passages(versions: list[Any]) -> Iterator[Any]:
    """The findable parts of these answers, as `findable.put_answer` would cut them, ready to be packed."""
    from evidence.index import Part, _pieces, _row
    from questions.findable import ANSWER, plain

    for version in versions:
        title = version.item.title
        parts = [
            Part(title, plain(version.short_answer)),
            Part(title, plain(f"{version.explanation}\n\n{version.gap}")),
        ]
        for n, piece in enumerate(itertools.chain.from_iterable(_pieces(part) for part in parts)):
            row = _row(n, piece)
            row.kind, row.ref, row.public, row.language = ANSWER, str(version.item.number), True, "nl"
            yield row


def addresses(count: int) -> dict[str, list[str]]:
    from evidence.models import Theme
    from questions.models import Item

    numbers = [1 + n * max(1, count // ROUNDS) for n in range(min(ROUNDS, count))]
    items = Item.objects.filter(number__in=numbers).values_list("number", "slug")
    return {
        "home": ["/"],
        "search": [f"/search?q={words}" for words in WORDS],
        "answer": [f"/answers/{number}/{slug}" for number, slug in items],
        "theme": [f"/themes/{slug}" for slug in Theme.objects.values_list("slug", flat=True)],
    }


def measured(paths: list[str], before: Callable[[], None]) -> tuple[float, float, int]:
    """Median and 95th percentile in ms of ROUNDS requests in turn, and the most queries that one asked."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, times, most = Client(), [], 0
    for path in paths:  # everything is loaded and, where it may be, kept
        assert client.get(path).status_code == 200, path
    for path in itertools.islice(itertools.cycle(paths), ROUNDS):
        before()
        began = time.perf_counter()
        client.get(path)
        times.append((time.perf_counter() - began) * 1_000)
    for path in paths[:10]:
        before()
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        most = max(most, len(asked))
    return statistics.median(times), statistics.quantiles(times, n=20)[-1], most


def run(count: int) -> None:
    from django.core.cache import caches
    from django.db import connection
    from django.test.utils import override_settings

    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    fill(count)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"{count:,} answers published in {time.perf_counter() - began:.0f} s\n")
    print(
        "| page | made anew: p50 ms | p95 ms | queries | kept: p50 ms | p95 ms | queries |\n|---|---|---|---|---|---|---|"
    )
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        for name, paths in addresses(count).items():
            fresh = measured(paths, caches["pages"].clear)
            kept = measured(paths, lambda: None)
            cells = " | ".join(f"{p50:.1f} | {p95:.1f} | {queries}" for p50, p95, queries in (fresh, kept))
            print(f"| {name} | {cells} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=10_000)
    count = parser.parse_args().answers
    folder = tempfile.mkdtemp(prefix="pages-")
    os.chmod(folder, 0o755)  # as root the server runs as somebody else, who must get there
    os.environ["DATA_DIR"] = folder
    os.environ.pop("DATABASE_URL", None)
    from config import bringup, database

    try:
        database.hold(bringup.say)
        bringup.schema_and_encoder(bringup.say)
        run(count)
    finally:
        from django.db import connections

        connections.close_all()
        database.release()
        database.wait_until_stopped(database.data_dir(), 120)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
