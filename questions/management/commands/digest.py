from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from questions import digest


class Command(BaseCommand):
    help = "Writes the digests that are due, as the worker does; `deliver` sends them. --dry-run only tells."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="tell what would be written, without addresses")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            found = digest.preview()
            for told in filter(None, found):
                self.stdout.write(f"a digest of {sum(told)} things in {len(told)} sections")
            self.stdout.write(f"{len(found)} addresses are due, {len(found) - sum(map(bool, found))} have no news")
            return
        looked = 0
        while batch := digest.run():
            looked += batch
        self.stdout.write(f"{looked} addresses looked at")
