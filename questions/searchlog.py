"""The search log of a case: where was looked, with which words and when, what it gave, and doing it again.

Any broker writes in it once research may begin. Nothing in it is changed: a mistake is put right by a new entry.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.facets import Filters
from questions import inputs, lease, limits, looking, personal, workflow
from questions.models import Event, LedgerEntry, Question, SearchEntry
from questions.models import conditions as when
from questions.models.conditions import GONE
from questions.permissions import works
from questions.refusals import NotNow, NotThere, NotYou, demand
from questions.states import OPEN, State

# Names only: what brokers usually look in beside their own library.
PLACES = (
    "ERIC",
    "Google Scholar",
    "Web of Science",
    "Scopus",
    "PsycINFO",
    "OpenAlex",
    "Semantic Scholar",
    "HBO Kennisbank",
    "NRO",
    "Education Endowment Foundation",
    "What Works Clearinghouse",
    "Campbell Collaboration",
)
FIRST_YEAR = 2000
MOST = 500  # entries in one log
WORDS_OF_ONES_OWN = 4  # fewer words in a row than this are nobody's in particular


class Line(forms.Form):
    place = forms.CharField(label=gettext_lazy("Where you searched"), max_length=200)
    terms = forms.CharField(label=gettext_lazy("With which words"), max_length=500)
    searched_on = forms.DateField(label=gettext_lazy("On which day (empty: today)"), required=False)
    hits = forms.IntegerField(label=gettext_lazy("How many hits"), required=False, min_value=0, max_value=2**31 - 1)
    kept = inputs.Long(label=gettext_lazy("What you kept"), max_length=limits.MESSAGE, required=False)

    def clean_searched_on(self) -> Any:
        day = self.cleaned_data["searched_on"] or timezone.localdate()
        if day > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        if day.year < FIRST_YEAR:
            raise ValidationError(_("This day is before the year 2000."))
        return day


def may_log(by: Any) -> bool:
    return bool(by.has_perm("questions.work_question"))


def of(question: Question) -> Any:
    """The entries of a case, the oldest first, with how many sources of the ledger each gave."""
    return question.searches.select_related("user", "corrected_by", "repeats")


def log(question: Question, data: Mapping[str, Any], *, by: Any) -> SearchEntry:
    """Write down one search that `by` did elsewhere; a second press of the same button writes none.

    Raises NotYou, NotNow (research may not begin yet, or the case is over) or ValidationError.
    """
    allow(question, by)
    cleaned = checked(data)
    with transaction.atomic():
        read, question = question, reopened(question)
        last: SearchEntry | None = question.searches.last()
        if last is not None and (last.user, last.is_own) == (by, False) and cleaned.items() <= vars(last).items():
            return last  # a second press
        return write(question, by, read=read, **cleaned)


def correct(question: Question, pk: Any, data: Mapping[str, Any], *, by: Any) -> SearchEntry:
    """Put entry `pk` right with a new one; the old one stays, marked as corrected."""
    allow(question, by)
    cleaned = checked(data)
    with transaction.atomic():
        read, question = question, reopened(question)
        entry = find(question, pk)
        if entry.is_own:
            raise NotNow(_("What our own library gave was counted by the system: search again instead."))
        if SearchEntry.objects.filter(corrects=entry).exists():
            raise NotNow(_("This search was corrected already: correct the newer one."))
        return write(question, by, read=read, corrects=entry, **cleaned)


def log_own(question: Question, data: Mapping[str, Any], *, by: Any) -> SearchEntry:
    """Search the library and write that down: terms, filters, hits, and which."""
    allow(question, by)
    cleaned = inputs.clean_form(looking.Library, data)
    personal.refuse(cleaned, ["terms"])
    return run(question, cleaned["terms"], looking.filters_of(cleaned), by=by)


def log_found(question: Question, *, by: Any) -> SearchEntry:
    """Write down the search that the case itself makes: its question, in its best words so far."""
    allow(question, by)
    terms = personal.scrub(question.title)[: looking.TERMS].strip()
    return run(question, terms, Filters(), by=by)


def repeat(question: Question, pk: Any, *, by: Any) -> SearchEntry:
    """Do a search of our own library again: same words, same filters. `fresh` counts what is new."""
    allow(question, by)
    first = find(question, pk)
    if not first.is_own:
        raise NotNow(_("This search was done elsewhere: do it there again, and write down what it gives."))
    return run(question, first.terms, Filters(**first.filters), by=by, repeats=first)


def run(
    question: Question, terms: str, filters: Filters, *, by: Any, repeats: SearchEntry | None = None
) -> SearchEntry:
    demand(when.research_open, question)
    found = looking.look(terms, filters, user=by)
    fresh = len(set(found.seen) - set(repeats.seen)) if repeats else None
    with transaction.atomic():
        read, question = question, reopened(question)
        last: SearchEntry | None = question.searches.filter(is_own=True, user=by).last()
        same = (terms, found.filters, found.seen, timezone.localdate())
        if last is not None and (last.terms, last.filters, last.seen, last.searched_on) == same and not repeats:
            return last  # a second press of the same button
        if repeats and find(question, repeats.pk).terms != terms:
            terms = GONE
        entry = write(
            question,
            by,
            read=read,
            terms=terms,
            hits=found.total,
            is_own=True,
            filters=found.filters,
            seen=found.seen,
            has_more=found.has_more,
            fresh=fresh,
            repeats=repeats,
        )
        # What came from what the page showed belongs to the search that is written down only now.
        waiting = LedgerEntry.objects.filter(question=question, search=None)
        waiting.filter(source__in=[one for one in found.seen if inputs.as_uuid(one)]).update(search=entry)
    return entry


def checked(data: Mapping[str, Any]) -> dict[str, Any]:
    cleaned = inputs.clean_form(Line, data)
    personal.refuse(cleaned, ["place", "terms"])
    return cleaned


def allow(question: Question, by: Any) -> None:
    if not may_log(by):
        raise NotYou(_("This is for %(who)s.") % {"who": works.who})  # type: ignore[attr-defined]


def reopened(question: Question) -> Question:
    """The question, ours until the transaction ends, when searching for it is open."""
    question = workflow.lock(question)
    if question.state not in (*OPEN, State.ANSWERED, State.PUBLISHED):
        raise NotNow(_("This cannot be done while the state is: %(state)s.") % {"state": question.get_state_display()})
    demand(when.research_open, question)
    if question.searches.count() >= MOST:
        raise NotNow(_("A search log holds at most %(most)s searches.") % {"most": MOST})
    return question


def find(question: Question, pk: Any) -> SearchEntry:
    entry: SearchEntry | None = question.searches.filter(pk=pk).first()
    if entry is None:
        raise NotThere(_("This search is not in the log."))
    return entry


def write(question: Question, by: Any, *, read: Question, terms: str, **more: Any) -> SearchEntry:
    """`read` is the case as it was when `by` searched: what was forgotten of it since then is not written down."""
    if question.text != read.text and is_asked(read, terms):
        terms = GONE
    entry = SearchEntry.objects.create(
        question=question, user=by, terms=terms, asked_words=is_asked(question, terms), **more
    )
    lease.renew(question, by)
    Event.record("search", by=by, question=question, source=question.state, target=question.state)
    return entry


def is_asked(question: Question, terms: str) -> bool:
    """Whether these are the words of who asked, and not those that were agreed."""
    said, asked, agreed = (" ".join(text.split()).casefold() for text in (terms, question.text, question.articulated))
    if said == agreed or len(said.split()) < WORDS_OF_ONES_OWN:
        return False
    return said in asked or asked in said
