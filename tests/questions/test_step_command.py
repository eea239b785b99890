"""The command is a door as the page is: the same steps for the same people, refused in the same words."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from brokers.models import User
from evidence.models import Theme
from questions.models import Event, Question
from questions.states import State, VersionState
from tests import factories
from tests.threads import at_once


def step(*words: Any, by: User | None, **options: Any) -> str:
    out = io.StringIO()
    assert by is not None
    call_command("step", *map(str, words), f"--as={by.email}", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


@pytest.mark.django_db
def test_a_case_goes_all_the_way_by_commands(team: factories.Desk) -> None:
    Theme.objects.create(slug="lezen", label_nl="Lezen")
    Theme.objects.create(slug="taal", label_nl="Taal")
    case = factories.submitted()
    n = case.number
    said = step(n, "triage", "track=short", "themes=lezen, taal", by=team.coordinator)
    assert said.splitlines()[-1] == "triage: submitted → triaged"
    step(n, "claim", by=team.broker)
    step(n, "propose", f"articulated={factories.ARTICULATED}", by=team.broker)
    step(n, "note_agreement", "why=de asker belde: goed zo = door", by=team.broker)
    factories.write(case, team.broker)
    step(n, "answer:submit", by=team.broker)
    step(n, "approve", "kind=all", by=team.reviewer, answer=True)
    step(n, "answer", by=team.broker)
    step(n, "publish", by=team.editor)
    found = factories.reload(case)
    assert (found.state, found.track, found.themes.count()) == (State.PUBLISHED, "short", 2)
    assert found.events.get(name="note_agreement").why == "de asker belde: goed zo = door"
    assert factories.item(case).living().state == VersionState.PUBLISHED


@pytest.mark.django_db
def test_a_refusal_is_the_sentence_of_the_page_and_changes_nothing(team: factories.Desk) -> None:
    case = factories.triaged(team)
    refused = {
        ("claim",): (team.coordinator, "een kennismakelaar"),
        ("release", "why=x"): (team.coordinator, "kan niet"),
        ("assign", "broker=niemand@desk.example"): (team.coordinator, "broker: "),
        ("assign", "broker"): (team.coordinator, "field=value"),
        ("claim", "extra=1"): (team.broker, "extra: "),
        ("nonsense",): (team.broker, "nonsense"),
        (): (team.broker, "--list"),
        ("answer:submit",): (team.broker, "nog geen antwoord"),
    }
    for words, (by, said) in refused.items():
        with pytest.raises(CommandError, match=said) as refusal:
            step(case.number, *words, by=by)
        assert refusal.value.returncode == 1
    assert factories.reload(case).state == State.TRIAGED
    assert Event.objects.filter(question=case).count() == 3


@pytest.mark.django_db
def test_the_next_case_is_claimed_and_says_why_it_is_this_one(team: factories.Desk) -> None:
    case = factories.triaged(team)
    for words, by, said in (
        (("next", "claim"), team.broker, "stands alone"),
        (("next",), team.reviewer, "een kennismakelaar"),
        (("first",), team.broker, "first"),
    ):
        with pytest.raises(CommandError, match=said):
            step(*words, by=by)
    first, why = step("next", by=team.broker).splitlines()
    assert (first, why) == (str(case), "Dit dossier wacht het langst.")
    assert factories.reload(case).assignee == team.broker
    with pytest.raises(CommandError, match="Er wacht geen dossier"):
        step("next", by=team.broker)


@pytest.mark.django_db
def test_a_box_is_ticked_by_a_word(team: factories.Desk) -> None:
    case = factories.agreed(team)
    with pytest.raises(CommandError, match="nobody_recognisable"):
        step(case.number, "show", "nobody_recognisable=no", by=team.broker)
    step(case.number, "show", "nobody_recognisable=yes", by=team.broker)
    assert factories.reload(case).shown_at


@pytest.mark.django_db
def test_nobody_steps_in_a_case_they_may_not_see_or_as_somebody_who_left(team: factories.Desk) -> None:
    case, hidden = factories.triaged(team), factories.unconfirmed()
    User.objects.filter(pk=team.editor.pk).update(is_active=False)  # type: ignore[union-attr]
    outsider = User.objects.create_user("buiten@desk.example")
    for number, by in ((case.number, outsider), (999_999, team.broker), (case.number, team.editor)):
        with pytest.raises(CommandError):
            step(number, "claim", by=by)
    assert hidden.number is None
    assert factories.reload(case).state == State.TRIAGED


@pytest.mark.django_db
def test_it_lists_what_is_open_to_this_person_and_why_the_rest_is_not(team: factories.Desk) -> None:
    case = factories.in_review(team)
    lines = step(case.number, by=team.reviewer, list=True).splitlines()
    by_name = {line.split()[1]: line for line in lines}
    assert by_name["answer:approve"].startswith("+ answer:approve ")
    assert " remarks= " in by_name["answer:approve"]
    assert by_name["transfer"].startswith("- transfer broker= why=")
    assert by_name["transfer"].endswith("Dit is voor de kennismakelaar van dit dossier of een coördinator.")
    assert Event.objects.filter(question=case, name="answer_approve").count() == 0


@pytest.mark.django_db(transaction=True)
def test_eight_brokers_who_claim_by_command_never_share_a_case() -> None:
    cases = [factories.triaged() for _n in range(6)]
    users = [factories.staff("broker") for _n in range(8)]

    def claim_all(user: User) -> list[str]:
        said = []
        for case in cases:
            try:
                said.append(step(case.number, "claim", by=user))
            except CommandError as refusal:
                said.append(f"refused: {refusal}")
        return said

    said = [line for lines in at_once([lambda user=user: claim_all(user) for user in users]) for line in lines]
    assert len([line for line in said if not line.startswith("refused: ")]) == len(cases)
    assert len(said) == len(cases) * len(users)
    claims = Event.objects.filter(name="claim")
    assert claims.count() == len(cases)
    for case in Question.objects.all():
        assert case.assignee_id == claims.get(question=case).user_id
