"""Every page at 320 and 1280 px, in Dutch and English, empty, wrong and filled.

No sideways scrolling, and nothing axe complains of. This takes long, so in the suite each page is looked at in one
language, at both widths, and by axe at one; by turns. With EVERY_WAY=1 (`make pages`) all of it.

With SCREENSHOTS=FOLDER (`make screenshots`) a picture of each is kept there, for people to look at: the ten main
pages first, in the folder `main`, then every page.
"""

import json
import os
import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.utils import timezone

from brokers.models import User
from evidence.models import Theme
from questions import afterwards, following, inviting, news, seeding
from questions.models import Asker, Criterion, FollowUp, Participation, Question, ReadyText, SavedView, Version
from questions.wayfinding import WANTS
from tests import factories
from tests.browser.conftest import Opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.thorough]

WIDTHS = (1280, 320)
EVERY_WAY = bool(os.environ.get("EVERY_WAY"))
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},  # axe leaves it out unless it is named
    "resultTypes": ["violations"],
    "preload": False,
}
RUN = f"""async () => (await axe.run({json.dumps(RULES)})).violations.map(
  (one) => `${{one.id}}: ${{one.nodes[0].html.slice(0, 120)}}`)"""


def quiet(line: str) -> None:
    """Says nothing."""


def picture(page: Any, path: str, width: int) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        # Keys of links and cases differ from run to run; what page it is does not.
        name = re.sub(r"[^a-z0-9]+", "-", re.sub(r"/[\w:-]{30,}", "", path.lower())).strip("-") or "home"
        taken = len(list(Path(folder).glob(f"{name}-{width}*")))
        page.screenshot(path=Path(folder) / f"{name}-{width}{f'-{taken + 1}' if taken else ''}.png", full_page=True)


MAIN = ("home", "search", "answer", "team", "theme", "guide", "ask", "track", "desk", "case")


def picture_of_main(page: Any, n: int, name: str, language: str, width: int) -> None:
    path = Path(os.environ["SCREENSHOTS"]) / "main" / f"main-{n:02}-{name}-{language}-{width}.png"
    page.screenshot(path=path, full_page=True)


def wrong_with(page: Any, axe: bool = True) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found = [f"{wide}px too wide"] if wide > 0 else []
    if axe and not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [*found, *(page.evaluate(RUN) if axe else [])]


def languages(path: str) -> tuple[str, ...]:
    """The prefixes of the languages in which a page is looked at: both, or by turns one."""
    both = ("/", "/en/")
    return both if EVERY_WAY or "SCREENSHOTS" in os.environ else (both[len(path) % 2],)


def is_axed(path: str, width: int) -> bool:
    return EVERY_WAY or len(path) // 2 % 2 == (width == WIDTHS[0])


def at_both_widths(page: Any, path: str) -> dict[str, list[str]]:
    """What is wrong with the page as it stands, by where; the window changes, the page is not loaded again."""
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        picture(page, path, width)
        if wrong := wrong_with(page, is_axed(path, width)):
            found[f"{path} {width}"] = wrong
    return found


def visit(page: Any, paths: Iterable[str], status: int = 200) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    page.add_init_script(AXE_SCRIPT)  # once, and not half a megabyte for every page
    for path in paths:
        for prefix in languages(path):
            answer = page.goto(prefix + path)
            assert answer is not None
            assert answer.status == status, (path, answer.status)
            problems |= at_both_widths(page, prefix + path)
    return problems


def told(problems: dict[str, list[str]]) -> str:
    return "\n".join(f"{path}: {found}" for path, found in problems.items())


def of_a_follower(number: int) -> list[str]:
    """The pages of somebody who follows a theme, and still has to confirm an answer and a search."""
    given = {"email": "volger@school.example", "often": "weekly"}
    following.ask({**given, "theme": "taal-lezen"})
    asker = Asker.objects.get(email="volger@school.example")
    following.confirm(asker, [str(one.pk) for one in news.waiting(asker)])
    following.ask({**given, "answer": number})
    following.ask({**given, "q": "huiswerk in de bovenbouw", "sector": "po"})
    token = asker.follows_token
    stop = news.stop_token(asker)
    return [f"follow/confirm/{asker.confirm_follows_token}", f"follow/{token}", f"follow/stop/{stop}"]


def of_a_case_at_work() -> list[str]:
    """The pages beside a case: its triage, its search report, the saves of its text; and a source being judged."""
    new = Question.objects.filter(state="submitted").exclude(number=None)[0]
    drafted = Question.objects.filter(item__versions__state="draft", ledger__isnull=False)[0]
    entry = drafted.ledger.all()[0]
    return [
        f"desk/cases/{new.pk}/triage",
        f"desk/cases/{drafted.pk}/searches",
        f"desk/cases/{drafted.pk}/answer/versions",
        f"desk/cases/{drafted.pk}?entry={entry.pk}",
    ]


@pytest.fixture
def addresses(furnished: Any, settings: Any, tmp_path: Any) -> tuple[list[str], list[str], User]:
    """The addresses of the demo desk for visitors and for its people, and somebody who may see all."""
    settings.DATA_DIR, settings.EMBEDDING_MODEL = tmp_path, "none"
    seeding.load(quiet)
    chief = User.objects.get(groups__name="administrator")
    tracks = {
        state: Participation.objects.filter(question__state=state, kind="asked").first()
        for state in ("submitted", "assigned", "referred", "declined", "answered", "published")
    }
    number = Question.objects.filter(state="published").values_list("number", flat=True)[0]
    sheet = Version.objects.published().exclude(team_try="").values_list("item__number", flat=True)[0]
    public = [
        "",
        "search?q=huiswerk",
        "search?q=huiswerk&sector=po&year_from=2000&strength=nonsense",
        "search/numbers",
        "search?q=zonnepanelen+op+het+dak+leggen",
        "ask",
        "ask/sent",
        "ask/helped",
        f"ask/helped?answer={number}",
        "working-on",
        f"working-on/{Question.objects.shown().values_list('number', flat=True)[0]}",
        "working-on/sent",
        "confirm/again",
        f"answers/{number}",
        f"answers/{sheet}?section=source-1",
        f"answers/{sheet}/team",
        "sources/cooper-2006",
        "search?q=huiswerk&sector=ho&year_from=2025",
        "search?q=huiswekr",
        "search?sector=po",
        "themes",
        "themes/taal-lezen",
        "guide",
        "guide/teacher-po",
        *(f"guide/teacher-po/{want}" for want in WANTS),
        "privacy",
        "accessibility",
        "accounts/login/",
        "erased",
        "follow",
        f"follow?answer={number}",
        "follow/sent",
        *of_a_follower(number),
        "track",
        "track/sent",
    ]
    public += [f"track/{part.token}" for part in tracks.values() if part]
    after = FollowUp.objects.first()
    public += [f"after/{after.token}{path}" for path in ("?used=team", "/more", "/thanks", "/stop")] if after else []
    judged = Version.objects.filter(state="in_review").first()
    if judged is not None:
        outside = {"name": "Pia", "email": "pia@school.example", "kind": "practice", "language": "nl"}
        row = inviting.invite(judged.item.questions.get(), outside, by=judged.item.holder)
        inviting.say(row, {"field": "short_answer", "n": 0, "body": "Lukt dit in een kleine school?"})
        public += [f"review/{row.token}"]
    waiting = Participation.objects.filter(question__confirmed_at=None).first()
    public += [f"confirm/{waiting.confirm_token}"] if waiting else []
    cases = [
        Question.objects.filter(state=state).exclude(number=None).first()
        for state in ("submitted", "triaged", "assigned", "answered", "published", "referred", "merged", "declined")
    ]
    staff = [
        "desk",
        "desk?tab=all",
        "desk?tab=open&sector=po&q=leerlingen&age=1",
        "desk/views",
        f"desk/views/{SavedView.objects.get_or_create(owner=chief, name='Open', query={'view': 'open'})[0].pk}",
        "desk/me",
        "desk/brokers",
        "desk/notices",
        "desk/after",
        "desk/insight",
        "desk/insight?from=2026-01-01&to=2026-03-31",
        "desk/mail-preview",
        "desk/mail-preview/confirm/nl",
        "desk/texts",
        "desk/texts/new",
        f"desk/texts/{ReadyText.objects.values_list('pk', flat=True)[0]}",
        "desk/criteria",
        f"desk/criteria/{Criterion.objects.values_list('pk', flat=True)[0]}",
        f"desk/brokers/{User.objects.filter(broker__isnull=False)[0].pk}",
        "desk/themes",
        "desk/themes/taal-lezen",
        "desk/guide-numbers",
        *(f"desk/cases/{case.pk}" for case in cases if case),
        *(f"desk/cases/{case.pk}" for case in Question.objects.filter(item__versions=judged)),
        *of_a_case_at_work(),
    ]
    return public, staff, chief


@pytest.mark.skipif("SCREENSHOTS" not in os.environ, reason="pictures are only taken by `make screenshots`")
@pytest.mark.parametrize("width", [320, 1280])
def test_the_ten_main_pages_have_their_pictures(
    opened: Opened, addresses: tuple[list[str], list[str], User], width: int
) -> None:
    public, staff, chief = addresses

    def first(start: str, paths: list[str]) -> str:
        return next(path for path in paths if path.startswith(start))

    mine = Participation.objects.filter(question__state="assigned", question__agreement="", kind="asked").first()
    assert mine is not None
    sheet = first("answers/", [path for path in public if path.endswith("/team")])
    where = {
        "search": "search?q=huiswerk",
        "answer": sheet.removesuffix("/team"),
        "team": sheet,
        "theme": "themes/taal-lezen",
        "track": f"track/{mine.token}",
        "desk": "desk?tab=open",
        "case": first("desk/cases/", staff),
    }
    visitor, worker = opened(width=width), opened(chief, width=width)
    for n, name in enumerate(MAIN, 1):
        page = worker if name in ("desk", "case") else visitor
        for language, prefix in (("nl", "/"), ("en", "/en/")):
            answer = page.goto(prefix + where.get(name, "" if name == "home" else name))
            assert answer is not None
            assert answer.status == 200, name
            picture_of_main(page, n, name, language, width)


def test_pages_fit_and_are_accessible(opened: Opened, addresses: tuple[list[str], list[str], User]) -> None:
    public, staff, chief = addresses
    drafted = Version.objects.filter(state="draft", item__questions__ledger__isnull=False)[0].item
    problems = visit(opened(), public) | visit(opened(chief), staff)
    problems |= visit(opened(drafted.holder), [f"desk/cases/{drafted.questions.get().pk}"])  # with the editor
    assert problems == {}, told(problems)


EMPTY = [
    "",
    "search",
    "search?q=huiswerk",
    "search?sector=po",
    "themes",
    "working-on",
    "guide/teacher-po/find",
    "follow",
]
EMPTY_DESK = ["desk", "desk?tab=all", "desk/views", "desk/insight", "desk/after", "desk/themes", "desk/guide-numbers"]
GONE = [
    "niet-hier",
    "answers/9999",
    f"track/{'x' * 40}",
    f"confirm/{'x' * 40}",
    f"review/{'x' * 40}",
    "follow/confirm/x",
]


def test_a_desk_without_anything_fits_and_is_accessible(opened: Opened, administrator: User, settings: Any) -> None:
    settings.EMBEDDING_MODEL = "none"
    problems = visit(opened(), EMPTY) | visit(opened(), GONE, 404) | visit(opened(administrator), EMPTY_DESK)
    assert problems == {}, told(problems)


# Where a form stands, and the field by which its button is found. All are sent as they are, or with something wrong.
WRONG: list[tuple[str, str, dict[str, str]]] = [
    ("working-on/{shown}", "main form", {"email": "geen adres"}),
    ("confirm/again", "main form", {"email": "geen adres"}),
    ("track", "main form", {"email": "geen adres"}),
    ("follow?answer={number}", "main form", {"email": "geen adres"}),
    ("answers/{number}", "#feedback", {"missing": "Meer voorbeelden."}),
    ("answers/{number}?section=gap", "#correction form", {}),
    ("track/{agree}", "#agree form", {"articulated": "te lang " * 60}),
    ("track/{agree}", "#dialogue form", {}),
    ("track/{respond}", "#helps form", {"why": "Meer voorbeelden."}),
    ("after/{after}", "main form", {}),
    ("after/{after}/more", "main form", {"words": "Bel 06-12345678"}),
    ("accounts/login/", "main form", {"login": "geen adres"}),
]
WRONG_DESK: list[tuple[str, str, dict[str, str]]] = [
    ("desk/cases/{case}", "#dialogue form", {}),
    ("desk/cases/{case}", "form[action$='/do/propose']", {}),
    ("desk/cases/{agreed}", "#answer-form", {"team_questions": "a\nb\nc\nd"}),
    ("desk/cases/{agreed}", "#write-search form", {"terms": "huiswerk"}),
    ("desk", "#together", {"why": "Vakantie."}),
    ("desk", "#keep form", {"name": "Bel 06-12345678"}),
    ("desk/themes/lezen", "main form", {"text_nl": "Bel 06-12345678"}),
]


def send_wrong(page: Any, forms: Iterable[tuple[str, str, dict[str, str]]], names: dict[str, Any]) -> dict[str, Any]:
    """Each form sent wrong: it says so and where, and what was typed stands there still."""
    problems: dict[str, list[str]] = {}
    page.add_init_script(AXE_SCRIPT)
    for path, form, typed in forms:
        for prefix in languages(path + form):
            page.goto(prefix + path.format(**names))
            for name, value in typed.items():
                page.eval_on_selector(f"{form} [name={name}]", "(box, value) => { box.value = value; }", value)
            with page.expect_navigation():
                page.eval_on_selector(f"{form} button:last-of-type:not([data-insert])", "button => button.click()")
            assert page.locator("#problem, .errorlist, [role=alert]").count(), (path, form)
            for name, value in typed.items():
                assert page.locator(f"{form} [name={name}]").input_value() == value, (path, name)
            problems |= at_both_widths(page, f"{prefix}{path} {form} wrong")
    return problems


def test_forms_with_something_wrong_fit_and_are_accessible(opened: Opened, settings: Any) -> None:
    settings.EMBEDDING_MODEL = "none"
    desk = factories.Desk()
    agree, respond = factories.proposed(desk), factories.answered(desk)
    respond.events.filter(name="answer").update(at=timezone.now() - timedelta(weeks=6, hours=1))
    afterwards.ask()
    Theme.objects.create(slug="lezen", label_nl="Lezen", label_en="Reading")
    names = {
        "number": factories.item(factories.published(desk)).number,
        "shown": factories.shown(desk).number,
        "agree": factories.asker(agree).token,
        "respond": factories.asker(respond).token,
        "after": FollowUp.objects.get().token,
        "case": factories.assigned(desk).pk,
        "agreed": factories.agreed(desk).pk,
    }
    broker, editor = opened(desk.broker), opened(desk.editor)
    problems = send_wrong(opened(), WRONG, names)
    problems |= send_wrong(broker, WRONG_DESK[:-1], names) | send_wrong(editor, WRONG_DESK[-1:], names)
    assert problems == {}, told(problems)


def test_the_outcomes_of_triage_fit_with_their_mail_and_with_what_is_missing(opened: Opened, settings: Any) -> None:
    settings.EMBEDDING_MODEL = "none"
    question, coordinator = factories.submitted(), factories.Desk().coordinator
    page, problems = opened(coordinator), {}
    page.add_init_script(AXE_SCRIPT)
    for prefix in languages("desk/cases/triage"):
        path = f"{prefix}desk/cases/{question.pk}/triage"
        page.goto(path)
        page.evaluate("document.querySelectorAll('#outcome details').forEach((one) => { one.open = true; })")
        problems |= at_both_widths(page, f"{path} open")
        page.click("#refer [name=go][value='look:refer']")
        assert page.locator("#refer .errorlist").count()
        problems |= at_both_widths(page, f"{path} wrong")
        page.locator("#decline").evaluate("one => { one.open = true; }")
        page.fill("[name=decline-why]", "Dit is een vraag over de wet.")
        page.fill("[name=decline-alternative]", "De helpdesk van de overheid.")
        page.click("#decline [name=go][value='look:decline']")
        assert page.locator("#decline pre.letter").count()
        problems |= at_both_widths(page, f"{path} mail")
    assert problems == {}, told(problems)
