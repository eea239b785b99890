from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from questions import letterbox, replies


class Command(BaseCommand):
    help = "Takes over replies from the mailbox in REPLY_MAILBOX, as the worker does."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.REPLY_MAILBOX:
            raise CommandError("REPLY_MAILBOX is not set: docs/operations.md tells how replies come in.")
        try:
            counts = replies.read()
        except letterbox.Away as error:
            raise CommandError(f"The mailbox cannot be read: {error}") from None
        for outcome in replies.Outcome:
            self.stdout.write(f"{counts[outcome.value]} {outcome.value}")
