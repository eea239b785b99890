"""Requests with a key count once: the same key gives the same answer, to page and API alike."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from questions.models import Idempotency


class KeyReused(Exception):
    """The key belongs to a request with another body (422)."""


@dataclass(frozen=True)
class Outcome:
    status: int
    answer: dict[str, Any]
    replayed: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    question: Any = None


def once(key: str, person: str, body: Mapping[str, Any], run: Callable[[], Outcome]) -> Outcome:
    """Run `run`, or give its stored outcome when `person` sent this key and body before.

    Two requests at once wait for each other on the unique row. A refusal (an exception, or a status
    from 400 on) stores nothing here, so that the mended request may use the key again.
    """
    if len(key) > 255 or not key.isprintable():
        raise ValidationError({"Idempotency-Key": [_("A key is printable and at most 255 characters long.")]})
    digest = hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
    with transaction.atomic():
        while (row := claim(key, person, digest)) is None:
            before = Idempotency.objects.filter(key=key, person=person).first()
            if before is not None:  # else it was forgotten in this second, and the key is free
                return replay(before, digest)
        outcome = run()
        if outcome.status >= 400:
            row.delete()
            return outcome
        row.status, row.answer = outcome.status, json.loads(json.dumps(outcome.answer, cls=DjangoJSONEncoder))
        row.headers, row.question_id = outcome.headers, outcome.question
        row.save(update_fields=["status", "answer", "headers", "question"])
    return outcome


def claim(key: str, person: str, digest: str) -> Idempotency | None:
    try:
        with transaction.atomic():
            return Idempotency.objects.create(key=key, person=person, body_hash=digest)
    except IntegrityError:
        return None


def replay(row: Idempotency, digest: str) -> Outcome:
    if row.body_hash != digest:
        raise KeyReused
    assert row.status is not None
    assert row.answer is not None
    return Outcome(row.status, row.answer, replayed=True, headers=row.headers)
