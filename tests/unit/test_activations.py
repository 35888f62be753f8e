"""Activations of any layers, compared with calling the layers by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from attnviz import build_model, get_activations
from attnviz.backend import keras, tf
from attnviz.errors import SettingError, UnknownNameError

layers = keras.layers
X = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)


def dense_model() -> keras.Model:
    inputs = keras.Input((4,), name="x")
    hidden = layers.Dense(5, activation="relu", name="hidden")(inputs)
    dropped = layers.Dropout(0.5, name="dropped")(hidden)
    return keras.Model(inputs, layers.Dense(2, name="answer")(dropped))


def assert_equal(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(found, np.asarray(expected), atol=1e-6)


def test_a_functional_model_gives_every_layer_in_its_order() -> None:
    model = dense_model()
    found = get_activations(model, X)
    assert list(found) == ["x", "hidden", "dropped", "answer"] == [layer.name for layer in model.layers]
    hidden = model.get_layer("hidden")(X)
    assert_equal(found["x"], X)
    assert_equal(found["hidden"], hidden)
    assert_equal(found["dropped"], hidden)  # inference mode
    assert_equal(found["answer"], model.get_layer("answer")(hidden))
    assert all(isinstance(array, np.ndarray) for array in found.values())


@pytest.mark.parametrize("state", ["called", "built", "never called"])
def test_a_sequential_model_works_whether_it_was_called_or_not(state: str) -> None:
    model = keras.Sequential([layers.Dense(5, name="first"), layers.Dense(2, name="second")])
    if state == "called":
        model(X)
    elif state == "built":
        model.build((None, 4))
    found = get_activations(model, X)
    assert list(found) == ["first", "second"]
    assert_equal(found["first"], model.layers[0](X))
    assert_equal(found["second"], model(X))
    assert model(X[:2]).shape == (2, 2), "another batch size still fits"


def test_a_sequential_model_with_an_embedding_works_before_its_first_call() -> None:
    model = keras.Sequential([layers.Embedding(9, 3, name="vectors"), layers.GlobalAveragePooling1D(name="mean")])
    ids = np.array([[1, 2, 3], [4, 5, 6]])
    found = get_activations(model, ids)
    assert_equal(found["vectors"], model.layers[0](ids))
    assert_equal(found["mean"], model.layers[0](ids).numpy().mean(axis=1))


def test_a_bilstm_gives_the_states_of_both_directions() -> None:
    inputs = keras.Input((None,), dtype="int32")
    vectors = layers.Embedding(9, 3, mask_zero=True, name="vectors")(inputs)
    model = keras.Model(inputs, layers.Bidirectional(layers.LSTM(4, return_sequences=True), name="states")(vectors))
    ids = np.array([[1, 2, 3, 4], [5, 6, 0, 0]])
    states = get_activations(model, ids, "states")["states"]
    embedded, mask = model.get_layer("vectors")(ids), ids != 0
    wrapper = model.get_layer("states")
    assert states.shape == (2, 4, 8)
    assert_equal(states[..., :4], wrapper.forward_layer(embedded, mask=mask))
    assert_equal(states[..., 4:], np.asarray(wrapper.backward_layer(embedded, mask=mask))[:, ::-1])


def test_activations_of_a_network_of_the_table_are_those_of_its_layers() -> None:
    model = build_model("luong", vocabulary_size=20)
    ids = np.array([[3, 4, 5], [6, 7, 0]])
    found = get_activations(model, ids)
    assert_equal(found["probability"], model(ids))
    context = (found["attention_weights"][:, :, None] * found["hidden_states"]).sum(axis=1)
    assert_equal(found["context_vector"], context)


@pytest.mark.parametrize(
    ("names", "expected"),
    [("hidden", ["hidden"]), (["hidden"], ["hidden"]), (("answer", "hidden"), ["hidden", "answer"]), ([], [])],
)
def test_only_the_requested_layers_come_back_in_model_order(names: Any, expected: list[str]) -> None:
    assert list(get_activations(dense_model(), X, names)) == expected


def test_an_unknown_layer_lists_those_that_there_are() -> None:
    with pytest.raises(UnknownNameError, match=r"'hiden'.*x, hidden, dropped, answer") as error:
        get_activations(dense_model(), X, ["hidden", "hiden"])
    assert isinstance(error.value, KeyError)
    assert str(error.value).startswith("Unknown layer 'hiden'. "), "not in the quotes of a KeyError"


def test_batch_norm_uses_its_moving_statistics() -> None:
    inputs = keras.Input((4,))
    norm = layers.BatchNormalization(name="norm", epsilon=0.0)
    model = keras.Model(inputs, norm(inputs))
    norm.moving_mean.assign([1.0, 2.0, 3.0, 4.0])
    norm.moving_variance.assign([4.0, 4.0, 4.0, 4.0])
    assert_equal(get_activations(model, X)["norm"], (X - [1, 2, 3, 4]) / 2)
    assert_equal(norm.moving_mean, [1, 2, 3, 4])


def test_shapes_only_gives_the_shapes_of_the_arrays() -> None:
    shapes = get_activations(dense_model(), X, shapes_only=True)
    assert shapes == {name: array.shape for name, array in get_activations(dense_model(), X).items()}
    assert shapes["hidden"] == (3, 5)


def test_a_model_inside_a_model_is_one_layer_or_opened_by_name() -> None:
    inner = dense_model()
    inner.name = "inner"
    inputs = keras.Input((4,), name="outer_x")
    model = keras.Model(inputs, layers.Dense(1, name="last")(inner(layers.Dense(4, name="before")(inputs))))
    assert list(get_activations(model, X)) == ["outer_x", "before", "inner", "last"]

    found = get_activations(model, X, nested=True)
    inner_names = [f"inner/{name}" for name in ("x", "hidden", "dropped", "answer")]
    assert list(found) == ["outer_x", "before", "inner", *inner_names, "last"]
    before = model.get_layer("before")(X)
    assert_equal(found["inner/x"], before)
    assert_equal(found["inner/hidden"], inner.get_layer("hidden")(before))
    assert_equal(found["inner/answer"], inner(before))
    assert_equal(found["inner"], inner(before))
    assert list(get_activations(model, X, "inner/hidden", nested=True)) == ["inner/hidden"]


def test_models_are_opened_at_every_depth_also_inside_sequential_ones() -> None:
    core = keras.Sequential([layers.Dense(3, name="core_dense")], name="core")
    middle = keras.Sequential([core, layers.Dense(2, name="middle_dense")], name="middle")
    model = keras.Sequential([layers.Dense(4, name="first"), middle], name="outer")
    found = get_activations(model, X, nested=True)
    assert list(found) == ["first", "middle", "middle/core", "middle/core/core_dense", "middle/middle_dense"]
    first = model.layers[0](X)
    assert_equal(found["middle/core/core_dense"], core(first))
    assert_equal(found["middle/middle_dense"], middle(first))


def test_a_layer_used_twice_has_a_list_of_arrays() -> None:
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    shared = layers.Dense(2, name="shared")
    model = keras.Model([left, right], layers.Add(name="sum")([shared(left), shared(right)]))
    found = get_activations(model, [X, 2 * X])
    assert_equal(found["shared"][0], shared(X))
    assert_equal(found["shared"][1], shared(2 * X))
    assert get_activations(model, [X, X], "shared", shapes_only=True) == {"shared": [(3, 2), (3, 2)]}


def test_a_model_used_twice_has_a_list_for_each_of_its_layers() -> None:
    encoder = keras.Sequential([layers.Dense(3, activation="tanh", name="dense")], name="encoder")
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    model = keras.Model([left, right], layers.Dot(1, name="product")([encoder(left), encoder(right)]))
    found = get_activations(model, [X, -X], nested=True)
    for name in ("encoder", "encoder/dense"):
        assert_equal(found[name][0], encoder(X))
        assert_equal(found[name][1], encoder(-X))


def test_a_layer_that_another_model_uses_too_counts_only_its_calls_in_this_one() -> None:
    shared = layers.Dense(2, name="shared")
    one, other = keras.Input((4,)), keras.Input((4,))
    model = keras.Model(one, shared(one))
    keras.Model(other, shared(other))
    assert_equal(get_activations(model, X, "shared")["shared"], shared(X))


def test_several_inputs_come_as_a_list_or_as_a_dict() -> None:
    first, second = keras.Input((4,), name="first"), keras.Input((2,), name="second")
    joined = layers.Concatenate(name="joined")([first, second])
    y = X[:, :2] + 1
    as_list, as_dict = keras.Model([first, second], joined), keras.Model({"second": second, "first": first}, joined)
    expected = np.concatenate([X, y], axis=1)
    assert_equal(get_activations(as_list, [X, y], "joined")["joined"], expected)
    assert_equal(get_activations(as_list, (X, y), "joined")["joined"], expected)
    assert_equal(get_activations(as_dict, {"first": X, "second": y}, "joined")["joined"], expected)
    assert_equal(get_activations(as_dict, {"first": X, "second": y})["second"], y)


def test_an_inner_model_with_several_inputs_is_opened() -> None:
    first, second = keras.Input((4,), name="b"), keras.Input((4,), name="a")
    inner = keras.Model({"b": first, "a": second}, layers.Subtract(name="difference")([first, second]), name="inner")
    x = keras.Input((4,), name="x")
    model = keras.Model(x, inner({"b": x, "a": layers.Rescaling(3.0, name="tripled")(x)}))
    assert_equal(get_activations(model, X, "inner/difference", nested=True)["inner/difference"], -2 * X)


def test_a_layer_with_several_outputs_has_a_list_of_arrays() -> None:
    inputs = keras.Input((5, 4), name="x")
    lstm = layers.LSTM(3, return_sequences=True, return_state=True, name="lstm")
    model = keras.Model(inputs, lstm(inputs))
    x = np.ones((2, 5, 4), np.float32)
    sequence, hidden, _ = get_activations(model, x, "lstm")["lstm"]
    assert_equal(hidden, sequence[:, -1])


@pytest.mark.parametrize("thing", [None, "luong", layers.Dense(2)])
def test_what_is_no_model_is_refused(thing: Any) -> None:
    with pytest.raises(SettingError, match=f"got {type(thing).__name__}"):
        get_activations(thing, X)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.ones((3, 5), np.float32), r"cannot be called with x of \[\(3, 5\)\]: .*expected shape=\(None, 4\)"),
        ([X, X], "cannot be called with x of"),
        (np.float32(1.0), "arrays .batch"),
        (object(), "must be made of arrays, got object"),
        (["a", X], "must be made of arrays|arrays .batch"),
        ([[1.0, 2.0], [3.0]], "must be made of arrays, got list"),
        (tf.ragged.constant([[1.0], [2.0, 3.0]]), "dense arrays, got a RaggedTensor"),
        (tf.sparse.from_dense(X), "dense arrays, got a SparseTensor"),
        (keras.Input((4,)), "dense arrays, got a KerasTensor"),
        (None, "must be made of arrays, got NoneType"),
    ],
)
def test_what_the_model_does_not_take_is_told_in_one_line(x: Any, message: str) -> None:
    with pytest.raises(SettingError, match=message) as error:
        get_activations(dense_model(), x)
    assert "\n" not in str(error.value)
    assert "\x1b" not in str(error.value)


def test_an_id_outside_of_the_embedding_is_told() -> None:
    inputs = keras.Input((None,), dtype="int32")
    model = keras.Model(inputs, layers.Embedding(9, 3)(inputs))
    with pytest.raises(SettingError, match=r"cannot compute with this x: .*indices\[0,1\] = 9"):
        get_activations(model, np.array([[1, 9]]))


def test_numbers_and_strings_may_come_as_plain_lists() -> None:
    assert_equal(get_activations(dense_model(), X.tolist())["x"], X)
    words = layers.TextVectorization(vocabulary=["good", "film"], name="ids")
    inputs = keras.Input((), dtype="string", name="text")
    model = keras.Model(inputs, layers.Embedding(9, 2, name="vectors")(words(inputs)))
    for texts in (["good film", "bad"], np.array(["good film", "bad"]), np.array(["good film", "bad"], object)):
        found = get_activations(model, texts, ["ids", "vectors"])
        assert found["ids"].tolist() == [[2, 3], [1, 0]]
        assert_equal(found["vectors"], model.get_layer("vectors")(found["ids"]))
