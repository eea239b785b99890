from django.apps import AppConfig
from django.core.checks import register

from brokers import checks


class BrokersConfig(AppConfig):
    name = "brokers"

    def ready(self) -> None:
        register(checks.school_holidays, "brokers")
