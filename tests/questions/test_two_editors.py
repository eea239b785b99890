"""Two editors in any order, by page and by API: no accepted word is ever lost, and no refused one either."""

import contextlib
import json
import os
import re
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from rest_framework.test import APIClient

from brokers.models import Token
from questions import writing
from questions.models import KeptDraft, PrivateDraft, Question, Revision, Version
from questions.models.revision import content_of
from questions.refusals import NotNow, NotYou
from questions.states import VersionState
from tests import factories

pytestmark = pytest.mark.django_db
WINDOWS = st.sampled_from(["broker, page", "broker, second page", "other, page", "other, program"])
FIELDS = ("explanation", "gap", "team_try")
FEW = 5  # walks that always run
AT_ONCE, SECONDS = 10, 60  # walks of one seed, and how long new seeds are begun, under `make thorough`


def typed_in(content: dict[str, Any]) -> set[str]:
    """The words that people of this test typed; not the marks between which two texts may stand side by side."""
    return set(re.findall(r"woord\d+\.", json.dumps(content)))


@dataclass
class Window:
    """What stands in front of somebody: the text they read or loaded, with what they typed since."""

    person: Any
    client: Any
    etag: str = writing.NEW
    content: dict[str, Any] = field(default_factory=dict)
    sitting: str = field(default_factory=lambda: str(uuid.uuid4()))
    typed: set[str] = field(default_factory=set)  # since the last accepted save

    def words(self) -> set[str]:
        return typed_in(self.content)


class TwoEditors(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.all = transaction.atomic()
        self.all.__enter__()
        self.desk, self.other = factories.Desk(), factories.staff("broker")
        self.case = factories.agreed(self.desk)
        program = APIClient(raise_request_exception=False)
        program.credentials(HTTP_AUTHORIZATION=f"Bearer {Token.issue(self.other)}")
        self.windows = {
            "broker, page": Window(self.desk.broker, self.page_of(self.desk.broker)),
            "broker, second page": Window(self.desk.broker, self.page_of(self.desk.broker)),
            "other, page": Window(self.other, self.page_of(self.other)),
            "other, program": Window(self.other, program),
        }
        self.accepted: set[str] = set()
        self.refused: list[tuple[Any, set[str]]] = []
        self.private: dict[str, tuple[Any, set[str]]] = {}
        self.approved: dict[Any, dict[str, Any]] = {}
        self.count = 0

    def teardown(self) -> None:
        if hasattr(self, "all"):
            transaction.set_rollback(True)
            self.all.__exit__(None, None, None)

    def page_of(self, person: Any) -> Client:
        client = Client()
        client.force_login(person, backend="brokers.backends.ByRole")
        return client

    def now(self) -> Version | None:
        return writing.current(factories.reload(self.case))

    def url(self) -> str:
        return f"/desk/cases/{self.case.pk}/answer"

    # --- What people at their windows do

    @rule(name=WINDOWS)
    def read(self, name: str) -> None:
        window, version = self.windows[name], self.now()
        window.etag, window.content = writing.etag(version), writing.saved_content(version)
        window.sitting, window.typed = str(uuid.uuid4()), set()

    @rule(name=WINDOWS, place=st.sampled_from(FIELDS), at_start=st.booleans())
    def type(self, name: str, place: str, at_start: bool) -> None:
        window = self.windows[name]
        self.count += 1
        word, before = f"woord{self.count}.", window.content.get(place, "")
        window.content[place] = f"{word} {before}" if at_start else f"{before} {word}"
        window.typed.add(word)

    @rule(name=WINDOWS)
    def save(self, name: str) -> None:
        window = self.windows[name]
        sent = {**factories.TEXTS, **factories.CHANGED, **{key: window.content.get(key, "") for key in FIELDS}}
        sent |= {"gap": sent["gap"] or "Dit.", "gap_kind": "none"}
        if "program" in name:
            response = window.client.put(
                f"/api/v1/questions/{self.case.pk}/answer", sent, format="json", headers={"If-Match": window.etag}
            )
        else:
            response = window.client.post(
                self.url(), {**sent, "etag": window.etag, "sitting": window.sitting, "rows": "0", "go": "save"}
            )
        assert response.status_code in (200, 302, 403, 409, 412), response.content
        if response.status_code in (200, 302):
            self.accepted |= window.words()
            self.private.pop(window.sitting, None)
            window.typed = set()
            window.etag = writing.etag(self.now())
        elif response.status_code == 412:
            self.was_stale(window, response, "program" in name)
        elif "program" not in name:
            page = response.content.decode()
            assert all(word in page for word in window.typed), "who may not write any more can copy what they typed"

    @rule(place=st.sampled_from(FIELDS), other_place=st.sampled_from(FIELDS), swapped=st.booleans())
    def both_windows_of_the_holder_at_once(self, place: str, other_place: str, swapped: bool) -> None:
        """What a walk by chance seldom does: two read the same, both type, both save, and the second once more."""
        holder = factories.reload(self.case).assignee or getattr(factories.reload(self.case).item, "holder", None)
        first, second = [name for name, window in self.windows.items() if window.person == holder][
            :: -1 if swapped else 1
        ]
        self.read(first)
        self.read(second)
        self.type(first, place, at_start=False)
        self.type(second, other_place, at_start=False)
        for name in (first, second, second):
            self.save(name)

    def was_stale(self, window: Window, response: Any, is_program: bool) -> None:
        """The text is kept apart; the editor holds both, and may save them now."""
        words = window.words()
        self.refused.append((window.person, words))
        if is_program:
            body = response.json()
            window.content, window.etag = dict(body["merged"]["content"]), body["etag"]
        else:
            editor = response.context["page"].writing.editor
            window.content = {key: editor.form[key].value() or "" for key in FIELDS}
            window.etag = editor.etag
        assert words <= window.words(), "what was refused stands in the editor"

    @rule(name=WINDOWS)
    def kept_by_itself(self, name: str) -> None:
        window = self.windows[name]
        if "program" in name:
            return
        sent = {key: window.content.get(key, "") for key in FIELDS}
        before = Revision.objects.count(), self.case.events.count()
        response = window.client.post(
            f"{self.url()}/draft", {**sent, "etag": window.etag, "sitting": window.sitting, "rows": "0"}
        )
        assert response.status_code in (200, 409), response.content
        assert (Revision.objects.count(), self.case.events.count()) == before, "it is no save"
        if response.status_code == 200 and window.typed:
            self.private[window.sitting] = (window.person, set(window.typed))

    @rule(name=WINDOWS)
    def the_browser_dies(self, name: str) -> None:
        """What was kept by itself is there in the next window; the rest is gone with the browser."""
        window = self.windows[name]
        self.read(name)
        mine = PrivateDraft.objects.filter(user=window.person, question=self.case).first()
        if mine is not None:
            window.content, window.etag, window.sitting = dict(mine.content), mine.base, str(mine.sitting)

    # --- What happens to the case meanwhile

    def move(self, subject: Any, name: str, by: Any, **data: Any) -> bool:
        with contextlib.suppress(NotNow, NotYou):
            factories.move(subject, name, by, **data)
            return True
        return False

    @rule()
    def handed_on(self) -> None:
        case: Question = factories.reload(self.case)
        to = self.other if case.assignee == self.desk.broker else self.desk.broker
        self.move(case, "transfer", self.desk.coordinator, broker=to.email, why="vrij")

    @rule()
    def the_question_is_sharpened_again(self) -> None:
        case = factories.reload(self.case)
        if self.move(case, "propose", case.assignee, articulated=f"Wat werkt, versie {self.count}?"):
            factories.move(case, "agree", factories.asker(case))

    @rule(verdict=st.sampled_from(["approve", "request_changes", "void"]))
    def reviewed(self, verdict: str) -> None:
        version = self.now()
        if version is None:
            return
        holder = version.item.holder
        self.move(version, "submit", holder)
        by = holder if verdict == "void" else self.desk.reviewer
        more = {} if verdict == "void" else {"kind": "all", "remarks": "Gelezen."}
        if self.move(factories.reload(version), verdict, by, **more) and verdict == "approve":
            self.approved[version.pk] = content_of(factories.reload(version))

    @rule()
    def published_and_taken_up_again_by_the_other(self) -> None:
        case = factories.reload(self.case)
        self.move(case, "answer", case.assignee)
        if self.move(factories.reload(case), "publish", self.desk.editor):
            holder = factories.item(case).holder
            self.move(
                factories.reload(case), "revise", self.other if holder != self.other else self.desk.broker, why="x"
            )

    # --- What always holds

    @invariant()
    def every_accepted_word_stands_in_the_text(self) -> None:
        """People only add words here, and nobody saves on top of what they had not read: so none may be gone."""
        if getattr(self, "accepted", None):
            assert self.accepted <= typed_in(writing.saved_content(self.now()))

    @invariant()
    def every_refused_word_is_kept_for_who_typed_it(self) -> None:
        for person, words in getattr(self, "refused", []):
            kept = KeptDraft.objects.filter(user=person).values_list("content", flat=True)
            assert any(all(word in json.dumps(content) for word in words) for content in kept)

    @invariant()
    def every_word_that_was_kept_by_itself_is_there_or_saved(self) -> None:
        for sitting, (person, words) in getattr(self, "private", {}).items():
            row = PrivateDraft.objects.filter(sitting=sitting, user=person).first()
            there = json.dumps(row.content) if row else " ".join(self.accepted)
            assert all(word in there for word in words)

    @invariant()
    def what_is_public_is_what_was_approved(self) -> None:
        if hasattr(self, "case"):
            for version in Version.objects.filter(item__questions=self.case).exclude(state__in=["draft", "in_review"]):
                assert content_of(version) == self.approved[version.pk]
                assert version.state != VersionState.PUBLISHED or version.approved_at is not None


def settings_of(walks: int, **more: Any) -> settings:
    return settings(
        max_examples=walks,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[
            Phase.reuse,
            Phase.generate,
        ],  # no shrinking: a walk of 25 steps is short enough, and that takes minutes
        **more,
    )


def test_two_editors_never_lose_an_accepted_word() -> None:
    """The same walks each time where tests decide over a change; others each time elsewhere."""
    run_state_machine_as_test(TwoEditors, settings=settings_of(FEW, derandomize="CI" in os.environ))


@pytest.mark.thorough
def test_nor_do_they_on_any_walk_of_a_minute() -> None:
    """Other walks each time, everywhere; with TWO_EDITORS_SEED those of one seed again."""
    again, until = os.environ.get("TWO_EDITORS_SEED"), time.monotonic() + SECONDS
    while True:
        number = int(again) if again else secrets.randbits(32)
        try:
            walk_by(number)
        except BaseException as error:
            error.add_note(
                f"To walk this again: TWO_EDITORS_SEED={number} pytest -m thorough tests/questions/test_two_editors.py"
            )
            raise
        if again or time.monotonic() > until:
            return


def walk_by(number: int) -> None:
    """The walks that follow from this seed, and from nothing else."""
    walker = type("TwoEditorsBySeed", (TwoEditors,), {})
    run_state_machine_as_test(seed(number)(walker), settings=settings_of(AT_ONCE, derandomize=False, database=None))
