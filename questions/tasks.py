"""Bells: each is one call, carries nothing, and may be rung twice."""

from celery import shared_task

from evidence.bells import answered, ring
from questions import afterwards, casewords, digest, escalation, mail, matching, retention, timing


@shared_task(name="questions.tasks.deliver")
def deliver() -> None:
    answered("questions.tasks.deliver")
    if mail.deliver() and mail.is_waiting():
        ring(deliver)


@shared_task(name="questions.tasks.follow_up")
def follow_up() -> None:
    afterwards.ask()


@shared_task(name="questions.tasks.escalate")
def escalate() -> None:
    if escalation.run():
        ring(deliver)


@shared_task(name="questions.tasks.keep_time")
def keep_time() -> None:
    timing.mend()


@shared_task(name="questions.tasks.housekeeping")
def housekeeping() -> None:
    retention.forget_unconfirmed()
    retention.forget_follows()
    retention.forget_invited()
    retention.forget_sought()
    retention.forget_drafts()
    retention.forget_notices()
    if casewords.renew() >= casewords.RENEW:
        ring(housekeeping)


@shared_task(name="questions.tasks.expertise")
def expertise() -> None:
    matching.refresh()


@shared_task(name="questions.tasks.digests")
def digests() -> None:
    answered("questions.tasks.digests")
    if digest.run():
        ring(deliver)
        if digest.is_due():
            ring(digests)
