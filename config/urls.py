"""Mounts the rooms' addresses; nothing more."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("api.urls")),
    path("admin/", admin.site.urls),
    path("", include("api.health")),
    *i18n_patterns(path("", include("frontend.urls")), prefix_default_language=False),
]
