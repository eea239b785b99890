from django.apps import AppConfig
from django.core.checks import register

from questions import checks


class QuestionsConfig(AppConfig):
    name = "questions"

    def ready(self) -> None:
        register(checks.replies, "questions")
        register(checks.reviews, "questions")
