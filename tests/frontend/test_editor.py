"""The editor: what is typed is kept, offered, merged, measured and shown as it will be read; and works without a script."""

import re
import uuid
from typing import Any

import pytest

from questions import intake, writing
from questions.models import KeptDraft, PrivateDraft
from questions.refusals import TooMany
from tests import factories
from tests.frontend.test_the_desk import answer, text, url

pytestmark = pytest.mark.django_db
SITTING = str(uuid.uuid4())


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


def editor(response: Any) -> Any:
    return response.context["page"].writing.editor


# --- Kept by itself


def test_what_is_typed_is_kept_and_offered_when_the_editor_opens_again(browser: Any, desk: factories.Desk) -> None:
    question = factories.drafted(desk)
    client = browser(desk.broker)
    typed = answer(question, explanation="HALF AF", sitting=SITTING)
    kept = client.post(f"{url(question)}/answer/draft", typed)
    assert kept.status_code == 200
    assert re.fullmatch(r"Om \d\d:\d\d bewaard, voor jou alleen\.", kept.json()["said"])
    page = client.get(url(question))
    assert "HALF AF" not in editor(page).form["explanation"].value()
    (draft,) = page.context["page"].writing.drafts
    assert ("Verder met mijn klad" in text(page), draft.changes[0][0]) == (True, "Uitleg")
    on = client.post(f"{url(question)}/answer", answer(question, go=f"resume:{draft.pk}", gap="NET GETYPT"))
    assert editor(on).form["explanation"].value() == "HALF AF"
    assert editor(on).sitting == SITTING
    assert PrivateDraft.objects.exclude(sitting=SITTING).get().content["gap"] == "NET GETYPT", "nor is this lost"
    saved = client.post(f"{url(question)}/answer", typed)
    assert saved.status_code == 302
    assert not PrivateDraft.objects.filter(sitting=SITTING).exists()


def test_nobody_else_sees_a_private_draft_on_any_page_or_in_the_api(
    browser: Any, api: Any, desk: factories.Desk
) -> None:
    question = factories.drafted(desk)
    typed = answer(question, explanation="VAN MIJ ALLEEN", sitting=SITTING)
    browser(desk.broker).post(f"{url(question)}/answer/draft", typed)
    for other in (desk.coordinator, desk.reviewer, desk.editor):
        for path in (url(question), f"{url(question)}/answer/versions"):
            assert "VAN MIJ ALLEEN" not in text(browser(other).get(path))
        for path in ("", "/answer"):
            body = api(other).get(f"/api/v1/questions/{question.pk}{path}").content.decode()
            assert "VAN MIJ ALLEEN" not in body


def test_who_lost_the_case_still_reads_and_throws_away_their_draft(browser: Any, desk: factories.Desk) -> None:
    question = factories.drafted(desk)
    client = browser(desk.broker)
    client.post(f"{url(question)}/answer/draft", answer(question, explanation="VAN MIJ", sitting=SITTING))
    factories.move(question, "release", desk.coordinator, why="ziek")
    assert "VAN MIJ" in text(client.get(url(question)))
    gone = client.post(f"{url(question)}/answer", {"go": f"throw:{PrivateDraft.objects.get().pk}"})
    assert gone.status_code == 200
    assert "VAN MIJ" not in text(gone)


@pytest.mark.parametrize("path", ["draft", "look"])
def test_who_is_logged_out_or_not_of_the_desk_is_told_and_nothing_is_kept(
    browser: Any, desk: factories.Desk, path: str
) -> None:
    question = factories.drafted(desk)
    sent = answer(question, explanation="x", sitting=SITTING)
    assert browser().post(f"{url(question)}/answer/{path}", sent).status_code == 403
    assert browser(desk.reviewer).post(f"{url(question)}/answer/{path}", sent).status_code == 403
    assert browser(desk.broker).get(f"{url(question)}/answer/{path}").status_code == 405
    assert not PrivateDraft.objects.exists()


@pytest.mark.parametrize("path", ["draft", "look"])
def test_it_has_a_measure(browser: Any, desk: factories.Desk, monkeypatch: Any, path: str) -> None:
    def over(*args: Any) -> None:
        raise TooMany("te veel", 7)

    question = factories.drafted(desk)
    monkeypatch.setattr(intake, "count_against", over)
    response = browser(desk.broker).post(f"{url(question)}/answer/{path}", answer(question, sitting=SITTING))
    assert response.status_code == 429


# --- Two texts in one


def stale(browser: Any, desk: factories.Desk, **mine: Any) -> Any:
    """Typed on top of the first text, while somebody saved another conclusion and another explanation."""
    question = factories.drafted(desk)
    rows = writing.saved_content(factories.working(question))["citations"]
    typed = answer(question, lines=[(one["source"], one["claim"], one["locator"]) for one in rows], **mine)
    theirs = {"explanation": "HUN uitleg.", "conclusion": "HUN conclusie."}
    factories.write(question, desk.broker, citations=rows, **theirs)
    return question, browser(desk.broker).post(f"{url(question)}/answer", typed)


def test_fields_that_only_one_side_changed_are_put_together_and_saved_with_one_press(
    browser: Any, desk: factories.Desk
) -> None:
    question, response = stale(browser, desk, gap="MIJN leemte.")
    assert response.status_code == 412
    form = editor(response).form
    assert (form["gap"].value(), form["conclusion"].value()) == ("MIJN leemte.", "HUN conclusie.")
    assert form["explanation"].value() == "HUN uitleg."
    assert editor(response).three_way.is_clear
    assert "kon één tekst worden gemaakt" in text(response)
    assert "Je sloeg in een ander venster een andere tekst op" in text(response), "it was the same broker"
    sent = {**{name: form[name].value() or "" for name in form.fields}, "etag": editor(response).etag, "rows": "0"}
    assert browser(desk.broker).post(f"{url(question)}/answer", {**sent, "go": "save"}).status_code == 302
    version = factories.working(question)
    assert (version.gap, version.conclusion, version.explanation) == ("MIJN leemte.", "HUN conclusie.", "HUN uitleg.")


def test_it_says_who_saved_the_other_text(browser: Any, desk: factories.Desk, second_broker: Any) -> None:
    question = factories.drafted(desk)
    typed = answer(question, explanation="MIJN uitleg.")
    factories.move(question, "transfer", desk.coordinator, broker=second_broker.email, why="Vakantie.")
    factories.write(question, second_broker, explanation="HUN uitleg.")
    factories.move(question, "transfer", desk.coordinator, broker=desk.broker.email, why="Terug.")
    response = browser(desk.broker).post(f"{url(question)}/answer", typed)
    assert f"{second_broker.name} sloeg een andere tekst op" in text(response)


def test_a_field_that_both_changed_shows_all_three_and_holds_both(browser: Any, desk: factories.Desk) -> None:
    _question, response = stale(browser, desk, explanation="MIJN uitleg.")
    held = editor(response).form["explanation"].value()
    assert "HUN uitleg." in held
    assert "MIJN uitleg." in held
    side = next(one for one in editor(response).three_way.sides if one.needs_you)
    assert side.label == "Uitleg"
    assert any("HUN" in piece.text for piece in side.saved if piece.kind == "added")
    assert any("MIJN" in piece.text for piece in side.mine if piece.kind == "added")
    assert KeptDraft.objects.get().content["explanation"] == "MIJN uitleg."


# --- While writing


def test_the_preview_shows_text_references_and_how_it_reads(browser: Any, desk: factories.Desk) -> None:
    question, source = factories.drafted(desk), factories.source()
    words = "De kat zit op de mat. " * 8
    typed = answer(question, explanation=f"**{words.strip()}** [@{source.key}]", lines=[(source.key, "klein", "p. 4")])
    before = factories.working(question).revision
    response = browser(desk.broker).post(f"{url(question)}/answer/look", typed)
    assert response.status_code == 200
    for part in ("<strong>De kat", 'href="#ref-1"', "Jansen", "Flesch-Douma", "woorden"):
        assert part in text(response)
    assert "<html" not in text(response)
    assert factories.working(question).revision == before


@pytest.mark.parametrize("field", ["short_answer", "explanation", "conclusion", "gap"])
def test_what_the_text_names_stands_among_the_sources_before_it_is_saved(
    browser: Any, desk: factories.Desk, field: str
) -> None:
    """As saving would have it; a key that no source has is shown as unknown, and gets no reference."""
    question, row, named = factories.drafted(desk), factories.source(), factories.source(title="Net gevonden")
    said = f"Dit blijkt [@{named.key}, p. 7] en [@{row.key}], niet [@verzonnen-2020]."
    typed = answer(question, lines=[(row.key, "eigen woorden", "")], **{field: said})
    shown = text(browser(desk.broker).post(f"{url(question)}/answer/look", typed))
    assert re.findall(r'class="unknown-source">([^<]*)<', shown) == ["@verzonnen-2020"]
    listed = shown.partition('class="references"')[2]
    assert (listed.count('<li id="ref-'), listed.count("Net gevonden")) == (2, 1)
    assert "Dit blijkt en, niet. (p. 7)" in listed
    assert "eigen woorden" in listed


def test_the_page_tells_how_the_saved_text_reads_without_a_script(browser: Any, desk: factories.Desk) -> None:
    question = factories.drafted(desk)
    factories.write(question, desk.broker, explanation="De kat zit op de mat. " * 10)
    assert "Flesch-Douma" in text(browser(desk.broker).get(url(question)))


def test_sources_are_offered_by_key_title_and_author_for_the_desk_only(browser: Any, desk: factories.Desk) -> None:
    question = factories.drafted(desk)
    cited = factories.working(question).citations.get().source
    other = factories.source(title="Woordenschat", author=[{"family": "Zandstra", "given": "B."}])
    client = browser(desk.broker)

    def offered(q: str) -> list[str]:
        return [one["key"] for one in client.get(f"{url(question)}/sources", {"q": q}).json()["sources"]]

    for q in (other.key, "woordenSCHAT", "zandstra"):
        assert offered(q) == [other.key]
    assert offered("")[0] == cited.key, "what is cited here comes first"
    assert offered("\x00nergens%") == []
    assert browser().get(f"{url(question)}/sources").status_code == 302
    nobody = factories.staff("broker")
    nobody.groups.clear()
    assert browser(nobody).get(f"{url(question)}/sources").status_code == 404


def test_an_unknown_key_is_refused_by_name_beside_its_field(browser: Any, desk: factories.Desk) -> None:
    question = factories.drafted(desk)
    sent = answer(question, explanation="MIJN TEKST [@bestaat-niet]")
    response = browser(desk.broker).post(f"{url(question)}/answer", sent)
    assert response.status_code == 400
    assert "@bestaat-niet" in str(editor(response).form.errors["explanation"])
    assert "MIJN TEKST" in text(response)


# --- The history of a text


def test_any_two_saves_can_be_compared(browser: Any, desk: factories.Desk) -> None:
    question = factories.drafted(desk)
    factories.write(question, desk.broker, explanation="Onderzoek laat grote effecten zien.")
    page = browser(desk.reviewer).get(f"{url(question)}/answer/versions?old=1.1&new=1.2")
    assert page.status_code == 200
    assert re.search(r"<del>.*kleine.*</del>", text(page))
    assert re.search(r"<ins>.*grote.*</ins>", text(page))
    for nothing in ("old=9.9", "new=x", "old=1.1&new=7.7"):
        assert browser(desk.reviewer).get(f"{url(question)}/answer/versions?{nothing}").status_code == 404
    assert browser().get(f"{url(question)}/answer/versions").status_code == 302


def test_everybody_reads_what_changed_between_public_versions_and_nothing_else(
    browser: Any, desk: factories.Desk
) -> None:
    question = factories.revising(desk)
    factories.write(question, desk.broker, explanation="GEHEIM nog.")
    factories.write(
        question, desk.broker, explanation="Onderzoek laat grote effecten zien.", change_note="Groter dan eerst."
    )
    number = factories.item(question).number
    assert browser().get(f"/answers/{number}/changes?new=2").status_code == 404
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    factories.move(factories.reload(question), "publish", desk.editor)
    for path in (f"/answers/{number}/changes", f"/answers/{number}/changes?old=1&new=2"):
        page = text(browser().get(path))
        assert re.search(r"<ins>.*grote.*</ins>", page)
        assert "Groter dan eerst." in page
        assert "GEHEIM" not in page
    shown = text(browser().get(factories.answer_url(factories.item(question))))
    assert "de conclusie is veranderd" in shown
    assert f"/answers/{number}/changes" in shown


def test_the_case_page_costs_the_same_however_many_drafts_and_saves_there_are(
    browser: Any, desk: factories.Desk, django_assert_max_num_queries: Any
) -> None:
    question = factories.drafted(desk)
    client = browser(desk.broker)
    client.get(url(question))
    with django_assert_max_num_queries(200) as few:
        client.get(url(question))
    for n in range(4):
        PrivateDraft.objects.create(
            user=desk.broker, question=question, sitting=uuid.uuid4(), base=writing.NEW, content={"gap": f"{n}"}
        )
        factories.write(question, desk.broker, gap=f"{n}")
    with django_assert_max_num_queries(len(few) + 8) as many:
        client.get(url(question))
    PrivateDraft.objects.filter(content={"gap": "3"}).delete()
    with django_assert_max_num_queries(len(many)):
        client.get(url(question))
