from typing import Any

from django.core.management.base import BaseCommand

from questions import afterwards


class Command(BaseCommand):
    help = "Asks whoever got an answer six weeks or six months ago what became of it, once; the worker does so too."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{afterwards.ask()} letters written")
