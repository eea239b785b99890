"""What tells who somebody is does not get in unseen, and what does not is left in peace."""

import time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from questions import intake, personal
from tests import factories


def found(text: str) -> list[tuple[str, str]]:
    return [(one.kind, text[one.start : one.end]) for one in personal.find_personal_data(text)]


@pytest.mark.parametrize(
    "address",
    [
        "juf@school.nl",
        "j.de.vries+klas6@basis-school.nl",
        "JUF@SCHOOL.NL",
        "meester_jan@mail.school.co.uk",
        "juf@münchen.example",
    ],
)
def test_an_email_address_is_found(address: str) -> None:
    assert found(f"Mail mij op {address}, graag.") == [("email", address)]


@pytest.mark.parametrize(
    "number",
    [
        "0612345678",
        "06-12345678",
        "06 12345678",
        "06 12 34 56 78",
        "06-12 34 56 78",
        "06.12.34.56.78",
        "+31612345678",
        "+31 6 12345678",
        "+31 6 12 34 56 78",
        "+31 (0)6 12345678",
        "0031612345678",
        "0031 6 12345678",
        "020-1234567",
        "020 123 45 67",
        "(020) 123 45 67",
        "0182-512345",
        "+31 20 123 45 67",
        "+32 470 12 34 56",
        "+49 1512 3456789",
        "+44 20 7946 0958",
        "06/12345678",
        "06 - 12345678",
        "06\N{NO-BREAK SPACE}12345678",
        "+31(0)612345678",
        "0412-34 56 78",
    ],
)
def test_a_phone_number_is_found_in_every_usual_notation(number: str) -> None:
    kinds = found(f"Bel mij op {number} na drieën.")
    assert [kind for kind, _text in kinds] == ["phone"], kinds
    digits = [sign for sign in number if sign.isdigit()]
    assert [sign for sign in kinds[0][1] if sign.isdigit()] == digits, "the place covers the whole number"


@pytest.mark.parametrize(
    "number", ["111222333", "123456782", "111 222 333", "111.222.333", "1112.22.333", "111-222-333"]
)
def test_a_citizen_number_is_found_by_its_check_digit(number: str) -> None:
    assert found(f"Leerling met bsn {number}.") == [("bsn", number)]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("phone", "０６１２３４５６７８"),
        ("phone", "06\N{ZERO WIDTH SPACE}1234\N{ZERO WIDTH JOINER}5678"),
        ("phone", "06\N{SOFT HYPHEN}12345678"),
        ("phone", "٠٦١٢٣٤٥٦٧٨"),
        ("email", "juf＠school.nl"),
        ("email", "juf\N{ZERO WIDTH SPACE}@school．nl"),
        ("bsn", "１１１２２２３３３"),
        ("bsn", "111\N{WORD JOINER}222333"),
        ("bsn", "1 1 1 2 2 2 3 3 3"),
        ("bsn", "1.1.1.2.2.2.3.3.3"),
    ],
)
def test_a_disguise_is_seen_through_and_the_place_is_that_of_what_was_typed(kind: str, words: str) -> None:
    assert found(f"Zie é: {words}, ja.") == [(kind, words)]


@pytest.mark.parametrize("text", ["bsn111222333", "BSN:111222333", "bsn.111222333", "Bsn 1 1 1 2 2 2 3 3 3"])
def test_a_citizen_number_is_found_right_after_its_name(text: str) -> None:
    assert [kind for kind, _words in found(text)] == ["bsn"]


@pytest.mark.parametrize(
    "text",
    [
        "In 2019 en 2020 deden 1.234.567 leerlingen mee.",
        "Het kostte € 12.500.000 of 123456789 euro.",
        "Zie https://doi.org/10.1016/j.edurev.2019.100123456 en 10.3102/0034654313483907.",
        "doi:10.1080/00131881.2012.734725",
        "ISBN 978-90-6334-123-4, ISBN 9789023251234 of ISBN 90-232-5123-4",
        "Groep 7 en 8, 25 leerlingen, 3 x 20 minuten, cito 535, 2023-2024.",
        "Effectgrootte 0,40 (95%-BI 0.12 tot 0.68; n = 1024; p < 0.001).",
        "BSN 111222334 heeft een fout controlegetal, 000000000 is er geen.",
        "Postcode 1234 AB, pagina 123-145, jaargang 45(3), 201-215.",
        "2018, 2019, 2020, 2021 en 2022",
        "Mijn vraag gaat over @-tekens en over a@b.",
        "Artikelnummer 0123456789012345",
        "Effecten van 0.12 0.345 0.678 en 0,123 0,456 0,789.",
        "Begroot: € 111.222.333 of 111.222.333 euro.",
        "ISBN-10: 111222333X, ISBN: 0612345678",
        "Scores: 0\n1\n2\n3\n4\n5\n6\n7\n8\n9",
        "tussen 09:00 en 12:30 op 01-02-2024",
        "Op 01-09-2023 tot 31-07-2024 volgden 02-03-2024 25 leerlingen les.",
    ],
)
def test_years_amounts_identifiers_and_ranges_are_left_in_peace(text: str) -> None:
    assert found(text) == []


def test_findings_come_in_order_with_their_places_and_never_overlap() -> None:
    text = "Bel 06-12345678 of mail jan@school.nl (bsn 111222333)."
    assert found(text) == [("phone", "06-12345678"), ("email", "jan@school.nl"), ("bsn", "111222333")]
    assert personal.scrub(text) == "Bel […] of mail […] (bsn […])."


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_scrubbed_text_holds_nothing_to_find_and_other_text_stays_as_it_was(text: str) -> None:
    clean = personal.scrub(text)
    assert personal.find_personal_data(clean) == []
    if not personal.find_personal_data(text):
        assert clean == text


@given(
    st.lists(
        st.sampled_from(["0", "6", "+31", " ", "-", ".", "(", ")", "12345678", "@", "a", "111222333"]), max_size=400
    )
)
@settings(max_examples=60, deadline=500)
def test_looking_takes_no_time_whatever_the_text(parts: list[str]) -> None:
    personal.find_personal_data("".join(parts)[:10_000])


@pytest.mark.parametrize(
    "text",
    [
        "0 " * 5_000,
        "1 " * 5_000,
        "１\N{ZERO WIDTH SPACE}" * 5_000,
        "bsn" * 3_000,
        "+31" * 3_300,
        "a." * 5_000,
        "1" * 10_000,
        "0-" * 5_000,
        "a@a" * 3_000,
    ],
)
def test_no_text_is_made_to_be_slow(text: str) -> None:
    began = time.perf_counter()
    personal.find_personal_data(text)
    assert time.perf_counter() - began < 2


# --- At the door ------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["text", "context", "tried", "on_behalf_of"])
def test_personal_data_is_refused_with_field_kind_and_place(field: str) -> None:
    words = "Een leerling, bel 06-12345678, leest niet graag."
    with pytest.raises(ValidationError) as refusal:
        intake.ask(factories.asking(**{field: words}))
    (error,) = refusal.value.error_dict[field]
    assert error.code == "personal_data"
    assert error.params is not None
    assert error.params["kind"] == "phone"
    assert words[error.params["start"] - 1 : error.params["end"]] == "06-12345678"


@pytest.mark.django_db
def test_who_says_that_they_have_checked_it_is_believed_and_that_is_kept() -> None:
    words = "Het nummer 111222333 staat in het onderzoek zelf."
    question, _part = intake.ask(factories.asking(text=words, personal_data_checked=True))
    assert question.text == words
    assert question.personal_data_checked


@pytest.mark.django_db
def test_the_address_field_itself_is_not_personal_data_in_the_text() -> None:
    intake.ask(factories.asking(email="juf@school.example"))
