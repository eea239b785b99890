"""Indexes of foreign keys that are mostly empty."""

from django.db import models
from django.db.models import Q


def where_set(table: str, *fields: str) -> list[models.Index]:
    """For each field an index of the rows that have it; its own, made by Django, would grow with every other row too.

    The fields are declared with `db_index=False`.
    """
    return [
        models.Index(fields=[name], condition=Q(**{f"{name}__isnull": False}), name=f"{table}_{name}")
        for name in fields
    ]
