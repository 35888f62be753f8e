"""Folders that pretend to be checkpoints: HOSTILE says, by kind, how a good one is spoilt and what is told of it."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

Spoil = Callable[[Path], object]
HUGE = 3_000_000_000
FILES = ("model.keras", "vocabulary.txt", "history.csv", "examples.json", "run.json")


def change_record(folder: Path, **changes: Any) -> None:
    """Set entries of run.json; None removes one."""
    record = json.loads((folder / "run.json").read_text(encoding="utf-8")) | changes
    record = {name: value for name, value in record.items() if value is not None}
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")


def put(folder: Path, name: str, data: bytes) -> None:
    """Write a file of a checkpoint and state its sha256, so that only what it says is wrong."""
    (folder / name).write_bytes(data)
    if name != "run.json":
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        change_record(folder, files={**record["files"], name: hashlib.sha256(data).hexdigest()})


def _replace(make: Callable[[Path], object]) -> Callable[[str], Spoil]:
    """Make something else in the place of a file."""

    def spoil(name: str) -> Spoil:
        def at(folder: Path) -> None:
            (folder / name).unlink()
            make(folder / name)

        return at

    return spoil


def _make_sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(HUGE)


def _put(name: str, data: bytes) -> Spoil:
    return lambda folder: put(folder, name, data)


def _change(**changes: Any) -> Spoil:
    return lambda folder: change_record(folder, **changes)


def _insert(entry: str) -> Spoil:
    """Put raw JSON into run.json."""

    def spoil(folder: Path) -> None:
        text = (folder / "run.json").read_text(encoding="utf-8")
        (folder / "run.json").write_text(text.replace("{", "{" + entry + ",", 1), encoding="utf-8")

    return spoil


def _rename(name: str) -> Spoil:
    return lambda folder: folder.rename(folder.parent / name)


def _state_wrong_hash(name: str) -> Spoil:
    def spoil(folder: Path) -> None:
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        change_record(folder, files={**record["files"], name: "0" * 64})

    return spoil


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def _link_folder(target: str) -> Spoil:
    def spoil(folder: Path) -> None:
        _empty(folder)
        folder.rmdir()
        folder.symlink_to(target)

    return spoil


_FILE_KINDS: dict[str, tuple[Callable[[str], Spoil], str]] = {
    "folder": (_replace(Path.mkdir), "is a folder, no file"),
    "pipe": (_replace(lambda path: os.mkfifo(path)), "is a pipe, no file"),
    "socket": (_replace(lambda path: os.mknod(path, 0o600 | stat.S_IFSOCK)), "is a socket, no file"),
    "link to a file": (_replace(lambda path: path.symlink_to("../good/" + path.name)), "is a link, no file"),
    "link to itself": (_replace(lambda path: path.symlink_to(path.name)), "is a link, no file"),
    "link to a device": (_replace(lambda path: path.symlink_to("/dev/zero")), "is a link, no file"),
    "link to nothing": (_replace(lambda path: path.symlink_to("nothing")), "is a link, no file"),
    "file of 3 GB": (_replace(_make_sparse), "has 3,000,000,000 bytes; at most"),
}
KIND_OR_SIZE: dict[str, tuple[Spoil, str]] = {
    f"{name}: {kind}": (spoil(name), reason) for name in FILES for kind, (spoil, reason) in _FILE_KINDS.items()
}
"""What is no file, or too large: it must not even be opened."""

_DEEP = b"[" * 200_000 + b"]" * 200_000
_ROW = {"text": "a", "start": 0, "end": 1, "id": 3, "known": True, "score": 1.0}
_EXAMPLE = {"text": "a", "model": "m", "method": "attention", "probability": 0.5, "truncated": 0, "tokens": [_ROW]}


def _put_example(**changes: Any) -> Spoil:
    return _put("examples.json", json.dumps([{**_EXAMPLE, **changes}]).encode())


CONTENT: dict[str, tuple[Spoil, str]] = {
    "an empty folder": (_empty, "is no checkpoint: run.json is missing"),
    "a link to a folder of devices": (_link_folder("/dev"), "is no checkpoint: run.json is missing"),
    "a link to the library": (_link_folder("."), "is no checkpoint: run.json is missing"),
    "a missing model": (lambda folder: (folder / "model.keras").unlink(), "model.keras is missing"),
    "a missing vocabulary": (lambda folder: (folder / "vocabulary.txt").unlink(), "vocabulary.txt is missing"),
    "a name of two lines": (_rename("two\nlines"), "has characters in its name that cannot be seen"),
    "a name that runs backwards": (_rename("back\u202ewards"), "has characters in its name that cannot be seen"),
    "a name that is no text": (_rename("byte\udcff"), "has characters in its name that cannot be seen"),
    "run.json: empty": (_put("run.json", b""), "run.json is damaged: it is no JSON"),
    "run.json: half": (_put("run.json", b"{"), "run.json is damaged: it is no JSON"),
    "run.json: a list": (_put("run.json", b"[]"), "it holds no JSON object"),
    "run.json: no entry": (
        _put("run.json", b"{}"),
        "has checkpoint format None; this version",
    ),
    "run.json: no UTF-8": (_put("run.json", b'{"format": "\xff"}'), "it is no JSON"),
    "run.json: half a pair": (_insert('"note": "\\ud800"'), "it is no JSON"),
    "run.json: deep": (_put("run.json", b'{"format":' + b"[" * 40_000 + b"]" * 40_000 + b"}"), "it is no JSON"),
    "run.json: rather deep": (_insert('"note": ' + "[" * 9 + "]" * 9), "stand more than 8 deep"),
    "run.json: NaN": (_insert('"note": NaN'), "it is no JSON"),
    "run.json: an infinite number": (_insert('"note": -1e999'), "it is no JSON"),
    "run.json: a huge number": (_insert('"note": {"n": [' + "9" * 400 + "]}"), "it holds a whole number of over"),
    "run.json: a later format": (_change(format=2), "has checkpoint format 2"),
    "run.json: a format in words": (_change(format="1" * 5000), "has checkpoint format '111"),
    "run.json: no seed": (_change(seed=None), "Object missing required field `seed`"),
    "run.json: half a seed": (_change(seed=1.5), "Expected `int`, got `float`"),
    "run.json: accuracy in words": (_change(accuracy="high"), "Expected `float`, got `str`"),
    "run.json: accuracy of 700 %": (_change(accuracy=7), "it has 7.0 as accuracy"),
    "run.json: an epoch that was not": (_change(selected_epoch=3), "has epoch 3 of 2 selected"),
    "run.json: an epoch before the first": (_change(selected_epoch=-7), "has epoch −7 of 2 selected"),
    "run.json: versions are numbers": (_change(versions={"keras": 3}), "Expected `str`, got `int`"),
    "run.json: a date that is a list": (_change(created=["today"]), "Expected `str`, got `array`"),
    "run.json: data is a list": (_change(data=[1]), "Expected `object`, got `array`"),
    "run.json: a count is missing": (_change(data={"train": 90}), "it has None as the number data.held_out"),
    "run.json: a count in words": (
        _change(data={"train": 90, "held_out": 10, "test": "all"}),
        "it has 'all' as the number data.test",
    ),
    "run.json: a negative count": (_change(data={"train": -1}), "it has -1 as the number data.train"),
    "run.json: unknown network": (
        _change(network="gpt"),
        "Unknown network 'gpt'. Valid names: word-additive, lstm-dot, luong",
    ),
    "run.json: a network of many lines": (_change(network="\n" * 5_000), "Unknown network"),
    "run.json: networks": (_change(network=["luong"]), "Expected `str`, got `array`"),
    "run.json: a billion columns": (
        _change(network="column", data={"columns": 10**9}),
        "its network reads 1,000,000,000 columns; 1 to 1,000 are possible",
    ),
    "run.json: no hashes": (_change(files=None), "This is no table of sha256"),
    "run.json: hashes are a number": (_change(files=3), "This is no table of sha256"),
    "run.json: few hashes": (_change(files={"model.keras": ""}), "states no sha256 of history.csv, vocabulary.txt"),
    **{
        f"{name}: another file": (_state_wrong_hash(name), f"{name} is damaged: its sha256 is")
        for name in FILES
        if name != "run.json"
    },
    "history.csv: empty": (_put("history.csv", b""), "history.csv is damaged: it is empty"),
    "history.csv: text": (
        _put("history.csv", b"epoch,loss\n1,low\n2,lower\n"),
        "could not convert",
    ),
    "history.csv: no UTF-8": (_put("history.csv", b"epoch,loss\n1,\xff\n"), "history.csv is damaged"),
    "history.csv: zeros": (_put("history.csv", b"\0" * 100), "has epoch 2 of 0 selected"),
    "history.csv: long lines": (_put("history.csv", b"epoch,loss\n1,2,3\n2,3,4\n"), "one entry for each name"),
    "history.csv: a longer line": (_put("history.csv", b"epoch,loss\n1,2\n2,3,4,5\n"), "history.csv is damaged"),
    "history.csv: many epochs": (_put("history.csv", b"loss\r" + b"1\r" * 400_000), "more than 10,000 rows"),
    "history.csv: many measures": (_put("history.csv", b"a," * 400_000 + b"\n"), "more than 100 measures"),
    "vocabulary.txt: empty": (_put("vocabulary.txt", b""), "A vocabulary starts with"),
    "vocabulary.txt: other words": (_put("vocabulary.txt", b"a" * 1_000_000), "A vocabulary starts with"),
    "vocabulary.txt: no UTF-8": (
        _put("vocabulary.txt", b"<pad>\n<start>\n<unknown>\n\xff\n"),
        "can't decode byte",
    ),
    "vocabulary.txt: a word twice": (
        _put("vocabulary.txt", b"<pad>\n<start>\n<unknown>\na\na\n"),
        "holds each word once",
    ),
    "vocabulary.txt: a million words": (
        _put("vocabulary.txt", b"<pad>\n<start>\n<unknown>\n" + b"a\n" * 1_000_000),
        "it has 1,000,003 words, the network reads at most 5,000",
    ),
    "examples.json: a number": (_put("examples.json", b"3"), "it holds no list of at most 100 explanations"),
    "examples.json: an object": (_put("examples.json", b'{"tokens": []}'), "it holds no list of at most"),
    "examples.json: numbers": (_put("examples.json", b"[1, 2]"), "examples.json is damaged"),
    "examples.json: lists": (_put("examples.json", b"[[], [[]]]"), "examples.json is damaged"),
    "examples.json: empty objects": (_put("examples.json", b"[{}]"), "examples.json is damaged"),
    "examples.json: too many": (_put("examples.json", b"[" + b"0," * 200 + b"0]"), "it holds no list of at most"),
    "examples.json: deep": (_put("examples.json", _DEEP), "it is no JSON"),
    "examples.json: NaN": (_put("examples.json", b"[NaN]"), "it is no JSON"),
    "examples.json: half a pair": (_put("examples.json", b'["\\udfff"]'), "it is no JSON"),
    "examples.json: tokens are a number": (_put_example(tokens=3), "Expected `array`, got `int`"),
    "examples.json: a score in words": (
        _put_example(tokens=[{**_ROW, "score": "high"}]),
        "Expected `float`, got `str`",
    ),
    "examples.json: a text that is a number": (_put_example(text=5), "Expected `str`, got `int`"),
    "examples.json: a target that is no label": (_put_example(target=7), "examples.json is damaged"),
    "examples.json: one label": (_put_example(labels=["a"]), "examples.json is damaged"),
    "examples.json: a probability too many": (_put_example(probabilities=[0.2, 0.3, 0.5]), "examples.json is damaged"),
    "examples.json: no text": (_put_example(text=None), "Expected `str`, got `null`"),
}
"""Names that cannot be shown, and files that say what cannot be."""

HOSTILE = KIND_OR_SIZE | CONTENT
