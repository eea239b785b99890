"""The people of the desk, for administrators."""

from typing import Any

from django.contrib import admin

from brokers.models import Broker, Desk, Organisation, Token, User
from evidence import kept


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    list_display = ["email", "name", "is_active", "is_staff"]
    list_filter = ["groups", "is_active"]
    search_fields = ["email", "name"]
    filter_horizontal = ["groups"]
    exclude = ["password", "user_permissions", "is_superuser"]

    def save_model(self, request: Any, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        kept.forget()  # the name may stand on public pages


@admin.register(Broker)
class BrokerAdmin(admin.ModelAdmin[Broker]):
    list_display = ["user", "capacity", "absent_from", "absent_until"]


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin[Token]):
    list_display = ["user", "scope", "created_at", "expires_at"]
    exclude = ["digest"]

    def has_add_permission(self, request: Any) -> bool:
        return False


admin.site.register([Desk, Organisation])
