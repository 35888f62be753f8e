"""What an explanation's file says of what made it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import attnviz
from attnviz.runs.library import find_checkpoint
from attnviz.runs.provenance import Provenance, get_provenance, write_explanation
from attnviz.text.vocabulary import SPECIAL_WORDS, Vocabulary
from attnviz.values.explanation import Explanation
from attnviz.values.prediction import SENTIMENT, Prediction

VOCABULARY = Vocabulary((*SPECIAL_WORDS, "good", "film"))


def explain(text: str, model: str = "mine") -> Explanation:
    tokens = VOCABULARY.tokenize(text)
    scores = np.full(len(tokens), 1 / max(len(tokens), 1))
    return Explanation(text, tokens, scores, 1, Prediction(SENTIMENT, (0.25, 0.75)), "attention", model)


def make_provenance(name: str = "mine") -> Provenance:
    return Provenance("2026-01-01T00:00:00+00:00", {"keras": "3"}, {"name": name})


def test_the_hashes_are_those_of_the_files(library: Path) -> None:
    stated = get_provenance(find_checkpoint("luong")).checkpoint["sha256"]
    assert stated.keys() == {"model.keras", "vocabulary.txt"}
    for name, digest in stated.items():
        assert hashlib.sha256((library / "luong" / name).read_bytes()).hexdigest() == digest


def test_the_provenance_names_what_computed_and_what_trained(library: Path) -> None:
    checkpoint = find_checkpoint("luong")
    provenance = get_provenance(checkpoint).to_dict()
    assert provenance["format"] == 1
    assert provenance["versions"]["attnviz"] == attnviz.__version__
    assert {name: provenance["versions"][name] for name in ("keras", "tensorflow")} == {
        "keras": version("keras"),
        "tensorflow": version("tensorflow"),
    }
    told = provenance["checkpoint"]
    run = checkpoint.run
    assert (told["name"], told["network"], told["seed"]) == ("luong", "luong", run.seed)
    assert (told["accuracy"], told["protocol"]) == (run.accuracy, run.protocol)
    assert (told["created"], told["versions"]) == (run.created, run.versions)
    assert datetime.fromisoformat(provenance["created"]) <= datetime.now(timezone.utc)


def test_a_checkpoint_without_a_vocabulary_has_one_hash(library: Path) -> None:
    assert get_provenance(find_checkpoint("column")).checkpoint["sha256"].keys() == {"model.keras"}


ANY_TEXT = st.text(st.characters(exclude_categories=()))
"""Halves of surrogate pairs included."""


def join_halves(text: str) -> str:
    """JSON knows no difference between the two halves of a pair, one after the other, and their character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


@given(ANY_TEXT)
@example("half \ud83d")
@example("\udfff\ud800")
@example("a pair \ud83d\ude00, and \\ud83d spelt out")
def test_the_explanation_is_read_back_as_it_was(text: str) -> None:
    explanation = explain(join_halves(text))
    written = write_explanation(explanation, make_provenance())
    data = json.loads(written.encode("utf-8"))
    assert data.pop("record") == make_provenance().to_dict()
    assert data == explanation.to_dict() == Explanation.from_dict(data).to_dict()
    assert json.loads(explanation.to_json().encode("utf-8")) == data


@given(ANY_TEXT)
def test_any_text_can_be_written_as_utf_8_and_is_read_back(text: str) -> None:
    assert json.loads(explain(text).to_json(indent=2).encode("utf-8"))["text"] == join_halves(text)


def test_a_provenance_cannot_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        make_provenance().created = "yesterday"


def test_a_provenance_goes_with_its_own_checkpoint_only() -> None:
    with pytest.raises(ValueError, match="about 'theirs', the explanation by 'mine'"):
        write_explanation(explain("good"), make_provenance("theirs"))
