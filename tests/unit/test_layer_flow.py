from __future__ import annotations

import pytest

import attnviz
from attnviz.backend import keras, tf
from attnviz.graph.layer_flow import list_layers
from attnviz.graph.traced import TracedModel
from attnviz.values.layer_row import LayerRow

IDS = tf.TensorSpec((None, None), tf.int32)


def read(model: keras.Model, attention: tuple[str, ...] = ()) -> dict[str, LayerRow]:
    return {row.name: row for row in list_layers(TracedModel(model, IDS), attention)}


def list_reads(rows: dict[str, LayerRow], name: str) -> list[str]:
    return [list(rows)[place] for place in rows[name].reads]


def test_the_layers_of_a_network_read_what_keras_says_that_they_read() -> None:
    classifier = attnviz.load("luong").classifier
    rows = list_layers(classifier.graph.traced, [found.layer for found in classifier.card.attention])
    names = [row.name for row in rows]
    assert names == [layer.name for layer in classifier.model.layers]
    for row in rows[1:]:
        inputs = keras.tree.flatten(classifier.model.get_layer(row.name).input)
        said = {tensor._keras_history.operation.name for tensor in inputs if tensor.dtype != "bool"}
        assert {names[place] for place in row.reads} == said, row.name
    assert sum(row.parameters for row in rows) == classifier.model.count_params()
    assert [row.name for row in rows if row.attention] == ["attention_weights"]


def test_what_no_layer_computes_is_looked_through_and_a_mask_is_no_flow() -> None:
    words = keras.Input((None,), dtype="int32", name="words")
    vectors = keras.layers.Embedding(10, 4, mask_zero=True, name="vectors")(words)
    states = keras.layers.LSTM(4, return_sequences=True, name="states")(vectors)
    answer = keras.layers.LSTM(1, name="answer")(states * 2 + vectors)
    rows = read(keras.Model(words, answer))
    assert list_reads(rows, "vectors") == ["words"]
    assert list_reads(rows, "states") == ["vectors"]
    assert list_reads(rows, "answer") == ["vectors", "states"]


def test_models_inside_a_model_are_opened_and_other_layers_are_not() -> None:
    inner = keras.Sequential([keras.layers.Dense(3, name="one"), keras.layers.Dropout(0.5, name="two")], name="inner")
    words = keras.Input((None,), dtype="int32", name="words")
    vectors = keras.layers.Embedding(10, 4, name="vectors")(words)
    wide = keras.layers.Bidirectional(keras.layers.LSTM(2), name="wide")(inner(vectors))
    rows = read(keras.Model(words, wide))
    assert list(rows) == ["words", "vectors", "inner/one", "inner/two", "wide"]
    assert list_reads(rows, "wide") == ["inner/two"]
    assert rows["wide"].output == (None, 4)


def test_a_layer_that_is_called_twice_has_two_rows_and_counts_once() -> None:
    words = keras.Input((None,), dtype="int32", name="words")
    vectors = keras.layers.Embedding(10, 4, name="vectors")(words)
    twice = keras.layers.Dense(4, name="twice")
    model = keras.Model(words, twice(twice(vectors)))
    rows = list_layers(TracedModel(model, IDS))
    assert [(row.name, row.reads) for row in rows] == [
        ("words", ()),
        ("vectors", (0,)),
        ("twice", (1,)),
        ("twice", (2,)),
    ]
    assert sum(row.parameters for row in rows) == model.count_params()


@keras.saving.register_keras_serializable()
class Stranger(keras.Model):
    """Keras does not know what flows between its layers."""

    def __init__(self) -> None:
        super().__init__()
        self.vectors = keras.layers.Embedding(10, 4, name="vectors")
        self.asks = keras.layers.MultiHeadAttention(2, 2, name="asks")
        self.answer = keras.layers.Dense(1, name="answer")

    def call(self, words, training=None):  # type: ignore[no-untyped-def]
        vectors = self.vectors(words)
        return self.answer(vectors + self.asks(vectors, vectors))


@pytest.mark.parametrize("attention", ["asks", "asks/softmax"])
def test_a_subclassed_model_has_rows_and_its_attention_is_marked(attention: str) -> None:
    rows = read(Stranger(), (attention,))
    assert list(rows) == ["words", "vectors", "asks", "answer"]
    assert list_reads(rows, "answer") == ["vectors", "asks"]
    assert [row.name for row in rows.values() if row.attention] == ["asks"]
