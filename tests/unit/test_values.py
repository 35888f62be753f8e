"""The values that travel between the layers."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.values.arrays import frozen_array
from attnviz.values.explanation import Explanation
from attnviz.values.history import History
from attnviz.values.methods import METHODS
from attnviz.values.tokens import Token
from tests.made import explain_as

TEXT = "A great film"
TOKENS = (Token("great", 2, 7, 5, True), Token("film", 8, 12, 2, False))


def make_explanation(scores: list[float], method: str = "attention", probability: float | None = 0.9) -> Explanation:
    return explain_as(TEXT, TOKENS, np.array(scores), probability, method, "luong", truncated=1)


def test_a_frozen_array_is_a_read_only_copy() -> None:
    values = np.zeros(3)
    frozen = frozen_array(values)
    values[0] = 1.0
    assert frozen.tolist() == [0.0, 0.0, 0.0]
    with pytest.raises(ValueError, match="read-only"):
        frozen[0] = 1.0


def test_the_scores_of_an_explanation_are_read_only_and_independent_of_what_was_given() -> None:
    given_scores = np.array([0.75, 0.25])
    explanation = explain_as(TEXT, TOKENS, given_scores, 0.5, "attention", "luong")
    given_scores[:] = 0
    assert explanation.scores.tolist() == [0.75, 0.25]
    with pytest.raises(ValueError, match="read-only"):
        explanation.scores[0] = 0.0


@pytest.mark.parametrize("scores", [[], [1.0], [0.2, 0.3, 0.5], [[0.5, 0.5]]])
def test_an_explanation_needs_one_score_a_token(scores: list[float]) -> None:
    with pytest.raises(ValueError, match="2 tokens"):
        make_explanation(scores)


def test_only_attention_is_not_signed() -> None:
    signed = {method for method in METHODS if make_explanation([-1.0, 1.0], method).signed}
    assert signed == METHODS.keys() - {"attention"}


def test_the_gap_survives_json_and_an_older_file_has_none() -> None:
    explanation = replace(make_explanation([0.5, 0.5], "integrated_gradients"), gap=0.001)
    data = json.loads(explanation.to_json())
    assert Explanation.from_dict(data).gap == 0.001
    del data["gap"]
    assert Explanation.from_dict(data).gap is None


def test_unknown_tokens_are_those_that_the_vocabulary_lacks() -> None:
    assert make_explanation([0.5, 0.5]).unknown == (TOKENS[1],)


def test_a_frame_has_one_row_a_token() -> None:
    frame = make_explanation([0.75, 0.25]).to_frame()
    assert list(frame.columns) == ["token", "start", "end", "id", "known", "score"]
    assert frame.to_numpy().tolist() == [["great", 2, 7, 5, True, 0.75], ["film", 8, 12, 2, False, 0.25]]


def test_a_frame_of_no_tokens_has_the_same_columns_and_no_row() -> None:
    frame = explain_as("?!", (), np.zeros(0), None, "attention", "luong").to_frame()
    assert list(frame.columns) == ["token", "start", "end", "id", "known", "score"]
    assert len(frame) == 0


@given(st.text(), st.floats(0, 1, width=32), st.none() | st.floats(0, 1))
def test_an_explanation_comes_back_whole_from_its_json(text: str, score: float, probability: float | None) -> None:
    token = Token(text.lower(), 0, len(text), 2, False)
    explanation = explain_as(text, (token,), np.array([score]), probability, "attention", "luong", 3)
    again = Explanation.from_dict(json.loads(explanation.to_json()))
    assert again.to_dict() == explanation.to_dict()
    assert again.tokens == explanation.tokens


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_json_is_strict(bad: float) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        make_explanation([bad, 0.0]).to_json()


def test_columns_of_a_history_have_one_length() -> None:
    with pytest.raises(ValueError, match="one value an epoch"):
        History({"loss": [0.5, 0.4], "accuracy": [0.5]})


def test_a_history_has_as_many_epochs_as_its_columns_values() -> None:
    history = History({"loss": [0.5, 0.4]})
    assert (len(history), len(History({})), "loss" in history, "accuracy" in history) == (2, 0, True, False)


def test_the_values_of_a_history_are_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        History({"loss": [0.5, 0.4]})["loss"][0] = 0.0


def test_the_frame_of_a_history_has_a_row_an_epoch() -> None:
    frame = History({"loss": [0.123456789012, 0.4], "val_loss": [0.6, 0.5]}).to_frame()
    assert frame["epoch"].tolist() == [1, 2]
    assert frame["loss"].tolist() == [0.123456789012, 0.4]
