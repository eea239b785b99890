"""The door from a shell: one step of one case, by somebody of the desk, refused in the same words as on the page."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from brokers.models import User
from questions import inputs, queue, reading, workflow, writing
from questions.fields import LISTS
from questions.models import Question, Version
from questions.refusals import NotNow, NotYou

OF_ANSWER = "answer:"
NEXT = "next"
YES, NO = {"yes", "true", "on", "1"}, {"no", "false", "off", "0", ""}


class Command(BaseCommand):
    help = "Takes a step in a case, as somebody of the desk; says why not when it is refused, and ends with 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "number", type=which, help="the number of the case; next to claim what fits this person best"
        )
        parser.add_argument(
            "step", nargs="?", help="such as claim or transfer; answer:approve for a step of its answer"
        )
        parser.add_argument("fields", nargs="*", metavar="field=value", help="what the step asks for")
        parser.add_argument("--as", dest="email", required=True, help="whose step it is, by e-mail address")
        parser.add_argument("--answer", action="store_true", help="a step of the answer, not of the question")
        parser.add_argument("--list", action="store_true", help="tell which steps there are, and take none")

    def handle(self, *args: Any, **options: Any) -> None:
        by = person(options["email"])
        if options["number"] == NEXT:
            self.claim_next(by, alone=not (options["step"] or options["list"] or options["answer"]))
            return
        question = case(options["number"], by)
        name = options["step"] or ""
        if options["list"]:
            self.tell(question, by)
            return
        if not name:
            raise CommandError("Name the step to take, or ask with --list which there are.")
        is_answer = options["answer"] or name.startswith(OF_ANSWER)
        subject = answer_of(question) if is_answer else question
        self.take(subject, name.removeprefix(OF_ANSWER), options["fields"], by)

    def claim_next(self, by: User, *, alone: bool) -> None:
        if not alone:
            raise CommandError("next stands alone: it claims a case.")
        try:
            taken = queue.claim_next(by)
        except (NotNow, NotYou) as refusal:
            raise CommandError(str(refusal)) from None
        why = " ".join(one.sentence for one in taken.reasons)
        self.stdout.write(f"{taken.case}\n{why}".strip())

    def tell(self, question: Question, by: User) -> None:
        version = writing.current(question)
        for prefix, subject in (("", question), (OF_ANSWER, version)):
            for option in workflow.options(subject, by) if subject is not None else []:
                fields = " ".join(f"{name}=" for name in option.form.base_fields)
                line = f"{'+' if option.open else '-'} {prefix}{option.name} {fields}".strip()
                self.stdout.write(f"{line}  {option.label}{'' if option.open else f'. {option.reason}'}")

    def take(self, subject: Question | Version, name: str, fields: list[str], by: User) -> None:
        form = inputs.INPUTS[type(subject)].get(name)
        if form is None:
            raise CommandError(f"There is no step called {name}.")
        before = subject.state
        try:
            done = workflow.perform(subject, name, by=by, data=typed(form, fields))
        except (NotNow, NotYou) as refusal:
            raise CommandError(str(refusal)) from None
        except ValidationError as refusal:
            raise CommandError("\n".join(sentences(refusal))) from None
        self.stdout.write(f"{subject}\n{name}: {before} → {done.state}")


def which(text: str) -> int | str:
    return NEXT if text == NEXT else int(text)


def person(email: str) -> User:
    found = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if found is None:
        raise CommandError(f"Nobody here has the address {email}.")
    return found


def case(number: int, by: User) -> Question:
    found: Question | None = reading.cases(by).filter(number=number).first()
    if found is None:
        raise CommandError(_("There is no question %(text)s.") % {"text": number})
    return found


def answer_of(question: Question) -> Version:
    version = writing.current(question)
    if version is None:
        raise CommandError(_("There is no answer yet."))
    return version


def typed(form: type[forms.Form], fields: Iterable[str]) -> dict[str, Any]:
    """What was typed as field=value, as the form wants it; several values stand with commas between them."""
    data: dict[str, Any] = {}
    for one in fields:
        name, is_given, value = one.partition("=")
        if not is_given:
            raise CommandError(f"{one} is no field=value.")
        data[name] = read(form.base_fields.get(name), value)
    return data


def read(field: forms.Field | None, value: str) -> Any:
    if isinstance(field, forms.BooleanField) and value.lower() in YES | NO:
        return value.lower() in YES
    if isinstance(field, (*LISTS, forms.MultipleChoiceField, forms.ModelMultipleChoiceField)):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def sentences(refusal: ValidationError) -> list[str]:
    return [
        sentence if name in ("non_field_errors", "__all__") else f"{name}: {sentence}"
        for name, said in refusal.message_dict.items()
        for sentence in said
    ]
