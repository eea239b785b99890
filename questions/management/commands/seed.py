from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from evidence import embedding
from questions import seeding


class Command(BaseCommand):
    help = "Loads the demo content, once; with --scale N adds N generated questions for load tests."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--scale", type=int, default=0, metavar="N", help="add N generated questions that wait to be triaged"
        )
        parser.add_argument("--once", action="store_true", help="say nothing when it was loaded before")
        parser.add_argument("--logins", action="store_true", help="print the demo people and their password")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["scale"] > 0:
            seeding.scale(options["scale"], self.tell)
        elif seeding.load(self.tell):
            self.tell("demo: vectors")
            embedding.embed_all(self.tell)
        elif not options["once"]:
            self.tell("the demo content is here already")
        if options["logins"]:
            self.print_logins()

    def print_logins(self) -> None:
        if people := seeding.logins():
            self.stdout.write(f"demo logins (password {seeding.password()}):")
            for role, email in people:
                self.stdout.write(f"  {role:<14} {email}")

    def tell(self, line: str) -> None:
        self.stderr.write(f"· {line}")
