"""What is searched and asked: real text where there is some, varied text and vectors otherwise.

Deterministic: passage n is the same at every size and in every run, so that the sizes are nested.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from evidence import passages

ROOT = Path(__file__).resolve().parent.parent.parent.parent
DEMO = ROOT / "questions" / "demo"
EVAL = ROOT.parent / "shared" / "eval"  # judged sets beside the checkout, when there are any
SEED = 20_261
BATCH = 10_000  # passages made from one state of the generator
TAIL = 8  # words added to a made passage, drawn as in natural text
# P(rank) ~ rank^-1.25 gives about n^(1/1.25) different words among n drawn (Heaps' law): steep, since
# it is only these words that bring new ones.
ZIPF = 1.25
YEARS = range(2015, 2025)
NAMESPACE = 0xBE9C << 112

_SYLLABLES = [
    f"{onset}{nucleus}{coda}"
    for onset in ("b", "br", "d", "dr", "gr", "h", "k", "kl", "l", "m", "n", "p", "pr", "r", "schr", "sl", "t", "v", "w", "z")
    for nucleus in ("a", "e", "i", "o", "u", "aa", "ee", "oe", "ij", "ui")
    for coda in ("", "k", "l", "m", "n", "r", "s", "t")
]  # fmt: skip


@dataclass(frozen=True)
class Text:
    title: str
    body: str


@dataclass(frozen=True)
class Row:
    """A passage to load: its number gives its ref; sector `vo`, theme `zeldzaam` and year are for filters."""

    number: int
    text: Text
    sectors: list[str]
    themes: list[str]
    year: int

    @property
    def ref(self) -> str:
        return ref_of(self.number)


def ref_of(number: int) -> str:
    return str(UUID(int=NAMESPACE | number))


def number_of(ref: str) -> int:
    return UUID(ref).int & (2**64 - 1)


# --- Real text --------------------------------------------------------------------------------


def real() -> tuple[list[Text], list[str], str]:
    """Real passages, real queries, and one line that says where they come from."""
    found, asked = _demo()
    told = [f"demo content ({len(found)} passages)"]
    for folder in sorted(path.parent for path in EVAL.glob("*/corpus.jsonl")):
        some = [
            Text(row.get("title", ""), body) for row in _rows(folder / "corpus.jsonl") for body in _cut(row["text"])
        ]
        asked += [row["text"] for row in _rows(folder / "queries.jsonl")]
        told.append(f"{folder.name} ({len(some)})")
        found += some
    found = list(dict.fromkeys(found))
    asked = list(dict.fromkeys(text.strip() for text in asked if 8 < len(text) < 1_000))
    random = np.random.default_rng(SEED)
    return _mixed(found, random), _mixed(asked, random), ", ".join(told)


def _demo() -> tuple[list[Text], list[str]]:
    cases = json.loads((DEMO / "cases.json").read_text(encoding="utf-8"))
    sources = json.loads((DEMO / "sources.json").read_text(encoding="utf-8"))
    found: list[Text] = []
    for case in cases:
        answer = case.get("answer") or {}
        fields = ("context", "tried", "short_answer", "explanation")
        bodies = [{**case, **answer}.get(name) or "" for name in fields]
        found += [Text(case["text"][:300], body) for whole in bodies for body in _cut(whole)]
    for source in sources:
        bodies = [source.get(name) or "" for name in ("finding_nl", "finding_en")]
        found += [Text(source["csl"]["title"], body) for whole in bodies for body in _cut(whole)]
    return found, [case["text"] for case in cases]


def _cut(text: str) -> list[str]:
    return [piece for piece in passages.cut(text) if piece.strip()]


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _mixed(items: list, random: np.random.Generator) -> list:  # type: ignore[type-arg]
    return [items[place] for place in random.permutation(len(items))]


def fingerprint(texts: Sequence[Text]) -> str:
    """Changes with the texts: what is kept of another set must not be taken for this one."""
    joined = "\0".join(f"{text.title}\1{text.body}" for text in texts)
    return blake2b(joined.encode(), digest_size=8).hexdigest()


# --- Varied text ------------------------------------------------------------------------------


def made_word(rank: int) -> str:
    """A word of two syllables or more that looks Dutch; the same for the same rank."""
    base = len(_SYLLABLES)
    pieces = []
    rank += base
    while rank:
        rank, place = divmod(rank, base)
        pieces.append(_SYLLABLES[place])
    return "".join(pieces)


class Maker:
    """Makes passage n: the real one while there is one, else sentences of others and drawn words."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self.texts = list(texts)
        self.sentences = [
            line for text in texts for line in passages.sentences(text.body) if 3 < len(line.split()) < 60
        ]
        counted = Counter(re.findall(r"[a-zà-ÿ]{4,}", " ".join(text.body.lower() for text in texts)))
        self.words = [word for word, _count in sorted(counted.items(), key=lambda one: (-one[1], one[0]))]

    def word(self, rank: int) -> str:
        """The rank-th most frequent word of the real text; beyond these, one that was made up."""
        return self.words[rank - 1] if rank <= len(self.words) else made_word(rank)

    def batches(self, count: int) -> Iterator[list[Row]]:
        """Rows 0 to `count`, BATCH at a time."""
        for start in range(0, count, BATCH):
            yield self._batch(start)[: count - start]

    def _batch(self, start: int) -> list[Row]:
        random = np.random.default_rng([SEED, start])
        share = random.random((BATCH, 2))
        years = random.integers(YEARS.start, YEARS.stop, BATCH)
        picked = random.integers(0, len(self.sentences), (BATCH, 3))
        ranks = random.zipf(ZIPF, (BATCH, TAIL)).clip(max=2**40)
        return [
            Row(
                start + n,
                self._text(start + n, picked[n], ranks[n]),
                ["vo"] if share[n, 0] < 0.1 else ["po"],
                ["zeldzaam"] if share[n, 1] < 0.01 else [],
                int(years[n]),
            )
            for n in range(BATCH)
        ]

    def _text(self, number: int, picked: NDArray[np.int64], ranks: NDArray[np.int64]) -> Text:
        if number < len(self.texts):
            return self.texts[number]
        base = self.texts[number % len(self.texts)]
        first = passages.sentences(base.body[:400])[0]
        tail = " ".join(self.word(int(rank)) for rank in ranks)
        return Text(base.title, f"{first} {' '.join(self.sentences[place] for place in picked)} {tail}.")


def vectors(base: NDArray[np.float32], count: int, file: Path) -> NDArray[np.float16]:
    """`count` unit vectors as a file of half floats (count × dimensions), read-only.

    The first are the real ones (`base`). The others are a real one moved along the difference of
    two others: noise that lies as real vectors do, unlike noise that is the same in all directions.
    """
    kept = np.lib.format.open_memmap(file, mode="w+", dtype=np.float16, shape=(count, base.shape[1]))
    for start in range(0, count, BATCH):
        random = np.random.default_rng([SEED, start, 1])
        one = random.integers(0, len(base), BATCH)
        other = (one + random.integers(1, len(base), BATCH)) % len(base)  # never itself: no two are the same
        strength = random.uniform(0.2, 0.6, (BATCH, 1)).astype(np.float32)
        numbers = np.arange(start, start + BATCH)
        moved = base[numbers % len(base)] + np.where(
            numbers[:, None] < len(base), 0, strength * (base[one] - base[other])
        )
        moved /= np.linalg.norm(moved, axis=1, keepdims=True)
        size = min(BATCH, count - start)
        kept[start : start + size] = moved[:size]
    kept.flush()
    return np.load(file, mmap_mode="r")
