"""Reads a judged search set in BEIR layout from a folder."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class Malformed(Exception):
    """The set cannot be read; the message says which file and line, and what is wrong."""


@dataclass(frozen=True)
class JudgedSet:
    """Documents (title, text) and queries by id, and the judged score of documents per query."""

    documents: dict[str, tuple[str, str]]
    queries: dict[str, str]
    judgements: dict[str, dict[str, int]]


def read(folder: Path) -> JudgedSet:
    """The set in `folder`; Malformed when a file is missing, broken or empty."""
    documents = {
        _text(row, "_id", where): (_text(row, "title", where, ""), _text(row, "text", where))
        for row, where in _rows(folder / "corpus.jsonl")
    }
    queries = {_text(row, "_id", where): _text(row, "text", where) for row, where in _rows(folder / "queries.jsonl")}
    judgements = _judgements(folder / "qrels.tsv")
    asked = {query: of for query, of in judgements.items() if query in queries}
    for name, part in (("corpus.jsonl", documents), ("queries.jsonl", queries)):
        if not part:
            raise Malformed(f"{folder / name} is empty.")
    if not asked:
        raise Malformed(f"{folder / 'qrels.tsv'} judges none of the queries in queries.jsonl.")
    return JudgedSet(documents, queries, asked)


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield line.rstrip("\r\n"), f"{path} line {number}"
    except OSError as error:
        raise Malformed(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Malformed(f"{path} is not UTF-8 text.") from error


def _rows(path: Path) -> Iterator[tuple[dict[str, Any], str]]:
    for line, where in _lines(path):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Malformed(f"{where} is not JSON.") from error
        if not isinstance(row, dict):
            raise Malformed(f"{where} is not a JSON object.")
        yield row, where


def _text(row: dict[str, Any], name: str, where: str, default: str | None = None) -> str:
    value = row.get(name, default)
    if name == "_id" and isinstance(value, int):
        value = str(value)
    if value is None and default is not None:
        value = default
    if not isinstance(value, str) or (name == "_id" and not value):
        raise Malformed(f"{where} has no text in “{name}”.")
    return value


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    lines = list(_lines(path))
    if not lines or lines[0][0].split("\t") != ["query-id", "corpus-id", "score"]:
        raise Malformed(f"{path} must begin with the line query-id, corpus-id, score (tabs).")
    found: dict[str, dict[str, int]] = {}
    for line, where in lines[1:]:
        try:
            query, document, score = line.split("\t")
            found.setdefault(query, {})[document] = int(score)
        except ValueError as error:
            raise Malformed(f"{where} is not query-id, corpus-id and a whole score.") from error
    return found
