"""Every sentence of every room has its Dutch."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOGUE = ROOT / "frontend" / "locale" / "nl" / "LC_MESSAGES" / "django.po"
ROOMS = ("api", "brokers", "evidence", "frontend", "questions", "config")


def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file)


def test_no_dutch_sentence_is_empty_or_doubtful() -> None:
    for message in catalogue():
        strings = message.string if isinstance(message.string, tuple | list) else [message.string]
        assert all(strings), message.id
        assert message.id == "" or not message.fuzzy, message.id


def test_placeholders_are_the_same_in_both_languages() -> None:
    known = catalogue()
    for message in known:
        assert list(message.check(known)) == [], message.id


def test_every_sentence_in_the_code_stands_in_the_catalogue(tmp_path: Any) -> None:
    """Extracted with Django's own tool; it needs gettext on the machine."""
    code = (
        "import sys, django; from django.conf import settings;"
        "settings.configure(LOCALE_PATHS=[sys.argv[1]], USE_I18N=True); django.setup();"
        "from django.core.management import call_command;"
        "call_command('makemessages', locale=['nl'], no_wrap=True, add_location='never', verbosity=0,"
        "ignore_patterns=[])"
    )
    target = tmp_path / "locale"
    target.mkdir()
    for room in ROOMS:
        # A copy: the tool writes into any folder called locale that it meets.
        shutil.copytree(
            ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("locale", "__pycache__", "node_modules")
        )
    made = subprocess.run(
        [sys.executable, "-c", code, str(target)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    if "Can't find" in made.stderr:
        pytest.skip("gettext is not installed")
    found = target / "nl" / "LC_MESSAGES" / "django.po"
    assert found.exists(), made.stderr
    with found.open("rb") as file:
        wanted = {message.id for message in read_po(file) if message.id}
    known = {message.id for message in catalogue()}
    assert wanted - known == set()
    assert len(wanted) > 400


def test_sentences_end_alike_in_both_languages() -> None:
    """A translation that was taken over from another sentence often shows at its end."""
    for message in catalogue():
        if isinstance(message.id, str) and message.id:
            ends = [text[-1] if text[-1] in ".?:!" else "" for text in (message.id, str(message.string))]
            assert ends[0] == ends[1], message.id


def test_two_sentences_do_not_share_one_translation() -> None:
    """Single words may; a whole sentence said twice is one that was mixed up."""
    found: dict[str, str] = {}
    for message in catalogue():
        if isinstance(message.id, str) and message.id.endswith("."):
            other = found.setdefault(str(message.string), message.id)
            assert other == message.id or (other, message.id) in SAME, message.string


SAME = {("The answer was saved.", "The answer has been saved.")}
