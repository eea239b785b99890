"""Mounts the rooms' addresses; nothing more."""

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.http import require_safe

# One way in: a login form of the admin's own would ask for no second step and count no attempts.
# Not even for who is in already: they could try the passwords of others there.
admin.site.login = secure_admin_login(require_safe(admin.site.login))  # type: ignore[method-assign]

urlpatterns = [
    path("api/v1/", include("api.urls")),
    path("admin/", admin.site.urls),
    path("", include("api.health")),
    *i18n_patterns(path("", include("frontend.urls")), prefix_default_language=False),
]
