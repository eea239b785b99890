from typing import Any

from django.core.management.base import BaseCommand

from questions import lapsing


class Command(BaseCommand):
    help = "Warns of claims that end soon and puts cases back whose claim ran out; the worker does so too."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = lapsing.run()
        self.stdout.write(f"{counts[lapsing.Outcome.WARNED]} warned, {counts[lapsing.Outcome.LAPSED]} back in the pool")
