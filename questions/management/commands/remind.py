from typing import Any

from django.core.management.base import BaseCommand

from questions import silence


class Command(BaseCommand):
    help = "Reminds silent askers, and closes the cases of those who stay silent."

    def handle(self, *args: Any, **options: Any) -> None:
        closed, reminded = silence.close(), silence.remind()
        self.stdout.write(f"{reminded} reminded, {closed} closed")
