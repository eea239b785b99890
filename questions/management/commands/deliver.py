from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from questions import mail


class Command(BaseCommand):
    help = "Sends the letters that are due, as the worker does; --revive takes up dead ones again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--revive", action="store_true", help="give letters that were given up new attempts")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["revive"]:
            self.stdout.write(f"{mail.revive()} dead letters will be tried again")
        sent = 0
        while batch := mail.deliver():
            sent += batch
        self.stdout.write(f"{sent} letters sent")
