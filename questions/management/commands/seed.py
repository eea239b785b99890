from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from evidence import embedding
from questions import scaling, seeding


class Command(BaseCommand):
    help = "Loads the demo content, once; with --ask N or --scale N adds generated questions for load tests."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--ask", type=int, default=0, metavar="N", help="ask N generated questions, which wait to be triaged"
        )
        parser.add_argument(
            "--scale", type=int, default=0, metavar="N", help="add N generated cases in every state, in bulk"
        )
        parser.add_argument("--once", action="store_true", help="say nothing when it was loaded before")
        parser.add_argument("--logins", action="store_true", help="print the demo people and their password")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["scale"] > 0:
            scaling.fill(options["scale"], self.tell)
        elif options["ask"] > 0:
            seeding.ask(options["ask"], self.tell)
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
