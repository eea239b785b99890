from typing import Any

from django.core.management.base import BaseCommand

from questions import escalation


class Command(BaseCommand):
    help = "Tells the people of the desk which cases are nearly due or overdue, with one mail a working day."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{escalation.escalate()} notices, {escalation.digests()} mails")
