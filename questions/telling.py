"""Which event puts what on whose list of notices: what others did, and what the asker said of their own accord."""

from questions import notices
from questions.models import Event
from questions.models.notice import Kind
from questions.recipients import Recipients, assignee, holder, judged, question_of, to_desk

TELLS: dict[str, tuple[Kind, Recipients]] = {
    "message": (Kind.MESSAGE, to_desk),
    "respond": (Kind.MESSAGE, judged),
    "assign": (Kind.HANDED_OVER, assignee),
    "transfer": (Kind.HANDED_OVER, assignee),
    "answer_approve": (Kind.REVIEWED, holder),
    "answer_request_changes": (Kind.REVIEWED, holder),
}


def tell(event: Event) -> None:
    """Give the notices of `event`, in the same transaction: to whoever gets a letter of it, and never to who did it."""
    kind, recipients = TELLS.get(event.name, (None, None))
    if kind is not None and recipients is not None and event.question_id is not None:
        notices.tell_anew([user.pk for user in recipients(event)], question_of(event), kind)
