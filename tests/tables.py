"""Small tables of labelled texts that the tests make for themselves."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

ENGLISH = {
    "good": ("wonderful", "great", "lovely", "brilliant"),
    "bad": ("awful", "boring", "stupid", "dull"),
    "mixed": ("uneven", "patchy", "passable", "ordinary"),
}
CHINESE = {
    "好": ("精彩", "好看", "感人", "优秀"),
    "坏": ("难看", "无聊", "糟糕", "浪费"),
    "中": ("一般", "普通", "还行", "凑合"),
}
_FILLERS = {
    "en": ("the", "film", "was", "and", "story", "with", "in", "it", "I"),
    "zh": tuple("这部电影我们昨天看了的是在"),
}

Rows = list[tuple[str, str]]


def make_rows(count: int, language: str = "en", seed: int = 0) -> Rows:
    """Texts whose class follows from their words, each with its class; as many of each class, none twice."""
    rng = random.Random(seed)
    words, blank = (ENGLISH, " ") if language == "en" else (CHINESE, "")
    names = list(words)
    rows: dict[str, str] = {}
    while len(rows) < count:
        name = names[len(rows) % len(names)]
        chosen = rng.choices(_FILLERS[language], k=rng.randint(8, 20)) + rng.choices(words[name], k=3)
        rng.shuffle(chosen)
        rows.setdefault(blank.join(chosen) + ("." if blank else "。"), name)
    return list(rows.items())


def write_csv(
    path: Path, rows: Iterable[Sequence[str]], columns: Sequence[str] = ("text", "label"), encoding: str = "utf-8"
) -> Path:
    """A table with a header, its fields parted as its ending says."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter="\t" if path.suffix == ".tsv" else ",")
        writer.writerows([columns, *rows])
    return path


def write_json_lines(path: Path, rows: Iterable[tuple[str, object]]) -> Path:
    """An object in each line."""
    lines = (json.dumps({"text": text, "label": label}, ensure_ascii=False) for text, label in rows)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
