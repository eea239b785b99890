"""A view of the queue that somebody gave a name."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

NAME = 80


class SavedViewQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "SavedViewQuerySet":
        """One's own, and what others share with the desk."""
        return self.filter(Q(owner=user) | Q(is_shared=True))


class SavedView(models.Model):
    """`query` holds the view and its filters, by the names of `listing.Filters`."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=NAME)
    query = models.JSONField(default=dict)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint("owner", Lower("name"), name="one_view_per_name")]

    def __str__(self) -> str:
        return self.name
