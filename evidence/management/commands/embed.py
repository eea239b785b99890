from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from evidence import embedding, encoder, packing


class Command(BaseCommand):
    help = "Gives every passage the vector it lacks; what the worker does by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--revive", action="store_true", help="try again what was given up after five attempts")

    def handle(self, *args: Any, **options: Any) -> None:
        if not encoder.recipe():
            self.stdout.write("There is no language model: nothing to do, search goes by words.")
            return
        if options["revive"]:
            self.stdout.write(f"{embedding.revive()} passages get another chance.")
        done = embedding.embed_all(self.stdout.write)
        packing.pack()
        embedding.tidy()
        state = embedding.state()
        self.stdout.write(f"{done} passages done, {state['waiting']} waiting, {state['dead']} given up.")
