from typing import Any

from django.core.management.base import BaseCommand

from questions import casewords, retention, spam


class Command(BaseCommand):
    help = "Forgets what the desk keeps no longer: questions that were never confirmed, what was spam, old counts, keys and drafts. Renews the words cases are found by."

    def handle(self, *args: Any, **options: Any) -> None:
        retention.forget_invited()
        self.stdout.write(f"{retention.forget_unconfirmed()} unconfirmed questions forgotten")
        self.stdout.write(f"{spam.forget()} cases set aside as spam forgotten")
        self.stdout.write(f"{retention.forget_follows()} unconfirmed follows forgotten")
        self.stdout.write(f"{retention.forget_drafts()} private drafts forgotten")
        self.stdout.write(f"{retention.forget_sought()} words of searches forgotten")
        renewed = 0
        while found := casewords.renew():
            renewed += found
        self.stdout.write(f"{renewed} cases analysed anew")
