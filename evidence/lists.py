"""Reads the word lists of `data/`: lines that begin with # say what a list is and where it is from."""

from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parent / "data"


def lines(name: str) -> Iterator[str]:
    text = (DATA / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def words(name: str) -> frozenset[str]:
    return frozenset(word for line in lines(name) for word in line.split())
