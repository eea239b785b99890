"""Following from the pages: opening a link changes nothing, and nobody learns who follows what."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evidence.models import Theme
from questions import following, news
from questions.models import Asker, Follow, Letter
from tests import factories
from tests.frontend.test_every_page_loads import check, inline

pytestmark = pytest.mark.django_db
ADDRESS = "volger@school.example"


@pytest.fixture
def theme() -> Theme:
    return Theme.objects.create(slug="lezen", label_nl="Lezen", label_en="Reading")


def sending(**more: Any) -> dict[str, Any]:
    return {"email": ADDRESS, "often": "weekly", **more}


def follower(*whats: dict[str, Any]) -> Asker:
    for what in whats or ({"q": "lezen"},):
        following.ask(sending(**what))
    asker = Asker.objects.get(email=ADDRESS)
    following.confirm(asker, [str(one.pk) for one in news.waiting(asker)])
    return asker


def links(response: Any) -> str:
    return str(response.content.decode())


# --- Asking ----------------------------------------------------------------------------------------


def test_search_theme_and_answer_lead_to_the_page_that_follows_them(browser: Any, theme: Theme) -> None:
    item = factories.item(factories.published())
    assert 'href="/follow?q=lezen&amp;sector=po"' in links(browser().get("/search?q=lezen&sector=po&strength=onzin"))
    assert 'href="/follow?theme=lezen"' in links(browser().get("/themes/lezen"))
    where = f"/answers/{item.number}/{item.slug}"
    assert f'href="/follow?answer={item.number}"' in links(browser().get(where))
    long = "lezen " * 60
    assert "/follow?" not in links(browser().get("/search", {"q": long}))


def test_an_answer_that_was_taken_back_offers_nothing_to_follow(browser: Any) -> None:
    item = factories.item(factories.retracted())
    assert "/follow?" not in links(browser().get(f"/answers/{item.number}/{item.slug}"))
    assert browser().get(f"/follow?answer={item.number}").status_code == 404


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_page_names_what_is_followed_and_the_feed_that_needs_no_address(
    browser: Any, theme: Theme, language: str
) -> None:
    item = factories.item(factories.published())
    feeds = {
        "theme=lezen": f"{language}/search/feed?theme=lezen",
        f"answer={item.number}": f"{language}/search/feed",
        "q=stil+lezen&sector=po": f"{language}/search/feed?q=stil+lezen&amp;sector=po",
    }
    for asked, feed in feeds.items():
        response = browser().get(f"{language}/follow?{asked}")
        check(response)
        assert f'href="{feed}"' in links(response)
        assert ('value="at_once"' in links(response)) == asked.startswith("answer")
    check(browser().get(f"{language}/follow"))
    check(browser().get(f"{language}/follow/sent"))


@pytest.mark.parametrize("asked", ["theme=niet", "answer=99999", "answer=x", "answer=" + "9" * 5000])
def test_what_is_not_there_cannot_be_followed(browser: Any, asked: str) -> None:
    assert browser().get(f"/follow?{asked}").status_code == 404


@pytest.mark.parametrize("words", ["a" * 10_000, "a\x00b", "<script>alert(1)</script>", "%%%(n)s{{7*7}}", "'\"; --"])
def test_hostile_searches_are_shown_harmless_or_refused(browser: Any, words: str, mail_dir: Any) -> None:
    response = browser().get("/follow", {"q": words})
    assert response.status_code in (200, 400)
    assert "<script>alert" not in links(response)
    assert inline(links(response)) == []
    sent = browser().post("/follow", sending(q=words))
    assert sent.status_code in (302, 400)
    if sent.status_code == 302:
        asker = Asker.objects.get()
        shown = links(browser().get(f"/follow/confirm/{asker.confirm_follows_token}"))
        assert "<script>alert" not in shown
        following.confirm(asker, [str(Follow.objects.get().pk)])
        page = browser().get(f"/follow/{asker.follows_token}")
        check(page)
        assert "<script>alert" not in links(page)
    else:
        assert not Asker.objects.exists()


def test_a_known_and_an_unknown_address_get_the_same_reply(browser: Any, theme: Theme) -> None:
    follower({"theme": "lezen"})
    replies = [
        browser().post("/follow", sending(theme="lezen", email=one)) for one in (ADDRESS, "nieuw@school.example")
    ]
    assert {(reply.status_code, reply["Location"]) for reply in replies} == {(302, "/follow/sent")}
    assert "school.example" not in links(browser().get("/follow/sent"))


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(browser: Any, theme: Theme) -> None:
    response = browser().post("/follow", {"email": "geen adres", "often": "monthly", "theme": "lezen"})
    assert response.status_code == 400
    page = links(response)
    assert 'value="geen adres"' in page
    assert 'name="theme" value="lezen"' in page
    assert page.count("checked") == 1
    response = browser().post("/follow", sending(often="at_once", q="lezen"))
    assert response.status_code == 400
    response = browser().post("/follow", {})
    assert response.status_code == 400
    assert not Asker.objects.exists()


def test_too_many_say_when_to_come_back(browser: Any, settings: Any) -> None:
    settings.FOLLOWS_PER_ADDRESS_A_DAY = 0
    response = browser().post("/follow", sending(q="lezen"))
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert f'value="{ADDRESS}"' in links(response)


def test_a_stranger_on_another_site_cannot_send_the_form(theme: Theme) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/follow", sending(theme="lezen")).status_code == 403
    assert not Asker.objects.exists()


# --- Confirming -----------------------------------------------------------------------------------------


def test_opening_the_link_confirms_nothing_and_the_button_does(browser: Any, theme: Theme) -> None:
    browser().post("/follow", sending(theme="lezen"))
    browser().post("/follow", sending(q="lezen"))
    asker = Asker.objects.get()
    where = f"/follow/confirm/{asker.confirm_follows_token}"
    for _n in range(2):
        response = browser().get(where)
        check(response)
        assert response["Referrer-Policy"] == "no-referrer"
        assert not Follow.objects.exclude(confirmed_at=None).exists()
    assert browser().post(where).status_code == 400
    chosen = Follow.objects.get(theme=theme)
    response = browser().post(where, {"follow": str(chosen.pk)}, follow=True)
    check(response)
    assert list(Follow.objects.exclude(confirmed_at=None)) == [chosen]
    assert "wacht nog op je bevestiging" in links(response)
    browser().post(where, {"follow": str(Follow.objects.get(confirmed_at=None).pk)})
    assert browser().get(where)["Location"] == f"/follow/{asker.follows_token}", "it did what it says, and leads on"


@pytest.mark.parametrize("token", ["x", "0" * 32 + ":a:b", "a%00b", "é"])
def test_a_forged_link_opens_nothing(browser: Any, token: str) -> None:
    follower()
    for where in (f"/follow/confirm/{token}", f"/follow/{token}", f"/follow/stop/{token}"):
        assert browser().get(where).status_code == 404
        assert browser().post(where).status_code == 404
    assert browser().get(f"/follow/{token}/export").status_code == 404
    assert Follow.objects.count() == 1


# --- What one follows, and stopping -----------------------------------------------------------------------


def test_the_page_of_a_follower_shows_all_and_changes_how_often(browser: Any, theme: Theme) -> None:
    item = factories.item(factories.published())
    asker = follower({"theme": "lezen"}, {"q": "lezen"}, {"answer": item.number, "often": "at_once"})
    where = f"/follow/{asker.follows_token}"
    response = browser().get(where)
    check(response)
    assert response["Referrer-Policy"] == "no-referrer"
    assert links(response).count("<h2><a ") == 3
    row = Follow.objects.get(theme=theme)
    assert browser().post(where, {"follow": str(row.pk), "often": "monthly"}).status_code == 302
    assert Follow.objects.get(theme=theme).often == "monthly"
    assert browser().post(where, {"follow": str(row.pk), "often": "at_once"}).status_code == 400
    for wrong in ("", "x", "0" * 32):
        assert browser().post(where, {"follow": wrong, "often": "weekly"}).status_code == 404
    following.ask(sending(q="van een ander", email="ander@school.example"))
    other = Follow.objects.get(asker__email="ander@school.example")
    assert browser().post(where, {"follow": str(other.pk), "often": "monthly"}).status_code == 404


def test_one_click_in_a_mail_program_stops_without_a_page_of_ours() -> None:
    asker = follower({"q": "lezen"}, {"q": "rekenen"})
    one = Follow.objects.get(search="q=rekenen")
    client = Client(enforce_csrf_checks=True)  # as a mail program does: no cookie, no token, no redirect
    for _n in range(2):
        response = client.post(f"/follow/stop/{news.stop_token(one)}", {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
        assert [row.search for row in Follow.objects.all()] == ["q=lezen"]
    every = news.stop_token(asker)
    for _n in range(2):
        assert client.post(f"/en/follow/stop/{every}", {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert not Asker.objects.exists()


def test_opening_the_link_that_stops_only_asks(browser: Any) -> None:
    asker = follower({"q": "lezen"}, {"q": "rekenen"})
    one = Follow.objects.get(search="q=rekenen")
    response = browser().get(f"/follow/stop/{news.stop_token(one)}")
    check(response)
    assert "“rekenen”" in links(response)
    assert "“lezen”" not in links(response)
    assert f"/follow/stop/{news.stop_token(asker)}" in links(response)
    assert Follow.objects.count() == 2
    following.stop(Follow.objects.filter(pk=one.pk))
    check(browser().get(f"/follow/stop/{news.stop_token(one)}"))


def test_a_digest_that_was_passed_on_opens_no_question(browser: Any) -> None:
    question = factories.submitted(email=ADDRESS)
    asker = follower()
    told = browser().get(f"/follow/{asker.follows_token}/export").json()
    assert (told["email"], len(told["follows"])) == (ADDRESS, 1)
    assert factories.TEXT not in str(told)
    assert browser().get(f"/track/{asker.follows_token}").status_code == 404
    browser().post(f"/follow/stop/{news.stop_token(asker)}")
    assert factories.asker(question).asker == asker
    assert browser().get(f"/track/{factories.asker(question).mailed_token}").status_code == 200
    assert not Letter.objects.exclude(asker=None).exists(), "what was told goes with the last follow"


def test_who_asked_takes_and_erases_what_they_follow_with_the_rest(browser: Any) -> None:
    question = factories.submitted(email=ADDRESS)
    token = follower().follows_token
    track = f"/track/{factories.asker(question).mailed_token}"
    told = browser().get(f"{track}/export").json()
    assert (len(told["questions"]), len(told["follows"])) == (1, 1)
    browser().post(f"{track}/erase")
    assert not Follow.objects.exists()
    assert browser().get(f"/follow/{token}").status_code == 404


def test_a_link_to_confirm_that_ran_out_says_what_to_do(browser: Any) -> None:
    browser().post("/follow", sending(q="lezen"))
    token = Asker.objects.get().confirm_follows_token
    Follow.objects.update(created_at=timezone.now() - timedelta(days=9))
    following.stop(Follow.objects.all())
    response = browser().get(f"/follow/confirm/{token}")
    assert response.status_code == 404
    assert 'href="/follow"' in links(response)
