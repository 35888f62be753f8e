"""Operations and their answers on their way between the page and the engine."""

from __future__ import annotations

import io
import json
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.engine import operations
from attnviz.engine.protocol import (
    LANES,
    OPERATIONS,
    Compare,
    CompareTexts,
    DescribeLayers,
    Explain,
    ExplainReviews,
    InspectTask,
    Operation,
    PredictReviews,
    ReadAttentionRows,
    SketchAttention,
    TrainTask,
)
from attnviz.engine.request import Request, read_request
from attnviz.engine.wire import read_message, write_message
from attnviz.errors import SettingError, UnknownNameError
from attnviz.lab.lab_results import LabResult, WatchedSamples
from attnviz.lab.tasks import TaskSettings
from attnviz.values.attention import Attention, Reduction
from attnviz.values.attention_sketch import cut_rows, sketch_attention
from attnviz.values.comparison import Comparison
from attnviz.values.explanation import Explanation
from attnviz.values.history import History
from attnviz.values.layer_row import LayerRow
from attnviz.values.prediction import SENTIMENT, Prediction
from attnviz.values.tokens import Token

TEXTS = st.text(st.characters(), max_size=30)


def travel(message: dict[str, Any]) -> dict[str, Any]:
    stream = io.BytesIO()
    write_message(stream, message)
    stream.seek(0)
    found = read_message(stream)
    assert found is not None
    return found


def travel_as_result(operation: Operation, result: Any) -> Any:
    return operation.read_result(travel({"result": operation.write_result(result)})["result"])


def test_every_operation_has_one_lane_and_one_function() -> None:
    assert sum(len(kinds) for kinds in LANES.values()) == len(OPERATIONS)
    assert set(operations._FUNCTIONS) == set(OPERATIONS.values())


def test_a_field_has_one_type_in_all_operations() -> None:
    named = {(item.name, item.type) for kind in OPERATIONS.values() for item in fields(kind)}
    assert len({name for name, _ in named}) == len(named)


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=3).map(tuple), st.integers(-5, 5))
def test_a_request_arrives_as_it_was_sent(one: str, two: str, many: tuple[str, ...], number: int) -> None:
    settings = TaskSettings("xor", noise=0.25, seed=3)
    for operation in (
        Explain(one, two, "attention", number),
        CompareTexts(one, two, one, two),
        Compare(many, many, one),
        PredictReviews(one, many),
        InspectTask(settings, number),
    ):
        request = Request(number, operation, two or None)
        assert read_request(travel(request.to_message())) == request


@pytest.mark.parametrize(
    ("message", "kind", "says"),
    [
        ([], SettingError, "no request"),
        ({"id": 1, "args": {}}, SettingError, "`ask`"),
        ({"id": 1, "ask": "_OfNetwork", "args": {}}, UnknownNameError, "Valid names: Explain"),
        ({"id": 1, "ask": "Explain", "args": {"model": "luong"}}, SettingError, "no Explain.*`text`"),
        ({"id": 1, "ask": "Compare", "args": {"models": "luong"}}, SettingError, "no Compare.*array"),
        ({"id": 1, "ask": "TrainTask", "args": {"settings": {"epochs": 0}}}, SettingError, "between 1 and 200"),
        ({"id": 1, "ask": "TrainTask", "args": {"settings": {"epochs": "2"}}}, SettingError, "`int`, got `str`"),
    ],
)
def test_a_request_of_another_form_is_refused_with_the_reason(message: Any, kind: type, says: str) -> None:
    with pytest.raises(kind, match=says):
        read_request(message)


def explain(text: str, model: str = "luong") -> Explanation:
    prediction = Prediction(("no", "perhaps", "yes"), (0.125, 0.25, 0.625))
    return Explanation(text, (Token(text, 0, len(text), 3, True),), np.array([0.1]), 2, prediction, "attention", model)


@given(TEXTS)
def test_an_explanation_arrives_whole(text: str) -> None:
    found, sent = travel_as_result(Explain("luong", text, "attention"), explain(text)), explain(text)
    assert found.to_dict() == sent.to_dict()
    assert found.scores.dtype == sent.scores.dtype
    assert [type(token) for token in found.tokens] == [Token]


def test_the_text_of_a_comparison_travels_once() -> None:
    sent = Comparison((explain("a great film"), explain("a great film", "bilstm")), 1, ((1.0, None), (None, 1.0)), ())
    operation = Compare(("luong", "bilstm"), ("attention",), "a great film")
    assert json.dumps(operation.write_result(sent)).count('"text"') == 1
    found = travel_as_result(operation, sent)
    assert [one.to_dict() for one in found.explanations] == [one.to_dict() for one in sent.explanations]
    assert (found.shared, found.agreement, found.disagreements) == (1, sent.agreement, ())


def test_answers_of_several_values_arrive() -> None:
    predictions = (Prediction(SENTIMENT, None), Prediction(SENTIMENT, (0.75, 0.25)))
    assert travel_as_result(PredictReviews("luong", ("", "a")), predictions) == predictions
    attention = Attention(np.full((1, 2, 2), 0.5), ("head 1",))
    sketch, rows = sketch_attention(attention), (cut_rows(attention, Reduction(map=0, query=1)),)
    assert travel_as_result(SketchAttention("luong", "a b"), sketch) == sketch
    assert travel_as_result(ReadAttentionRows("luong", "a b", (rows[0].how,)), rows) == rows
    layers = (LayerRow("words", "Embedding", (None, None, 32), 320),)
    assert travel_as_result(DescribeLayers("luong"), layers) == layers
    (found,) = travel_as_result(ExplainReviews("luong", ("a",), "attention"), (explain("a"),))
    assert found.to_dict() == explain("a").to_dict()


def test_a_run_of_the_lab_arrives_with_the_shapes_and_types_of_its_arrays() -> None:
    samples = WatchedSamples(np.ones((6, 4)), np.zeros(6), np.eye(6, 4, dtype=bool))
    history = History({"val_loss": [0.5, 0.25]})
    sent = LabResult(history, np.ones((2, 4)) / 4, np.ones((2, 6, 4)) / 4, samples, 0.9, 0.25, 0.5, None, 1.5)
    found = travel_as_result(TrainTask(TaskSettings()), sent)
    assert (found.watched.shape, found.samples.truth.dtype, found.permutation_importance) == ((2, 6, 4), bool, None)
    assert found.history["val_loss"].tolist() == [0.5, 0.25]
    assert list(found.to_frame()) == ["epoch", "val_loss", *(f"attention_{place}" for place in range(4))]


@pytest.mark.parametrize("data", [None, {}, [[1, 2]], {"explanations": []}, "text"])
def test_an_answer_of_another_form_is_refused(data: Any) -> None:
    for operation in (Explain("luong", "", "attention"), DescribeLayers("luong"), Compare((), (), "")):
        with pytest.raises(SettingError, match=f"no answer to {type(operation).__name__}"):
            operation.read_result(data)
