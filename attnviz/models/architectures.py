"""Builders of the networks: Keras 3 functional models whose attention weights are the layer `attention_weights`.

The text networks take word ids (batch, steps), padded on the right with 0, and return the probability of a positive
review (batch, 1). They read any number of steps up to the table's `steps`.
"""

from __future__ import annotations

from collections.abc import Callable

from attnviz.backend import keras
from attnviz.errors import SettingError
from attnviz.models.layers import (
    AdditiveAttention,
    DotProductAttention,
    FeaturewiseAttention,
    LastState,
    LuongAttention,
    TemperatureSoftmax,
    Tensor,
    WeightedSum,
    tanh_sigmoid,
)
from attnviz.models.registry import ModelSpec, get_spec

layers = keras.layers


def build_model(name: str, *, vocabulary_size: int | None = None, word_dropout: float | None = None) -> keras.Model:
    """A freshly initialised network of the table; its initial weights follow `keras.utils.set_random_seed`.

    Args:
        name: a name of `list_models()`.
        vocabulary_size: number of word ids, if not the published one.
        word_dropout: share of word vectors dropped in training, if not the recipe's.

    Raises:
        UnknownNameError: no such network.
        SettingError: a vocabulary without room for a word.
    """
    spec = get_spec(name)
    if spec.task == "column":
        return build_column_network()
    size = spec.vocabulary_size if vocabulary_size is None else vocabulary_size
    if size < 4:
        raise SettingError(f"vocabulary_size must be at least 4 (three special ids and a word), got {size}.")
    inputs = keras.Input((None,), dtype="int32", name="word_ids")
    dropout = spec.recipe.word_dropout if word_dropout is None else word_dropout
    outputs = _TEXT_NETWORKS[name](inputs, spec, size, dropout)
    return keras.Model(inputs, outputs, name=name.replace("-", "_"))


def build_column_network(input_dim: int = 4) -> keras.Model:
    """The toy network: attention over the columns of one sample, (batch, input_dim) to (batch, 1)."""
    inputs = keras.Input((input_dim,), name="columns")
    weights = layers.Dense(input_dim, activation="softmax", use_bias=False, name="attention_weights")(inputs)
    return keras.Model(inputs, _column_answer(inputs, weights), name="column")


def build_task_network(network: str, input_dim: int, temperature: float = 1.0) -> keras.Model:
    """A network of the Column lab, with its attention in two layers: `attention_scores`, then `attention_weights`.

    Args:
        network: 'columns' for `build_column_network` with a temperature, which computes the same at temperature 1 and
            draws the same initial weights; 'steps' for an LSTM with attention over time.
        input_dim: number of columns or steps; the network takes (batch, input_dim) and returns (batch, 1).
        temperature: what the scores are divided by before the softmax.
    """
    inputs = keras.Input((input_dim,), name=network)
    softmax = TemperatureSoftmax(temperature, name="attention_weights")
    if network == "columns":
        weights = softmax(layers.Dense(input_dim, use_bias=False, name="attention_scores")(inputs))
        return keras.Model(inputs, _column_answer(inputs, weights), name="columns")
    numbers = layers.Reshape((input_dim, 1), name="numbers")(inputs)
    memory = layers.LSTM(16, recurrent_activation=tanh_sigmoid, return_sequences=True, name="hidden_states")
    states = memory(numbers)
    scores = layers.Dense(1, use_bias=False, name="state_scores")(states)
    weights = softmax(layers.Reshape((input_dim,), name="attention_scores")(scores))
    # The numbers themselves are attended, not the states: a state remembers the steps before it, so a weight on it
    # would not say which number was read. The last layer starts at 1, where what is read is the answer; from a
    # negative start the network learns to read the wrong end.
    attended = layers.Multiply(name="attended_steps")([inputs, weights])
    read = keras.ops.sum(attended, axis=1, keepdims=True)
    return keras.Model(inputs, layers.Dense(1, kernel_initializer="ones", name="answer")(read), name="steps")


def _column_answer(inputs: Tensor, weights: Tensor) -> Tensor:
    """From columns and their attention weights, each (batch, input_dim), to the probability (batch, 1)."""
    attended = layers.Multiply(name="attended_columns")([inputs, weights])
    hidden = layers.Dense(16, name="hidden")(attended)
    hidden_weights = layers.Dense(16, activation="softmax", use_bias=False, name="hidden_attention_weights")(hidden)
    attended_hidden = layers.Multiply(name="attended_hidden")([hidden, hidden_weights])
    return _probability(attended_hidden)


def _word_vectors(inputs: Tensor, size: int, units: int, dropout: float) -> Tensor:
    """(batch, steps, units). Word dropout blanks whole words, so that no single word can carry the decision."""
    vectors = layers.Embedding(size, units, mask_zero=True, name="embedding")(inputs)
    return layers.Dropout(dropout, noise_shape=(None, None, 1), name="word_dropout")(vectors)


def _probability(features: Tensor) -> Tensor:
    return layers.Dense(1, activation="sigmoid", name="probability")(features)


def _luong(inputs: Tensor, spec: ModelSpec, size: int, dropout: float) -> Tensor:
    vectors = _word_vectors(inputs, size, 32, dropout)
    states = layers.LSTM(100, return_sequences=True, name="hidden_states")(vectors)
    last = LastState(name="last_hidden_state")(states)
    weights = LuongAttention(name="attention_weights")([states, last])
    context = WeightedSum(name="context_vector")([weights, states])
    joined = layers.Concatenate(name="context_and_last_state")([context, last])
    vector = layers.Dense(128, activation="tanh", use_bias=False, name="attention_vector")(joined)
    return _probability(layers.Dropout(0.5, name="dropout")(vector))


def _bilstm(inputs: Tensor, spec: ModelSpec, size: int, dropout: float) -> Tensor:
    vectors = _word_vectors(inputs, size, 128, dropout)
    last = layers.Bidirectional(layers.LSTM(64), name="last_hidden_states")(vectors)
    return _probability(layers.Dropout(0.5, name="dropout")(last))


def _bilstm_additive(inputs: Tensor, spec: ModelSpec, size: int, dropout: float) -> Tensor:
    vectors = _word_vectors(inputs, size, 128, dropout)
    states = layers.Bidirectional(layers.LSTM(64, return_sequences=True), name="hidden_states")(vectors)
    weights = AdditiveAttention(spec.steps, name="attention_weights")(states)
    context = WeightedSum(name="context_vector")([weights, states])
    return _probability(layers.Dropout(0.5, name="dropout")(context))


def _lstm_featurewise(inputs: Tensor, spec: ModelSpec, size: int, dropout: float) -> Tensor:
    vectors = _word_vectors(inputs, size, 128, dropout)
    states = layers.LSTM(64, return_sequences=True, name="hidden_states")(vectors)
    weights = FeaturewiseAttention(name="attention_weights")(states)
    return _probability(WeightedSum(name="context_vector")([weights, states]))


def _lstm_dot(inputs: Tensor, spec: ModelSpec, size: int, dropout: float) -> Tensor:
    vectors = _word_vectors(inputs, size, 128, dropout)
    states = layers.LSTM(64, return_sequences=True, name="hidden_states")(vectors)
    last = LastState(name="last_hidden_state")(states)
    weights = DotProductAttention(name="attention_weights")([states, last])
    return _probability(WeightedSum(name="context_vector")([weights, states]))


_TEXT_NETWORKS: dict[str, Callable[[Tensor, ModelSpec, int, float], Tensor]] = {
    "luong": _luong,
    "bilstm": _bilstm,
    "bilstm-additive": _bilstm_additive,
    "lstm-featurewise": _lstm_featurewise,
    "lstm-dot": _lstm_dot,
}
