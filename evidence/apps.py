from django.apps import AppConfig
from django.core.checks import register

from evidence import checks


class EvidenceConfig(AppConfig):
    name = "evidence"
    verbose_name = "Evidence"

    def ready(self) -> None:
        # Registering the checks is all that happens here: nothing is read, loaded or started.
        register(checks.embedding_model, "evidence")
        register(checks.vector_index_threshold, "evidence")
