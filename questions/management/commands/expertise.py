from typing import Any

from django.core.management.base import BaseCommand

from questions import matching


class Command(BaseCommand):
    help = "Puts what brokers know in the index for matching, and takes out who left; the worker does so every night."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{matching.refresh()} brokers can be compared")
