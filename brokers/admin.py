"""The people of the desk, for administrators."""

from typing import Any

from django.contrib import admin

from brokers.models import Broker, Desk, Organisation, Token, User
from evidence import kept


class Careful(admin.ModelAdmin[Any]):
    """Writes what was changed on its page, and nothing else: the rest may be changed by its owner in that second."""

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
            return
        fields = [obj._meta.get_field(name) for name in form.changed_data]
        obj.save(update_fields=[field.name for field in fields if not field.many_to_many])


@admin.register(User)
class UserAdmin(Careful):
    list_display = ["email", "name", "is_active", "is_staff"]
    list_filter = ["groups", "is_active"]
    search_fields = ["email", "name"]
    filter_horizontal = ["groups"]
    exclude = ["password", "user_permissions", "is_superuser"]

    def save_model(self, request: Any, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        kept.forget()  # the name may stand on public pages


@admin.register(Broker)
class BrokerAdmin(Careful):
    list_display = ["user", "capacity", "absent_from", "absent_until"]


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin[Token]):
    list_display = ["user", "scope", "created_at", "expires_at"]
    exclude = ["digest"]

    def has_add_permission(self, request: Any) -> bool:
        return False


admin.site.register([Desk, Organisation], Careful)
