"""A title in another language than the page says which, so that it is read out well."""

from typing import Any

import pytest

from evidence.models import Source
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_dutch_answer_on_an_english_page_says_so(browser: Any) -> None:
    item = factories.public_answer()
    for path in ("/en/", "/en/search", f"/en/follow?answer={item.number}", f"/en/ask/helped?answer={item.number}"):
        html = browser().get(path).content.decode()
        assert item.title in html, path
        before = html.split(f">{item.title}<")[0].rsplit("<", 1)[1]
        assert 'lang="nl"' in before, path


def test_a_source_says_what_language_it_is_in_and_its_design_is_in_the_readers_words(browser: Any) -> None:
    row = factories.source(title="Homework and achievement")
    Source.objects.filter(pk=row.pk).update(language="en", design="meta-analysis", public=True)
    page = browser().get(f"/sources/{row.key}").content.decode()
    assert '<h1 lang="en">Homework and achievement</h1>' in page
    assert "meta-analyse (de uitkomsten van veel onderzoeken samen)" in page
    Source.objects.filter(pk=row.pk).update(design="Delphi study")
    assert "Delphi study" in browser().get(f"/sources/{row.key}").content.decode()
