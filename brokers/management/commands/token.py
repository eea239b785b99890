from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from brokers.models import Token, User


class Command(BaseCommand):
    help = "Prints a fresh API token for a person. It is shown this once; only its hash is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--days", type=int, default=365)
        parser.add_argument("--scope", choices=Token.Scope.values, default=Token.Scope.WRITE)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = User.objects.get_by_natural_key(options["email"])
        except User.DoesNotExist:
            raise CommandError(f"Nobody here has the address {options['email']}.") from None
        self.stdout.write(Token.issue(user, days=options["days"], scope=options["scope"]))
