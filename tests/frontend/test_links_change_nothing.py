"""Opening an address changes nothing, whatever it is and whoever opens it; a secret opens one kind of page."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from django.utils import timezone

from evidence.models import Theme
from questions import afterwards, following, inviting, joining, news, reporting, reviewing, searchlog
from questions.models import Asker, FollowUp, Letter, Participation, SavedView
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
NETWORK = "198.51.100.7"
ADDRESS = "volger@school.example"
# Sessions hold who is logged in; nothing of the desk.
PASSING = {"django_session", "account_emailconfirmation"}


def fingerprint() -> dict[str, str]:
    """Every table of ours, in a few signs."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - PASSING
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(row::text, ' ' ORDER BY row::text), '')) FROM \"{table}\" AS row"
            )
            found[table] = cursor.fetchone()[0]
    return found


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


@pytest.fixture
def tokens(team: factories.Desk) -> dict[str, str]:
    """A good secret of every kind."""
    Theme.objects.create(slug="lezen", label_nl="Lezen")
    question = factories.answered(team)
    question.events.filter(name="answer").update(at=timezone.now() - timedelta(weeks=6))
    afterwards.ask()
    following.ask({"email": ADDRESS, "theme": "lezen", "often": "weekly"}, network=NETWORK)
    asker = Asker.objects.get(email=ADDRESS)
    part = factories.asker(question)
    waiting = joining.me_too(factories.shown(), {"email": "ook@school.example"}, network=NETWORK)
    reviewed = factories.in_review(team)
    outside = {"name": "Pia", "email": "pia@school.example", "kind": "practice", "language": "nl"}
    return {
        "review": inviting.invite(reviewed, outside, by=team.broker).token,
        "track": part.mailed_token,
        "typed": part.token,
        "confirm": factories.asker(factories.unconfirmed()).confirm_token,
        "waiting": waiting.confirm_token,
        "after": FollowUp.objects.get().token,
        "mail-stop": part.stop_token,
        "follow-confirm": asker.confirm_follows_token,
        "follows": asker.follows_token,
        "follow-stop": news.stop_token(asker),
        "reply": Letter.objects.filter(participation=part).first().reply_token,  # type: ignore[union-attr]
    }


# Which secret opens which address.
OPENS = {
    "track": ("track", "typed"),
    "confirm": ("confirm", "waiting"),
    "after": ("after",),
    "mail-stop": ("mail-stop",),
    "follow-confirm": ("follow-confirm",),
    "follow-stop": ("follow-stop",),
    "follows": ("follows",),
    "review": ("review",),
}
ALSO = {
    "review": ("review-remark", "review-drop", "review-judge", "review-export", "review-erase"),
    "track": ("track-move", "track-message", "track-withdraw", "track-erase", "track-export", "track-export-page"),
    "after": ("after-more", "after-thanks", "after-stop"),
    "follows": ("follows-export",),
}
MORE: dict[str, dict[str, Any]] = {"track-move": {"name": "withdraw"}, "review-drop": {"remark": 1}}
PAGES = {page: kind for kind in OPENS for page in (kind, *ALSO.get(kind, ()))}


def names(patterns: list[Any], inside: str = "") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLPattern):
            if one.name:
                yield f"{inside}{one.name}"
        else:
            here = f"{inside}{one.namespace}:" if one.namespace else inside
            yield from names(one.url_patterns, here)


def addresses(given: dict[str, Any], secrets: dict[str, str]) -> list[str]:
    """Every address that the desk has, filled in with what exists."""
    found, left = [], []
    for name in dict.fromkeys(names(get_resolver().url_patterns)):
        secret = secrets.get(PAGES.get(name, ""), "none")
        for keys in ((), ("pk",), *WAYS):
            try:
                here = {**given, "token": secret, "name": "agree" if name == "track-move" else "claim"}
                found.append(reverse(name, kwargs={key: here[key] for key in keys}))
                break
            except NoReverseMatch:
                continue
        else:
            left.append(name)
    assert [name for name in left if name in PAGES or ":" not in name] == []
    return found


WAYS = [
    tuple(way.split())
    for way in [
        "token",
        "token name",
        "person",
        "number",
        "number slug",
        "number form",
        "slug",
        "key",
        "who",
        "who want",
        "kind language",
        "pk name",
        "pk remark",
        "pk invitation",
        "token remark",
        "pk correction",
        "pk entry",
        "view",
        "uidb36 key",
        "object_id",
        "app_label",
        "content_type_id object_id",
        "url",
        "path",
        "table",
        "idempotent",
        "pk number",
        "type pk",
        "provider",
    ]
]


def test_opening_any_address_with_a_good_secret_changes_nothing(
    browser: Any, team: factories.Desk, tokens: dict[str, str]
) -> None:
    item = factories.item(factories.published(team))
    version = item.living()
    assert version is not None
    case = factories.agreed(team)
    correction = reporting.mistake(version, {"what": "Dit klopt niet."}, network=NETWORK)
    judged = factories.working(factories.in_review(team))
    remark = reviewing.say(judged, {"field": "short_answer", "n": 0, "body": "Waarom?"}, by=team.reviewer)
    given: dict[str, Any] = {
        "pk": case.pk,
        "person": team.broker.pk if team.broker else 0,
        "number": item.number,
        "slug": "lezen",
        "form": "ris",
        "key": factories.source().key,
        "who": "parent",
        "want": "find",
        "kind": "digest",
        "language": "nl",
        "correction": correction.pk,
        "view": SavedView.objects.create(owner=team.coordinator, name="Mijn").pk,
        "remark": remark.pk,
        "entry": searchlog.log(case, {"place": "ERIC", "terms": "lezen"}, by=team.broker).pk,
        "invitation": case.pk,
        "uidb36": "1",
        "object_id": "1",
        "app_label": "questions",
        "content_type_id": 1,
        "url": "x",
        "path": "x",
        "table": "times",
    }
    paths = addresses(given, tokens)
    assert len(paths) > 70
    people = [team.coordinator, factories.staff("administrator")]
    for user in people:
        assert user is not None
        user.set_password("een lang wachtwoord")
        user.save()
    for client in (browser(), *map(browser, people)):
        before = fingerprint()
        for path in paths:
            for ask in (client.get, client.head):
                response = ask(path, headers={"Sec-Purpose": "prefetch", "User-Agent": "Mozilla/5.0"})
                assert response.status_code < 500, path
        after = fingerprint()
        assert {table for table in before if before[table] != after[table]} == set()


def test_a_secret_of_one_kind_opens_no_page_of_another(browser: Any, tokens: dict[str, str]) -> None:
    before = fingerprint()
    for page, kind in PAGES.items():
        for other, secret in tokens.items():
            if other in OPENS[kind]:
                continue
            path = reverse(page, kwargs={"token": secret, **MORE.get(page, {})})
            for ask in (browser().get, browser().post):
                response = ask(path)
                assert response.status_code in (404, 405), (page, other)
    assert fingerprint() == before


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_forged_or_broken_secret_opens_nothing(browser: Any, tokens: dict[str, str], page: str) -> None:
    secret = tokens[PAGES[page]]
    for forged in (secret[:-1], secret + "A", secret.swapcase(), "x", "a:b:c", "%00", "é", "x" * 500, secret + "\n"):
        path = reverse(page, kwargs={"token": forged, **MORE.get(page, {})})
        assert browser().get(path).status_code in (404, 405), forged
        assert browser().post(path).status_code in (404, 405), forged


def test_the_one_click_of_a_mail_program_needs_no_cookie_and_no_page(browser: Any, tokens: dict[str, str]) -> None:
    machine = {"enforce_csrf_checks": True}
    body = {"List-Unsubscribe": "One-Click"}
    for page in ("mail-stop", "follow-stop"):
        response = browser(**machine).post(reverse(page, args=[tokens[page]]), body)
        assert (response.status_code, response.cookies.keys() & {"csrftoken"}) == (200, set())
    assert Participation.objects.exclude(mail_stopped_at=None).count() == 1
    assert not Asker.objects.filter(email=ADDRESS).exists()
    assert browser(**machine).post(reverse("follow-stop", args=[tokens["follow-stop"]]), body).status_code == 200
