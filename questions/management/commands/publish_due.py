from typing import Any

from django.core.management.base import BaseCommand

from questions import publishing


class Command(BaseCommand):
    help = "Makes public what an editor planned and whose moment has come, as the worker does every minute."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{publishing.publish_due()} answers made public")
