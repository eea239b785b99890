"""Addresses of pages and compounds are longer than a phone is wide."""

import pytest

from tests import factories
from tests.browser.conftest import Opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINK = "https://www.example.org/kennis/vragen-en-antwoorden/wat-is-het-effect-van-elke-dag-lezen"
WORD = "onderwijskwaliteitsverbeteringstraject" * 6


def test_no_page_of_a_case_scrolls_sideways(opened: Opened) -> None:
    desk = factories.Desk()
    waiting = factories.triaged(desk, text=f"Klopt {LINK} wel?", context=WORD)
    proposed = factories.assigned(desk, text=f"Helpt {WORD}?", context=LINK)
    factories.move(proposed, "propose", desk.broker, articulated=f"Wat doet {WORD}?", for_whom=WORD)
    paths = [f"/desk/cases/{waiting.pk}", f"/desk/cases/{proposed.pk}", "/desk?tab=open"]
    paths += [f"/desk/cases/{factories.submitted(text=LINK, context=WORD).pk}/triage"]
    for width in (320, 1280):
        page = opened(desk.coordinator, width=width)
        for path in [*paths, f"/track/{factories.asker(proposed).token}"]:
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
