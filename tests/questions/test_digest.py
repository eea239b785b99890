"""A digest tells what is new, once, to who asked for it; never an empty one and nothing private."""

import email
import email.policy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from evidence.models import Source, Theme
from questions import digest, following, mail, news, suggest, tasks
from questions.digest import next_after
from questions.models import Asker, Follow, Item, Letter, Question, Version
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db
ADDRESS = "volger@school.example"
TOO_LITTLE = {"strength": "insufficient", "direction": "", "gap": "Er is geen onderzoek."}


@pytest.fixture
def theme() -> Theme:
    return Theme.objects.create(slug="lezen", label_nl="Lezen", label_en="Reading")


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


def follow(address: str = ADDRESS, often: str = "weekly", **what: Any) -> Follow:
    """Somebody who follows since last week, and whose digest is due."""
    following.ask({"email": address, "often": often, **what})
    asker = Asker.objects.get(email=address)
    following.confirm(asker, [str(one.pk) for one in news.waiting(asker)])
    made = asker.follows.latest("created_at")
    Letter.objects.filter(kind="follow_confirm").delete()
    last_week(made)
    return made


def last_week(*follows: Follow) -> None:
    past = timezone.now() - timedelta(days=7)
    rows = Follow.objects.filter(pk__in=[one.pk for one in follows]) if follows else Follow.objects.all()
    rows.update(seen_until=past, due_at=timezone.now() - timedelta(hours=1))


def publish(desk: factories.Desk, theme: Theme | None = None, **texts: Any) -> Question:
    """An answer that was published two hours ago."""
    question = factories.agreed(desk)
    if theme:
        question.themes.add(theme)
    factories.write(question, desk.broker, **texts)
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    factories.move(factories.reload(question), "answer", desk.broker)
    return settle(factories.move(factories.reload(question), "publish", desk.editor))


def settle(question: Question) -> Question:
    """What was published or taken back just now was so two hours ago."""
    earlier = timezone.now() - timedelta(hours=2)
    Version.objects.filter(item=question.item, published_at__gt=earlier).update(published_at=earlier)
    Version.objects.filter(item=question.item, retracted_at__gt=earlier).update(retracted_at=earlier)
    return factories.reload(question)


def revise(desk: factories.Desk, question: Question) -> Question:
    factories.move(factories.reload(question), "revise", desk.broker, why="nieuw onderzoek")
    factories.write(question, desk.broker)
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    return settle(factories.move(factories.reload(question), "publish", desk.editor))


def told() -> list[list[str]]:
    """Of each digest its things, in order, without their ids."""
    letters = Letter.objects.filter(kind="digest").order_by("created_at")
    return [[thing for one in letter.content["sections"] for thing in one["things"]] for letter in letters]


def kinds() -> list[list[str]]:
    return [[thing.partition(":")[0] for thing in things] for things in told()]


def texts(folder: Path) -> list[Any]:
    """The digests that went out."""
    mail.deliver()
    found = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in folder.glob("*")]
    return [one for one in found if "/follow/stop/" in "".join((one["List-Unsubscribe"] or "").split())]


def plain(letter: Any) -> str:
    return str(letter.get_body(preferencelist=("plain",)).get_content())


# --- What is told ------------------------------------------------------------------------------------


def test_a_new_answer_in_a_theme_is_told_once(desk: factories.Desk, theme: Theme, mail_dir: Path) -> None:
    follow(theme="lezen")
    question = publish(desk, theme)
    publish(desk)  # of no theme
    assert digest.run() == 1
    (letter,) = texts(mail_dir)
    text = plain(letter)
    assert question.item is not None
    assert letter["To"] == ADDRESS
    assert f"/answers/{question.item.number}/{question.item.slug}" in text
    assert text.count("/answers/") == 1
    assert "Thema: Lezen" in text
    assert "?utm" not in text
    last_week()
    digest.run()
    assert len(texts(mail_dir)) == 1, "nothing new, nothing sent"


def test_what_was_published_before_somebody_followed_is_no_news(desk: factories.Desk, theme: Theme) -> None:
    publish(desk, theme)
    made = follow(theme="lezen")
    Follow.objects.update(seen_until=made.confirmed_at)
    digest.run()
    assert told() == []


def test_what_may_not_be_committed_yet_waits_for_the_next_digest(desk: factories.Desk, theme: Theme) -> None:
    follow(theme="lezen")
    question = publish(desk, theme)
    Version.objects.filter(item=question.item).update(published_at=timezone.now())
    digest.run()
    assert told() == []
    settle(question)
    Follow.objects.update(due_at=timezone.now(), seen_until=timezone.now() - timedelta(hours=3))
    digest.run()
    assert kinds() == [["answer"]]


def test_the_digest_tells_the_same_in_its_markup(desk: factories.Desk, theme: Theme, mail_dir: Path) -> None:
    follow(theme="lezen")
    question = publish(desk, theme, **TOO_LITTLE)
    assert question.item is not None
    Item.objects.filter(pk=question.item.pk).update(title="Helpt <b>stillezen</b> & voorlezen?")
    digest.run()
    (letter,) = texts(mail_dir)
    markup = letter.get_body(preferencelist=("html",)).get_content()
    assert "Helpt &lt;b&gt;stillezen&lt;/b&gt; &amp; voorlezen?" in markup
    assert f'href="http://localhost:8000/answers/{question.item.number}/{question.item.slug}"' in markup
    assert "te weinig onderzoek" in markup
    assert f"/follow/stop/{news.stop_token(Follow.objects.get())}" in markup.replace("%3A", ":")


def test_too_little_research_stands_in_words_beside_the_answer(
    desk: factories.Desk, theme: Theme, mail_dir: Path
) -> None:
    follow(theme="lezen")
    publish(desk, theme, **TOO_LITTLE)
    digest.run()
    (letter,) = texts(mail_dir)
    assert "te weinig onderzoek" in plain(letter)
    assert "niet hetzelfde als" in plain(letter)


def test_a_new_version_and_a_retraction_are_told_with_the_reason(
    desk: factories.Desk, theme: Theme, mail_dir: Path
) -> None:
    question = publish(desk, theme)
    follow(theme="lezen")
    revise(desk, question)
    digest.run()
    assert kinds() == [["answer"]]
    assert "Nieuwe versie" in plain(texts(mail_dir)[0])
    settle(factories.move(factories.reload(question), "retract", desk.editor, why="De studie is ingetrokken."))
    last_week()
    digest.run()
    assert kinds() == [["answer"], ["retracted"]]
    assert any("De studie is ingetrokken." in plain(one) for one in texts(mail_dir))


def test_published_and_taken_back_between_two_digests_is_one_line(desk: factories.Desk, theme: Theme) -> None:
    follow(theme="lezen")
    question = publish(desk, theme)
    revise(desk, question)
    settle(factories.move(factories.reload(question), "retract", desk.editor, why="fout"))
    digest.run()
    assert kinds() == [["retracted"]]


def test_taken_back_after_it_was_composed_is_told_as_taken_back(
    desk: factories.Desk, theme: Theme, mail_dir: Path
) -> None:
    follow(theme="lezen")
    question = publish(desk, theme)
    digest.run()
    factories.move(factories.reload(question), "retract", desk.editor, why="Toch niet waar.")
    (letter,) = texts(mail_dir)
    assert "Toch niet waar." in plain(letter)
    assert "Nieuw antwoord" not in plain(letter)


def test_one_thing_is_told_once_to_an_address_that_follows_it_in_three_ways(desk: factories.Desk, theme: Theme) -> None:
    question = publish(desk, theme)
    assert question.item is not None
    follow(theme="lezen")
    follow(q="stillezen begrijpend lezen")
    of_answer = follow(answer=question.item.number)
    other = follow(address="ander@school.example", theme="lezen")
    revise(desk, question)
    last_week()
    assert digest.run() == 2
    letters = Letter.objects.filter(kind="digest")
    sections = {letter.asker_id: letter.content["sections"] for letter in letters}
    assert [one["follow"] for one in sections[of_answer.asker_id]] == [str(of_answer.pk)]
    assert [one["follow"] for one in sections[other.asker_id]] == [str(other.pk)]
    last_week()
    digest.run()
    assert Letter.objects.filter(kind="digest").count() == 2, "nor in a later digest"


def test_nothing_that_is_not_public_is_told(desk: factories.Desk, theme: Theme, mail_dir: Path) -> None:
    question = publish(desk, theme)
    assert question.item is not None
    follow(theme="lezen")
    follow(q="stillezen")
    follow(answer=question.item.number)
    for make in (factories.answered, factories.in_review, factories.revising):
        case = make(desk, text="Helpt stillezen in groep 8? Geheim.")
        case.themes.add(theme)
        Version.objects.filter(item=case.item).update(published_at=None)
    Version.objects.filter(item=question.item).update(published_at=timezone.now() - timedelta(days=30))
    factories.source(title="Stillezen in besloten kring")
    Source.objects.update(public=False, created_at=timezone.now() - timedelta(hours=2))
    last_week()
    digest.run()
    assert told() == []
    assert texts(mail_dir) == []


def test_a_long_list_ends_with_how_many_more_and_where(
    desk: factories.Desk, theme: Theme, mail_dir: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(digest, "MOST", 1)
    follow(theme="lezen")
    for _n in range(3):
        publish(desk, theme)
    digest.run()
    (letter,) = texts(mail_dir)
    assert plain(letter).count("/answers/") == 1
    assert "En nog 2: http://localhost:8000/themes/lezen" in plain(letter)


# --- Searches -------------------------------------------------------------------------------------------


def test_a_search_tells_only_what_is_new_and_found(desk: factories.Desk, theme: Theme) -> None:
    old = publish(desk)
    Version.objects.filter(item=old.item).update(published_at=timezone.now() - timedelta(days=30))
    follow(q="stillezen begrijpend lezen")
    fresh = publish(desk)
    source = factories.source(title="Stillezen en begrijpend lezen in de klas")
    other = factories.source(title="Zonnepanelen op het dak")
    Source.objects.filter(pk__in=[source.pk, other.pk]).update(created_at=timezone.now() - timedelta(hours=2))
    digest.run()
    version = Version.objects.get(item=fresh.item, state="published")
    (things,) = told()
    assert set(things) == {f"answer:{version.pk}", f"source:{source.pk}"}


def test_the_filters_of_a_search_hold(desk: factories.Desk) -> None:
    follow(q="stillezen begrijpend lezen", kind="answer", sector="vo")
    follow(q="stillezen begrijpend lezen", kind="source", year_from="2021")
    publish(desk)  # of sector po
    factories.source(title="Stillezen en begrijpend lezen in de klas")  # of 2020
    Source.objects.update(created_at=timezone.now() - timedelta(hours=2))
    digest.run()
    assert told() == []
    last_week()
    follow(q="stillezen begrijpend lezen", sector="po")
    digest.run()
    assert kinds() == [["answer"]]


def test_nobody_searches_while_nothing_is_new(desk: factories.Desk, monkeypatch: Any) -> None:
    follow(q="stillezen")
    monkeypatch.setattr(suggest.search, "search", lambda *_given, **_more: 1 / 0)
    digest.run()
    assert Follow.objects.get().due_at > timezone.now() + timedelta(hours=2)


def test_what_a_search_told_and_no_longer_holds_is_told_too(desk: factories.Desk) -> None:
    follow(q="stillezen begrijpend lezen")
    follow(address="later@school.example", q="stillezen begrijpend lezen")
    question = publish(desk)
    Follow.objects.exclude(asker__email=ADDRESS).update(due_at=timezone.now() + timedelta(days=1))
    digest.run()
    settle(factories.move(factories.reload(question), "retract", desk.editor, why="fout"))
    last_week()
    digest.run()
    assert kinds() == [["answer"], ["retracted"]], "who never heard of it does not hear of this"


def test_a_search_that_fails_keeps_nobody_else_waiting(desk: factories.Desk, theme: Theme, monkeypatch: Any) -> None:
    broken = follow(q="stillezen")
    Follow.objects.filter(pk=broken.pk).update(search="q=x&year_from=onzin")
    follow(address="ander@school.example", theme="lezen")
    publish(desk, theme)
    last_week()
    assert digest.run() == 2
    assert kinds() == [["answer"]]
    assert timezone.now() < Follow.objects.get(pk=broken.pk).due_at < timezone.now() + timedelta(hours=2)


# --- When -----------------------------------------------------------------------------------------------

HERE = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("often", "now", "then"),
    [
        ("weekly", datetime(2026, 3, 24, 12), datetime(2026, 3, 30, 7)),  # the clock goes forward between
        ("weekly", datetime(2026, 3, 30, 6, 59), datetime(2026, 3, 30, 7)),
        ("weekly", datetime(2026, 3, 30, 7), datetime(2026, 4, 6, 7)),
        ("monthly", datetime(2026, 3, 2, 7), datetime(2026, 4, 6, 7)),
        ("monthly", datetime(2026, 12, 20), datetime(2027, 1, 4, 7)),
        ("at_once", datetime(2026, 3, 24, 12), datetime(2026, 3, 24, 12)),
    ],
)
def test_when_the_next_digest_is_due(often: str, now: datetime, then: datetime) -> None:
    assert next_after(often, now.replace(tzinfo=HERE)) == then.replace(tzinfo=HERE)


def test_a_digest_that_is_not_due_waits_and_after_it_the_next_is_a_monday(desk: factories.Desk, theme: Theme) -> None:
    made = follow(theme="lezen")
    publish(desk, theme)
    Follow.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    assert digest.run() == 0
    last_week()
    assert digest.run() == 1
    made.refresh_from_db()
    local = timezone.localtime(made.due_at)
    assert (local.weekday(), local.hour, made.due_at > timezone.now()) == (0, digest.HOUR, True)


def test_an_answer_followed_at_once_is_told_at_once_and_costs_nothing_meanwhile(desk: factories.Desk) -> None:
    question = publish(desk)
    assert question.item is not None
    follow(answer=question.item.number, often="at_once")
    Follow.objects.update(seen_until=timezone.now() - timedelta(minutes=30))
    assert digest.run() == 0
    revise(desk, question)
    Version.objects.filter(item=question.item, state="published").update(
        published_at=timezone.now() - timedelta(minutes=10)
    )
    assert digest.is_due()
    tasks.digests()
    assert kinds() == [["answer"]]
    assert not digest.is_due()


def test_what_is_not_confirmed_is_never_due(desk: factories.Desk, theme: Theme) -> None:
    following.ask({"email": ADDRESS, "often": "weekly", "theme": "lezen"})
    publish(desk, theme)
    last_week()
    assert digest.run() == 0


# --- Once ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_write_one_digest_each(desk: factories.Desk, theme: Theme) -> None:
    for n in range(6):
        follow(address=f"volger{n}@school.example", theme="lezen")
    publish(desk, theme)
    results = at_once([digest.run] * 4)
    assert sum(results) >= 6
    letters = Letter.objects.filter(kind="digest")
    assert letters.count() == letters.values("asker").distinct().count() == 6


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_half_way_leaves_all_as_it_was(desk: factories.Desk, theme: Theme, monkeypatch: Any) -> None:
    follow(theme="lezen")
    publish(desk, theme)
    before = Follow.objects.get().seen_until

    class Killed(BaseException):
        pass

    def die(*_given: Any, **_more: Any) -> None:
        raise Killed

    monkeypatch.setattr(Letter.objects, "create", die)
    with pytest.raises(Killed):
        digest.run()
    monkeypatch.undo()
    assert Follow.objects.get().seen_until == before
    digest.run()
    assert kinds() == [["answer"]]


def test_a_digest_of_what_was_stopped_meanwhile_is_not_sent(desk: factories.Desk, theme: Theme, mail_dir: Path) -> None:
    stopped = follow(theme="lezen")
    follow(q="zonnepanelen")
    publish(desk, theme)
    digest.run()
    following.stop(Follow.objects.filter(pk=stopped.pk))
    assert texts(mail_dir) == []
    assert Letter.objects.filter(kind="digest", sent_at=None).count() == 0


def test_every_digest_can_be_stopped_with_one_click(desk: factories.Desk, theme: Theme, mail_dir: Path) -> None:
    made = follow(theme="lezen")
    publish(desk, theme)
    digest.run()
    (letter,) = texts(mail_dir)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    token = "".join(letter["List-Unsubscribe"].split()).strip("<>").rpartition("/")[2]
    assert list(news.of_stop_token(token) or []) == [made]
    assert news.stop_token(made) in plain(letter).replace("=\n", "")


def test_the_digest_speaks_the_language_in_which_it_was_asked_for(
    desk: factories.Desk, theme: Theme, mail_dir: Path
) -> None:
    follow(theme="lezen")
    Asker.objects.filter(email=ADDRESS).update(language="en")
    publish(desk, theme)
    digest.run()
    (letter,) = texts(mail_dir)
    assert "Theme: Reading" in plain(letter)
    assert "/en/answers/" in plain(letter)
    assert "Nieuw" not in plain(letter)


def test_the_command_tells_what_it_would_do_and_then_does_it(desk: factories.Desk, theme: Theme, capsys: Any) -> None:
    follow(theme="lezen")
    follow(address="ander@school.example", q="zonnepanelen")
    publish(desk, theme)
    call_command("digest", "--dry-run")
    said = capsys.readouterr().out
    assert "a digest of 1 things in 1 sections" in said
    assert "2 addresses are due, 1 have no news" in said
    assert "@" not in said
    assert told() == []
    call_command("digest")
    assert "2 addresses looked at" in capsys.readouterr().out
    assert kinds() == [["answer"]]
