"""Every field of every call with every wrong type: a 4xx that names the field, and nothing changed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from brokers.models import Broker, Desk
from evidence.models import Theme
from questions import dialogue, ledger, reviewing, searchlog
from questions.inputs import INPUTS, Ask, Look, Say
from questions.inviting import Invite
from questions.ledger import Found, Judge
from questions.looking import Library
from questions.models import Question, Version
from questions.writing import CitationLine, Texts
from tests import factories
from tests.database import fingerprint

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]

Api = Callable[..., APIClient]
WRONG: list[Any] = [[], ["x"], {}, {"a": 1}, True, False, 0, 1.5, 10**30, "", "x" * 60_000, [None]]
LISTS = {"read", "read_sources", "themes", "citations", "checked", "add", "remove"}
TRUTHS = {"personal_data_checked", "nobody_recognisable", "keep_private", "covers_changes"}


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


def offered() -> Question:
    """A case of somebody who is away."""
    away = factories.Desk()
    question = factories.assigned(away)
    Broker.objects.filter(user=away.broker).update(absent_until=timezone.localdate())
    return question


def calls(team: factories.Desk) -> list[tuple[str, str, Any, dict[str, Any], set[str]]]:
    """Method, address, person, a good body and the fields of each call that takes a body."""
    draft, review = factories.drafted(team), factories.in_review(team)
    entry = ledger.add(draft, {"source": factories.source().key}, by=team.broker)
    said = reviewing.say(factories.working(review), {"field": "explanation", "n": 0, "body": "x"}, by=team.reviewer)
    other = Desk.objects.create(slug="ander", name="Ander loket")
    waiting, silent = factories.assigned(team), factories.proposed(team)
    dialogue.say(waiting, {"body": "Om welke groep gaat het?", "waits": True}, by=team.broker)
    Question.objects.filter(pk=silent.pk).update(reminded_at=timezone.now())
    where = {
        "triage": factories.submitted(),
        "claim": factories.triaged(team),
        "assign": factories.triaged(team),
        "publish": factories.answered(team),
        "resume": factories.answered(team),
        "revise": factories.published(team),
        "retract": factories.published(team),
        "unmerge": factories.merged(team),
        "reopen": factories.declined(team),
        "set_aside": factories.submitted(),
        "not_spam": factories.set_aside(team),
        "answer": factories.approved(team),
        "note_agreement": factories.proposed(team),
        "waive": factories.proposed(team),
        "start_research": factories.assigned(team),
        "show": factories.agreed(team),
        "hide": factories.shown(team),
        "schedule": factories.answered(team),
        "unschedule": factories.planned(team),
        "go_on": waiting,
        "take": offered(),
        "close_silent": silent,
    }
    people = {
        "triage": "coordinator",
        "assign": "coordinator",
        "retrack": "coordinator",
        "publish": "editor",
        "schedule": "editor",
        "unschedule": "editor",
        "retract": "editor",
        "unmerge": "coordinator",
        "reopen": "coordinator",
        "set_aside": "coordinator",
        "not_spam": "coordinator",
        "decline": "coordinator",
        "waive": "coordinator",
        "start_research": "coordinator",
        "close_silent": "coordinator",
        "hand_over": "coordinator",
    }
    good: dict[str, dict[str, Any]] = {
        "triage": {"track": "full"},
        "assign": {"broker": team.broker.email},
        "transfer": {"broker": team.broker.email, "why": "x"},
        "propose": {"articulated": "x"},
        "refer": {"source": factories.source().key, "note": "x"},
        "merge": {"into": draft.number, "why": "x"},
        "decline": {"why": "x", "alternative": "y"},
        "show": {"nobody_recognisable": True},
        "retrack": {"track": "short", "why": "x"},
        "retheme": {"add": [Theme.objects.create(slug="lezen", label_nl="Lezen").slug]},
        "schedule": {"publish_at": factories.tomorrow()},
        "hand_over": {"desk": other.slug, "why": "x"},
    }
    found = [
        ("post", "questions", None, factories.asking(), set(Ask.base_fields)),
        ("post", "suggestions", None, {"text": "lezen"}, set(Look.base_fields)),
        ("post", f"questions/{draft.pk}/messages", team.broker, {"body": "x"}, set(Say.base_fields)),
        ("put", f"questions/{draft.pk}/answer", team.broker, factories.texts(), {*Texts.base_fields, "citations"}),
        (
            "post",
            f"questions/{draft.pk}/searches",
            team.broker,
            {"place": "ERIC", "terms": "x"},
            set(searchlog.Line.base_fields) - {"hits"},  # a number, of which some of these are
        ),
        ("post", f"questions/{draft.pk}/searches/library", team.broker, {"terms": "x"}, set(Library.base_fields)),
        ("post", f"questions/{draft.pk}/ledger", team.broker, {"source": entry.source.key}, set(Found.base_fields)),
        ("put", f"questions/{draft.pk}/ledger/{entry.pk}", team.broker, {"state": "kept"}, set(Judge.base_fields)),
        (
            "post",
            f"questions/{review.pk}/answer/transitions/approve",
            team.reviewer,
            {},
            {"remarks", "kind", "checked"},
        ),
        (
            "post",
            f"questions/{review.pk}/answer/transitions/request_changes",
            team.reviewer,
            {"remarks": "x"},
            {"remarks", "kind"},
        ),
    ]
    found += [
        (
            "post",
            f"questions/{review.pk}/answer/remarks",
            team.reviewer,
            {"field": "explanation", "n": 0, "body": "Een andere opmerking"},
            {"field", "body"},  # a paragraph is a number, of which one of these is
        ),
        (
            "post",
            f"questions/{review.pk}/answer/remarks/{said.pk}/outcome",
            team.broker,
            {"outcome": "done"},
            set(reviewing.SettleRemark.base_fields),
        ),
        (
            "post",
            f"questions/{review.pk}/answer/invitations",
            team.broker,
            {"name": "Pia", "email": "pia@school.example", "kind": "practice", "language": "nl"},
            set(Invite.base_fields),
        ),
        ("post", "questions/next", team.broker, {}, set()),
    ]
    for name, form in INPUTS[Question].items():
        if name in ("confirm", "agree", "respond", "withdraw", "come_back", "lapse"):
            continue  # these are the asker's, behind their own link, or nobody's
        by = getattr(team, people.get(name, "broker"))
        url = f"questions/{where.get(name, draft).pk}/transitions/{name}"
        found.append(
            ("post", url, by, good.get(name, {"why": "x"} if "why" in form.base_fields else {}), set(form.base_fields))
        )
    return found


def wrong_for(field: str) -> list[Any]:
    if field in LISTS:
        return [value for value in WRONG if value not in ([], ["x"] if field in ("read", "read_sources") else [])]
    if field in TRUTHS:
        return [value for value in WRONG if not isinstance(value, bool) and value != ""]
    return [value for value in WRONG if value != ""]


def test_a_value_of_a_wrong_type_in_any_field_is_refused_by_name_and_changes_nothing(
    team: factories.Desk, api: Api
) -> None:
    todo = calls(team)
    clients = {by: api(by) for _method, _url, by, _good, _fields in todo}
    before = fingerprint()
    for method, url, by, good, fields in todo:
        for field in fields:
            for value in wrong_for(field):
                response = getattr(clients[by], method)(
                    f"/api/v1/{url}", {**good, field: value}, headers={"If-Match": "*"}
                )
                told = (url, field, str(value)[:40], response.status_code, response.content[:200])
                assert response.status_code == 400, told
                assert response.json()["errors"][0]["field"].startswith(field), told
    assert fingerprint() == before


EXTRA = [
    "by",
    "name",
    "subject",
    "self",
    "state",
    "number",
    "id",
    "data",
    "user",
    "pk",
    "__class__",
    "",
    "why\u0301",
    "x" * 5_000,
]


def test_a_field_that_is_not_known_is_refused_by_name_and_changes_nothing(team: factories.Desk, api: Api) -> None:
    todo = calls(team)
    clients = {by: api(by) for _method, _url, by, _good, _fields in todo}
    before = fingerprint()
    for method, url, by, good, fields in todo:
        for extra in set(EXTRA if url == "questions" else EXTRA[:4]) - fields:
            response = getattr(clients[by], method)(f"/api/v1/{url}", {**good, extra: "x"}, headers={"If-Match": "*"})
            assert response.status_code == 400, (url, extra, response.content[:300])
            assert extra in {one["field"] for one in response.json()["errors"]}, (url, response.json())
    assert fingerprint() == before


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                *Ask.base_fields,
                *Texts.base_fields,
                "citations",
                "title",
                "type",
                "author",
                "DOI",
                "issued",
                "body",
                "remarks",
            ]
        ),
        JUNK,
        max_size=6,
    )
)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_body_makes_the_api_fail(team: factories.Desk, api: Api, body: dict[str, Any]) -> None:
    question = getattr(team, "case", None) or factories.drafted(team)
    team.case = question  # type: ignore[attr-defined]
    client = api(team.broker)
    for method, url in (
        ("post", "questions"),
        ("post", "suggestions"),
        ("post", "sources"),
        ("put", f"questions/{question.pk}/answer"),
        ("post", f"questions/{question.pk}/messages"),
        ("post", f"questions/{question.pk}/transitions/propose"),
    ):
        response = getattr(client, method)(f"/api/v1/{url}", body, headers={"If-Match": "*"})
        assert response.status_code < 500, (url, body, response.content[:300])


@pytest.mark.parametrize("field", ["source", "claim", "locator"])
def test_a_wrong_value_in_a_citation_is_refused_by_its_place(field: str, team: factories.Desk, api: Api) -> None:
    assert field in CitationLine.base_fields
    question = factories.drafted(team)
    client = api(team.broker)
    good = factories.texts()["citations"][0]
    before = fingerprint()
    for value in [value for value in WRONG if not isinstance(value, str)]:
        body = {**factories.TEXTS, "citations": [{**good, field: value}]}
        response = client.put(f"/api/v1/questions/{question.pk}/answer", body, headers={"If-Match": "*"})
        assert response.status_code == 400, value
        assert response.json()["errors"][0]["field"] == f"citations.0.{field}"
    assert fingerprint() == before


def test_the_machine_of_a_version_is_covered_too() -> None:
    by_the_desk = {"review_again", "publish", "supersede", "retract"}
    assert set(INPUTS[Version]) == {"submit", "request_changes", "approve", "void", *by_the_desk}
