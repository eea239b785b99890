"""A read-only window: what happens to a case happens through the door."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from questions.models import Event, Letter, Question, Referral, Version


class Window(admin.ModelAdmin[Any]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Question)
class QuestionWindow(Window):
    list_display = ["number", "title", "state", "assignee", "confirmed_at"]
    list_filter = ["state", "sector", "track"]
    search_fields = ["number", "text", "articulated"]


@admin.register(Version)
class VersionWindow(Window):
    list_display = ["item", "n", "language", "state", "strength"]
    list_filter = ["state", "strength"]


@admin.register(Event)
class EventWindow(Window):
    list_display = ["at", "name", "question", "source", "target", "user"]
    list_filter = ["name"]


@admin.register(Letter)
class LetterWindow(Window):
    list_display = ["created_at", "kind", "attempts", "sent_at", "dead_at", "last_error"]
    list_filter = ["kind"]


admin.site.register(Referral, Window)
