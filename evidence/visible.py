"""Text that somebody can see: an invisible answer is no answer."""

import unicodedata

# Letters and symbols to Unicode, nothing to a reader: fillers of Hangul and the empty Braille cell.
FILLERS = "\u115f\u1160\u3164\uffa0\u2800"


def is_blank(text: str) -> bool:
    """Whether `text` holds no character that shows: only spaces, controls, formats and loose marks."""
    return all(unicodedata.category(sign)[0] in "CZM" or sign in FILLERS for sign in text)
