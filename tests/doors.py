"""The doors to one transition: what each answers, said in the same terms, so that they can be compared."""

import html
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from brokers.models import Token
from questions import workflow
from questions.fields import Long, NumbersField, SourcesField
from questions.models import Event, Letter, Message, Notice, Participation, Question, Version
from questions.refusals import NotNow, NotYou

TYPED = "Wat ik hier typte en niet kwijt wil"
STATUS: dict[type[Exception], int] = {NotNow: 409, NotYou: 403, ValidationError: 400}


@dataclass
class Said:
    """What a door answered: 200 or the status of the refusal, and its sentences.

    `after`: what became of the case (`became`), or after a refusal `all_that_counts`.
    """

    status: int
    sentences: list[str] = field(default_factory=list)
    page: str = ""  # all that a page shows
    after: Any = None


def is_words(field: forms.Field) -> bool:
    return type(field) in (forms.CharField, Long)


def filled(form: type[forms.Form], good: dict[str, Any]) -> dict[str, Any]:
    """What is right, and words in each field that takes words."""
    return {name: f"{TYPED}: {name}" for name, one in form.base_fields.items() if is_words(one)} | {
        name: f"{TYPED}: {value}" if is_words(form.base_fields[name]) else value for name, value in good.items()
    }


def wrong(form: type[forms.Form]) -> dict[str, Any]:
    """Something wrong in every field; a field that nobody knows where there is none."""
    data = {name: wrong_value(one) for name, one in form.base_fields.items()}
    return {name: value for name, value in data.items() if value is not None} or (
        {} if form.base_fields else {"onbekend": "1"}
    )


def wrong_value(one: forms.Field) -> Any:
    if isinstance(one, forms.BooleanField):
        return None
    if isinstance(one, forms.ModelMultipleChoiceField | forms.MultipleChoiceField | NumbersField | SourcesField):
        return ["nergens"]
    if is_words(one):
        return f"{TYPED}: {'a' * one.max_length}"  # type: ignore[attr-defined]
    return "999999999" if isinstance(one, forms.IntegerField) else "nergens"


def all_that_counts() -> Any:
    """What a refused step must leave as it was."""
    return (
        list(Question.objects.order_by("pk").values()),
        list(Version.objects.order_by("pk").values()),
        list(Participation.objects.order_by("pk").values()),
        [model.objects.count() for model in (Event, Letter, Message, Notice)],
    )


def became(question: Question, since: int) -> Any:
    """The states, and the events and letters since event `since`."""
    events = Event.objects.filter(pk__gt=since).order_by("pk")
    letters = Letter.objects.filter(event__pk__gt=since).values_list("kind", "user", "asker", "participation")
    return (
        Question.objects.values_list("state", flat=True).get(pk=question.pk),
        sorted(Version.objects.filter(item__questions=question).values_list("n", "state")),
        [(one.name, one.source, one.target, one.user_id, one.why) for one in events],
        sorted(letters, key=str),
    )


class Doors:
    """Page, API and command for the people of one case; each try is undone after it was looked at."""

    def __init__(self) -> None:
        self.browsers: dict[int, Client] = {}
        self.programs: dict[int, APIClient] = {}

    def meet(self, person: Any) -> None:
        browser, program = Client(), APIClient(raise_request_exception=False)
        browser.force_login(person, backend="brokers.backends.ByRole")
        program.credentials(HTTP_AUTHORIZATION=f"Bearer {Token.issue(person)}")
        self.browsers[person.pk], self.programs[person.pk] = browser, program

    def of_staff(self) -> dict[str, Callable[..., Said]]:
        return {"page": self.page, "API": self.api, "command": self.command}

    def page(self, case: Question, model: type, name: str, by: Any, data: dict[str, Any]) -> Said:
        address = "case-move" if model is Question else "case-answer-move"
        response = self.browsers[by.pk].post(reverse(address, args=[case.pk, name]), posted(data))
        return read_page(response)

    def track(self, case: Question, model: type, name: str, by: Any, data: dict[str, Any]) -> Said:
        """The asker's own page."""
        return read_page(Client().post(reverse("track-move", args=[by.mailed_token, name]), posted(data)))

    def api(self, case: Question, model: type, name: str, by: Any, data: dict[str, Any]) -> Said:
        place = "transitions" if model is Question else "answer/transitions"
        response = self.programs[by.pk].post(f"/api/v1/questions/{case.pk}/{place}/{name}", data, format="json")
        if response.status_code == 200:
            return Said(200)
        assert response["Content-Type"] == "application/problem+json"
        told = response.json()
        each = [one["detail"] for one in told.get("errors", [])]
        return Said(response.status_code, each or [told["detail"]])

    def command(self, case: Question, model: type, name: str, by: Any, data: dict[str, Any]) -> Said:
        """Its exit code says yes or no; which no it is, the words tell."""
        step = name if model is Question else f"answer:{name}"
        fields = [f"{key}={as_word(value)}" for key, value in data.items()]
        out = io.StringIO()
        try:
            call_command("step", str(case.number or 0), step, *fields, f"--as={by.email}", stdout=out)
        except CommandError as refusal:
            return Said(refusal.returncode, [plain_line(line) for line in str(refusal).split("\n")])
        return Said(200)


def posted(data: dict[str, Any]) -> dict[str, Any]:
    return {key: "on" if value is True else value for key, value in data.items()}


def as_word(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return "yes" if value is True else str(value)


def plain_line(line: str) -> str:
    """A line without the name of its field."""
    name, _colon, rest = line.partition(": ")
    return rest if rest and name.isidentifier() and name.islower() else line


def read_page(response: Any) -> Said:
    if response.status_code == 302:
        return Said(200)
    if response.status_code == 404:
        return Said(404)
    refused = response.context["refused"]
    each = [one for name, found in refused.errors.items() for one in found] or refused.sentences
    return Said(response.status_code, list(each), html.unescape(response.content.decode()))


def domain(case: Question, model: type, name: str, by: Any, data: dict[str, Any]) -> Said:
    """What the one function behind all doors says."""
    subject = subject_of(case, model)
    try:
        workflow.perform(subject, name, by=by, data=data)
    except ValidationError as error:
        return Said(400, list(error.messages))
    except (NotNow, NotYou) as error:
        return Said(STATUS[type(error)], [str(error)])
    return Said(200)


def subject_of(case: Question, model: type) -> Any:
    fresh = Question.objects.get(pk=case.pk)
    if model is Question:
        return fresh
    assert fresh.item is not None
    return fresh.item.working(fresh.language) or fresh.item.shown()


def try_at(door: Callable[..., Said], case: Question, model: type, name: str, by: Any, data: dict[str, Any]) -> Said:
    """What the door says, and what it did; undone afterwards."""
    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    mark = transaction.savepoint()
    said = door(case, model, name, by, data)
    said.after = became(case, last) if said.status == 200 else all_that_counts()
    transaction.savepoint_rollback(mark)
    return said
