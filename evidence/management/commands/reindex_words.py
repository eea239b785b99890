from typing import Any

from django.core.management.base import BaseCommand

from evidence import index, spelling
from evidence.models import Passage
from evidence.words import WORDS_RECIPE

BATCH = 500


class Command(BaseCommand):
    help = "Counts the words anew of passages that were analysed by an older recipe, and learns their spelling."

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        older = Passage.objects.exclude(words_recipe=WORDS_RECIPE).order_by("id")
        while rows := list(older[:BATCH]):
            index.reanalyse(rows)
            done += len(rows)
            self.stdout.write(f"{done} passages …")
        self.stdout.write(f"{done} passages analysed as {WORDS_RECIPE}.")
        self.stdout.write(f"{spelling.rebuild()} words known for typing errors.")
