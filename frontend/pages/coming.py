"""What comes next for somebody who asked, in plain words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from questions.models import Participation, Question
from questions.states import Agreement, State

CONFIRM = _("You open the link in our e-mail and press the button.")
READ, TAKE = _("A coordinator reads the question."), _("A knowledge broker takes the question.")
SHARPEN = _("The broker may put the question in sharper words, and asks if you agree.")
SHARPEN_FOR_OTHERS = _("The broker may put the question in sharper words.")
AGREE = _("You say whether the sharper question is what you want to know.")
AGREE_FOR_OTHERS = _("The person who asked this first says whether the sharper question is right.")
WRITE = _("The broker looks for research and writes the answer. Somebody else checks it.")
SEND = _("You read the answer before anybody else.")
PUBLISH = _("Everybody can read the answer, without anything about you.")


def steps(part: Participation) -> list[str]:
    """The steps that are still to come; none when the question is closed."""
    question = part.question
    sharpen, agree = (SHARPEN, AGREE) if part.decides else (SHARPEN_FOR_OTHERS, AGREE_FOR_OTHERS)
    to_come: dict[str, list[Any]] = {
        State.SUBMITTED: [READ, TAKE, sharpen, WRITE, SEND, PUBLISH],
        State.TRIAGED: [TAKE, sharpen, WRITE, SEND, PUBLISH],
        State.ASSIGNED: [*talking(question, sharpen, agree), WRITE, SEND, PUBLISH],
        State.ANSWERED: [PUBLISH],
    }
    first = [CONFIRM] if question.confirmed_at is None and question.state == State.SUBMITTED else []
    return [str(one) for one in [*first, *to_come.get(question.state, [])]]


def talking(question: Question, sharpen: Any, agree: Any) -> list[Any]:
    if question.agreement in Agreement.values:
        return []
    return [agree if question.proposed_at else sharpen]
