"""Loads the demo content through the same doors that people use, and questions for load tests."""

import json
import random
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from brokers.models import Broker, Desk, Organisation, User
from evidence import library
from evidence.models import Collection, Theme
from questions import demo_time, dialogue, findable, inputs, intake, ledger, mail, searchlog, workflow, writing
from questions.models import Asker, Event, Letter, Participation, Question
from questions.models.version import TEXTS
from questions.states import ALL_OPEN, State

FOLDER = Path(__file__).resolve().parent / "demo"
Tell = Callable[[str], None]
Case = dict[str, Any]


def read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def password() -> str:
    """The password of the demo people of this installation; made once, kept beside the data."""
    path = settings.DATA_DIR / "demo-password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(f"{secrets.token_urlsafe(9)}\n", encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def logins() -> list[tuple[str, str]]:
    """The demo people's roles and addresses, when they are here."""
    present = set(User.objects.values_list("email", flat=True))
    return [(one["role"], one["email"]) for one in read("people")["staff"] if one["email"] in present]


def load(tell: Tell) -> bool:
    """Load the demo content once, all of it or nothing. False when it had been loaded before."""
    with transaction.atomic():
        desk = Desk.objects.select_for_update().get(is_default=True)
        if desk.demo_loaded_at is not None:
            return False
        begun = timezone.now()
        Seeder(tell).run()
        # Nobody of the demo reads mail: the letters count as sent, and none goes out.
        Letter.objects.filter(sent_at=None, created_at__gte=begun).update(sent_at=begun)
        desk.demo_loaded_at = timezone.now()
        desk.save(update_fields=["demo_loaded_at"])
    return True


class Seeder:
    """Walks every case of the demo to the state it is told to be in."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        people = read("people")
        self.staff = {one["key"]: one for one in people["staff"]}
        self.askers = {one["key"]: one for one in people["askers"]}
        self.organisations = {one["key"]: one for one in people["organisations"]}
        self.cases: list[Case] = read("cases")
        self.users: dict[str, User] = {}
        self.made: dict[str, tuple[Question, Participation]] = {}

    def run(self) -> None:
        self.tell("demo: people, themes and sources")
        self.add_people()
        self.add_library()
        # Answers first: referrals and merges point at them.
        order = {State.PUBLISHED: 0, State.REFERRED: 2, State.MERGED: 2}
        cases = sorted(self.cases, key=lambda case: (order.get(case["state"], 1), bool(case.get("referral"))))
        dice = random.Random(7)
        for n, case in enumerate(cases):
            if n % 20 == 0:
                self.tell(f"demo: case {n + 1} of {len(cases)}")
            self.add_case(case)
            place = n / len(cases) * (2 if case["state"] == State.PUBLISHED else 1)
            demo_time.put_back(self.made[case["key"]][0], place, dice)
        demo_time.look_back(dice)

    def add_people(self) -> None:
        secret = password()
        for key, one in self.staff.items():
            user = User.objects.create_user(
                one["email"], secret, name=one["name"], name_public=one.get("name_public", False)
            )
            user.groups.add(Group.objects.get(name=one["role"]))
            if one["role"] == "broker":
                broker = Broker.objects.create(
                    user=user, expertise=one["expertise"], sectors=[], capacity=max(40, one.get("capacity", 0))
                )
                findable.put_broker(broker)
            self.users[key] = user
        self.coordinator = next(self.users[key] for key, one in self.staff.items() if one["role"] == "coordinator")
        for one in self.organisations.values():
            fields = {name: one[name] for name in ("kind", "sector", "region")}
            Organisation.objects.get_or_create(name=one["name"], defaults=fields)

    def add_library(self) -> None:
        for n, one in enumerate(read("themes")):
            Theme.objects.get_or_create(slug=one["slug"], defaults={**one, "order": n})
        collection, _new = Collection.objects.get_or_create(slug="own", defaults={"name": "Eigen bibliotheek"})
        for one in read("sources"):
            library.put_source(
                one["csl"],
                key=one["key"],
                collection=collection,
                themes=Theme.objects.filter(slug__in=one["themes"]),
                sectors=one["sectors"],
                design=one["design"] or "",
                population=one["population"] or "",
                country=one["country"] or "",
                strength=one["strength"] or "",
                finding_nl=one["finding_nl"] or "",
                finding_en=one["finding_en"] or "",
            )

    def add_case(self, case: Case) -> None:
        question, part = self.ask(case)
        self.made[case["key"]] = (question, part)
        if case["state"] != "unconfirmed":
            self.do(case, "confirm", by=Participation.find_to_confirm(part.confirm_token))
            for other in case.get("also", []):
                asker = self.asker(other["asker"])
                Participation.join(question=question, asker=asker, kind=other["kind"])
            self.walk(case, part)

    def ask(self, case: Case) -> tuple[Question, Participation]:
        asker = self.askers[case["asker"]]
        names = ("text", "context", "tried", "sector", "role", "on_behalf_of", "language")
        data = {name: case[name] for name in names if case.get(name)}
        cleaned = inputs.clean_form(inputs.Ask, {**data, "email": asker["email"], "name": asker["name"]})
        intake.refuse_personal_data(cleaned)
        question, part = intake.store(cleaned)
        question.region = asker.get("region") or ""
        home = self.organisations.get(asker.get("organisation") or "")
        question.organisation = Organisation.objects.filter(name=home["name"]).first() if home else None
        question.save(update_fields=["region", "organisation"])
        event = Event.record("ask", by=part, question=question, target=question.state)
        if case["state"] == "unconfirmed":
            mail.write_confirmation(event, part)
        return question, part

    def asker(self, key: str) -> Asker:
        one = self.askers[key]
        return Asker.at(one["email"], name=one["name"])

    def do(self, case: Case, name: str, *, by: Any, **data: Any) -> None:
        question, part = self.made[case["key"]]
        self.made[case["key"]] = (workflow.perform(question, name, by=by, data=data), part)

    def walk(self, case: Case, part: Participation) -> None:
        state = case["state"]
        if state == State.WITHDRAWN:
            self.do(case, "withdraw", by=part, why=case["withdraw"]["reason"])
        elif state == State.DECLINED:
            self.do(
                case,
                "decline",
                by=self.coordinator,
                why=case["decline"]["reason"],
                alternative=case["decline"]["alternative"],
            )
        elif state == State.MERGED:
            into, _part = self.made[case["merge_into"]]
            self.do(case, "merge", by=self.coordinator, into=into.number, why="Dezelfde vraag in andere woorden.")
        elif state != State.SUBMITTED:
            self.do(case, "triage", by=self.coordinator, track=case.get("track") or "full", themes=case["themes"])
            self.work(case, part)

    def work(self, case: Case, part: Participation) -> None:
        if case["state"] == State.TRIAGED:
            return
        broker = self.users[case["broker"]]
        self.do(case, "claim", by=broker)
        for message in case.get("messages", []):
            question, _part = self.made[case["key"]]
            dialogue.say(question, {"body": message["body"]}, by=part if message["from"] == "asker" else broker)
        if case.get("referral"):
            self.refer(case, part, broker)
        if case["state"] != State.REFERRED and case.get("articulated"):
            self.articulate(case, part, broker)
            self.research(case, broker)
            self.write(case, broker)

    def refer(self, case: Case, part: Participation, broker: User) -> None:
        referral = case["referral"]
        if referral.get("answer"):
            target = {"answer": self.made[referral["answer"]][0].number}
        else:
            target = {"source": referral["source"]}
        self.do(case, "refer", by=broker, note=referral["note"], **target)
        if referral.get("verdict"):
            self.do(case, "respond", by=part, verdict=referral["verdict"])
        if case["state"] != State.REFERRED:  # partly: it came back
            self.do(case, "triage", by=self.coordinator, track=case["track"], themes=case["themes"])
            self.do(case, "claim", by=broker)

    def articulate(self, case: Case, part: Participation, broker: User) -> None:
        frame = dict(case.get("frame") or {})
        frame["frame_context"] = frame.pop("context", "")
        self.do(case, "propose", by=broker, articulated=case["articulated"], **frame)
        if case.get("agreement") == "agreed":
            self.do(case, "agree", by=part)
            if case["state"] == State.ASSIGNED:
                self.do(case, "show", by=broker, nobody_recognisable=True)
        elif case.get("agreement") == "waived":
            self.do(case, "waive", by=self.coordinator, why=case["waiver"]["why"])

    def research(self, case: Case, broker: User) -> None:
        """What our own library gives, and what the broker read in the sources of the ledger."""
        question, _part = self.made[case["key"]]
        if case.get("ledger"):
            searchlog.log_found(question, by=broker)
        for row in case.get("ledger", []):
            entry = ledger.add(question, {"source": row["source"]}, by=broker)
            read = {name: getattr(entry, name) for name in ("design", "population", "country")}
            said = {name: value for name, value in row.items() if name != "source"}
            ledger.judge(question, entry.pk, {**read, **said}, by=broker)

    def write(self, case: Case, broker: User) -> None:
        stage = case.get("answer_stage") or (
            "approved" if case["state"] in (State.ANSWERED, State.PUBLISHED) else "none"
        )
        if stage == "none" or not case.get("answer"):
            return
        question, part = self.made[case["key"]]
        texts = {name: case["answer"].get(name) or "" for name in (*TEXTS, "strength_because")}
        rows = {
            kind: [{key: value for key, value in row.items() if value} for row in case["answer"].get(kind, [])]
            for kind in writing.ROWS
        }
        version = writing.write(question, {**texts, **rows}, by=broker, expected=writing.NEW)
        self.made[case["key"]] = (Question.objects.get(pk=question.pk), part)
        if stage in ("in_review", "approved"):
            version = workflow.perform(version, "submit", by=broker)
        if stage == "approved":
            reviewer = self.users[case.get("reviewer") or "reviewer1"]
            workflow.perform(version, "approve", by=reviewer, data={"kind": ALL_OPEN})
        if case["state"] in (State.ANSWERED, State.PUBLISHED):
            self.do(case, "answer", by=broker)
        if case["state"] == State.PUBLISHED:
            self.do(case, "publish", by=self.users[case["editor"]])


WORDS = (
    "leerlingen",
    "leesvaardigheid",
    "rekenonderwijs",
    "motivatie",
    "feedback",
    "groep 6",
    "brugklas",
    "mbo-studenten",
    "verzuim",
    "differentiatie",
    "taalachterstand",
    "klassenmanagement",
    "toetsen",
    "huiswerk",
    "samenwerken",
    "begeleiding",
    "ouders",
    "spelling",
    "woordenschat",
    "zelfregulatie",
)


def ask(count: int, tell: Tell) -> None:
    """Ask `count` generated questions through the front door; they wait to be triaged. For fault and load tests."""
    sectors = [value for value, _label in inputs.Ask.base_fields["sector"].choices]  # type: ignore[attr-defined]
    dice = random.Random(count)
    for begin in range(0, count, 200):
        with transaction.atomic():
            for _n in range(min(200, count - begin)):
                generated(dice, sectors)
        tell(f"generated {min(begin + 200, count)} of {count} questions")


def generated(dice: random.Random, sectors: list[str]) -> None:
    text = f"Wat is bekend over {' en '.join(dice.sample(WORDS, 3))} bij {dice.choice(WORDS)}?"
    cleaned = inputs.clean_form(
        inputs.Ask,
        {
            "text": text,
            "context": " ".join(dice.choices(WORDS, k=40)),
            "sector": dice.choice(sectors),
            "role": "teacher",
            "email": f"load{dice.randrange(10**9)}@load.example",
        },
    )
    question, part = intake.store(cleaned)
    workflow.perform(question, "confirm", by=Participation.find_to_confirm(part.confirm_token))
    Letter.objects.filter(participation=part).update(sent_at=timezone.now())
