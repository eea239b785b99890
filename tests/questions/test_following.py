"""Nobody gets mail that their mailbox has not asked for, and everybody can stop it."""

import email
import email.policy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from evidence.models import Theme
from questions import following, mail, news, privacy, retention, tasks
from questions.models import Asker, Follow, Letter, Tally
from questions.refusals import TooMany
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db
ADDRESS = "volger@school.example"


@pytest.fixture
def theme() -> Theme:
    return Theme.objects.create(slug="lezen", label_nl="Lezen", label_en="Reading")


def asking(**more: Any) -> dict[str, Any]:
    return {"email": ADDRESS, "often": "weekly", **more}


def confirmed(**more: Any) -> Follow:
    following.ask(asking(**more))
    asker = Asker.objects.get(email=more.get("email", ADDRESS))
    rows = [str(one.pk) for one in news.waiting(asker)]
    assert following.confirm(asker, rows) == len(rows)
    return asker.follows.order_by("-created_at").first()


def posted(folder: Path) -> list[Any]:
    """The mail that went out, the oldest first."""
    mail.deliver()
    files = sorted(folder.glob("*"), key=lambda path: path.stat().st_mtime_ns) if folder.exists() else []
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]


def plain(letter: Any) -> str:
    return str(letter.get_body(preferencelist=("plain",)).get_content())


# --- Beginning ------------------------------------------------------------------------------------


def test_nothing_is_followed_before_the_mailbox_says_so(theme: Theme, mail_dir: Path) -> None:
    following.ask(asking(theme="lezen"))
    follow = Follow.objects.get()
    assert (follow.theme, follow.confirmed_at) == (theme, None)
    (letter,) = posted(mail_dir)
    assert letter["To"] == ADDRESS
    text = plain(letter)
    assert "Thema: Lezen" in text
    assert following.confirm(follow.asker, [str(follow.pk)]) == 1
    follow.refresh_from_db()
    assert follow.confirmed_at
    assert follow.due_at > timezone.now()


def test_a_search_is_kept_as_the_search_page_writes_it(theme: Theme) -> None:
    following.ask(asking(q="  stil   lezen ", sector="po", theme="lezen", year_from="2010"))
    follow = Follow.objects.get()
    assert follow.search == "q=stil+lezen&sector=po&theme=lezen&year_from=2010"
    assert follow.theme is None
    name = news.name(follow)
    assert "“stil lezen”" in name
    assert "Lezen" in name
    with translation.override("en"):
        assert "Reading" in news.name(follow)
        assert news.path(follow) == f"/en/search?{follow.search}"


def test_asking_twice_is_following_once_and_writes_one_letter(theme: Theme) -> None:
    item = factories.item(factories.published())
    for _n in range(2):
        for more in ({"theme": "lezen"}, {"answer": item.number}, {"q": "lezen"}):
            following.ask(asking(**more, email=ADDRESS.upper()))
    assert Follow.objects.count() == 3
    assert Letter.objects.filter(kind="follow_confirm").count() == 1, "one letter for all that waits"


def test_a_second_letter_to_an_address_waits_an_hour(theme: Theme, mail_dir: Path) -> None:
    following.ask(asking(theme="lezen"))
    assert len(posted(mail_dir)) == 1
    following.ask(asking(q="lezen"))
    assert len(posted(mail_dir)) == 1
    later = Letter.objects.get(sent_at=None)
    assert later.due_at > timezone.now() + timedelta(minutes=59)
    Letter.objects.update(due_at=timezone.now())
    assert "“lezen”" in plain(posted(mail_dir)[-1])


def test_who_types_the_address_of_a_follower_changes_nothing_of_theirs(theme: Theme, mail_dir: Path) -> None:
    follow = confirmed(theme="lezen", often="monthly")
    Letter.objects.all().delete()
    with translation.override("en"):
        following.ask(asking(theme="lezen", often="weekly"))
    follow.refresh_from_db()
    assert (follow.often, follow.language) == ("monthly", "nl")
    assert Follow.objects.count() == 1
    (letter,) = posted(mail_dir)
    assert letter["Subject"] == "You follow this already"
    assert "/follow/confirm/" not in plain(letter)


def test_a_stranger_chooses_no_words_for_the_mail(mail_dir: Path) -> None:
    following.ask(asking(q="win nu op www.koopjes.example een prijs"))
    (letter,) = posted(mail_dir)
    assert "koopjes" not in plain(letter)


def test_only_what_was_chosen_is_followed_and_only_what_is_theirs(theme: Theme) -> None:
    following.ask(asking(theme="lezen"))
    following.ask(asking(q="lezen"))
    following.ask(asking(q="rekenen", email="ander@school.example"))
    mine, other = Follow.objects.get(theme=theme), Follow.objects.get(search="q=rekenen")
    assert following.confirm(mine.asker, [str(mine.pk), str(other.pk), "onzin"]) == 1
    assert [one.pk for one in Follow.objects.exclude(confirmed_at=None)] == [mine.pk]
    assert following.confirm(mine.asker, [str(mine.pk)]) == 0, "twice is once"
    with pytest.raises(ValidationError):
        following.confirm(mine.asker, [])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({}, ""),
        ({"theme": "bestaat-niet"}, ""),
        ({"q": "a" * 10_000}, "q"),
        ({"q": "le\x00zen"}, "q"),
        ({"q": "lezen", "sector": "mars"}, "sector"),
        ({"q": "lezen", "year_from": "2020", "year_to": "2010"}, "year_to"),
        ({"answer": 999_999}, "answer"),
        ({"q": "lezen", "often": "at_once"}, "often"),
        ({"theme": "lezen", "often": "at_once"}, "often"),
        ({"theme": "lezen", "email": "geen adres"}, "email"),
        ({"theme": "lezen", "extra": "x"}, "extra"),
    ],
)
def test_what_cannot_be_followed_is_refused_and_stores_nothing(theme: Theme, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        following.ask(asking(**wrong))
    assert set(caught.value.message_dict) == {field or "non_field_errors"}
    assert not Asker.objects.exists()


def test_long_words_of_many_bytes_can_be_followed() -> None:
    following.ask(asking(q="漢" * 300))
    following.ask(asking(q="漢" * 300))
    assert "漢" * 300 in news.name(Follow.objects.get())


def test_an_answer_that_was_taken_back_or_is_not_public_cannot_be_followed() -> None:
    for case in (factories.retracted(), factories.answered()):
        with pytest.raises(ValidationError):
            following.ask(asking(answer=factories.item(case).number))


def test_an_address_and_a_network_have_a_limit(theme: Theme, settings: Any) -> None:
    settings.FOLLOWS_PER_ADDRESS_A_DAY = 2
    for n in range(2):
        following.ask(asking(q=f"lezen {n}"), network=f"192.0.{n}.1")
    with pytest.raises(TooMany):
        following.ask(asking(q="nog een"), network="192.0.9.1")
    settings.FOLLOWS_PER_NETWORK_AN_HOUR = 1
    following.ask(asking(q="x1", email="a@school.example"), network="198.51.100.7")
    with pytest.raises(TooMany):
        following.ask(asking(q="x2", email="b@school.example"), network="198.51.100.9")
    assert not Asker.objects.filter(email="b@school.example").exists()


def test_a_stranger_cannot_fill_the_page_of_somebody(settings: Any) -> None:
    settings.FOLLOWS_PER_ADDRESS_A_DAY = 100
    kept = confirmed(q="van mij")
    for n in range(following.WAITING + 3):
        following.ask(asking(q=f"zoek {n}"))
    waiting = [one.search for one in news.waiting(kept.asker)]
    assert len(waiting) == following.WAITING
    assert waiting[0] == f"q=zoek+{n}"
    assert Follow.objects.count() == following.WAITING + 1


# --- Links ------------------------------------------------------------------------------------------


def test_links_hold_no_address_and_forged_or_old_ones_open_nothing(monkeypatch: Any) -> None:
    follow = confirmed(q="lezen")
    asker = follow.asker
    tokens = [asker.follows_token, asker.confirm_follows_token, news.stop_token(follow), news.stop_token(asker)]
    assert len(set(tokens)) == 4
    assert not [token for token in tokens if "volger" in token or "school" in token]
    assert Asker.of_follows_token(asker.follows_token) == asker
    assert Asker.of_confirm_follows_token(asker.confirm_follows_token) == asker
    for token in (*tokens[2:], tokens[1], tokens[0][:-1] + "!", "x", "", f"{asker.pk.hex}:x", "a\x00b"):
        assert Asker.of_follows_token(token) is None
    for token in (tokens[0], tokens[1], "all-x", tokens[2].replace("one", "all"), ""):
        assert news.of_stop_token(token) is None
    old = asker.confirm_follows_token
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 8 * 24 * 3600)
    assert Asker.of_confirm_follows_token(old) is None


def test_links_outlive_a_change_of_the_key(settings: Any) -> None:
    follow = confirmed(q="lezen")
    token, stop = follow.asker.follows_token, news.stop_token(follow)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert Asker.of_follows_token(token) == follow.asker
    assert list(news.of_stop_token(stop) or []) == [follow]


# --- Stopping and forgetting ------------------------------------------------------------------------------


def test_stopping_one_leaves_the_others_and_stopping_the_last_forgets_the_address(theme: Theme) -> None:
    first = confirmed(theme="lezen")
    second = confirmed(q="lezen")
    asker = first.asker
    for _n in range(2):
        rows = news.of_stop_token(news.stop_token(first))
        assert rows is not None
        following.stop(rows)
        assert list(asker.follows.all()) == [second]
    rows = news.of_stop_token(news.stop_token(asker))
    assert rows is not None
    following.stop(rows)
    assert not Asker.objects.exists()
    assert not Letter.objects.exists()


def test_an_address_that_also_asked_stays_for_its_question() -> None:
    question = factories.submitted(email=ADDRESS)
    follow = confirmed(q="lezen")
    following.stop(Follow.objects.filter(pk=follow.pk))
    assert factories.asker(question).asker.email == ADDRESS


def test_changing_how_often_moves_the_next_digest() -> None:
    follow = confirmed(q="lezen", often="weekly")
    following.change(follow, {"often": "monthly"})
    changed = Follow.objects.get()
    assert changed.often == "monthly"
    assert changed.due_at >= follow.due_at
    with pytest.raises(ValidationError):
        following.change(follow, {"often": "at_once"})
    with pytest.raises(ValidationError):
        following.change(follow, {"often": "hourly"})
    assert Follow.objects.get().often == "monthly"


def test_what_nobody_confirmed_is_forgotten_after_eight_days_with_its_address(theme: Theme) -> None:
    following.ask(asking(theme="lezen"))
    kept = confirmed(q="lezen", email="blijft@school.example")
    following.ask(asking(q="rekenen", email="blijft@school.example"))
    Follow.objects.update(created_at=timezone.now() - timedelta(days=9))
    following.ask(asking(q="nieuw", email="nieuw@school.example"))
    tasks.housekeeping()
    assert set(Asker.objects.values_list("email", flat=True)) == {"blijft@school.example", "nieuw@school.example"}
    assert list(kept.asker.follows.all()) == [kept]


def test_an_unconfirmed_question_takes_no_follower_with_it() -> None:
    question = factories.unconfirmed(email=ADDRESS)
    confirmed(q="lezen")
    type(question).objects.update(created_at=timezone.now() - timedelta(days=9))
    retention.forget_unconfirmed()
    assert Asker.objects.get().follows.count() == 1


def test_what_was_told_is_forgotten_after_a_year() -> None:
    asker = confirmed(q="lezen").asker
    Letter.objects.all().delete()
    for days in (10, 400):
        Letter.objects.create(
            asker=asker, kind="digest", content={"sections": []}, sent_at=timezone.now() - timedelta(days=days)
        )
    retention.forget_follows()
    assert Letter.objects.count() == 1


def test_the_export_holds_what_is_followed_and_erasing_takes_all_of_it(theme: Theme) -> None:
    follow = confirmed(theme="lezen")
    confirmed(q="lezen", sector="po")
    told = privacy.export(follow.asker)
    assert [(one["theme"], one["search"]) for one in told["follows"]] == [("lezen", None), (None, "q=lezen&sector=po")]
    assert told["letters"][0]["kind"] == "follow_confirm"
    privacy.erase(follow.asker)
    assert not Asker.objects.exists()
    assert not Follow.objects.exists()
    assert not Letter.objects.exists()


def test_what_people_do_is_counted_without_their_names(theme: Theme) -> None:
    follow = confirmed(theme="lezen")
    following.stop(Follow.objects.filter(pk=follow.pk))
    counted = dict(Tally.objects.values_list("name", "count"))
    assert counted == {"follow.asked": 1, "follow.confirmed": 1, "follow.stopped": 1}


@pytest.mark.django_db(transaction=True)
def test_asking_confirming_and_stopping_at_once_never_fails(settings: Any) -> None:
    settings.FOLLOWS_PER_ADDRESS_A_DAY = 100

    def ask() -> None:
        following.ask(asking(q="lezen"), network="192.0.2.1")

    def stop() -> None:
        following.stop(Follow.objects.filter(asker__email=ADDRESS))

    def confirm() -> None:
        for row in Follow.objects.select_related("asker"):
            following.confirm(row.asker, [str(row.pk)])

    for _round in range(4):
        results = at_once([ask, stop, ask, confirm, stop, ask])
        assert [one for one in results if isinstance(one, Exception)] == []
    ask()
    assert Follow.objects.count() == 1
    assert Letter.objects.filter(kind="follow_confirm", sent_at=None).count() == 1
