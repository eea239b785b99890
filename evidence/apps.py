from django.apps import AppConfig
from django.core.checks import register
from django.db.backends.signals import connection_created

from evidence import checks, tuning


class EvidenceConfig(AppConfig):
    name = "evidence"
    verbose_name = "Evidence"

    def ready(self) -> None:
        # Registering is all that happens here: nothing is read, loaded or started.
        connection_created.connect(tuning.tune)
        register(checks.embedding_model, "evidence")
        register(checks.vector_index_threshold, "evidence")
