"""What readers see of an answer: how sure it is, what it rests on, and how to say something back."""

from typing import Any

import pytest
from django.conf import settings as _settings

from evidence.strength import Strength
from frontend.pages.certainty import sure
from questions.models import Correction, Feedback
from questions.states import Direction
from tests import factories
from tests.factories import answer_url, public_answer

pytestmark = pytest.mark.django_db


def test_too_little_research_never_looks_like_no_effect() -> None:
    unknown = sure(Strength.INSUFFICIENT, Direction.UNCLEAR)
    none = sure(Strength.STRONG, Direction.NONE)
    assert unknown is not None
    assert none is not None
    assert (unknown.box, unknown.sign, unknown.found) != (none.box, none.sign, none.found)
    assert "niet hetzelfde" in unknown.caution
    assert none.caution == ""


def test_each_strength_and_direction_has_words_of_its_own() -> None:
    made = [sure(strength, direction) for strength in Strength for direction in Direction]
    assert all(one is not None and one.sentence for one in made)
    assert len({one.box for one in made if one}) == len(Strength)


def test_a_gap_is_shown_as_such(browser: Any) -> None:
    item = public_answer(gap="Niemand keek naar het mbo.", strength="insufficient", direction="", citations=[])
    html = browser().get(answer_url(item)).content.decode()
    assert "Niemand keek naar het mbo." in html
    assert 'class="sure unknown"' in html


def test_of_a_gap_without_a_kind_no_kind_is_told(browser: Any) -> None:
    """Least of all that no research was found."""
    item = public_answer(gap="Niemand keek naar het mbo.", gap_kind="conflicting")
    html = browser().get(answer_url(item)).content.decode()
    assert '<p class="kind">Tegenstrijdig onderzoek</p>' in html
    item.versions.update(gap_kind="")
    gap = browser().get(answer_url(item)).content.decode().partition('id="gap"')[2].partition("</section>")[0]
    assert "Niemand keek naar het mbo." in gap
    assert 'class="kind"' not in gap
    assert "onderzoek" not in gap.lower()


def test_a_citation_leads_to_the_reference_list_and_the_doi(browser: Any) -> None:
    source = factories.source(DOI="10.1234/abc")
    lines = [{"source": source.key, "claim": "het helpt"}]
    item = public_answer(explanation=f"Het helpt [@{source.key}].", citations=lines)
    html = browser().get(answer_url(item)).content.decode()
    assert 'href="#ref-1"' in html
    assert 'id="ref-1"' in html
    assert 'href="https://doi.org/10.1234/abc"' in html


def test_feedback_belongs_to_the_version_that_was_read(browser: Any) -> None:
    item = public_answer()
    response = browser().post(f"/answers/{item.number}/feedback", {"helpful": "no", "missing": "een voorbeeld"})
    assert response.status_code == 302
    assert response["Location"].startswith(answer_url(item))
    assert list(Feedback.objects.values_list("version", "helpful", "missing")) == [
        (item.shown().pk, False, "een voorbeeld")
    ]


def test_a_mistake_can_be_reported(browser: Any) -> None:
    item = public_answer()
    browser().post(f"/answers/{item.number}/correction", {"what": "Het jaar klopt niet.", "quoted": "in 2020"})
    assert Correction.objects.get().what == "Het jaar klopt niet."


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("feedback", {"missing": "wel een tekst"}),
        ("correction", {"quoted": "wel een tekst"}),
        ("correction", {"what": "wel een tekst" + "x" * 10_000}),
    ],
)
def test_an_incomplete_form_comes_back_filled(browser: Any, name: str, data: dict[str, str]) -> None:
    item = public_answer()
    response = browser().post(f"/answers/{item.number}/{name}", data)
    assert response.status_code == 400
    assert "wel een tekst" in response.content.decode()


def test_too_much_from_one_network_is_refused_with_the_words_still_there(browser: Any, settings: Any) -> None:
    item = public_answer()
    settings.QUESTIONS_PER_NETWORK_AN_HOUR = 0
    response = browser().post(f"/answers/{item.number}/feedback", {"helpful": "yes", "missing": "mijn woorden"})
    assert response.status_code == 429
    assert "mijn woorden" in response.content.decode()
    assert not Feedback.objects.exists()


def test_feedback_on_what_was_never_public_is_refused(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.revising(desk)
    item = factories.item(question)
    draft = factories.working(question)
    response = browser().post(f"/answers/{item.number}/feedback", {"helpful": "yes", "version": str(draft.pk)})
    assert response.status_code == 400


def test_how_to_cite_names_the_permanent_address(browser: Any) -> None:
    item = public_answer()
    assert f"{_settings.BASE_URL}{answer_url(item)}" in browser().get(answer_url(item)).content.decode()


def test_only_published_answers_stand_in_the_sitemap(browser: Any) -> None:
    item, draft = public_answer(), factories.drafted()
    xml = browser().get("/sitemap.xml").content.decode()
    assert answer_url(item) in xml
    assert f"/answers/{draft.number}" not in xml


def test_a_source_names_only_published_answers(browser: Any) -> None:
    source = factories.source()
    desk = factories.Desk()
    hidden = factories.agreed(desk)
    factories.write(hidden, desk.broker, citations=[{"source": source.key, "claim": "x"}])
    html = browser().get(f"/sources/{source.key}").content.decode()
    assert f"/answers/{hidden.number}" not in html
