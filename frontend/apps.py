from django.apps import AppConfig
from django.core.checks import register

from frontend import checks


class FrontendConfig(AppConfig):
    name = "frontend"

    def ready(self) -> None:
        register(checks.statements_are_sound, "frontend")
        register(checks.statements_are_complete, "frontend", deploy=True)
