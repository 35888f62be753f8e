"""Kinds of models: several attentions, several inputs, no number for an answer, half precision, tables of words."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from attnviz import Explainer
from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.graph.traced import TracedModel
from attnviz.render.sentences import describe, describe_probability
from attnviz.values.explanation import Explanation
from attnviz.values.methods import pick_typed
from attnviz.values.plain import to_plain
from tests.unit.hand_reader import IDS, HandReader, answer, explain_with, scramble

TEXTS = ("the goal of a wonderful vote, the atom of goal", "something terribly boring", "no way")
OWN_METHODS = ("gradient", "integrated_gradients", "occlusion")


class Scores:
    """What a layer returns beside its output."""

    axes = ("heads", "queries", "tokens")

    def __init__(self, name: str) -> None:
        self.name = name

    def locate(self, traced: TracedModel) -> tf.Tensor:
        return next(call.outputs[1] for call in traced.calls if call.path == self.name)


class Blocks(keras.Model):
    """Takes a dictionary; two layers of two heads."""

    def __init__(self) -> None:
        super().__init__()
        self.words = keras.layers.Embedding(IDS, 6)
        self.first = keras.layers.MultiHeadAttention(2, 4, name="first")
        self.second = keras.layers.MultiHeadAttention(2, 4, name="second")
        self.decide = keras.layers.Dense(3, activation="softmax")

    def call(self, inputs: dict) -> object:
        mask = keras.ops.cast(inputs["mask"], "bool")[:, None, :]
        states = self.words(inputs["ids"])
        for layer in (self.first, self.second):
            states, _ = layer(states, states, attention_mask=mask, return_attention_scores=True)
        return self.decide(keras.ops.mean(states, axis=1))


def feed(ids: Any) -> dict[str, Any]:
    return {"ids": tf.cast(ids, tf.int64), "mask": tf.cast(tf.not_equal(ids, 0), tf.int32)}


@pytest.fixture(scope="module")
def blocks() -> tuple[keras.Model, Explainer]:
    model = Blocks()
    model(feed(tf.constant([[1, 2]])))
    scramble(model)
    sources = [Scores("first"), Scores("second")]
    return model, explain_with(model, HandReader(cls=True, pieces=True), attention=sources, feed=feed)


def test_a_dictionary_of_inputs_is_made_of_the_ids(blocks: tuple[keras.Model, Explainer]) -> None:
    expected = answer(lambda ids: blocks[0](feed(tf.constant(ids))), blocks[1].classifier.reader, TEXTS)
    np.testing.assert_allclose(blocks[1].predict_texts(TEXTS), expected, atol=1e-6)


def test_every_head_of_every_layer_is_a_map_of_words(blocks: tuple[keras.Model, Explainer]) -> None:
    model, explainer = blocks
    reader = explainer.classifier.reader
    ids, places = reader.arrange([reader.encode(TEXTS[0]).inputs])
    states, weights = model.words(ids), []
    for layer in (model.first, model.second):
        states, scores = layer(states, states, return_attention_scores=True)
        weights += list(scores.numpy()[0])
    found = explainer.read_attention(TEXTS[0])
    assert found.names == ("layer 1, head 1", "layer 1, head 2", "layer 2, head 1", "layer 2, head 2")
    assert found.layers == ("layer 1", "layer 1", "layer 2", "layer 2")
    words = [np.flatnonzero(places[0] == word) for word in range(places.max() + 1)]
    for own, matrix, outside in zip(weights, found.weights, found.outside, strict=True):
        for query, steps in enumerate(words):
            rows = own[steps] / own[steps][:, places[0] >= 0].sum(axis=1, keepdims=True)
            expected = [rows[:, key].sum(axis=1).mean() for key in words]
            np.testing.assert_allclose(matrix[query], expected, atol=1e-6)
            assert outside[query] == pytest.approx(own[steps, 0].mean(), abs=1e-6)
    explained = explainer.explain(TEXTS[0])
    np.testing.assert_allclose(explained.scores, found.weights.mean(axis=(0, 1)), atol=1e-6)
    assert explained.outside == pytest.approx(found.outside.mean(), abs=1e-6)
    assert any("went to steps that are no words" in note for note in describe(explained))


def test_weights_in_several_layers_can_t_be_replaced(blocks: tuple[keras.Model, Explainer]) -> None:
    with pytest.raises(SettingError, match="several layers"):
        blocks[1].find_adversarial_attention(TEXTS[0])
    one = explain_with(blocks[0], HandReader(cls=True), attention=[Scores("first")], feed=feed)
    with pytest.raises(SettingError, match="steps that are no words"):
        one.find_adversarial_attention(TEXTS[0])
    plain = explain_with(blocks[0], HandReader(), attention=[Scores("first")], feed=feed)
    assert plain.find_adversarial_attention(TEXTS[0]).change <= 0.01


def test_several_inputs_need_to_be_made() -> None:
    one, two = keras.Input((None,), name="ids"), keras.Input((None,), name="mask")
    model = keras.Model([one, two], keras.layers.Dense(2)(keras.layers.Embedding(IDS, 4)(one)[:, 0]))
    with pytest.raises(SettingError, match="several inputs"):
        explain_with(model, HandReader()).explain("no")


def build_mean() -> keras.Model:
    """The mean of a text without words is no number."""
    ids = keras.Input((None,), dtype="int32")
    vectors = keras.layers.Embedding(IDS, 4, mask_zero=True)(ids)
    pooled = keras.layers.GlobalAveragePooling1D()(vectors)
    return scramble(keras.Model(ids, keras.layers.Dense(2, activation="softmax")(pooled)))


def test_where_the_model_has_no_answer_nothing_is_made_up() -> None:
    explainer = explain_with(build_mean(), HandReader())
    curve = explainer.measure_erasure_curve(TEXTS[0], "occlusion")
    assert (curve.alone[0], curve.without[-1], curve.random_alone[0], curve.blank) == (None, None, None, None)
    assert curve.sufficient_count > 0
    json.dumps(to_plain(curve), allow_nan=False)
    json.loads(explainer.explain("word", "occlusion").to_json())
    assert explainer.explain("word", "occlusion").scores.tolist() == [0.0]
    assert np.isnan(explainer.predict_texts([""])).all()


def test_weights_that_are_no_numbers_give_no_answer() -> None:
    model = build_mean()
    explainer = explain_with(model, HandReader(), output=lambda outputs: outputs[0])
    explainer.predict_texts(TEXTS)
    model.layers[-1].kernel.assign(np.full(model.layers[-1].kernel.shape, np.nan))
    for method in ("gradient", "integrated_gradients", "occlusion"):
        explained = explainer.explain(TEXTS[0], method)
        assert explained.prediction.probabilities is None
        assert not explained.scores.any()
        assert describe_probability(explained) == "no answer: what the network gives for these words is no number"
        assert Explanation.from_dict(json.loads(explained.to_json())).to_dict() == explained.to_dict()


def build_recurrent(kind: Callable[..., Any], **settings: Any) -> keras.Model:
    ids = keras.Input((None,), dtype="int32")
    vectors = keras.layers.Embedding(IDS, 4, mask_zero=True)(ids)
    states = keras.layers.Dropout(0.5)(keras.layers.Bidirectional(kind(3, **settings))(vectors))
    return scramble(keras.Model(ids, keras.layers.Dense(2, activation="softmax")(states)))


@pytest.mark.parametrize(
    "build",
    [
        lambda: build_recurrent(keras.layers.LSTM),
        lambda: build_recurrent(keras.layers.GRU, recurrent_dropout=0.3),
        build_mean,
        Blocks,
    ],
)
def test_the_model_is_bit_for_bit_as_before(build: Callable[[], keras.Model]) -> None:
    model, reader = build(), HandReader()
    settings: dict[str, Any] = {"feed": feed} if isinstance(model, Blocks) else {}
    ids = tf.constant(reader.arrange([reader.encode(TEXTS[0]).inputs]).ids)
    x = feed(ids) if settings else ids
    model(x)
    before, weights = model.predict(x, verbose=0), [weight.numpy() for weight in model.weights]
    attributes = [sorted(vars(layer)) for layer in model._flatten_layers()]
    explainer = explain_with(model, reader, **settings)
    for method in pick_typed(explainer.methods):
        explainer.measure_faithfulness(TEXTS[0], method)
    explainer.warm_up(explainer.methods[0])
    assert [sorted(vars(layer)) for layer in model._flatten_layers()] == attributes
    assert all((new.numpy() == old).all() for new, old in zip(model.weights, weights, strict=True))
    assert (model.predict(x, verbose=0) == before).all()
    np.testing.assert_allclose(explainer.explain(TEXTS[0], "gradient").prediction.probabilities, before[0], atol=1e-6)


class Noise(keras.layers.Layer):
    def call(self, x: object) -> object:
        return x + keras.random.normal(keras.ops.shape(x))


class Rank(keras.layers.Layer):
    """The softmax goes over the texts, not over their words: a slip that is easily made."""

    def call(self, x: object) -> object:
        return 5 * keras.ops.softmax(x, axis=0)


@pytest.mark.parametrize(("layer", "said"), [(Noise, "draws random numbers"), (Rank, "which other texts")])
def test_an_answer_that_is_not_the_text_s_alone_is_refused(layer: type[keras.layers.Layer], said: str) -> None:
    ids = keras.Input((None,), dtype="int32")
    pooled = keras.layers.LSTM(6)(keras.layers.Embedding(IDS, 4)(ids))
    model = scramble(keras.Model(ids, keras.layers.Dense(2, activation="softmax")(layer()(pooled))))
    with pytest.raises(SettingError, match=said):
        explain_with(model, HandReader()).predict_texts(TEXTS)


def test_half_precision_and_compiled_models_are_explained() -> None:
    model = build_recurrent(keras.layers.LSTM, dtype="mixed_float16")
    model.compile(loss="sparse_categorical_crossentropy", jit_compile=True)
    explainer = explain_with(model, HandReader())
    expected = answer(lambda ids: model(ids, training=False), HandReader(), TEXTS)
    np.testing.assert_allclose(explainer.predict_texts(TEXTS), expected, atol=2e-3)
    assert abs(explainer.explain(TEXTS[0], "integrated_gradients").gap) < 0.01


def test_a_lookup_without_an_embedding_layer_has_gradients() -> None:
    class Table(keras.layers.Layer):
        def build(self, shape: tuple) -> None:
            self.table = self.add_weight(shape=(IDS, 4))

        def call(self, ids: object) -> object:
            return tf.gather(self.table, tf.cast(ids, tf.int32))

        def compute_output_shape(self, shape: tuple) -> tuple:
            return (*shape, 4)

    ids = keras.Input((None,), dtype="int64")
    pooled = keras.layers.GlobalMaxPooling1D()(Table()(ids))
    model = scramble(keras.Model(ids, keras.layers.Dense(2, activation="softmax")(pooled)))
    explained = explain_with(model, HandReader()).explain(TEXTS[0], "integrated_gradients", 1)
    assert np.abs(explained.scores).max() > 1e-3
    assert abs(explained.gap) < 0.01


def test_what_is_missing_is_told_on_the_card() -> None:
    ids = keras.Input((None,), dtype="int32")
    share = keras.layers.Lambda(lambda ids: keras.ops.mean(keras.ops.cast(ids, "float32"), axis=1, keepdims=True) / IDS)
    card = explain_with(keras.Model(ids, keras.layers.Dense(2, activation="softmax")(share(ids))), HandReader()).card
    assert pick_typed(card.methods) == ("occlusion",)
    assert card.missing["gradient"] == "The model has no Embedding of its word ids, so its words have no gradient."
    assert "No attention" in card.missing["attention"]
    assert (card.origin, card.labels, card.steps) == ("yours", ("class 0", "class 1"), None)


def test_a_model_of_many_layers_saves_memory_and_gives_the_same() -> None:
    model = build_mean()
    usual, saving = explain_with(model, HandReader()), explain_with(model, HandReader())
    saving.classifier.graph.is_large = True
    for method in OWN_METHODS:
        for one, two in zip(usual.explain_batch(TEXTS, method), saving.explain_batch(TEXTS, method), strict=True):
            np.testing.assert_allclose(two.scores, one.scores, atol=1e-6)
            assert two.gap == pytest.approx(one.gap, abs=1e-6)
