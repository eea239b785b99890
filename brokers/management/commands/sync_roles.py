from typing import Any

from django.core.management.base import BaseCommand

from brokers.roles import sync_roles


class Command(BaseCommand):
    help = "Makes the groups of the desk and gives each exactly its rights."

    def handle(self, *args: Any, **options: Any) -> None:
        sync_roles()
        if options["verbosity"]:
            self.stdout.write("roles are in order")
