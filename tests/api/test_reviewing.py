"""Remarks at paragraphs and reviewers from outside, for programs."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from questions import inviting, reviewing
from questions.models import Idempotency, Invitation, Letter, Question, Remark
from tests import factories

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]
Problem = Callable[..., dict[str, Any]]
PROSE = "Eerste alinea over stillezen in de klas.\n\nTweede alinea over boeken kiezen door kinderen zelf."
SAID = {"field": "explanation", "n": 1, "body": "Welke boeken?"}
PERSON = {"name": "Pia Praktijk", "email": "pia@school.example", "kind": "practice", "language": "nl"}
HUGE = 10**30


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


@pytest.fixture
def judged(desk: factories.Desk) -> Any:
    """A case with an answer of two paragraphs in review."""
    question = factories.agreed(desk)
    factories.write(question, desk.broker, explanation=PROSE)
    factories.move(factories.working(question), "submit", desk.broker)
    return factories.reload(question)


def answer_of(question: Question) -> str:
    return f"/api/v1/questions/{question.pk}/answer"


def tag(question: Question) -> dict[str, str]:
    return {"If-Match": factories.working(question).etag}


def said(question: Question, by: Any, **more: Any) -> Remark:
    return reviewing.say(factories.working(question), {**SAID, **more}, by=by)


def invited(question: Question, desk: factories.Desk, **more: Any) -> Invitation:
    return inviting.invite(question, {**PERSON, **more}, by=desk.broker)


# --- Remarks ------------------------------------------------------------------------------------


def test_a_reviewer_reads_the_paragraphs_says_something_and_reads_it_back(
    api: Api, desk: factories.Desk, judged: Question
) -> None:
    client, url = api(desk.reviewer), f"{answer_of(judged)}/remarks"
    read = client.get(url)
    assert read["ETag"] == factories.working(judged).etag
    assert [one["n"] for one in read.json()["paragraphs"] if one["field"] == "explanation"] == [0, 1]
    made = client.post(url, SAID, headers={"If-Match": read["ETag"]})
    assert made.status_code == 201
    expected = {"body": "Welke boeken?", "quoted": PROSE.split("\n\n")[1], "now": 1, "changed": False, "own": True}
    assert {name: made.json()[name] for name in expected} == expected
    assert client.get(url).json()["results"] == [made.json()]
    assert [one["own"] for one in api(desk.broker).get(url).json()["results"]] == [False]
    assert [one["id"] for one in client.get(answer_of(judged)).json()["remarks"]] == [made.json()["id"]]


def test_a_remark_with_a_key_counts_once(api: Api, desk: factories.Desk, judged: Question) -> None:
    client, url = api(desk.reviewer), f"{answer_of(judged)}/remarks"
    headers = {**tag(judged), "Idempotency-Key": "een"}
    first, second = client.post(url, SAID, headers=headers), client.post(url, SAID, headers=headers)
    assert second.json() == first.json()
    assert second["Idempotent-Replayed"] == "true"
    assert client.post(url, {**SAID, "n": 0}, headers=headers).status_code == 422
    assert Remark.objects.count() == 1
    assert Idempotency.objects.get(key="een").question_id == judged.pk, "it goes with the case"


def test_a_remark_says_which_text_it_is_about(
    api: Api, desk: factories.Desk, judged: Question, problem: Problem
) -> None:
    client, url, old = api(desk.reviewer), f"{answer_of(judged)}/remarks", tag(judged)
    problem(client.post(url, SAID), 428)
    factories.write(judged, desk.broker, explanation="Anders.")
    factories.move(factories.working(judged), "submit", desk.broker)
    response = client.post(url, SAID, headers=old)
    assert problem(response, 412, "stale")["etag"] == response["ETag"] == tag(judged)["If-Match"]
    problem(client.post(url, SAID, headers=tag(judged)), 409, "not_now")  # there is one paragraph now
    assert not Remark.objects.exists()
    assert client.post(url, {**SAID, "n": 0}, headers={"If-Match": "*"}).status_code == 201


def test_a_remark_is_found_again_in_a_text_that_changed(api: Api, desk: factories.Desk, judged: Question) -> None:
    said(judged, desk.reviewer)
    said(judged, desk.reviewer, n=0)
    mended = "Een nieuw begin.\n\nTweede alinea over boeken kiezen door de kinderen zelf."
    factories.write(judged, desk.broker, explanation=mended)
    rows = api(desk.broker).get(f"{answer_of(judged)}/remarks").json()["results"]
    assert [(one["n"], one["now"], one["changed"]) for one in rows] == [(1, 1, True), (0, None, True)]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"body": ""}, "body"),
        ({"body": "x" * 60_000}, "body"),
        ({"n": HUGE}, "n"),
        ({"n": -1}, "n"),
        ({"n": "x"}, "n"),
        ({"field": "strength_because"}, "field"),
        ({"etag": '"1"'}, "etag"),
        ({"reviewer": 1}, "reviewer"),
    ],
)
def test_a_wrong_remark_is_refused_by_name(
    api: Api, desk: factories.Desk, judged: Question, problem: Problem, data: dict[str, Any], field: str
) -> None:
    response = api(desk.reviewer).post(f"{answer_of(judged)}/remarks", {**SAID, **data}, headers=tag(judged))
    assert [one["field"] for one in problem(response, 400, "invalid")["errors"]] == [field]
    assert not Remark.objects.exists()


def test_an_author_remarks_not_on_their_own_text_and_nobody_on_one_that_is_not_in_review(
    api: Api, desk: factories.Desk, judged: Question, problem: Problem
) -> None:
    problem(api(desk.broker).post(f"{answer_of(judged)}/remarks", SAID, headers=tag(judged)), 403, "not_allowed")
    draft = factories.drafted(desk)
    url = f"{answer_of(draft)}/remarks"
    problem(api(desk.reviewer).post(url, {**SAID, "n": 0}, headers={"If-Match": "*"}), 409, "not_now")
    nothing = answer_of(factories.agreed(desk))
    for kind in ("remarks", "invitations"):
        problem(api(desk.reviewer).get(f"{nothing}/{kind}"), 404)
    problem(api(desk.reviewer).post(f"{nothing}/remarks", SAID, headers={"If-Match": "*"}), 404)


def test_a_remark_is_taken_back_by_who_made_it_while_it_waits(
    api: Api, desk: factories.Desk, judged: Question, problem: Problem
) -> None:
    row, other = said(judged, desk.reviewer), said(judged, desk.reviewer, n=0)
    url = f"{answer_of(judged)}/remarks/{row.pk}"
    elsewhere = f"{answer_of(factories.in_review(desk))}/remarks/{row.pk}"
    for client in (api(desk.broker), api(factories.staff("reviewer"))):
        problem(client.delete(url), 409, "not_now")
    problem(api(desk.reviewer).delete(elsewhere), 404, "not_found")
    assert api(desk.reviewer).delete(url).status_code == 204
    problem(api(desk.reviewer).delete(url), 404, "not_found")
    reviewing.settle(judged, other.pk, {"outcome": "done"}, by=desk.broker)
    problem(api(desk.reviewer).delete(f"{answer_of(judged)}/remarks/{other.pk}"), 409)
    assert list(Remark.objects.all()) == [other]


def test_the_author_says_once_what_became_of_a_remark(
    api: Api, desk: factories.Desk, judged: Question, problem: Problem
) -> None:
    row, client = said(judged, desk.reviewer), api(desk.broker)
    url = f"{answer_of(judged)}/remarks/{row.pk}/outcome"
    problem(api(desk.reviewer).post(url, {"outcome": "done"}), 403, "not_allowed")
    why = problem(client.post(url, {"outcome": "not_done"}), 400)
    assert [one["field"] for one in why["errors"]] == ["answer"]
    problem(client.post(url, {"outcome": "maybe"}), 400)
    headers = {"Idempotency-Key": "twee"}
    done = client.post(url, {"outcome": "not_done", "answer": "Er is geen ander."}, headers=headers)
    assert (done.status_code, done.json()["outcome"], done.json()["answer"]) == (200, "not_done", "Er is geen ander.")
    assert client.post(url, {"outcome": "not_done", "answer": "Er is geen ander."}, headers=headers).data == done.data
    problem(client.post(url, {"outcome": "done"}), 409, "not_now")
    other = said(factories.in_review(), factories.staff("reviewer"), n=0)
    problem(client.post(f"{answer_of(judged)}/remarks/{other.pk}/outcome", {"outcome": "done"}), 404)
    assert Remark.objects.get(pk=other.pk).outcome == ""


# --- Reviewers from outside -----------------------------------------------------------------------


def test_somebody_is_invited_with_a_letter_and_seen_in_the_list(
    api: Api, desk: factories.Desk, judged: Question
) -> None:
    client, url = api(desk.broker), f"{answer_of(judged)}/invitations"
    made = client.post(url, PERSON)
    assert made.status_code == 201
    expected = {"name": "Pia Praktijk", "email": "pia@school.example", "live": True, "verdict": ""}
    assert {name: made.json()[name] for name in expected} == expected
    assert Letter.objects.filter(kind="invited").count() == 1
    assert client.get(url).json()["results"] == [made.json()]
    (seen,) = api(desk.reviewer).get(url).json()["results"]
    assert (seen["name"], seen["email"]) == ("Pia Praktijk", ""), "who may not invite reads no address"
    row = Invitation.objects.select_related("version__item", "invited_by").get()
    inviting.judge(row, {"verdict": "approved"}, expected=row.version.etag)
    assert client.get(url).json()["results"][0]["verdict"] == "approved"


def test_no_answer_holds_the_link_of_who_was_invited(api: Api, desk: factories.Desk, judged: Question) -> None:
    url, client = f"{answer_of(judged)}/invitations", api(desk.broker)
    told = [client.post(url, PERSON, headers={"Idempotency-Key": "x"}).content for _n in range(2)]
    row = Invitation.objects.get()
    case = f"/api/v1/questions/{judged.pk}"
    for by in (desk.broker, desk.editor, factories.staff("administrator")):
        told += [
            api(by).get(at).content
            for at in (case, f"{case}/answer", url, f"{case}/answer/remarks", f"{case}/messages")
        ]
    told += [api(desk.broker).delete(f"{url}/{row.pk}").content]
    for one in told:
        assert row.token.encode() not in one
        assert row.token_digest.encode() not in one
        assert b"/review/" not in one


def test_an_invitation_with_a_key_counts_once_and_no_kept_answer_holds_who_it_is(
    api: Api, desk: factories.Desk, judged: Question
) -> None:
    url, client, headers = f"{answer_of(judged)}/invitations", api(desk.broker), {"Idempotency-Key": "drie"}
    first = client.post(url, PERSON, headers=headers)
    assert client.post(url, PERSON, headers=headers).json() == first.json()
    assert (Invitation.objects.count(), Letter.objects.filter(kind="invited").count()) == (1, 1)
    assert Idempotency.objects.get(key="drie").answer == {"id": first.json()["id"]}
    assert client.delete(f"{url}/{first.json()['id']}/person").status_code == 204
    again = client.post(url, PERSON, headers=headers).json()
    assert (again["name"], again["email"], again["live"]) == ("", "", False), "also a repeated answer tells nothing"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"email": "geen adres"}, "email"),
        ({"email": f"{'x' * 300}@school.example"}, "email"),
        ({"kind": "taste"}, "kind"),
        ({"language": "de"}, "language"),
        ({"until": "2001-01-01"}, "until"),
        ({"until": "9999-99-99"}, "until"),
        ({"covers_changes": 1}, "covers_changes"),
        ({"token_digest": "x"}, "token_digest"),
    ],
)
def test_a_wrong_invitation_is_refused_by_name(
    api: Api, desk: factories.Desk, judged: Question, problem: Problem, data: dict[str, Any], field: str
) -> None:
    response = api(desk.broker).post(f"{answer_of(judged)}/invitations", {**PERSON, **data})
    assert [one["field"] for one in problem(response, 400, "invalid")["errors"]] == [field]
    assert not Invitation.objects.exists()


def test_who_may_not_be_invited_and_who_may_not_invite_hear_why(
    api: Api, desk: factories.Desk, judged: Question, problem: Problem
) -> None:
    assert desk.broker is not None
    url, client = f"{answer_of(judged)}/invitations", api(desk.broker)
    invited(judged, desk)
    for email in (desk.broker.email, "pia@school.example"):  # who writes it, and who was asked already
        told = problem(client.post(url, {**PERSON, "email": email}), 400)["errors"]
        assert [one["field"] for one in told] == ["email"]
    problem(api(desk.reviewer).post(url, PERSON), 403, "not_allowed")
    draft = factories.drafted(desk)
    problem(client.post(f"{answer_of(draft)}/invitations", PERSON), 409, "not_now")
    problem(client.post(f"{answer_of(factories.agreed(desk))}/invitations", PERSON), 409, "not_now")
    assert Invitation.objects.count() == 1


def test_an_invitation_is_called_off_once_and_its_person_forgotten(
    api: Api, desk: factories.Desk, judged: Question
) -> None:
    row, client = invited(judged, desk), api(desk.broker)
    url = f"{answer_of(judged)}/invitations/{row.pk}"
    assert [client.delete(url).status_code for _n in range(2)] == [204, 204]
    assert Letter.objects.filter(kind="uninvited").count() == 1, "the second time writes to nobody"
    assert Invitation.find(row.token) is None
    (shown,) = client.get(f"{answer_of(judged)}/invitations").json()["results"]
    assert (shown["live"], bool(shown["withdrawn_at"]), shown["email"]) == (False, True, "pia@school.example")
    assert client.delete(f"{url}/person").status_code == 204
    row = Invitation.objects.get()
    assert (row.name, row.email) == ("", "")


def test_invitations_of_another_case_are_not_to_be_had_by_this_one(
    api: Api, desk: factories.Desk, judged: Question, problem: Problem
) -> None:
    row = invited(factories.in_review(desk), desk)
    for address in (f"{row.pk}", f"{row.pk}/person", f"{uuid.uuid4()}", f"{uuid.uuid4()}/person"):
        problem(api(desk.broker).delete(f"{answer_of(judged)}/invitations/{address}"), 404, "not_found")
    problem(api(desk.reviewer).delete(f"{answer_of(judged)}/invitations/{row.pk}"), 403, "not_allowed")
    assert Invitation.objects.get().is_live


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("delete", f"remarks/{HUGE}", 404),
        ("post", f"remarks/{HUGE}/outcome", 404),
        ("delete", f"remarks/{'9' * 5_000}", 404),
        ("delete", "remarks/-1", 404),
        ("delete", "remarks/0x1", 404),
        ("delete", "remarks/%00", 404),
        ("delete", "invitations/1", 404),
        ("delete", "invitations/%00", 404),
        ("delete", f"invitations/{'f' * 5_000}", 404),
        ("put", "remarks", 405),
        ("get", f"invitations/{uuid.UUID(int=1)}", 405),
    ],
)
def test_a_hostile_id_is_refused(
    api: Api, desk: factories.Desk, judged: Question, problem: Problem, method: str, address: str, status: int
) -> None:
    client = api(desk.broker)
    problem(getattr(client, method)(f"{answer_of(judged)}/{address}", {"outcome": "done"}), status)


# --- The next case --------------------------------------------------------------------------------


def test_a_broker_gets_the_next_case_with_its_reasons_until_none_waits(
    api: Api, desk: factories.Desk, problem: Problem
) -> None:
    waiting, client = factories.triaged(desk), api(desk.broker)
    assert desk.broker is not None
    taken = client.post("/api/v1/questions/next", headers={"Idempotency-Key": "vier"})
    body = taken.json()
    assert taken.status_code == 200
    assert (body["question"]["id"], body["question"]["assignee"]) == (str(waiting.pk), desk.broker.email)
    assert ("oldest", True) in {(one["kind"], bool(one["sentence"])) for one in body["reasons"]}
    again = client.post("/api/v1/questions/next", headers={"Idempotency-Key": "vier"})
    assert again.json() == body
    told = problem(client.post("/api/v1/questions/next"), 409, "not_now")
    assert told["detail"] == "Er wacht geen dossier."


def test_the_next_case_is_for_brokers_and_takes_no_wishes(api: Api, desk: factories.Desk, problem: Problem) -> None:
    waiting = factories.triaged(desk)
    problem(api(desk.reviewer).post("/api/v1/questions/next"), 403, "not_allowed")
    wish = problem(api(desk.broker).post("/api/v1/questions/next", {"id": str(waiting.pk)}), 400)
    assert [one["field"] for one in wish["errors"]] == ["id"]
    assert factories.reload(waiting).assignee is None
