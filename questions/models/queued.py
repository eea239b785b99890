"""How the desk's queue is read: an index for each order it is shown in, so that a page reads a page."""

from datetime import date

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from questions.states import OPEN

NEVER = date(9999, 12, 31)  # in the order of due dates: cases without one stand last
DUE_BY = Coalesce("due_on", Value(NEVER), output_field=models.DateField())

INDEXES = [
    models.Index(fields=["confirmed_at", "id"], name="queue_all"),
    models.Index(fields=["confirmed_at", "id"], condition=Q(state__in=OPEN), name="queue_open"),
    models.Index(fields=["state", "confirmed_at", "id"], name="queue_state"),
    models.Index(fields=["assignee", "confirmed_at", "id"], name="queue_broker"),
    models.Index(DUE_BY, "id", name="queue_due"),
]
