"""The dialogue between asker and broker."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.bells import ring
from questions import inputs, lease, mail, tasks, telling, timing, workflow
from questions.models import Event, Message, Participation, Question
from questions.permissions import is_asker
from questions.refusals import NotNow, NotYou
from questions.states import OPEN, State, WaitsFor

TWICE = timedelta(minutes=10)  # the same words again so soon are a second click, not a second message
SILENT = (State.WITHDRAWN, State.MERGED, State.SPAM)


def say(question: Question, data: Mapping[str, Any], *, by: Any) -> Message:
    """Add a message of `by` (staff or an asker of this question); the other side gets a letter.

    What was just said in the same words is not said twice: the first message is returned.
    """
    said = inputs.clean_form(inputs.Say if isinstance(by, Participation) else inputs.SayAsDesk, data)
    body = said["body"]
    with transaction.atomic():
        # First the lock: the asker may be erased at this moment, and their words would stay behind.
        question, by = workflow.lock(question), workflow.present(by)
        asks = is_asker(question, by)
        if not (asks or by.has_perm("questions.view_question")):
            raise NotYou(_("This is for the asker and the desk."))
        if asks and question.closed_from:  # a word of theirs is enough to go on
            question = workflow.perform(question, "come_back", by=by)
        if question.confirmed_at is None or question.state in SILENT:
            raise NotNow(
                _("There is no dialogue while the state is: %(state)s.") % {"state": question.get_state_display()}
            )
        written = {"user": None if asks else by, "participation": by if asks else None, "from_asker": asks}
        last: Message | None = question.messages.filter(**written, at__gt=timezone.now() - TWICE).last()
        # Ticked after the first press.
        waits_anew = said.get("waits", False) and question.state in OPEN and not question.waits_for
        if last is not None and last.body == body and not waits_anew:
            return last
        message = Message.objects.create(question=question, body=body, **written)
        answers = asks and bool(question.waits_for)
        waits = pass_on(question, asks, said.get("waits", False))
        state = question.state
        event = Event.record(
            "message", by=by, question=question, source=state, target=state, turn=question.turn_now, data=waits
        )
        lease.renew(question, by, gives_back=answers)
        mail.tell(event)
        telling.tell(event)
        ring(tasks.deliver)
    return message


def pass_on(question: Question, from_asker: bool, waits: bool) -> dict[str, bool]:
    """Who has spoken waits for the other: an asker always, the desk when it says so. What the history keeps of it."""
    if from_asker:
        question.wait_no_longer()
    elif waits and question.state in OPEN:
        question.wait(WaitsFor.REPLY)
    else:
        return {}
    timing.keep(question, "message")
    question.save(update_fields=["waits_for", "waiting_since", "reminded_at", "turn_now", "due_on", "changed_at"])
    return {} if from_asker else {"waits": True}
