"""The networks of the table: sizes, names, and independence of batch and padding."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from attnviz import build_model, list_models
from attnviz.backend import keras
from attnviz.errors import SettingError, UnknownNameError
from attnviz.models.architectures import build_column_network
from attnviz.models.registry import MODELS, get_spec

TEXT_NETWORKS = [name for name, spec in MODELS.items() if spec.task == "reviews"]
PARAMETERS = {
    "word-additive": 640_629,
    "lstm-dot": 1_337_665,
    "luong": 248_929,
    "bilstm": 1_378_945,
    "bilstm-additive": 1_379_273,
    "lstm-featurewise": 1_333_633,
    "transformer": 657_737,
    "stars": 160_664,
    "column": 369,
}
IDS = np.random.default_rng(0).integers(1, 30, size=(5, 40)).astype(np.int32)
LENGTHS = (40, 23, 11, 2, 1)
PADDED = np.where(np.arange(40)[None, :] < np.array(LENGTHS)[:, None], IDS, 0)


@cache
def network(name: str) -> tuple[keras.Model, keras.Model]:
    """A small network with large weights, so that reviews differ; and the same with its attention as output."""
    keras.utils.set_random_seed(0)
    model = build_model(name, vocabulary_size=30)
    scale = 1.5 if name == "transformer" else 3.0  # its many layers saturate sooner
    for weight in model.weights:
        weight.assign(weight * scale)
    layer = get_spec(name).attention_layer
    return model, keras.Model(model.input, [model.output, *([model.get_layer(layer).output] if layer else [])])


def run(name: str, ids: np.ndarray) -> list[np.ndarray]:
    """Probabilities (batch, outputs) and, where there are any, attention weights.

    The weights are (batch, steps), (batch, steps, features), or (batch, heads, steps, steps).
    """
    return [np.asarray(output) for output in keras.tree.flatten(network(name)[1](ids, training=False))]


def of_words(weights: np.ndarray, length: int) -> np.ndarray:
    """The weights of one review between its words, or on its words."""
    return weights[:, :length, :length] if weights.ndim == 3 else weights[:length]


def test_the_table_holds_the_networks_and_word_additive_comes_first() -> None:
    assert list_models() == tuple(MODELS) == tuple(PARAMETERS)


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_network_has_as_many_parameters_as_the_table_says(name: str) -> None:
    assert build_model(name).count_params() == get_spec(name).parameters == PARAMETERS[name]


@pytest.mark.parametrize("name", TEXT_NETWORKS)
def test_two_labels_are_one_output_and_more_are_probabilities_that_sum_to_1(name: str) -> None:
    probabilities, labels = run(name, PADDED)[0], get_spec(name).labels
    assert probabilities.shape == (5, 1 if len(labels) == 2 else len(labels))
    if len(labels) > 2:
        np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, atol=1e-5)


def test_only_the_stars_have_other_labels_and_explain_what_they_predict() -> None:
    others = {name for name, spec in MODELS.items() if spec.labels != ("negative", "positive")}
    assert others == {name for name, spec in MODELS.items() if spec.target != 1} == {"stars"}
    assert get_spec("stars").labels == ("1-2 stars", "3-4 stars", "7-8 stars", "9-10 stars")
    assert get_spec("stars").target is None


@pytest.mark.parametrize("name", MODELS)
def test_the_attention_layer_of_the_table_is_in_the_network(name: str) -> None:
    names = [layer.name for layer in (build_column_network() if name == "column" else network(name)[0]).layers]
    assert ("attention_weights" in names) == (get_spec(name).attention_layer == "attention_weights")
    assert get_spec(name).attention_layer in ("attention_weights", None)


@pytest.mark.parametrize("name", TEXT_NETWORKS)
def test_a_review_alone_gets_what_it_gets_in_a_padded_batch(name: str) -> None:
    together = run(name, PADDED)
    assert np.ptp(together[0]) > 1e-3, "the reviews differ"
    for row, length in enumerate(LENGTHS):
        alone = run(name, IDS[row : row + 1, :length])
        np.testing.assert_allclose(alone[0][0], together[0][row], atol=1e-5)
        for one, all_rows in zip(alone[1:], together[1:], strict=True):
            np.testing.assert_allclose(one[0], of_words(all_rows[row], length), atol=1e-5)


@pytest.mark.parametrize("name", TEXT_NETWORKS)
def test_more_padding_changes_nothing(name: str) -> None:
    wider = np.pad(PADDED, ((0, 0), (0, 17)))
    for narrow, wide in zip(run(name, PADDED), run(name, wider), strict=True):
        np.testing.assert_allclose(wide[tuple(map(slice, narrow.shape))], narrow, atol=1e-5)


@pytest.mark.parametrize("name", [name for name in TEXT_NETWORKS if MODELS[name].attention_layer])
def test_weights_sum_to_1_over_the_words_and_are_0_on_padding(name: str) -> None:
    for weights, length in zip(run(name, PADDED)[1], LENGTHS, strict=True):
        words = of_words(weights, length)
        np.testing.assert_allclose(words.sum(axis=-1 if words.ndim == 3 else 0), 1.0, atol=1e-5)
        assert words.sum() == pytest.approx(weights.sum(), abs=1e-5), "all the rest is 0"
        assert (weights >= 0).all()


@pytest.mark.parametrize("name", TEXT_NETWORKS)
def test_a_review_without_a_word_gives_numbers(name: str) -> None:
    outputs = run(name, np.zeros((1, 6), dtype=np.int32))
    assert all(np.isfinite(output).all() for output in outputs)
    assert all((weights == 0).all() for weights in outputs[1:])


@pytest.mark.parametrize("name", TEXT_NETWORKS)
def test_a_network_reads_as_many_words_as_the_table_says(name: str) -> None:
    ids = np.resize(IDS[0], (1, get_spec(name).steps))
    assert np.isfinite(run(name, ids)[0]).all()


@pytest.mark.parametrize("name", ["word-additive", "stars"])
def test_a_network_of_word_vectors_reads_the_order_in_the_bias_of_each_place_only(name: str) -> None:
    model = network(name)[0]
    bias = model.get_layer("attention_weights").bias
    np.testing.assert_allclose(model(IDS[:1]), model(IDS[:1, ::-1]), atol=1e-6)
    bias.assign(np.where(np.arange(bias.shape[0]) < IDS.shape[1] // 2, 1.0, -1.0)[:, None])
    moved = np.abs(np.asarray(model(IDS[:1])) - np.asarray(model(IDS[:1, ::-1]))).max()
    bias.assign(np.zeros(bias.shape))
    assert moved > 1e-4


@pytest.mark.parametrize("name", [name for name in TEXT_NETWORKS if name not in ("word-additive", "stars")])
def test_order_matters_to_a_network(name: str) -> None:
    assert abs(run(name, IDS[:1])[0] - run(name, IDS[:1, ::-1])[0]).max() > 1e-4


def test_word_dropout_blanks_whole_words_in_training_only() -> None:
    model = build_model("luong", vocabulary_size=30, word_dropout=0.5)
    dropped = keras.Model(model.input, model.get_layer("word_dropout").output)
    blank = np.asarray(dropped(IDS, training=True)) == 0
    assert (blank.all(axis=-1) == blank.any(axis=-1)).all()
    assert 0.3 < blank.mean() < 0.7
    assert not (np.asarray(dropped(IDS, training=False)) == 0).all(axis=-1).any()


def test_the_same_seed_gives_the_same_initial_weights() -> None:
    models = []
    for _ in range(2):
        keras.utils.set_random_seed(5)
        models.append(build_model("luong", vocabulary_size=10).get_weights())
    for one, two in zip(*models, strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("input_dim", [2, 7])
def test_the_column_network_has_one_attention_weight_a_column(input_dim: int) -> None:
    model = build_column_network(input_dim)
    weights = keras.Model(model.input, model.get_layer("attention_weights").output)(np.ones((3, input_dim)))
    assert weights.shape == (3, input_dim)
    assert model.count_params() == input_dim**2 + 16 * input_dim + 16 + 256 + 17


def test_an_unknown_network_lists_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"'gpt'.*word-additive, lstm-dot, luong, bilstm"):
        build_model("gpt")
    with pytest.raises(UnknownNameError, match="Valid names"):
        get_spec(["luong"])


@pytest.mark.parametrize("size", [3, 0, -5])
def test_a_vocabulary_without_room_for_a_word_is_refused(size: int) -> None:
    with pytest.raises(SettingError, match=f"at least 4 .* got {size}"):
        build_model("luong", vocabulary_size=size)
