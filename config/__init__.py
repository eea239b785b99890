"""The fuse box: settings, database, schedule and addresses. Imported by nobody."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
