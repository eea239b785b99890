from typing import Any

from django.core.management.base import BaseCommand

from questions import retention


class Command(BaseCommand):
    help = "Forgets what the desk keeps no longer: questions that were never confirmed, old counts, keys and drafts."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{retention.forget_unconfirmed()} unconfirmed questions forgotten")
        self.stdout.write(f"{retention.forget_follows()} unconfirmed follows forgotten")
        self.stdout.write(f"{retention.forget_drafts()} private drafts forgotten")
