"""The answer while it is written: texts, citation rows, a preview, and two texts in one when it changed meanwhile."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.library import authors_line
from evidence.models import Source
from frontend import forms
from frontend.pages.answers import Text, text_from
from frontend.pages.keyboard import start_at
from frontend.pages.merged import ThreeWay, three_way
from frontend.refused import Refused, labels_of
from questions import inputs, paragraphs, personal, writing
from questions.merging import Merged
from questions.models import Consultation, Question, Version
from questions.readability import Reading, reading
from questions.states import VersionState
from questions.texts import cited_by_naming

MOST_ROWS = 300  # more than an answer may have: the domain says so, and nothing typed is cut off unsaid
LONGEST_ETAG = 60
NAMES = tuple(writing.Texts.base_fields)
RUNNING = ("short_answer", "explanation", "conclusion", "gap")
MARKDOWN = (*RUNNING, "team_try", "team_watch")
OF_A_NEXT_VERSION = ("significance", "change_note")


def row_number(text: str) -> int | None:
    """A number of rows, or of one; None for anything that is no such number."""
    return int(text) if text.isdecimal() and len(text) <= 4 else None


def clean(typed: Mapping[str, str]) -> dict[str, str]:
    """Without the one character that the database does not take."""
    return {name: value.replace("\x00", "") for name, value in typed.items()}


def rows_of(data: QueryDict, form: Any, prefix: str, count: int | None) -> list[dict[str, str]]:
    """The rows of one kind that were sent; with a count that is none, as many as there may be."""
    numbers = range(MOST_ROWS if count is None else min(count, MOST_ROWS))
    return [clean(forms.posted(form, data, f"{prefix}-{n}-")) for n in numbers]


def with_something(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in rows if any(value.strip() for value in row.values())]


def without(rows: list[dict[str, str]], gone: int | None) -> list[dict[str, str]]:
    """The rows with something in them, but for row `gone`."""
    return with_something([row for n, row in enumerate(rows) if n != gone])


@dataclass(frozen=True)
class Typed:
    """What stood in the editor when it was sent."""

    texts: dict[str, str]
    lines: list[dict[str, str]]
    etag: str
    experts: list[dict[str, str]] = field(default_factory=list)
    is_broken: bool = False
    sitting: uuid.UUID = field(default_factory=uuid.uuid4)
    merged: Merged | None = None  # when this was made of two texts
    pressed: str = ""  # what was asked for: there the keyboard goes on

    @classmethod
    def of(cls, data: QueryDict) -> "Typed":
        counts = {name: row_number(data.get(name, "") or "0") for name in ("rows", "experts")}
        etag, go = data.get("etag", ""), data.get("go", "")
        odd = len(etag) > LONGEST_ETAG or "\x00" in etag
        sitting = inputs.as_uuid(data.get("sitting", ""))
        broken = None in counts.values() or odd or (go.startswith("drop") and row_number(go.partition(":")[2]) is None)
        return cls(
            clean(forms.posted(writing.Texts, data)),
            rows_of(data, writing.CitationLine, "citation", counts["rows"]),
            "" if odd else etag,
            rows_of(data, writing.Expert, "expert", counts["experts"]),
            is_broken=broken or any("\x00" in value for value in data.values()),
            sitting=sitting or uuid.uuid4(),
        )

    def check(self) -> None:
        """Refuses what no page of ours sends; what was typed is cleaned and stays."""
        if self.is_broken:
            raise ValidationError(
                _("Something in this form could not be read, so nothing was saved. Look at your text and try again.")
            )

    @property
    def filled(self) -> list[dict[str, str]]:
        """The rows with something in them; a row that was emptied is taken out."""
        return with_something(self.lines)

    def data(self) -> dict[str, Any]:
        """What the domain gets."""
        return {**self.texts, "citations": self.filled, "consulted": with_something(self.experts)}

    def after(self, go: str, asked: str = "") -> "Typed":
        """With what was asked for: an empty row, one for a source (`use:key`), one less, or the words `asked`."""
        what, _colon, which = go.partition(":")
        texts = dict(self.texts)
        if go == "copy-asked":  # below what stands there: nothing typed is lost
            texts["asked_as"] = "\n\n".join(filter(None, [texts.get("asked_as", "").strip(), asked]))
        lines, experts = (
            without(rows, row_number(which) if what == name else None)
            for rows, name in ((self.lines, "drop"), (self.experts, "drop-expert"))
        )
        if what in ("add", "use"):
            lines.append({"source": which} if which else {})
        if what == "claim":  # a sentence of the short answer that rests on nothing yet
            lines.append({"claim": which})
        if what == "grade":  # what the ledger proposes
            texts["strength"], texts["direction"], kind = [*which.split(":"), "", ""][:3]
            texts["gap_kind"] = kind or texts.get("gap_kind", "")  # where it shows no gap, what one chose stays
        if go == "add-expert":
            experts.append({})
        return replace(self, texts=texts, lines=lines, experts=experts, is_broken=False, pressed=what)


@dataclass(frozen=True)
class Editor:
    form: Any
    rows: list[Any]
    experts: list[Any]
    etag: str
    sitting: str
    sources: list[tuple[str, str]]
    takes_back: bool
    preview: Text | None
    reading: Reading
    hints: list[str]
    three_way: ThreeWay | None
    is_typed: bool
    pressed: str

    @property
    def as_look(self) -> "Look | None":
        return Look(self.preview, self.reading, self.hints) if self.preview else None


def saved(version: Version | None) -> Typed:
    if version is None:
        return Typed({}, [], writing.NEW)
    lines = [
        {"source": one.source.key, "claim": one.claim, "locator": one.locator}
        for one in version.citations.select_related("source")
    ]
    experts = [{name: str(getattr(one, name)) for name in Consultation.WORDS} for one in version.consulted.all()]
    texts = {name: str(getattr(version, name) or "") for name in NAMES}
    return Typed(texts, lines, version.etag, experts)


def editor(
    version: Version | None,
    sources: Any,
    language: str,
    user: Any,
    typed: Typed | None = None,
    no: Refused | None = None,
    is_preview: bool = False,
) -> Editor:
    stored = saved(version)
    now = typed or stored
    stale = no is not None and no.status == 412
    errors = no.errors if no else {}
    made = Editor(
        form=texts_form(now, bool(typed), errors, is_first=version is None or version.n == 1),
        rows=[
            citation_row(n, one, errors, bool(typed)) for n, one in enumerate([*now.lines, *([] if typed else [{}])])
        ],
        experts=[row("consulted", n, one, errors, bool(typed)) for n, one in enumerate(now.experts)],
        etag=stored.etag if stale else now.etag,
        sitting=str(now.sitting),
        sources=[(one.key, one.title) for one in sources],
        takes_back=version is not None and version.state in (VersionState.IN_REVIEW, VersionState.APPROVED),
        preview=preview(now, language) if is_preview else None,
        reading=read(now, language),
        hints=hints(now),
        three_way=three_way(now.merged, version, user) if now.merged and version else None,
        is_typed=typed is not None,
        pressed=now.pressed,
    )
    start_at(made.pressed, made.form, made.rows, made.experts)
    return made


def read(typed: Typed, language: str) -> Reading:
    """How the running text reads; the parts of the team sheet are lists, and count for themselves."""
    return reading("\n\n".join(filter(None, (typed.texts.get(name, "") for name in RUNNING))), language)


def hints(typed: Typed) -> list[str]:
    """What may tell who somebody is, in all that readers will get."""
    return personal.hints(typed.texts.get(name, "") for name in paragraphs.FIELDS)


def texts_form(now: Typed, is_typed: bool, errors: Mapping[str, list[str]], is_first: bool) -> Any:
    mine = {key: value for key, value in errors.items() if key.partition(".")[0] not in writing.ROWS}
    made = forms.shown(writing.Texts, "answer", typed=now.texts if is_typed else None, initial=now.texts, errors=mine)
    made.fields["explanation"].widget.attrs["rows"] = 18
    for name in MARKDOWN:
        made.fields[name].widget.attrs["data-markdown"] = ""
    for name in OF_A_NEXT_VERSION if is_first else ():
        del made.fields[name]  # nobody knows an earlier one
    return made


# The rows the domain names, with the kind they are here and what one of them is called.
ROWS = {
    "citations": ("citation", gettext_lazy("Citation %(n)s")),
    "consulted": ("expert", gettext_lazy("Expert %(n)s")),
}
CLAIM = gettext_lazy("What you take from it")  # "claim" is also what one does with a case


def row(rows: str, n: int, line: Mapping[str, str], errors: Mapping[str, list[str]], is_typed: bool) -> Any:
    """One row of a kind. A fresh empty one is not wrong yet."""
    start, kind = f"{rows}.{n}.", ROWS[rows][0]
    mine = {key.removeprefix(start): value for key, value in errors.items() if key.startswith(start)}
    return forms.shown(
        writing.ROWS[rows][0],
        kind,
        prefix=f"{kind}-{n}",
        errors=mine if mine else None,
        typed=line if is_typed and mine else None,
        initial=line,
    )


def citation_row(n: int, line: Mapping[str, str], errors: Mapping[str, list[str]], is_typed: bool) -> Any:
    made = row("citations", n, line, errors, is_typed)
    made.fields["source"].widget.attrs |= {"list": "sources", "autocomplete": "off"}
    made.fields["claim"].widget.attrs["rows"] = 2
    made.fields["claim"].label = CLAIM
    return made


def wrong_fields(errors: Mapping[str, list[str]]) -> tuple[dict[str, str], dict[str, str]]:
    """What the fields with errors are called, and the ids they have in the editor."""
    labels = labels_of(writing.Texts)
    targets = {name: f"answer-{name}" for name in labels}
    for key in errors:
        rows, _dot, rest = key.partition(".")
        n, _dot, name = rest.partition(".")
        if rows not in ROWS or not n.isdecimal():
            continue
        kind, words = ROWS[rows]
        label = CLAIM if name == "claim" else labels_of(writing.ROWS[rows][0]).get(name, "")
        labels[key] = ", ".join(filter(None, [words % {"n": int(n) + 1}, str(label)]))
        targets[key] = f"{kind}-{kind}-{n}-{name}"
    return labels, targets


def fields_of(typed: Typed) -> list[tuple[str, str]]:
    """Field by field, for reading beside another text."""
    labels = {name: str(one.label) for name, one in writing.Texts.base_fields.items()}
    choices = {name: dict(one.choices) for name, one in writing.Texts.base_fields.items() if hasattr(one, "choices")}
    texts = [
        (labels[name], str(choices.get(name, {}).get(value, value)))
        for name in NAMES
        if (value := typed.texts.get(name, ""))
    ]
    cited = [
        (
            str(writing.CitationLine.base_fields["source"].label),
            " · ".join(filter(None, [line.get("source", ""), line.get("claim", ""), line.get("locator", "")])),
        )
        for line in typed.filled
    ]
    named = [
        (_("Consulted expert"), " · ".join(filter(None, [str(value) for value in one.values()])))
        for one in with_something(typed.experts)
    ]
    return texts + cited + named


def preview(typed: Typed, language: str) -> Text:
    """As readers would see it once saved: what the texts name by `[@key]` stands among the sources already."""
    keys = [line.get("source", "") for line in typed.filled]
    known: dict[str, Source] = {one.key: one for one in Source.objects.filter(key__in=keys)}
    known |= {key: found for key in keys if key not in known and (found := inputs.find_source(key))}
    rows = [
        (known[line["source"]], line.get("claim", ""), line.get("locator", ""))
        for line in typed.filled
        if line.get("source") in known
    ]
    named = cited_by_naming(typed.texts, {source.key for source, _claim, _place in rows})
    rows += [(one["source"], one["claim"], one["locator"]) for one in named]
    experts = [(one.get("name", ""), one.get("role", "")) for one in with_something(typed.experts)]
    return text_from(typed.texts, rows, language, experts)


def from_content(content: Mapping[str, Any]) -> Typed:
    texts = {name: str(content.get(name) or "") for name in NAMES}
    lines, experts = (
        [
            {key: str(value or "") for key, value in line.items()}
            for line in content.get(name) or []
            if isinstance(line, dict)
        ]
        for name in ("citations", "consulted")
    )
    return Typed(texts, lines, "", experts)


def merged(typed: Typed, made: Merged) -> Typed:
    """What stands in the editor after two texts were made into one."""
    return replace(from_content(made.content), etag=typed.etag, sitting=typed.sitting, merged=made)


@dataclass(frozen=True)
class Look:
    """A text as readers will see it, and how it reads."""

    text: Text
    reading: Reading
    hints: list[str]  # what in it may tell who somebody is


def looked(typed: Typed, question: Question) -> Look:
    language = question.language
    return Look(preview(typed, language), read(typed, language), hints(typed))


def offered(source: Source, why: str) -> dict[str, str]:
    """A source in the list under a key that is being typed."""
    detail = ", ".join(filter(None, [authors_line(source.csl), str(source.year or "")]))
    return {"key": source.key, "title": source.title, "detail": detail, "why": why}
