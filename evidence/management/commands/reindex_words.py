from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evidence import packing, spelling
from evidence.words import WORDS_RECIPE


class Command(BaseCommand):
    help = "Analyses the words of every passage anew, and their spelling; what was there answers until it is done."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = packing.rebuild(self.stdout.write)
        except packing.Busy as error:
            raise CommandError("The worker is packing words at the moment: try again in a minute.") from error
        self.stdout.write(f"{done} passages analysed as {WORDS_RECIPE}.")
        self.stdout.write(f"{spelling.rebuild()} words known for typing errors.")
