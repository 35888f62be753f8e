"""Builders of the networks: Keras 3 functional models whose attention weights are the layer `attention_weights`.

The text networks take word ids (batch, steps), padded on the right with 0, and return probabilities: (batch, 1) of the
second of two labels, (batch, k) of k > 2 labels. They read any number of steps up to the table's `steps`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from attnviz.backend import keras
from attnviz.errors import SettingError
from attnviz.models.attention_layers import (
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
from attnviz.models.fixed_attention import replace_attention
from attnviz.models.registry import ModelSpec, get_spec
from attnviz.models.self_attention import MaskedMean, MultiHeadSum, MultiHeadWeights, PositionEmbedding
from attnviz.models.tutorials import get_tutorial

layers = keras.layers


@dataclass(frozen=True, slots=True)
class WordReading:
    """How a network reads its words.

    Attributes:
        dropout: the share that is set to 0 in training, of whole word vectors or else of their single numbers.
        whole_words: which of the two.
        masked: whether padding is left out; or else it is read like words.
    """

    dropout: float
    whole_words: bool = True
    masked: bool = True


def build_model(
    name: str,
    *,
    vocabulary_size: int | None = None,
    word_dropout: float | None = None,
    attention: str = "own",
    labels: int | None = None,
    protocol: str = "held-out",
) -> keras.Model:
    """A freshly initialised network of the table; its initial weights follow `keras.utils.set_random_seed`.

    Args:
        name: a name of `list_models()`.
        vocabulary_size: number of word ids, if not the published one.
        word_dropout: share of word vectors dropped in training, if not the recipe's.
        attention: 'own'; or fixed weights in its place, from the same initial weights of all else: 'even' over the
            words, or 'alone', on the last word (in a matrix, each word on itself).
        labels: how many classes it tells apart, if not those of the table: a sigmoid for two, a softmax for more.
        protocol: as in `train_text`; after 'tutorial' it reads padding, see tutorials.py, and wants it on the left.

    Raises:
        UnknownNameError: no such network or attention.
        SettingError: a vocabulary without room for a word, fixed weights for a network without attention, or a network
            of which no tutorial is known.
    """
    spec = get_spec(name)
    if spec.task == "column":
        return build_column_network()
    size = spec.vocabulary_size if vocabulary_size is None else vocabulary_size
    if size < 4:
        raise SettingError(f"vocabulary_size must be at least 4 (three special ids and a word), got {size}.")
    inputs = keras.Input((None,), dtype="int32", name="word_ids")
    features = _TEXT_NETWORKS[name](inputs, spec, size, _choose_reading(spec, protocol, word_dropout))
    model = keras.Model(inputs, _answer(features, labels or len(spec.labels)), name=name.replace("-", "_"))
    return model if attention == "own" else replace_attention(model, spec, attention)


def _choose_reading(spec: ModelSpec, protocol: str, dropout: float | None) -> WordReading:
    if protocol == "tutorial":
        return WordReading(get_tutorial(spec).vector_dropout, whole_words=False, masked=False)
    return WordReading(spec.recipe.word_dropout if dropout is None else dropout)


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
    return _answer(attended_hidden)


def _word_vectors(inputs: Tensor, size: int, units: int, reading: WordReading) -> Tensor:
    """(batch, steps, units). Word dropout blanks whole words, so that no single word can carry the decision."""
    vectors = layers.Embedding(size, units, mask_zero=reading.masked, name="embedding")(inputs)
    shape = (None, None, 1) if reading.whole_words else None
    return layers.Dropout(reading.dropout, noise_shape=shape, name="word_dropout")(vectors)


def _answer(features: Tensor, labels: int = 2) -> Tensor:
    """From features (batch, units) to the probability (batch, 1) of the second of two labels, or of k: (batch, k)."""
    if labels == 2:
        return layers.Dense(1, activation="sigmoid", name="probability")(features)
    return layers.Dense(labels, activation="softmax", name="probabilities")(features)


# Each builder takes word ids (batch, steps) to the features (batch, units) that `_answer` reads.


def _word_additive(inputs: Tensor, spec: ModelSpec, size: int, reading: WordReading, units: int = 64) -> Tensor:
    vectors = _word_vectors(inputs, size, units, reading)
    weights = AdditiveAttention(spec.steps, name="attention_weights")(vectors)
    return WeightedSum(name="context_vector")([weights, vectors])


def _stars(inputs: Tensor, spec: ModelSpec, size: int, reading: WordReading) -> Tensor:
    return _word_additive(inputs, spec, size, reading, units=32)


def _luong(inputs: Tensor, spec: ModelSpec, size: int, reading: WordReading) -> Tensor:
    vectors = _word_vectors(inputs, size, 32, reading)
    states = layers.LSTM(100, return_sequences=True, name="hidden_states")(vectors)
    last = LastState(name="last_hidden_state")(states)
    weights = LuongAttention(name="attention_weights")([states, last])
    context = WeightedSum(name="context_vector")([weights, states])
    joined = layers.Concatenate(name="context_and_last_state")([context, last])
    vector = layers.Dense(128, activation="tanh", use_bias=False, name="attention_vector")(joined)
    return layers.Dropout(0.5, name="dropout")(vector)


def _bilstm(inputs: Tensor, spec: ModelSpec, size: int, reading: WordReading) -> Tensor:
    vectors = _word_vectors(inputs, size, 128, reading)
    last = layers.Bidirectional(layers.LSTM(64), name="last_hidden_states")(vectors)
    return layers.Dropout(0.5, name="dropout")(last)


def _bilstm_additive(inputs: Tensor, spec: ModelSpec, size: int, reading: WordReading) -> Tensor:
    vectors = _word_vectors(inputs, size, 128, reading)
    states = layers.Bidirectional(layers.LSTM(64, return_sequences=True), name="hidden_states")(vectors)
    weights = AdditiveAttention(spec.steps, name="attention_weights")(states)
    context = WeightedSum(name="context_vector")([weights, states])
    return layers.Dropout(0.5, name="dropout")(context)


def _lstm_featurewise(inputs: Tensor, spec: ModelSpec, size: int, reading: WordReading) -> Tensor:
    vectors = _word_vectors(inputs, size, 128, reading)
    states = layers.LSTM(64, return_sequences=True, name="hidden_states")(vectors)
    weights = FeaturewiseAttention(name="attention_weights")(states)
    return WeightedSum(name="context_vector")([weights, states])


def _lstm_dot(inputs: Tensor, spec: ModelSpec, size: int, reading: WordReading) -> Tensor:
    vectors = _word_vectors(inputs, size, 128, reading)
    states = layers.LSTM(64, return_sequences=True, name="hidden_states")(vectors)
    last = LastState(name="last_hidden_state")(states)
    weights = DotProductAttention(name="attention_weights")([states, last])
    return WeightedSum(name="context_vector")([weights, states])


def _transformer(inputs: Tensor, spec: ModelSpec, size: int, reading: WordReading) -> Tensor:
    """As in https://keras.io/examples/nlp/text_classification_with_transformer/, but pooled over the words only."""
    vectors = PositionEmbedding(spec.steps, name="placed_words")(_word_vectors(inputs, size, 32, reading))
    states = _transformer_block(vectors, heads=2, rate=0.1)
    mean = layers.Dropout(0.1, name="mean_dropout")(MaskedMean(name="mean_state")(states))
    hidden = layers.Dense(20, activation="relu", name="hidden")(mean)
    return layers.Dropout(0.1, name="dropout")(hidden)


def _transformer_block(x: Tensor, heads: int, rate: float) -> Tensor:
    """(batch, steps, units) to the same: self-attention, then a network on each step, each added to what it reads."""
    units = x.shape[-1]
    attended = layers.Dropout(rate, name="attention_dropout")(_self_attention(x, heads, units))
    x = layers.LayerNormalization(epsilon=1e-6, name="attention_norm")(layers.Add(name="attention_sum")([x, attended]))
    hidden = layers.Dense(units, activation="relu", name="feed_forward_hidden")(x)
    changed = layers.Dropout(rate, name="feed_forward_dropout")(layers.Dense(units, name="feed_forward")(hidden))
    return layers.LayerNormalization(epsilon=1e-6, name="states")(layers.Add(name="feed_forward_sum")([x, changed]))


def _self_attention(x: Tensor, heads: int, size: int) -> Tensor:
    """What `keras.layers.MultiHeadAttention(heads, size)(x, x)` computes, with its weights as a layer."""
    queries, keys, values = (layers.Dense(heads * size, name=name)(x) for name in ("queries", "keys", "values"))
    weights = MultiHeadWeights(heads, name="attention_weights")([queries, keys])
    heads_output = MultiHeadSum(name="context_vectors")([weights, values])
    return layers.Dense(x.shape[-1], name="attention_output")(heads_output)


_TEXT_NETWORKS: dict[str, Callable[[Tensor, ModelSpec, int, WordReading], Tensor]] = {
    "word-additive": _word_additive,
    "luong": _luong,
    "bilstm": _bilstm,
    "bilstm-additive": _bilstm_additive,
    "lstm-featurewise": _lstm_featurewise,
    "lstm-dot": _lstm_dot,
    "transformer": _transformer,
    "stars": _stars,
}
