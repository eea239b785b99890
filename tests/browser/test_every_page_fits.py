"""Every page at 320 and 1280 px, in Dutch and English: no sideways scrolling, nothing axe complains of.

With SCREENSHOTS=FOLDER (`make screenshots`) a picture of each is kept there, for people to look at: the ten main
pages first, in the folder `main`, then every page.
"""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from brokers.models import User
from questions import following, news, seeding
from questions.models import Asker, FollowUp, Participation, Question, Version
from questions.wayfinding import WANTS
from tests.browser.conftest import Opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


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


def wrong_with(page: Any) -> list[str]:
    found = [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in Axe().run(page, options=RULES).response["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + ([f"{wide}px too wide"] if wide > 0 else [])


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


@pytest.fixture
def addresses(furnished: Any, settings: Any, tmp_path: Any) -> tuple[list[str], list[str], User]:
    """The addresses of the demo desk for visitors and for its people, and somebody who may see all."""
    settings.DATA_DIR = tmp_path
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
    waiting = Participation.objects.filter(question__confirmed_at=None).first()
    public += [f"confirm/{waiting.confirm_token}"] if waiting else []
    cases = [
        Question.objects.filter(state=state).exclude(number=None).first()
        for state in ("submitted", "triaged", "assigned", "answered", "published")
    ]
    staff = [
        "desk",
        "desk?tab=all",
        "desk/name",
        "desk/after",
        "desk/mail-preview",
        "desk/themes",
        "desk/themes/taal-lezen",
        "desk/guide-numbers",
        *(f"desk/cases/{case.pk}" for case in cases if case),
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


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_fit_and_are_accessible(opened: Opened, addresses: tuple[list[str], list[str], User], width: int) -> None:
    public, staff, chief = addresses
    problems: dict[str, list[str]] = {}
    for page, paths in ((opened(width=width), public), (opened(chief, width=width), staff)):
        for path in paths:
            for prefix in ("/", "/en/"):
                answer = page.goto(prefix + path)
                assert answer is not None
                assert answer.status < 400, (path, answer.status)
                picture(page, prefix + path, width)
                if found := wrong_with(page):
                    problems[prefix + path] = found
    assert problems == {}, "\n".join(f"{path}: {found}" for path, found in problems.items())
