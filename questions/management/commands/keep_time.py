from typing import Any

from django.core.management.base import BaseCommand, CommandError

from questions import timing


class Command(BaseCommand):
    help = "Counts the due dates anew, for after a change of the limits or of the holidays."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when a date is not right")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            wrong = sum(1 for _case in timing.wrong())
            if wrong:
                raise CommandError(f"{wrong} cases have a turn or a date that is not right.")
            return
        self.stdout.write(f"{timing.mend()} cases changed")
