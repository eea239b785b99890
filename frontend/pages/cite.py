"""An answer as reference managers take it: CSL-JSON, RIS and BibTeX."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import rispy
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field
from django.urls import reverse
from django.utils.translation import gettext as _
from pylatexenc.latexencode import unicode_to_latex

from brokers.models import Desk
from frontend.pages.linked import absolute
from questions.models import Version


def csl(version: Version) -> dict[str, Any]:
    """The CSL-JSON item of one version of an answer. The desk is the author, as on the page."""
    item, desk = version.item, Desk.default().name
    made: dict[str, Any] = {
        "id": f"answer-{item.number}-v{version.n}",
        "type": "webpage",
        "title": " ".join(item.title.split()),
        "author": [{"literal": desk}],
        "publisher": desk,
        "language": version.language,
        "number": str(item.number),
        "version": str(version.n),
        "URL": f"{absolute(reverse('answer-number', args=[item.number]))}?version={version.n}",
    }
    if at := version.published_at:
        made["issued"] = {"date-parts": [[at.year, at.month, at.day]]}
    if at := version.retracted_at:
        made["note"] = _("Taken back on %(date)s.") % {"date": f"{at:%Y-%m-%d}"}
    return made


def as_csl(item: dict[str, Any]) -> str:
    return json.dumps([item], ensure_ascii=False, indent=1)


def as_ris(item: dict[str, Any]) -> str:
    year, date = _dates(item)
    entry = {
        "type_of_reference": "ELEC",
        "id": item["id"],
        "title": item["title"],
        "authors": [item["publisher"]],
        "publisher": item["publisher"],
        "language": item["language"],
        "edition": item["version"],
        "urls": [item["URL"]],
        "year": year,
        "date": date.replace("-", "/"),
        "notes": [item["note"]] if "note" in item else [],
    }
    return str(rispy.dumps([{name: value for name, value in entry.items() if value}])).partition("\n")[2]  # no number


def as_bibtex(item: dict[str, Any]) -> str:
    year, date = _dates(item)
    # In braces of their own: a desk has no first name, and capitals of a title stay.
    protected = {"author": item["publisher"], "title": item["title"]}
    fields = {name: f"{{{unicode_to_latex(text)}}}" for name, text in protected.items()}
    fields |= {"year": year, "date": date, "version": item["version"], "langid": LANGID[item["language"]]}
    fields |= {"url": item["URL"], "note": unicode_to_latex(item.get("note", ""))}
    entry = Entry("online", item["id"], [Field(name, text) for name, text in fields.items() if text])
    return str(write_string(Library([entry])))


def _dates(item: dict[str, Any]) -> tuple[str, str]:
    """Year and whole date (ISO) of issue; both "" when there is none."""
    if "issued" not in item:
        return "", ""
    year, month, day = item["issued"]["date-parts"][0]
    return str(year), f"{year:04}-{month:02}-{day:02}"


LANGID = {"nl": "dutch", "en": "english"}


class Form(NamedTuple):
    name: str
    media: str
    write: Callable[[dict[str, Any]], str]


# By the end of the address.
FORMS = {
    "ris": Form("RIS", "application/x-research-info-systems", as_ris),
    "bib": Form("BibTeX", "application/x-bibtex", as_bibtex),
    "json": Form("CSL-JSON", "application/vnd.citationstyles.csl+json", as_csl),
}
