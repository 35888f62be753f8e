"""What an explanation's file says of what made it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import attnviz
from attnviz.runs.library import find_checkpoint
from attnviz.runs.provenance import Record, get_record, write_json
from attnviz.text.vocabulary import SPECIAL_WORDS, Vocabulary
from attnviz.values.explanation import Explanation

VOCABULARY = Vocabulary((*SPECIAL_WORDS, "good", "film"))


def explain(text: str, model: str = "mine") -> Explanation:
    tokens = VOCABULARY.tokenize(text)
    return Explanation(text, tokens, [1 / len(tokens)] * len(tokens) if tokens else [], 0.5, "attention", model)


def make_record(name: str = "mine") -> Record:
    return Record("2026-01-01T00:00:00+00:00", {"keras": "3"}, {"name": name})


def test_the_hashes_are_those_of_the_files(library: Path) -> None:
    stated = get_record(find_checkpoint("luong")).checkpoint["sha256"]
    assert stated.keys() == {"model.keras", "vocabulary.txt"}
    for name, digest in stated.items():
        assert hashlib.sha256((library / "luong" / name).read_bytes()).hexdigest() == digest


def test_the_record_names_what_computed_and_what_trained(library: Path) -> None:
    checkpoint = find_checkpoint("luong")
    record = get_record(checkpoint).to_dict()
    assert record["format"] == 1
    assert record["versions"]["attnviz"] == attnviz.__version__
    assert {name: record["versions"][name] for name in ("keras", "tensorflow")} == {
        "keras": version("keras"),
        "tensorflow": version("tensorflow"),
    }
    told = record["checkpoint"]
    run = checkpoint.run
    assert (told["name"], told["network"], told["seed"]) == ("luong", "luong", run.seed)
    assert (told["accuracy"], told["protocol"]) == (run.accuracy, run.protocol)
    assert (told["created"], told["versions"]) == (run.created, run.versions)
    assert datetime.fromisoformat(record["created"]) <= datetime.now(timezone.utc)


def test_a_checkpoint_without_a_vocabulary_has_one_hash(library: Path) -> None:
    assert get_record(find_checkpoint("column")).checkpoint["sha256"].keys() == {"model.keras"}


@given(st.text())
def test_the_explanation_is_read_back_as_it_was(text: str) -> None:
    explanation = explain(text)
    data = json.loads(write_json(explanation, make_record()))
    assert data.pop("record") == make_record().to_dict()
    assert data == explanation.to_dict() == Explanation.from_dict(data).to_dict()


def test_a_record_cannot_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        make_record().created = "yesterday"


def test_a_record_goes_with_its_own_checkpoint_only() -> None:
    with pytest.raises(ValueError, match="about 'theirs', the explanation by 'mine'"):
        write_json(explain("good"), make_record("theirs"))
