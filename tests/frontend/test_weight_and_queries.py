"""What a public page costs: what it loads, and what it asks the database, however much is published."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence.models import Theme
from tests.factories import answer_url, public_answer

pytestmark = pytest.mark.django_db
HTML, CSS, SCRIPT = 60_000, 25_000, 30_000  # bytes; the last two as they are sent, compressed
LOADED = re.compile(r'<(?:link rel="stylesheet" href|script src)="/static/([^"]+)"')


def pages(item: Any) -> list[str]:
    ways = ["/guide", "/guide/teacher-po", "/guide/teacher-po/read", "/guide/teacher-po/meet", "/guide/parent/inquire"]
    fixed = ["/", "/search?q=lezen", "/search/numbers", "/themes", "/ask", "/sitemap.xml", "/privacy", "/accessibility"]
    return [*fixed, *ways, answer_url(item), f"/themes/{theme().slug}"]


def theme() -> Theme:
    found, _made = Theme.objects.get_or_create(slug="lezen", defaults={"label_nl": "Lezen"})
    return found


def publish(count: int) -> Any:
    for _ in range(count):
        item = public_answer()
        item.questions.get().themes.add(theme())
    return item


def weight(html: str, ending: str) -> int:
    """Bytes of the files of one kind that a page loads, compressed."""
    names = [name for name in LOADED.findall(html) if name.endswith(ending)]
    return sum(len(gzip.compress(Path(str(finders.find(name))).read_bytes())) for name in names)


def test_no_public_page_is_heavy(browser: Any) -> None:
    item = publish(3)
    for path in pages(item):
        html = browser().get(path).content.decode()
        assert len(html.encode()) <= HTML, path
        assert weight(html, ".css") <= CSS, path
        assert weight(html, ".js") <= SCRIPT, path
    assert weight(browser().get("/").content.decode(), ".css") > 1_000, "what is weighed is what is loaded"


def test_more_answers_ask_no_more_of_the_database(browser: Any) -> None:
    item = publish(2)
    pages_here = pages(item)

    def queries() -> dict[str, int]:
        found = {}
        for path in pages_here:
            browser().get(path)
            with CaptureQueriesContext(connection) as asked:
                assert browser().get(path).status_code == 200
            found[path] = len(asked)
        return found

    few = queries()
    publish(4)
    assert queries() == few
    assert max(few.values()) <= 20, few
