from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence import calibration, encoder, floor, judged, recipes, trial
from evidence.models import Passage
from evidence.search import search

FIRST = 10  # an answer further down is not what the floor has to keep


class Command(BaseCommand):
    help = "Finds the floor of the current recipe (below it: nothing relevant) in what is here, and keeps it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--sets",
            nargs="+",
            metavar="DIR,DIR",
            help="measure the floor in use on judged sets instead; the sets of one domain joined by commas",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not encoder.warm():
            raise CommandError("There is no language model to calibrate: see EMBEDDING_MODEL.")
        if options["sets"]:
            self._measure_sets([[Path(folder) for folder in domain.split(",")] for domain in options["sets"]])
        else:
            self._calibrate()

    def _calibrate(self) -> None:
        recipe = encoder.recipe()
        kinds = [kind for kind in _kinds() if not kind.startswith(trial.PREFIX)]
        here = Passage.objects.filter(kind__in=kinds)
        if not here.exists():
            raise CommandError("There is nothing to calibrate with: no passage yet.")
        if here.exclude(vectors__recipe=recipe, vectors__embedding__isnull=False).exists():
            raise CommandError("Not every passage has its vector yet: run `manage.py embed` first.")
        if recipes.current_reading().recipe != recipe:
            raise CommandError("An older model answers still: run `manage.py reembed` first.")
        found = calibration.measure(recipe, kinds, lambda text: _standing(text, kinds))
        calibration.keep(recipe, found, here.count())
        self.stdout.write(f"{recipe}: floor {found.base:.3f}, kept as the floor of this recipe.")
        self._print(found, "known items", "everyday questions")

    def _measure_sets(self, domains: Sequence[Sequence[Path]]) -> None:
        recipe = encoder.recipe()
        base = floor.of(recipe, calibration.base_of(recipe)).base
        try:
            with ExitStack() as stack:
                trials = [
                    [(folder.name, stack.enter_context(trial.indexed(judged.read(folder)))) for folder in domain]
                    for domain in domains
                ]
                related = {name: list(_related(one)) for domain in trials for name, one in domain}
                unrelated = {
                    name: [
                        _standing(text, [one.kind])
                        for other in trials
                        if other is not domain
                        for _name, asking in other
                        for text in _queries(asking)
                    ]
                    for domain in trials
                    for name, one in domain
                }
        except (judged.Malformed, trial.Incomplete) as error:
            raise CommandError(str(error)) from error
        for name in related:
            one = calibration.rates(related[name], unrelated[name], base)
            self.stdout.write(f"{name:24} kept {one.kept:6.1%} of {one.related:5}  rejected {one.rejected:6.1%}")
        pooled = calibration.rates(_joined(related.values()), _joined(unrelated.values()), base)
        self.stdout.write(f"{recipe}: floor {base:.3f}")
        self._print(pooled, "questions with their answer in the first ten", "questions of other domains")

    def _print(self, found: calibration.Rates, related: str, unrelated: str) -> None:
        self.stdout.write(f"kept {found.kept:6.1%} of {found.related} {related}")
        self.stdout.write(f"rejected {found.rejected:6.1%} of {found.unrelated} {unrelated}")
        self.stdout.write("kept      " + "".join(f"{kept:7.1%}" for kept, _rejected in found.curve))
        self.stdout.write("rejected  " + "".join(f"{rejected:7.1%}" for _kept, rejected in found.curve))


def _kinds() -> list[str]:
    return list(Passage.objects.order_by("kind").values_list("kind", flat=True).distinct())


def _standing(text: str, kinds: Sequence[str]) -> float:
    return search(text, kinds=kinds, public_only=False, limit=FIRST).standing


def _queries(one: trial.Trial) -> list[str]:
    return [one.content.queries[query] for query in one.content.judgements]


def _related(one: trial.Trial) -> Iterator[float]:
    """The standing of each question that finds a relevant document in the first ten."""
    for query, judgements in one.content.judgements.items():
        results = search(one.content.queries[query], kinds=[one.kind], public_only=False, limit=FIRST)
        if any(judgements.get(one.ids[hit.ref], 0) > 0 for hit in results.hits):
            yield results.standing


def _joined(parts: Any) -> list[float]:
    return [standing for part in parts for standing in part]
