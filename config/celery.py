"""The Celery app, its doorbell transport and the beat schedule: the only place that knows when."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

AT_NIGHT = {"expires": 6 * 3600}


def bell_transport() -> dict[str, Any]:
    """Options of the transport; the filesystem one keeps its bells under DATA_DIR."""
    if not settings.CELERY_BROKER_URL.startswith("filesystem:"):
        # A broker that hangs must never hold up a person: one second, then the beat takes over.
        return {"socket_connect_timeout": 1, "socket_timeout": 1, "visibility_timeout": 3600}
    folder = settings.CELERY_BELL_DIR
    queue = folder / "queue"
    control = folder / "control"
    for path in (queue, control):
        path.mkdir(parents=True, exist_ok=True)
    return {"data_folder_in": str(queue), "data_folder_out": str(queue), "control_folder": str(control)}


def replies() -> dict[str, Any]:
    """Reading the mailbox, where there is one."""
    if not settings.REPLY_MAILBOX:
        return {}
    return {"replies": {"task": "questions.replies.read_mail", "schedule": 60.0, "options": {"expires": 60}}}


def schedule() -> dict[str, Any]:
    """Which bell rings when."""
    return {
        "letters": {"task": "questions.tasks.deliver", "schedule": 15.0, "options": {"expires": 15}},
        "vectors": {"task": "evidence.tasks.embed", "schedule": 15.0, "options": {"expires": 15}},
        "words": {"task": "evidence.tasks.forget", "schedule": crontab(hour=3, minute=40), "options": AT_NIGHT},
        # Often, since the rows say what is due: digests on Mondays, a changed answer at once.
        "digests": {"task": "questions.tasks.digests", "schedule": 600.0, "options": {"expires": 300}},
        # In the daytime: a question about one's work is not asked at night.
        "follow-up": {
            "task": "questions.tasks.follow_up",
            "schedule": crontab(hour="8-17", minute=20),
            "options": {"expires": 3600},
        },
        # In working hours: nobody is reminded at night, and mail to the desk goes out in the morning.
        "silent-askers": {
            "task": "questions.silence.heed",
            "schedule": crontab(hour="9-16", minute=10),
            "options": {"expires": 3600},
        },
        "escalate": {
            "task": "questions.tasks.escalate",
            "schedule": crontab(hour="7-17", minute=40),
            "options": {"expires": 3600},
        },
        "clock": {"task": "questions.tasks.keep_time", "schedule": crontab(hour=3, minute=10), "options": AT_NIGHT},
        "claims": {
            "task": "questions.lapsing.lapse",
            "schedule": crontab(hour="7-17", minute=25),
            "options": {"expires": 3600},
        },
        # What changed in the admin, and who left; changes on pages are there at once.
        "expertise": {"task": "questions.tasks.expertise", "schedule": crontab(hour=4, minute=10), "options": AT_NIGHT},
        # At its hour: a publication that an editor planned.
        "publications": {"task": "questions.publishing.publish", "schedule": 60.0, "options": {"expires": 60}},
        "housekeeping": {"task": "questions.tasks.housekeeping", "schedule": 3600.0, "options": {"expires": 600}},
        "spam": {"task": "questions.spam.tidy", "schedule": crontab(minute=50), "options": {"expires": 600}},
        **replies(),
    }


class Desk(Celery):
    """Reads Django's settings only when it is used, so that importing it starts nothing."""

    def on_configure(self) -> None:
        self.conf.update(
            broker_url=settings.CELERY_BROKER_URL,
            broker_transport_options=bell_transport(),
            broker_connection_retry_on_startup=True,
            task_ignore_result=True,
            task_acks_late=True,
            task_reject_on_worker_lost=True,
            task_soft_time_limit=300,
            task_time_limit=360,
            task_serializer="json",
            accept_content=["json"],
            worker_prefetch_multiplier=1,
            worker_concurrency=1,
            worker_hijack_root_logger=False,
            timezone=settings.TIME_ZONE,
            beat_schedule_filename=str(settings.DATA_DIR / "beat-schedule"),
            beat_schedule=schedule(),
        )


app = Desk("rotonde")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="publishing")
app.autodiscover_tasks(related_name="lapsing")
app.autodiscover_tasks(related_name="silence")
app.autodiscover_tasks(related_name="spam")
app.autodiscover_tasks(related_name="replies")  # above the dialogue, which itself rings the tasks of this room
