"""What pages look like comes from tokens, of which one file of another house may take the place."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

from frontend import checks

ROOT = Path(__file__).resolve().parents[2]
STYLE = ROOT / "frontend" / "style"
EXAMPLE = ROOT / "docs" / "example-theme.css"
NAMES = "white|black|red|green|blue|gray|grey|orange|yellow|purple|teal"
COLOUR = re.compile(rf"#[0-9a-f]{{3,8}}\b|\b(?:rgb|hsl|oklch|color-mix)\w*\(|(?<![$\w-])(?:{NAMES})(?![\w-])", re.I)
SET = re.compile(r"(--[\w-]+)\s*:\s*([^;}]+)[;}]")


def plain(file: Path) -> str:
    """The file without its comments."""
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)


def built() -> str:
    return Path(str(finders.find(checks.STYLESHEET))).read_text(encoding="utf-8")


@pytest.mark.parametrize("file", sorted(STYLE.glob("*.scss")), ids=lambda file: file.name)
def test_no_colour_and_no_typeface_stands_outside_the_theme(file: Path) -> None:
    text = plain(file)
    assert COLOUR.findall(text) == []
    families = re.findall(r"font-family:\s*([^;]+);", re.sub(r"@font-face\s*\{[^}]*\}", "", text))
    assert [one for one in families if not one.startswith(("var(", "$", "inherit"))] == []


def test_the_stylesheet_was_built_from_the_theme_that_stands_here() -> None:
    theme = dict(SET.findall(plain(STYLE / "theme.css")))
    found = dict(SET.findall(built().partition("}")[0] + "}"))
    assert theme
    assert {name: found.get(name) for name in theme} == {name: value.strip() for name, value in theme.items()}


def test_no_tokens_of_government_or_municipalities_are_used() -> None:
    names = {name for name, _value in SET.findall(built())}
    assert {name.removeprefix("--").lstrip("_").partition("-")[0] for name in names} <= {
        "basis",
        "utrecht",
        "voorbeeld",
    }


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8")


def test_a_missing_stylesheet_is_said_with_what_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.stylesheet(None) == []
    monkeypatch.setattr(checks, "STYLESHEET", "frontend/built/none.css")
    (error,) = checks.stylesheet(None)
    assert "make install" in str(error.hint)


@pytest.mark.django_db
def test_a_theme_is_loaded_after_our_own_and_served_alone(browser: Any, settings: Any) -> None:
    loaded = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
    assert loaded.findall(browser().get("/").content.decode()) == ["/static/frontend/built/rotonde.css"]
    settings.THEME = str(EXAMPLE)
    assert loaded.findall(browser().get("/").content.decode())[1:] == ["/static/theme/tokens.css"]
    assert finders.find("theme/tokens.css") == str(EXAMPLE)
    assert finders.find("theme/theming.md") is None
    assert finders.find("theme/../theming.md") is None


def test_a_theme_gets_a_fingerprint(settings: Any, tmp_path: Path) -> None:
    settings.THEME, settings.STATIC_ROOT = str(EXAMPLE), tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    assert [file.name for file in tmp_path.glob("theme/tokens.*.css")]


@pytest.mark.parametrize(
    "css",
    [
        "body { display: none }",
        ":root { --a: 1px; color: red }",
        "@import 'https://elders.example/x.css'; :root { --a: b }",
        ":root { --a: url(https://elders.example/x.png) }",
        ":root { --a: b",
        ":root { --a: b } } p { --c: d }",
        "not css at all",
    ],
)
def test_a_theme_may_hold_nothing_but_tokens(css: str, settings: Any, tmp_path: Path) -> None:
    settings.THEME = str(tmp_path / "tokens.css")
    (tmp_path / "tokens.css").write_text(css)
    assert [error.id for error in checks.theme(None)] == ["frontend.E003"]


def test_themes_of_tokens_are_taken_and_missing_ones_are_not(settings: Any) -> None:
    settings.THEME = str(EXAMPLE)
    assert checks.theme(None) == []
    assert checks.is_tokens("/* ok */ :root{--a:1px;--b:var(--a)} @media (min-width:40rem){:root{--a:2px}}")
    settings.THEME = str(EXAMPLE.with_name("none.css"))
    assert [error.id for error in checks.theme(None)] == ["frontend.E002"]
    settings.THEME = ""
    assert checks.theme(None) == []
