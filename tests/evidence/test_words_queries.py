"""Queries taken apart: identifiers, phrases, words written apart; and texts of every kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.words import LONGEST, OPTIONAL_TERMS, QUERY_TERMS, parse, query_terms, terms

HOSTILE = [
    "x" * 10_000,
    "a " * 5_000,
    "de het een " * 900,
    "!?.,;:-_()[]{}" * 700,
    '"' * 9_999,
    "مرحبا بالعالم שלום עולם",
    "' OR 1=1; DROP TABLE evidence_word; --",
    'een "open aanhaling',
    "\0le\0zen\0",
    "10.1234/" + ")" * 9_000,
    "10.1234/.,;",
    "R-" + "9" * 9_000,
    "978" + " 1" * 4_000,
    "kr kr kr 23 r - r -",
    "-".join("abcdefgh" * 2 for _ in range(500)),
    "\ud800\udfff 😀 ½ ① Ⅳ ǆ ß ﬁ",
]


@pytest.mark.parametrize(
    "written", ["KR 23", "KR-23", "kr23", "KR.023", "KR. 23", "K.R. 23", "R-23", "r23", "R 23", "R\u201123", "(R-23)"]
)
def test_a_public_number_is_one_term_however_it_is_written(written: str) -> None:
    assert terms(written) == ["r23"]
    assert parse(f"Zie {written}, over lezen").identifiers == ("r23",)


@pytest.mark.parametrize(
    "written",
    [
        "10.1007/S10648-021-09595-9",
        "https://doi.org/10.1007/s10648-021-09595-9",
        "http://dx.doi.org/10.1007/s10648-021-09595-9.",
        "doi:10.1007/s10648-021-09595-9",
        "(DOI: 10.1007/s10648-021-09595-9)",
        "https://link.springer.com/article/10.1007/s10648-021-09595-9",
    ],
)
def test_a_doi_is_one_term_however_it_is_written(written: str) -> None:
    assert parse(written).identifiers == ("10.1007/s10648-021-09595-9",)
    assert terms(f"Lees {written}!").count("10.1007/s10648-021-09595-9") == 1


def test_parentheses_that_belong_to_a_doi_stay() -> None:
    assert terms("(10.1016/0361-476X(83)90019-X)") == ["10.1016/0361-476x(83)90019-x"]


def test_long_dois_that_begin_alike_stay_apart() -> None:
    one, other = terms(f"10.1234/{'a' * 80}1"), terms(f"10.1234/{'a' * 80}2")
    assert one != other
    assert max(map(len, one + other)) <= LONGEST


@pytest.mark.parametrize("written", ["978-90-1234-567-8", "9789012345678", "978 90 1234 567 8"])
def test_an_isbn_is_one_term_however_it_is_written(written: str) -> None:
    assert terms(f"ISBN {written}.") == ["isbn", "9789012345678"]
    assert parse(written).identifiers == ("9789012345678",)


def test_an_older_isbn_is_one_term() -> None:
    assert terms("90-1234-567-X") == ["901234567x"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("groep 3", ["groep", "3"]),
        ("in 2019", ["2019"]),
        ("2023-2024", ["2023", "2024", "20232024"]),
        ("er is 3,5 uur", ["3", "5", "uur"]),
        ("gamer 23", ["gamer", "23"]),
    ],
)
def test_other_numbers_are_words_of_their_own(text: str, found: list[str]) -> None:
    assert terms(text) == found
    assert parse(text).identifiers == ()


def test_a_bare_number_may_be_a_public_number() -> None:
    assert parse("023").terms == ("023",)
    assert parse(" 23 ").optional == ("r23",)
    assert parse("23").identifiers == ("r23",)
    assert parse("groep 8").optional == ()


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ('"begrijpend lezen" in groep 5', ("begrijpend lezen",)),
        ("„Passend Onderwijs” en “de  Brede\nSchool”", ("passend onderwijs", "de brede school")),
        ("«één zin» „twee zinnen“", ("een zin", "twee zinnen")),
        ('"lezen"', ()),
        ('een "open aanhaling', ()),
        ('"" "  " "?!"', ()),
        ('"een twee" en "drie', ("een twee",)),
        ("l'école d'art", ()),
    ],
)
def test_phrases_stand_between_quotation_marks(text: str, phrases: tuple[str, ...]) -> None:
    assert parse(text).phrases == phrases


@pytest.mark.parametrize(
    ("apart", "joined"),
    [
        ("leer problemen", "leerproblemen"),
        ("lees vaardigheid", "leesvaardigheid"),
        ("onderzoek vraag", "onderzoeksvraag"),
        ("leerling begeleiding", "leerlingenbegeleiding"),
        ("toets angst", "toetsangst"),
        ("school lunch", "schoollunch"),
    ],
)
def test_words_written_apart_and_together_meet(apart: str, joined: str) -> None:
    query = parse(apart)
    assert terms(joined)[0] in query.optional
    assert not set(query.optional) & set(query.terms)
    assert set(parse(joined).terms) & set(terms(apart))


def test_words_that_are_not_adjacent_or_not_known_are_not_joined() -> None:
    assert parse("leer de problemen").optional == ()
    assert parse("xyzzy qwerty").optional == ()


def test_surfaces_are_the_words_that_may_be_misspelled() -> None:
    query = parse("Dyslexie, géén R-23 lees-achterstand nt2 abc1d de het")
    assert query.surfaces == {"dyslexie": ("dyslexie",), "achterstand": ("achterstand",)}


def test_a_parsed_query_has_the_terms_of_the_text() -> None:
    text = "Hoe helpen ouders bij huiswerkbegeleiding in groep 8?"
    assert list(parse(text).terms) == query_terms(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_give_a_bounded_query(text: str) -> None:
    query = parse(text)
    assert len(query.terms) <= QUERY_TERMS
    assert len(query.optional) <= OPTIONAL_TERMS
    assert set(query.identifiers) <= {*query.terms, *query.optional}
    for term in (*query.terms, *query.optional, *terms(text)):
        assert 0 < len(term) <= LONGEST
        assert "\0" not in term


@given(st.text(max_size=300))
def test_any_text_gives_clean_terms_and_the_same_every_time(text: str) -> None:
    found = terms(text)
    assert all(0 < len(term) <= LONGEST and not set(term) & set("\0 \n\t") and term == term.lower() for term in found)
    assert terms(text) == found
    assert set(parse(text).terms) <= set(found)


@given(st.text(alphabet="aeioubdfgklmnprstvz", min_size=3, max_size=24))
def test_what_is_found_by_itself_is_found_in_a_sentence(word: str) -> None:
    assert terms(f"xyz {word} 5") == ["xyz", *terms(word), "5"]


@given(st.text(alphabet="0123456789-. /krdoi:()x", max_size=60))
def test_texts_that_look_like_identifiers_give_bounded_terms(text: str) -> None:
    query = parse(text)
    assert all(0 < len(term) <= LONGEST for term in query.terms)
    assert set(query.identifiers) <= {*query.terms, *query.optional}


def test_letters_that_become_capitals_only_when_folded_are_small_as_well() -> None:
    assert terms("\N{MATHEMATICAL BOLD CAPITAL A}bc \N{MATHEMATICAL BOLD CAPITAL R}-23") == ["abc", "r23"]
