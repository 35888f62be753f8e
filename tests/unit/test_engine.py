"""What the engine process answers: the same as the functions behind it, called here."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import attnviz
from attnviz.engine.client import Engine
from attnviz.engine.protocol import (
    Compare,
    CompareTexts,
    DescribeLayers,
    Explain,
    ExplainReviews,
    FindAdversarialAttention,
    InspectTask,
    MeasureErasure,
    MeasureFaithfulness,
    Operation,
    PredictReviews,
    ReadAttentionRows,
    RepeatTask,
    SketchAttention,
    Trace,
    TrainTask,
)
from attnviz.errors import SettingError, UnknownNameError
from attnviz.lab.lab_run import run_task
from attnviz.lab.own_table import fit_settings, pack_table
from attnviz.lab.tasks import TaskSettings, default_settings
from attnviz.values.attention import Reduction
from attnviz.values.comparison import TextComparison
from attnviz.values.layer_row import LayerRow
from attnviz.values.prediction import SENTIMENT

LONG = "great " * 600
TEXTS = ("A great film, really!", "", "dull <br /> and 😀 boring\x00", LONG, "\ud800 film")


@pytest.mark.parametrize(
    ("model", "method"),
    [("luong", "attention"), ("luong", "integrated_gradients"), ("luong", "occlusion"), ("bilstm", "gradient")],
)
def test_answers_equal_those_of_an_explainer_in_this_process(engine: Engine, library: Path, model, method) -> None:
    explainer = attnviz.load(model)
    for text in TEXTS:
        if method == "integrated_gradients" and text == LONG:
            continue  # the untrained network is chaotic over it, so the path gets more and more points
        theirs, ours = engine.ask(Explain(model, text, method)), explainer.explain(text, method)
        assert (theirs.text, tuple(theirs.tokens), theirs.truncated) == (ours.text, tuple(ours.tokens), ours.truncated)
        np.testing.assert_allclose(theirs.scores, ours.scores, atol=1e-5)
        assert theirs.probability == (None if ours.probability is None else pytest.approx(ours.probability, abs=1e-6))


def test_many_reviews_get_the_answers_of_one_by_one(engine: Engine) -> None:
    found = engine.ask(PredictReviews("luong", TEXTS))
    explained = engine.ask(ExplainReviews("luong", TEXTS, "attention"))
    alone = [engine.ask(Explain("luong", text, "attention")) for text in TEXTS]
    for said, many, one in zip(found, explained, alone, strict=True):
        expected = None if one.probability is None else pytest.approx(one.prediction.probabilities, abs=1e-5)
        assert (said.labels, said.probabilities, many.prediction.probabilities) == (SENTIMENT, expected, expected)
        assert many.tokens == one.tokens
        np.testing.assert_allclose(many.scores, one.scores, atol=1e-5)


def test_measurements_equal_those_in_this_process(engine: Engine, library: Path) -> None:
    explainer, text = attnviz.load("luong"), TEXTS[0]
    ours, theirs = (
        explainer.measure_faithfulness(text, "gradient"),
        engine.ask(MeasureFaithfulness("luong", text, "gradient")),
    )
    for one, other in (
        (theirs.comprehensiveness, ours.comprehensiveness),
        (theirs.agreement["occlusion"], ours.agreement["occlusion"]),
    ):
        assert one[:4] == pytest.approx(other[:4], abs=1e-5)
        assert one.drawn == pytest.approx(other.drawn, abs=1e-5)
    curve = engine.ask(MeasureErasure("luong", text, "gradient"))
    assert curve.without == pytest.approx(explainer.measure_erasure_curve(text, "gradient").without, abs=1e-5)
    found = engine.ask(FindAdversarialAttention("luong", text))
    assert found.own.text == text
    assert found.other is not None
    assert found.change <= found.largest_change + 1e-6


def test_the_attention_and_the_trace_of_a_text_equal_those_in_this_process(engine: Engine, library: Path) -> None:
    explainer, text = attnviz.load("lstm-featurewise"), TEXTS[0]
    sketch, ours = engine.ask(SketchAttention("lstm-featurewise", text)), explainer.read_attention(text)
    assert sketch.names == ours.names
    received = np.concatenate([one.received.unpack() for one in sketch.maps])
    np.testing.assert_allclose(received, ours.weights[:, 0], atol=2e-5)
    (rows,) = engine.ask(ReadAttentionRows("lstm-featurewise", text, (Reduction(map=3),)))
    np.testing.assert_allclose(rows.weights.unpack(), ours.weights[3], atol=2e-5)
    trace, ours = engine.ask(Trace("lstm-featurewise", text, 0.5, 2, 7)), explainer.trace(text, 0.5)
    assert (trace.tokens[trace.word].text, trace.score.feature) == ("great", 7)
    assert trace.probability == pytest.approx(ours.probability, abs=1e-5)
    assert engine.ask(Trace("luong", "?!", 1.0)) is None


def test_another_target_is_explained_when_asked(engine: Engine) -> None:
    one, other = (engine.ask(Explain("luong", TEXTS[0], "gradient", target)) for target in (0, 1))
    assert (one.label, other.label) == SENTIMENT
    np.testing.assert_allclose(one.scores, -other.scores, atol=1e-6)


def test_a_comparison_is_of_every_network_with_the_methods_that_it_offers(engine: Engine) -> None:
    found = engine.ask(Compare(("luong", "bilstm"), ("attention", "gradient"), TEXTS[0]))
    pairs = [(one.model, one.method) for one in found.explanations]
    assert pairs == [("luong", "attention"), ("luong", "gradient"), ("bilstm", "gradient")]
    assert {one.text for one in found.explanations} == {TEXTS[0]}
    assert found.agreement[0][0] == pytest.approx(1)


def test_two_texts_are_compared(engine: Engine) -> None:
    found = engine.ask(CompareTexts("luong", "attention", "a great film", "a dull film"))
    assert isinstance(found, TextComparison)
    assert (found.matches, found.changed) == (((0, 0), (2, 2)), ((1,), (1,)))


def test_a_lab_run_in_the_engine_equals_one_in_this_process(engine: Engine) -> None:
    settings = TaskSettings("decoy", attention_column=2, n=500, epochs=3, seed=4, temperature=2.0)
    answer, inside = engine.ask(TrainTask(settings)), engine.ask(InspectTask(settings, 1))
    run = attnviz.train_task(**settings.to_dict())
    np.testing.assert_allclose(answer.attention, run.attention, atol=1e-5)
    np.testing.assert_allclose(answer.watched, run.watched, atol=1e-5)
    np.testing.assert_allclose(answer.history["val_loss"], run.history["val_loss"], atol=1e-5)
    assert (answer.score, answer.chance) == pytest.approx((run.score, run.chance))
    np.testing.assert_allclose(answer.permutation_importance, run.permutation_importance, atol=1e-5)
    np.testing.assert_allclose(inside.x, answer.samples.x[1], atol=1e-6)
    np.testing.assert_allclose(inside.activations["attention_weights"], answer.watched[-1][1], atol=1e-5)
    assert sum(layer.parameters for layer in inside.layers) == 369
    assert list(answer.to_frame()) == list(run.to_frame())


def test_other_seeds_are_trained_and_added_to_those_before(engine: Engine) -> None:
    settings = TaskSettings(n=500, epochs=2)
    both = engine.ask(RepeatTask(settings, (7, 8))) + engine.ask(RepeatTask(settings, (9,)))
    assert (both.seeds, both.attention.shape, len(both.scores), len(both.accuracies)) == ((7, 8, 9), (3, 4), 3, 3)
    np.testing.assert_allclose(both.attention[2], attnviz.train_task(n=500, epochs=2, seed=9).attention[-1], atol=1e-5)


def test_a_table_is_trained_in_the_engine(engine: Engine) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(120, 2))
    table = pack_table("a.csv", ("left", "right"), ("answer", "1"), x, x[:, 1] > 0)
    settings = fit_settings(TaskSettings(**default_settings("table")), table)
    answer, inside = engine.ask(TrainTask(settings, table)), engine.ask(InspectTask(settings, 2, table))
    run = run_task(settings, table)
    np.testing.assert_allclose(answer.attention, run.attention, atol=1e-5)
    np.testing.assert_allclose(inside.x, run.validation.x[2], atol=1e-6)


def test_the_layer_table_is_that_of_the_network(engine: Engine, library: Path) -> None:
    layers = engine.ask(DescribeLayers("luong"))
    model = attnviz.load("luong").classifier.model
    assert [layer.name for layer in layers] == [layer.name for layer in model.layers]
    assert sum(layer.parameters for layer in layers) == model.count_params()
    assert layers[3] == LayerRow("hidden_states", "LSTM", (None, None, 100), 100 * 4 * (32 + 100 + 1), (2,))
    assert [layer.name for layer in layers if layer.attention] == ["attention_weights"]


@dataclass(frozen=True)
class Fly(Operation[None]):
    """Something that no engine can do."""


@pytest.mark.parametrize(
    ("operation", "kind", "message"),
    [
        (Explain("nope", "", "attention"), UnknownNameError, "'nope'.*luong"),
        (Explain("bilstm", "", "attention"), UnknownNameError, "names: gradient"),
        (Explain("column", "", "attention"), SettingError, "columns of numbers"),
        (Explain("luong", 3, "attention"), SettingError, "no Explain: Expected `str`, got `int` - at `$.text`"),
        (Compare(("luong",), ("saliency",), ""), UnknownNameError, "'saliency'.*occlusion"),
        (InspectTask(TaskSettings(n=500, epochs=1), 100), SettingError, "sample must lie between 0 and 99"),
        (Trace("luong", "", 0.0, None, None), SettingError, "temperature must be"),
        (ReadAttentionRows("luong", "a b", rows=(0, 9)), SettingError, "between 0 and 1, got 0 to 9"),
        (Fly(), UnknownNameError, "'Fly'.*Explain, SketchAttention"),
    ],
)
def test_errors_come_back_with_their_type_and_message(
    engine: Engine, operation: Operation, kind: type, message: str
) -> None:
    with pytest.raises(kind, match=message.replace("$", r"\$")) as caught:
        engine.ask(operation)
    assert type(caught.value) is kind
    assert engine.state == "ready"


def test_what_is_no_plain_data_is_refused_and_the_engine_goes_on(engine: Engine) -> None:
    with pytest.raises(ValueError, match="JSON"):
        engine.ask(Trace("luong", "great", math.nan, None, None))
    assert engine.ask(Explain("luong", "great", "attention")).probability is not None
    assert engine._pending == {}


def test_requests_of_many_threads_get_their_own_answers(engine: Engine) -> None:
    texts = [f"great {'dull ' * (index % 6)}film {index}" for index in range(40)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda text: engine.ask(Explain("luong", text, "attention")), texts))
    assert [answer.text for answer in answers] == texts


def test_networks_that_are_asked_for_at_once_load_beside_each_other(engine: Engine) -> None:
    names = ["luong", "bilstm", "lstm-featurewise"] * 3
    with ThreadPoolExecutor(len(names)) as pool:
        answers = list(pool.map(lambda name: engine.ask(Explain(name, "great film", "gradient")), names))
    assert [answer.model for answer in answers] == names
    assert len({answer.probability for answer in answers}) == 3
