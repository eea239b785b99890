"""Text that PostgreSQL can keep and a tokenizer can read, whatever came in."""


def plain(text: str) -> str:
    """`text` without NUL characters and halves of surrogate pairs, which UTF-8 cannot hold."""
    return text.replace("\0", " ").encode("utf-8", "ignore").decode("utf-8")


def is_plain(text: str) -> bool:
    """Whether `plain` would leave the text as it is."""
    return plain(text) == text
