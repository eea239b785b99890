import random
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from evidence import words
from evidence.models import Word
from evidence.spelling import MOST, corrections, edits, forget, learn, rebuild

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dyslxie", "dyslexie"),  # a letter missing
        ("dyslexxie", "dyslexie"),  # one too many
        ("dyslezie", "dyslexie"),  # another one
        ("dyselxie", "dyslexie"),  # two swapped in the middle
        ("ydslexie", "dyslexie"),  # at the beginning
        ("dyslexei", "dyslexie"),  # at the end
        ("yslexie", "dyslexie"),
        ("dyslexi", "dyslexie"),
        ("lerling", "leerling"),
        ("leerlng", "leerling"),
        ("toest", "toets"),
        ("lezne", "lezen"),
        ("toetss", "toets"),
        ("speel", "spel"),
    ],
)
def test_one_edit_anywhere_in_a_word_still_finds(typed: str, meant: str) -> None:
    learn(["Dyslexie bij een leerling, een toets en lezen. Een spel."], public=True)
    assert corrections([typed], public_only=True) == {typed: (meant,)}


@pytest.mark.parametrize("typed", ["dylsxie", "spl", "toe", "quizzen", "dyslexie", "", "r23", "a" * 200])
def test_two_edits_short_words_known_words_and_strangers_are_left_alone(typed: str) -> None:
    learn(["dyslexie spel toets"], public=True)
    assert corrections([typed], public_only=True) == {}


def test_the_likeliest_corrections_come_first_and_not_too_many() -> None:
    learn(["boeten moeten toeten voeten zoeten roeten"], public=True)
    assert corrections(["boetne"], public_only=True) == {"boetne": ("boeten",)}
    assert len(corrections(["poeten"], public_only=True)["poeten"]) == MOST
    learn(["teksten testen"], public=True)
    assert corrections(["teesten"], public_only=True) == {"teesten": ("testen", "teksten")}


def test_the_same_first_letter_counts_most() -> None:
    learn(["balans kalans"], public=True)
    assert corrections(["kalens"], public_only=True) == {"kalens": ("kalans",)}
    learn(["balken", "valken"], public=True)
    assert corrections(["valkem"], public_only=True) == {"valkem": ("valken",)}
    learn(["wanden", "banden", "wonden"], public=True)
    assert corrections(["winden"], public_only=True)["winden"][0] in {"wanden", "wonden"}


def test_a_visitor_is_corrected_with_public_words_only() -> None:
    learn(["fraudezaak"], public=False)
    assert corrections(["fraudezaek"], public_only=True) == {}
    assert corrections(["fraudezaek"], public_only=False) == {"fraudezaek": ("fraudezaak",)}
    learn(["ouderavond"], public=True)
    assert corrections(["ouderavnd"], public_only=False) == {"ouderavnd": ("ouderavond",)}


def test_a_word_that_staff_know_is_still_corrected_for_a_visitor() -> None:
    learn(["fraudezaek"], public=False)
    learn(["fraudezaak"], public=True)
    assert corrections(["fraudezaek"], public_only=True) == {"fraudezaek": ("fraudezaak",)}
    assert corrections(["fraudezaek"], public_only=False) == {}


def test_learning_twice_adds_nothing() -> None:
    assert learn(["Leraren en léérlingen", "leraren"], public=True) == 2
    assert learn(["leraren leerlingen"], public=True) == 0
    assert learn([""], public=True) == 0
    assert set(Word.objects.values_list("word", "public")) == {("leraren", True), ("leerlingen", True)}


def test_words_are_kept_folded_and_without_what_is_no_word() -> None:
    learn(["Privé-school, groep 3, R-23, 10.1234/abcde, x\0yzzyx " + "z" * 100], public=True)
    assert set(Word.objects.values_list("word", flat=True)) == {"prive", "school", "groep", "yzzyx"}


def test_the_vocabulary_is_made_anew_from_what_can_be_found(shelve: Any) -> None:
    shelve("a", "Leesplezier", "Over boeken")
    shelve("b", "Geheimpje", public=False)
    learn(["oudewoorden"], public=True)
    out = StringIO()
    call_command("reindex_words", stdout=out)
    assert "4 words known" in out.getvalue()
    assert set(Word.objects.values_list("word", "public")) == {
        ("leesplezier", True),
        ("over", True),
        ("boeken", True),
        ("geheimpje", False),
    }
    forget()
    assert not Word.objects.exists()
    assert rebuild() == 4


def one_edit(one: str, other: str) -> bool:
    """Whether one insertion, deletion, replacement or swap of neighbours makes one of the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    pairs = zip(one, other, strict=False)
    shorter = min(len(one), len(other))
    start = next((place for place, (a, b) in enumerate(pairs) if a != b), shorter)
    rest, remainder = one[start:], other[start:]
    if len(rest) == len(remainder):
        swapped = rest[1::-1] == remainder[:2] and rest[2:] == remainder[2:]
        return swapped or rest[1:] == remainder[1:]
    return rest[1:] == remainder if len(rest) > len(remainder) else rest == remainder[1:]


@given(st.text(alphabet="abc", min_size=1, max_size=7), st.text(alphabet="abc", min_size=1, max_size=7))
def test_the_edits_of_a_word_are_just_those_that_a_plain_comparison_accepts(one: str, other: str) -> None:
    assert one_edit(one, other) == (other in edits(one))
    assert one_edit(one, other) == one_edit(other, one)


def test_a_query_of_errors_costs_one_look_up(django_assert_num_queries: Any) -> None:
    learn(["leerling toets lezen"], public=True)
    with django_assert_num_queries(1):
        corrections(["leerlign", "tpets", "lezne"], public_only=False)
    with django_assert_num_queries(0):
        corrections(["abc"], public_only=False)


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_the_same_words_do_not_lock_each_other() -> None:
    vocabulary = sorted({"".join(random.Random(n).choices("abcdefgh", k=8)) for n in range(400)})

    def write(seed: int) -> int:
        try:
            shuffled = random.Random(seed).sample(vocabulary, len(vocabulary))
            return learn([" ".join(shuffled)], public=True)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(write, range(8))) == len(vocabulary)


@pytest.mark.parametrize(
    "text", ["' OR 1=1; --", "%%%%%%", "\\\\\\\\\\\\", "مرحبا بالعالم", "\ud800lezen", "a" * 10_000]
)
def test_hostile_words_are_learned_and_corrected_without_error(text: str) -> None:
    learn([text.encode("utf-8", "ignore").decode()], public=True)
    assert isinstance(corrections(list(words.parse(text).surfaces), public_only=False), dict)
