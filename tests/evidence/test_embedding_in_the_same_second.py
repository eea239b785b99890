"""Who writes a text and who stores its vector never wait for each other in a circle."""

from typing import Any

import pytest
from django.db import transaction

from evidence import embedding, index
from evidence.index import Part
from evidence.models import Passage, Vector
from tests.evidence.test_embedding import make_everything_due
from tests.threads import while_held

pytestmark = pytest.mark.django_db(transaction=True)


def put(ref: str, body: str = "Tekst") -> None:
    index.put("answer", ref, [Part(title=f"Titel {ref}", body=body)], public=True)


def test_a_text_that_is_being_written_gets_its_vector_later(settings: Any) -> None:
    put("one")
    put("two")
    tasks = embedding._take(embedding.encoder.recipe(), 10, "answer", fresh=True)
    with transaction.atomic():
        list(Passage.objects.select_for_update().filter(ref="two"))
        # The one who writes holds the last passage and goes back to the first.
        ended = while_held(lambda: embedding._encode(embedding.encoder.recipe(), tasks))
        index.drop("answer", "one")
    assert ended() is None
    make_everything_due()
    embedding.embed_all()
    assert Vector.objects.get(passage__ref="two").embedding is not None
    assert not Vector.objects.filter(passage__ref="one").exists()
