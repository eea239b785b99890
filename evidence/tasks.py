"""The room's bells. They carry no payload: what to do stands in the rows."""

import time

from celery import shared_task

from evidence import bells, embedding, packing, spelling

AT_MOST = 45  # seconds a run may take, well within the task's time limit


@shared_task(name="evidence.tasks.embed")
def embed() -> None:
    """Gives passages the vectors they lack, for a while; rings again when work is left."""
    bells.answered(embed.name)
    until = time.monotonic() + AT_MOST
    packing.pack(until=until)  # first: what searches cost depends on it, and vectors may take a day
    while embedding.embed_missing():
        if time.monotonic() > until:
            bells.ring(embed)
            return
    if embedding.is_untidy() or packing.is_wanted():
        bells.ring(tidy)


@shared_task(name="evidence.tasks.forget", soft_time_limit=6 * 3600, time_limit=6 * 3600 + 60)
def forget() -> None:
    """Takes the words of what was withdrawn or erased out of the lists and the vocabulary."""
    packing.renew(dead=0.0)
    spelling.rebuild()


@shared_task(name="evidence.tasks.tidy", soft_time_limit=6 * 3600, time_limit=6 * 3600 + 60)
def tidy() -> None:
    """Forgets what is over and builds the vector index, which takes minutes for a large library."""
    bells.answered(tidy.name)
    packing.renew()
    embedding.tidy()
