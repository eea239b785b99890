"""How sure an answer is: in every place and language, "we do not know" is never read as "it does nothing"."""

import json
import re
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape

from evidence.strength import OF_ONE, SENTENCES, Strength
from frontend.pages import certainty, linked
from questions.states import Direction
from tests import factories
from tests.factories import answer_url, public_answer

EVERY = list(product(Strength.values, ["", *Direction.values], ["nl", "en"]))
NO_EFFECT = {
    "nl": ["er is naar een effect gezocht", "het is niet gevonden", "geen effect"],
    "en": ["looked for an effect", "found none", "no effect"],
}
UNKNOWN = {"nl": "We weten het niet", "en": "We do not know"}
CAUTION = {"nl": "niet hetzelfde als", "en": "not the same as"}


def templates(strength: str, direction: str) -> dict[str, str]:
    """What the templates make of it: on the page, in a list, at a hit."""
    sure = certainty.sure(strength, direction)
    line = SimpleNamespace(url="/answers/1", title="Titel", sure=sure, detail="")
    hit = {"kind": "Antwoord", "url": "/answers/1", "title": "Titel", "pieces": [], "sure": sure}
    return {
        "page": render_to_string("parts/sure.html", {"sure": sure}),
        "list": render_to_string("parts/lines.html", {"lines": [line]}),
        "hit": render_to_string("parts/hit.html", {"hit": hit}),
    }


@pytest.mark.parametrize(("strength", "direction", "language"), EVERY)
def test_no_combination_of_strength_and_direction_can_be_misread(strength: str, direction: str, language: str) -> None:
    with translation.override(language):
        made = templates(strength, direction)
        words = escape(linked.sure_words(strength, direction))
        found = str(certainty.FOUND.get(direction, ""))
        sentence = str(SENTENCES[Strength(strength)])
    is_unknown = strength == Strength.INSUFFICIENT
    for place, html in {**made, "head": words}.items():
        assert (UNKNOWN[language] in html) == is_unknown, place
        assert sentence in html, place
        says_none = any(one in html for one in NO_EFFECT[language])
        assert says_none == (direction == Direction.NONE and not is_unknown), place
        assert not is_unknown or "●" not in html, place
        assert is_unknown or not found or found in html, place
    for place in ("page", "head"):
        assert (CAUTION[language] in {**made, "head": words}[place]) == is_unknown


@pytest.mark.parametrize(("strength", "direction", "language"), EVERY)
def test_direction_is_a_line_of_its_own_apart_from_strength(strength: str, direction: str, language: str) -> None:
    with translation.override(language):
        html = templates(strength, direction)["page"]
        found = str(certainty.FOUND.get(direction, ""))
        sentence = str(SENTENCES[Strength(strength)])
    has_line = bool(found) and strength != Strength.INSUFFICIENT
    assert f'<p class="strength"><strong>{sentence}</strong></p>' in html
    assert ('<p class="direction">' in html) == has_line
    assert not has_line or f'<p class="direction">{found}</p>' in html


@pytest.mark.parametrize("language", ["nl", "en"])
def test_words_of_strength_say_nothing_of_what_was_found(language: str) -> None:
    with translation.override(language):
        said = [str(words) for words in SENTENCES.values()]
        said += [str(words) for words in OF_ONE.values()] + [str(label) for label in Strength.labels]
    for word in ("agree", "same way", "eens", "dezelfde kant", "helpt", "helps"):
        assert not [text for text in said if word in text]


@pytest.mark.parametrize("strength", Strength.values)
def test_one_source_is_never_called_many_studies(strength: str) -> None:
    found = certainty.weight(strength)
    assert found is not None
    assert "onderzoeken" not in found.sentence
    assert (found.box == "unknown") == (strength == Strength.INSUFFICIENT)
    assert ("weten we het niet" in found.sentence) == (strength == Strength.INSUFFICIENT)


def everywhere(browser: Any, item: Any) -> dict[str, str]:
    """Every public text that tells of this answer."""
    page = browser().get(answer_url(item)).content.decode()
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    (description,) = re.findall(r'<meta name="description" content="([^"]*)">', page)
    answer = json.loads(data)["mainEntity"]["acceptedAnswer"]["text"]
    word = item.title.split()[-1].strip("?.")
    found = {"page": page, "answer": answer, "description": description}
    for path in ("/", f"/search?q={word}", f"/search/feed?q={word}", "/search/feed"):
        found[path] = browser().get(path).content.decode()
        assert item.title in found[path], path
    return found


@pytest.mark.django_db
def test_too_little_research_is_said_wherever_the_answer_is_told_of(browser: Any) -> None:
    item = public_answer(strength="insufficient", direction="unclear", citations=[], gap="Niemand keek ernaar.")
    for place, text in everywhere(browser, item).items():
        assert UNKNOWN["nl"] in text, place
        assert not [one for one in NO_EFFECT["nl"] if one in text], place


@pytest.mark.django_db
def test_what_was_looked_for_and_not_found_is_said_wherever_the_answer_is_told_of(browser: Any) -> None:
    item = public_answer(strength="strong", direction="none")
    for place, text in everywhere(browser, item).items():
        assert NO_EFFECT["nl"][0] in text, place
        assert UNKNOWN["nl"] not in text, place


@pytest.mark.django_db
def test_a_source_of_which_we_know_too_little_says_so_on_its_page_and_in_a_reference(browser: Any) -> None:
    source = factories.source()
    source.strength = Strength.INSUFFICIENT
    source.save()
    item = public_answer(citations=[{"source": source.key, "claim": "iets"}])
    for path in (f"/sources/{source.key}", answer_url(item)):
        assert "met deze bron alleen weten we het niet" in browser().get(path).content.decode()
