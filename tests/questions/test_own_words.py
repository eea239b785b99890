"""What somebody typed in a reply, without the mail below it: as mail programs really write it."""

import pytest

from questions.ownwords import own_words, text_of

OURS = ["Reply above this line", "Typ je antwoord boven deze regel"]
LETTER = "[ Typ je antwoord boven deze regel ]\n\nOnze kennismakelaar heeft je een bericht geschreven.\n"
QUOTED = "".join(f"> {line}\n" for line in LETTER.splitlines())
TYPED = "Het gaat om groep 6.\n\nBedankt, ik hoor het graag!"


@pytest.mark.parametrize(
    "below",
    [
        f"\n\nOp ma 3 nov 2025 om 14:05 schreef Rotonde <desk@rotonde.example>:\n\n{QUOTED}",
        f"\n\nOn Mon, 3 Nov 2025 at 14:05, Rotonde <desk@rotonde.example>\nwrote:\n\n{QUOTED}",
        f"\n\nOp 3 nov. 2025, om 14:05 heeft Rotonde <desk@rotonde.example> het volgende geschreven:\n\n{QUOTED}",
        f"\n\nRotonde <desk@rotonde.example> schreef op 3 november 2025 14:05:10 CET:\n{QUOTED}",
        f"\n\nVan: Rotonde <desk@rotonde.example>\nVerzonden: maandag 3 november 2025 14:05\nAan: mij@school.example\n"
        f"Onderwerp: Een bericht over vraag 12\n\n{LETTER}",
        "\n\n*From:* Rotonde\n*Sent:* Monday\n*To:* me\n*Subject:* A message\n\n[ Reply above this line ]\n\nText\n",
        f"\n\n________________________________\nVan: Rotonde\nVerzonden: maandag\n\n{LETTER}",
        f"\n\n-----Oorspronkelijk bericht-----\nVan: Rotonde\nVerzonden: maandag\n\n{LETTER}",
        "\n\nVan: Rotonde\nVerzonden: maandag\nAan: mij\n\nDe eerste regel is er niet meer.",
        f"\n\n{QUOTED}",
        f"\n\n{LETTER}",
        "",
    ],
)
@pytest.mark.parametrize(
    "signature", ["", "\n\n-- \nJan, leraar", "\n\nMet vriendelijke groet,\n\nJan", "\n\nVerzonden vanaf mijn iPhone"]
)
def test_only_what_was_typed_is_left(signature: str, below: str) -> None:
    assert own_words(TYPED + signature + below, OURS) == TYPED


def test_who_answers_between_the_lines_loses_nothing() -> None:
    text = f"Zie onder.\n\nOp 3-11-2025 om 14:05 schreef Rotonde:\n{QUOTED}Groep 6.\n> nog iets?\nNee.\n"
    assert own_words(text, OURS) == "Zie onder.\n\nGroep 6.\nNee."


def test_who_answers_below_the_quote_loses_nothing() -> None:
    assert own_words(f"On 3 Nov 2025 at 14:05 Rotonde wrote:\n\n{QUOTED}\nGroep 6.\n", OURS) == "Groep 6."


@pytest.mark.parametrize(
    "text",
    [
        "In 2024 schreef u:\ndat kan niet.\nWaarom niet?",
        "Bedankt,\nhet gaat om groep 6.\nEn om groep 7.",
        "Van: groep 6\nnaar groep 7, is de vraag.",
        "Groet",
        "Ja",
        "1. Ja\n- nee\n\n\nVriendelijke mensen hier.",
        "Groeten\n" + "\n".join(f"Punt {n}" for n in range(15)),
    ],
)
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert own_words(text, OURS) == text


def test_a_quote_alone_holds_no_words() -> None:
    assert own_words(QUOTED, OURS) == ""


def test_html_becomes_lines_and_its_quote_keeps_its_mark() -> None:
    html = (
        "<html><head><style>p{color:red}</style></head><body><div>Groep&nbsp;6 &amp; 7<br>en <b>groep</b> 8</div>"
        "<p>Dank!</p><script>alert(1)</script>"
        '<div class="gmail_attr">Op ma 3 nov 2025 om 14:05 schreef Rotonde &lt;desk@rotonde.example&gt;:</div>'
        "<blockquote><p>[ Typ je antwoord boven deze regel ]</p><p>Rotonde</p></blockquote></body></html>"
    )
    assert own_words(text_of(html), OURS) == "Groep 6 & 7\nen groep 8\n\nDank!"
