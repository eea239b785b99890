"""Finding a case of any state by its words, also an ended one: the filter of the queue (ADR 0021)."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from evidence import identifiers, words
from questions.models import CaseWords, Question

RENEW = 2_000  # cases a run
AT_ONCE = 50  # that are held together, while whoever works on one of them waits


def keep(question: Question) -> None:
    """What this case is found by from now on; in the transaction that changed its words or its number."""
    CaseWords.objects.update_or_create(
        question=question, defaults={"terms": terms_of(question), "recipe": words.WORDS_RECIPE}
    )


def terms_of(question: Question) -> list[str]:
    number = f"R-{question.number}" if question.number else ""
    return sorted(set(words.terms(" \n ".join([number, question.title, question.text, question.context]))))


def holding(text: str) -> Any:
    """The ids of cases that hold every word of `text`, in any form; a bare number is also that of the case."""
    looked_up = words.query_terms(text)
    if not looked_up:
        return CaseWords.objects.none().values("question")
    found = Q(terms__contains=looked_up)
    if number := identifiers.number_of(text.strip().removeprefix("#")):
        found |= Q(terms__contains=[number])
    return CaseWords.objects.filter(found).values("question")


def number_meant(text: str) -> int | None:
    """The number of the case that `text` names and nothing else, as `23`, `#23` or `R-23`; None when it names none."""
    clean = text.strip().removeprefix("#").casefold()
    whole = (term for start, end, term in identifiers.of(clean) if (start, end) == (0, len(clean)))
    term = identifiers.number_of(clean) or next(whole, "")
    return int(term[1:]) if term.startswith("r") else None


def renew() -> int:
    """Analyse anew what an older release analysed, RENEW cases at most. Returns how many; what stood there answers until then."""
    done = 0
    while done < RENEW and (some := renew_some()):
        done += some
    return done


def renew_some() -> int:
    # Nobody's words are brought back: who erases them holds the row of the case.
    old = Question.objects.filter(words__isnull=False).exclude(words__recipe=words.WORDS_RECIPE)
    with transaction.atomic():
        rows = list(old.order_by("pk").select_for_update(no_key=True, of=("self",), skip_locked=True)[:AT_ONCE])
        for question in rows:
            keep(question)
    return len(rows)
