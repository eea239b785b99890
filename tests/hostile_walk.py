"""A walk through everything that people type, with hostile text in every free field."""

import re
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.test import Client
from django.utils import timezone

from brokers import roles
from brokers.models import Desk
from evidence.models import Theme
from frontend.draft import SALT
from questions import (
    afterwards,
    bulk,
    consulting,
    criteria,
    elsewhere,
    following,
    inputs,
    introductions,
    inviting,
    ledger,
    listing,
    looking,
    news,
    profiles,
    readytexts,
    reporting,
    reviewing,
    saved,
    searchlog,
    writing,
)
from questions.models import Asker, Criterion, FollowUp, Invitation, Participation, Question, ReadyText, Remark
from tests import factories
from tests.hostile import ALL, PAYLOADS, bundles, is_free, name_of, text, wrong_in

Make = Callable[..., Client]


class Walk:
    """Every free field of every form, filled in where people fill it in; `filled` says which were.

    `n` is the round: each short field gets another part of the payloads in each.
    """

    def __init__(self, browser: Make, n: int) -> None:
        self.browser, self.n, self.filled = browser, n, set[str]()
        self.desk = factories.Desk()
        for one in (self.desk.broker, self.desk.reviewer):
            assert one is not None
            one.name, one.name_public = text(150, n), True
            one.save()
        self.theme = Theme.objects.create(slug="lezen", label_nl="Lezen", label_en="Reading")
        self.source = factories.source(title=ALL)
        self.tokens: list[str] = []
        self.afterwards: list[str] = []

    def free(self, form: type[forms.Form], **more: Any) -> dict[str, Any]:
        """What somebody hostile types into the free fields of `form`, and `more` in the others."""
        free = {key: one for key, one in form.base_fields.items() if is_free(one)}
        self.filled |= {name_of(form, key) for key in free if key not in more}
        return {**{key: text(getattr(one, "max_length", None), self.n) for key, one in free.items()}, **more}

    def post(self, path: str, data: Mapping[str, Any], by: Any = None) -> Any:
        response = self.browser(by).post(path, data)
        assert response.status_code == 302, (
            path,
            response.status_code,
            re.findall(r'errorlist.*?</ul>|id="problem".*?</div>', response.content.decode(), re.DOTALL),
        )
        return response

    def move(self, question: Question, name: str, by: Any, **more: Any) -> None:
        data = self.free(inputs.INPUTS[Question][name], **more)
        self.post(f"/desk/cases/{question.pk}/do/{name}", data, by)

    def asks(self, **more: Any) -> Question:
        """Asked, confirmed and accepted."""
        stamp = signing.dumps(time.time() - 60, salt=SALT)
        seen = {"personal_data_checked": "on", "behalf": "team", "stamp": stamp, "key": str(uuid.uuid4())}
        data = {**factories.asking(), **self.free(inputs.Ask), **seen, **more}
        for go in ("suggestions", "why", "you", "check"):
            assert wrong_in(self.browser().post("/ask", {**data, "go": go})) == [], go
        self.post("/ask", {**data, "go": "send"})
        question: Question = Question.objects.get(participations__asker__email=data["email"])
        part = factories.asker(question)
        assert wrong_in(self.browser().get(f"/confirm/{part.confirm_token}")) == []
        self.post(f"/confirm/{part.confirm_token}", {})
        self.tokens.append(part.mailed_token)
        self.move(question, "triage", self.desk.coordinator, track="full", themes=["lezen"])
        return question

    def look_at_the_queue(self) -> None:
        """Filters, a view that is kept, and a case that is given to somebody else with others."""
        chief, other = self.desk.coordinator, factories.staff(roles.BROKER)
        self.shown.append(self.browser(chief).get("/desk", {"tab": "all", **self.free(listing.Filters)}))
        self.post("/desk/views", {"tab": "all", **self.free(saved.Name)}, chief)
        given = self.free(bulk.Assign, broker=other.email)
        theirs = [factories.assigned(self.desk).pk]
        self.post("/desk/together", {"do": bulk.ASSIGN, "questions": theirs, "held": theirs, **given}, chief)

    def all(self) -> None:
        self.short()
        self.other = self.turned_back()

    def short(self) -> None:
        """The part of the walk that holds every field without room for all the payloads at once."""
        self.introduce()
        self.other = self.question = self.asks()
        self.agree(self.question)
        self.join(self.question)
        self.talk(self.question)
        self.look_at_the_queue()
        self.write(self.question)
        self.judge(self.question)
        self.follow()

    def introduce(self) -> None:
        self.post("/desk/me", self.free(profiles.Profile, capacity="40"), self.desk.broker)
        self.post("/desk/themes/lezen", self.free(introductions.Texts, read="0"), self.desk.editor)

    def agree(self, question: Question) -> None:
        self.move(question, "claim", self.desk.broker)
        self.move(question, "propose", self.desk.broker)
        data = self.free(inputs.Agree)
        self.post(f"/track/{factories.asker(question).mailed_token}/do/agree", data)
        self.move(question, "show", self.desk.broker, nobody_recognisable="on")

    def join(self, question: Question) -> None:
        number = factories.reload(question).number
        self.post(f"/working-on/{number}", self.free(inputs.MeToo, email="ook@school.example"))
        part = Participation.objects.get(asker__email="ook@school.example")
        self.shown = [
            self.browser().get(path)
            for path in ("/working-on", f"/working-on/{number}", f"/confirm/{part.confirm_token}")
        ]
        self.post(f"/confirm/{part.confirm_token}", {})
        self.tokens.append(part.mailed_token)

    def talk(self, question: Question) -> None:
        case, asker = f"/desk/cases/{question.pk}", factories.asker(question).mailed_token
        self.post(f"{case}/messages", self.free(inputs.Say), self.desk.broker)
        self.post(f"/track/{asker}/messages", self.free(inputs.Say))
        self.research(question)
        self.shown.append(self.browser().post("/ask/suggestions", self.free(inputs.Look)))

    def research(self, question: Question) -> None:
        """Searched, looked for, written down, corrected; sources put in the ledger, and one judged."""
        case, broker = f"/desk/cases/{question.pk}", self.desk.broker
        self.post(f"{case}/searches", self.free(searchlog.Line), broker)
        line = question.searches.get()
        self.post(f"{case}/searches/{line.pk}/correct", self.free(searchlog.Line), broker)
        self.shown.append(self.browser(broker).post(f"{case}/look", self.free(looking.Library)))
        self.post(f"{case}/searches/library", self.free(looking.Library), broker)
        self.post(f"{case}/ledger", self.free(ledger.Found, source=self.source.key), broker)
        entry = question.ledger.get()
        authors = "\n".join(f'"{" ".join(one.split())}"' for one in PAYLOADS)
        brought = self.free(elsewhere.Elsewhere, type="report", author=authors, url="https://a.example/<b>'\"")
        self.post(f"{case}/ledger/elsewhere", brought, broker)
        self.brought = question.ledger.latest("pk")
        judged = self.free(ledger.Judge, state="rejected", reason="else")
        self.post(f"{case}/ledger/{entry.pk}", judged, broker)

    def write(self, question: Question) -> None:
        case = f"/desk/cases/{question.pk}"
        lines = [self.free(writing.CitationLine, source=self.source.key, locator=one) for one in bundles(100)] + [
            self.free(writing.CitationLine, source=self.source.key)
        ]
        expert = {"agreed_on": timezone.localdate().isoformat(), "agreed_by": "mail"}
        # Their names must not stand in the texts, so each has a number of its own.
        experts = [self.free(writing.Expert, **expert)]
        experts += [{**experts[0], "name": f"{one} nr{n}"[:150]} for n, one in enumerate(bundles(140))]
        experts[0]["name"] = "nr0 " + experts[0]["name"][:140]
        self.filled.add(name_of(writing.Expert, "name"))
        data = self.free(writing.Texts, strength="strong", direction="positive", gap_kind="none", etag='"new"')
        data["explanation"] += f" [@{self.source.key}]"
        data["team_questions"] = data["team_questions"].replace("\r\n", " ")
        rows = {"rows": len(lines), "experts": len(experts)}
        for prefix, made in (("citation", lines), ("expert", experts)):
            rows |= {f"{prefix}-{n}-{key}": value for n, one in enumerate(made) for key, value in one.items()}
        assert wrong_in(self.browser(self.desk.broker).post(f"{case}/answer", {**data, **rows, "go": "preview"})) == []
        self.post(f"{case}/answer", {**data, **rows, "go": "save"}, self.desk.broker)
        forgotten = experts[-1]["name"]
        self.post(f"{case}/consulted", {**self.free(consulting.Forget), "name": forgotten}, self.desk.broker)

    def version_move(self, question: Question, name: str, by: Any) -> None:
        version = factories.working(question)
        kind = {} if name == "submit" else {"kind": "all"}
        data = self.free(inputs.INPUTS[type(version)][name], etag=version.etag, **kind)
        self.post(f"/desk/cases/{question.pk}/answer/do/{name}", data, by)

    def ask_outside(self, question: Question) -> None:
        """Somebody from outside, and what is said at the paragraphs."""
        case = f"/desk/cases/{question.pk}"
        given = {"email": "buiten@school.example", "kind": "practice", "language": "nl", "covers_changes": "on"}
        self.post(f"{case}/invitations", self.free(inviting.Invite, **given), self.desk.broker)
        row, at = Invitation.objects.get(), {"field": "short_answer", "n": "0"}
        self.post(f"{case}/remarks", self.free(reviewing.Say, **at), self.desk.reviewer)
        self.post(f"/review/{row.token}/remarks", self.free(reviewing.Say, **at))
        for one in Remark.objects.all():
            settled = self.free(reviewing.SettleRemark, outcome="not_done")
            self.post(f"{case}/remarks/{one.pk}/settle", settled, self.desk.broker)
        etag = factories.working(question).etag
        named = self.free(inviting.Judge, verdict="approved", may_be_named="on", etag=etag)
        self.post(f"/review/{row.token}/verdict", named)
        self.outside = row.token

    def judge(self, question: Question) -> None:
        self.version_move(question, "submit", self.desk.broker)
        self.ask_outside(question)
        for name, by in (
            ("request_changes", self.desk.reviewer),
            ("submit", self.desk.broker),
            ("approve", self.desk.reviewer),
        ):
            self.version_move(question, name, by)
        self.move(question, "answer", self.desk.broker)
        part = factories.asker(question)
        self.post(f"/track/{part.mailed_token}/do/respond", self.free(inputs.Respond, verdict="partly"))
        question.events.filter(name="answer").update(at=timezone.now() - timedelta(weeks=6, hours=1))
        afterwards.ask()
        for row in FollowUp.objects.all():
            self.post(f"/after/{row.token}", {"used": ["team"]})
            self.post(f"/after/{row.token}/more", self.free(afterwards.Influence))
            self.afterwards.append(f"/after/{row.token}/more")
        self.move(question, "publish", self.desk.editor)
        number = factories.reload(question).number
        self.post(f"/answers/{number}/feedback", self.free(reporting.Helped, helpful="no"))
        for section in ("gap", "people"):
            self.post(f"/answers/{number}/correction", self.free(reporting.Mistake, section=section))
        one = factories.item(question).living().corrections.first()
        self.post(f"/desk/cases/{question.pk}/corrections/{one.pk}", self.free(reporting.Settle), self.desk.editor)

    def follow(self) -> None:
        given = {"email": "volger@school.example", "often": "weekly"}
        data = self.free(following.Ask, **given)
        self.shown.append(self.browser().get("/follow", data))
        self.post("/follow", data)
        self.post("/follow", {**given, "theme": "lezen"})
        asker = Asker.objects.get(email="volger@school.example")
        self.shown.append(self.browser().get(f"/follow/confirm/{asker.confirm_follows_token}"))
        following.confirm(asker, [str(one.pk) for one in news.waiting(asker)])
        self.follower = asker.follows_token

    def turned_back(self) -> Question:
        """A second question through all that is not an answer."""
        desk, first = self.desk, factories.reload(self.question).number
        question = self.asks()
        self.move(question, "decline", desk.coordinator)
        self.move(question, "reopen", desk.coordinator)
        self.move(question, "set_aside", desk.coordinator)
        self.move(question, "not_spam", desk.coordinator)
        self.keep_house(question)
        self.move(question, "triage", desk.coordinator, track="full")
        self.move(question, "retrack", desk.coordinator, track="short")
        self.move(question, "assign", desk.coordinator, broker=desk.broker.email)
        other = factories.staff("broker")
        self.move(question, "transfer", desk.coordinator, broker=other.email)
        self.move(question, "release", other)
        self.move(question, "claim", desk.broker)
        self.move(question, "propose", desk.broker)
        self.move(question, "start_research", desk.coordinator)
        self.move(question, "note_agreement", desk.broker)
        self.move(question, "propose", desk.broker)
        self.move(question, "waive", desk.coordinator)
        self.move(question, "refer", desk.broker, source=self.source.key)
        token = factories.asker(question).mailed_token
        self.post(f"/track/{token}/do/respond", self.free(inputs.Respond, verdict="no"))
        self.move(question, "merge", desk.coordinator, into=str(first))
        self.move(question, "unmerge", desk.coordinator)
        self.post(f"/track/{token}/do/withdraw", self.free(inputs.INPUTS[Question]["withdraw"]))
        return question

    def keep_house(self, question: Question) -> None:
        """The criteria and ready-made texts of the desk, used in triage; and the case goes to another desk."""
        words = self.free(criteria.Words)
        self.post("/desk/criteria", words, self.desk.editor)
        self.post("/desk/texts/new", self.free(readytexts.Words, kind="note"), self.desk.editor)
        key = criteria.of(question)[-1].criterion.pk
        found = self.free(criteria.Found)
        self.filled.add(name_of(criteria.Found, "remark"))
        data = {"criterion": key, f"verdict-{key}": "unclear", f"remark-{key}": found["remark"][:500], "go": "check"}
        page = self.browser(self.desk.coordinator).post(f"/desk/cases/{question.pk}/triage", data)
        assert wrong_in(page) == []
        assert question.checks.count() == 1
        Desk.objects.create(slug="ander", name=text(100, self.n))
        self.move(question, "hand_over", self.desk.coordinator, desk="ander")
        self.move(question, "hand_over", self.desk.coordinator, desk="desk")

    def take_back(self) -> None:
        """The answer is revised, and then taken back because of hostile words as well."""
        self.move(self.question, "revise", self.desk.broker)
        self.move(self.question, "retract", self.desk.editor)

    # --- What shows it ----------------------------------------------------------------------------

    def public(self) -> list[str]:
        item = factories.item(self.question)
        answer = f"/answers/{item.number}"
        return [
            "/",
            f"{answer}/{item.slug}",
            f"{answer}/team",
            f"/sources/{self.source.key}",
            f"/sources/{self.brought.source.key}",
            "/themes",
            "/themes/lezen",
            "/search?q=alert",
            "/search/feed",
            "/search/feed?q=alert",
            "/sitemap.xml",
            "/working-on",
            "/guide",
            "/guide/teacher-po/find",
            "/guide/teacher-po/meet",
            f"/follow?answer={item.number}",
            *(f"{answer}/cite.{form}" for form in ("ris", "bib", "json")),
            "/api/v1/answers",
            f"/api/v1/answers/{item.number}",
            "/api/v1/search?q=alert",
        ]

    def private(self) -> list[str]:
        ends = ("", "/withdraw", "/erase", "/export", "/export.html")
        made = [f"/track/{one}{end}" for one in self.tokens for end in ends]
        made += [f"/review/{self.outside}", f"/review/{self.outside}/export"]
        return [*made, *self.afterwards, f"/follow/{self.follower}", f"/follow/{self.follower}/export"]

    def inside(self) -> list[str]:
        cases = [f"/desk/cases/{one.pk}{end}" for one in (self.question, self.other) for end in ("", "/searches")]
        entries = self.question.ledger.all()
        cases += [
            f"/desk/cases/{self.question.pk}?entry={entry.pk}" for entry in entries
        ]  # the table has a test of its own
        tabs = [f"/desk?tab={one}" for one in ("all", "mine", "unclaimed", "waiting")]
        own = ("after", "insight", "themes/lezen", "guide-numbers", "me", "brokers", "notices")
        return [*cases, *tabs, *(f"/desk/{one}" for one in own), *self.house()]

    def house(self) -> list[str]:
        rows = [f"/desk/texts/{one.pk}" for one in ReadyText.objects.order_by("-pk")[:1]]
        rows += [f"/desk/criteria/{one.pk}" for one in Criterion.objects.order_by("-pk")[:1]]
        pages = [f"/desk/cases/{one.pk}/triage" for one in (self.question, self.other)]
        return [*pages, *rows, "/desk/texts", "/desk/criteria"]
