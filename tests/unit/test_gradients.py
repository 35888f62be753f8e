"""Gradients of activations and weights: against finite differences, Keras' own tape and computations by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from attnviz import get_activations, get_gradients
from attnviz.backend import keras, tf
from attnviz.errors import SettingError, UnknownNameError
from attnviz.graph.traced import TracedModel
from tests.keract_networks import EXAMPLES, Made, multi_outputs, siamese, subclassed_parts, time_distributed

layers = keras.layers

X = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
Y = np.random.default_rng(1).normal(size=(3, 2)).astype(np.float32)
STEP = 5e-4


@pytest.fixture(autouse=True)
def _seeded() -> None:
    keras.utils.set_random_seed(0)


def dense_model(**settings: Any) -> keras.Model:
    inputs = keras.Input((4,), name="x")
    hidden = layers.Dense(5, activation="tanh", name="hidden", **settings)(inputs)
    return keras.Model(inputs, layers.Dense(2, name="answer")(layers.Dropout(0.5, name="dropped")(hidden)))


def targets(model: keras.Model, x: Any) -> list[np.ndarray]:
    random = np.random.default_rng(2)
    return [random.uniform(size=np.shape(output)) for output in keras.tree.flatten(model(x))]


def taped(model: keras.Model, x: Any, y: Any) -> list[np.ndarray]:
    """The gradients of the weights by the loss that `fit` would take, computed by Keras step by step."""
    with tf.GradientTape() as tape:
        loss = model.compute_loss(x=x, y=y, y_pred=model(x, training=False))
    return [
        np.asarray(tf.convert_to_tensor(g)) for g in tape.gradient(loss, [v.value for v in model.trainable_weights])
    ]


@pytest.mark.parametrize("make", EXAMPLES)
def test_gradients_of_activations_are_differences_of_the_loss(make: Callable[[], Made]) -> None:
    """Each activation is moved a little along a random direction, and the loss is looked at."""
    model, x = make()
    y = targets(model, x)
    gradients = get_gradients(model, x, y if len(y) > 1 else y[0], loss="mse", nested=True)
    specs = keras.tree.map_structure(lambda array: tf.TensorSpec(array.shape, array.dtype), x)
    traced = TracedModel(model, specs)
    assert gradients.keys() <= get_activations(model, x, nested=True).keys()
    for path, gradient in gradients.items():
        tensor = traced.find(path) if not isinstance(gradient, list) else None
        if tensor is None or any(tensor is given for given in traced.inputs):
            continue
        function = traced.function([*traced.inputs, tensor], traced.outputs)
        value = np.asarray(traced.function(traced.inputs, [tensor])(*keras.tree.flatten(x))[0])
        smooth = value != 0  # where a ReLU gave 0, the maximum that a pooling takes is not smooth
        direction = np.random.default_rng(3).normal(size=value.shape).astype(np.float32) * smooth

        def loss(moved: np.ndarray, function: Any = function) -> float:
            outputs = function(*keras.tree.flatten(x), moved)
            return sum(((np.float64(o) - t) ** 2).mean() for o, t in zip(outputs, y, strict=True))

        slope = (loss(value + STEP * direction) - loss(value - STEP * direction)) / (2 * STEP)
        usual = np.linalg.norm(gradient * smooth)  # as large is the slope along a random direction
        np.testing.assert_allclose((gradient * direction).sum(), slope, rtol=0.01, atol=0.02 * usual + 1e-5)


@pytest.mark.parametrize("make", EXAMPLES)
def test_gradients_of_weights_are_those_of_keras(make: Callable[[], Made]) -> None:
    model, x = make()
    y = targets(model, x)
    y = y if len(y) > 1 else y[0]
    model.compile("sgd", "mse")
    before = [np.array(weight) for weight in model.get_weights()]
    gradients = get_gradients(model, x, y, of="weights")
    assert len(gradients) == len(model.trainable_weights)
    for mine, theirs in zip(gradients.values(), taped(model, x, y), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-6)
    for weight, old in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, old)


def test_the_gradients_of_a_straight_line_are_known() -> None:
    x = keras.Input((4,), name="x")
    model = keras.Model(x, layers.Dense(2, name="answer")(x))
    difference = (np.asarray(model(X)) - Y) * 2 / Y.size
    found = get_gradients(model, X, Y, loss="mse")
    np.testing.assert_allclose(found["answer"], difference, atol=1e-6)
    np.testing.assert_allclose(found["x"], difference @ np.asarray(model.layers[1].kernel).T, atol=1e-6)
    weights = get_gradients(model, X, Y, of="weights", loss="mse")
    np.testing.assert_allclose(weights["answer/kernel"], X.T @ difference, atol=1e-6)
    np.testing.assert_allclose(weights["answer/bias"], difference.sum(axis=0), atol=1e-6)


def test_the_loss_is_a_name_a_function_or_that_of_the_compiled_model() -> None:
    model = dense_model()
    by_name = get_gradients(model, X, Y.astype(np.float64), loss="mse")["hidden"]
    model.compile("sgd", keras.losses.MeanSquaredError())
    for loss in (None, keras.losses.MeanSquaredError(), lambda y, p: keras.ops.mean((p - y) ** 2, axis=-1)):
        np.testing.assert_allclose(get_gradients(model, X, np.float64(Y), loss=loss)["hidden"], by_name, atol=1e-7)
    assert np.abs(get_gradients(model, X, Y, loss="mae")["hidden"] - by_name).max() > 1e-3, "a given loss wins"


def test_the_loss_has_the_penalties_and_a_compute_loss_of_ones_own() -> None:
    class Twice(keras.Model):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True) -> Any:
            return 2 * super().compute_loss(x, y, y_pred, sample_weight)

    model = dense_model(kernel_regularizer=keras.regularizers.L2(0.1), activity_regularizer="l1")
    model.compile("sgd", "mse")
    own = get_gradients(model, X, Y, of="weights")
    for mine, theirs in zip(own.values(), taped(model, X, Y), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-6)
    doubled = Twice(model.inputs, model.outputs)
    doubled.compile("sgd", "mse")
    for one, two in zip(own.values(), get_gradients(doubled, X, Y, of="weights").values(), strict=True):
        np.testing.assert_allclose(2 * one, two, atol=1e-6)


def test_several_outputs_have_losses_and_weights_of_their_own() -> None:
    model, x = multi_outputs()
    y = targets(model, x)
    model.compile("sgd", ["mse", "mae"], loss_weights=[1.0, 0.0])
    gradients = get_gradients(model, x, y)
    assert np.abs(gradients["o1"]).min() > 0
    assert (gradients["o2"] == 0).all()
    expected = get_gradients(model, x, {"o1": y[0], "o2": y[1]}, loss={"o1": "mse", "o2": "mae"})
    np.testing.assert_allclose(gradients["o1"], expected["o1"], atol=1e-7)
    assert np.abs(expected["o2"]).min() > 0


def test_a_shared_layer_has_a_gradient_for_each_call_and_one_for_its_weights() -> None:
    model, x = siamese()
    y = np.ones((2, 1))
    first, second = get_gradients(model, x, y, loss="mse")["shared"]
    kernel = get_gradients(model, x, y, of="weights", loss="mse")["shared/kernel"]
    np.testing.assert_allclose(kernel, x[0].T @ first + x[1].T @ second, atol=1e-5)


def test_weights_are_named_by_the_layers_around_them() -> None:
    model, x = subclassed_parts()
    names = ["model/fc1/kernel", "model/fc1/bias", "block/fc1/kernel", "block/fc1/bias", "fc1/kernel", "fc1/bias"]
    assert list(get_gradients(model, x, np.ones((4, 1)), of="weights", loss="mse")) == names


def test_what_does_not_reach_the_loss_has_zeros() -> None:
    x = keras.Input((5, 4), name="x")
    _, state, _ = layers.LSTM(3, return_sequences=True, return_state=True, name="lstm")(x)
    model = keras.Model(x, [layers.Dense(1, name="answer")(state)])
    unused, used, _ = get_gradients(model, np.ones((2, 5, 4)), np.ones((2, 1)), loss="mse")["lstm"]
    assert (unused == 0).all()
    assert np.abs(used).max() > 0


def test_an_input_in_another_precision_or_without_its_last_axis_has_its_gradient() -> None:
    x = keras.Input((1,), name="x")
    model = keras.Model(x, layers.Dense(1, name="answer")(x))
    model.set_weights([np.array([[3.0]]), np.array([0.0])])
    for given in (np.array([[1.0], [2.0]]), np.array([1.0, 2.0], np.float32)):
        found = get_gradients(model, given, np.zeros((2, 1)), loss="mse")["x"]
        np.testing.assert_allclose(found, [[9.0], [18.0]], rtol=1e-6)


def test_the_model_keeps_its_loss_its_metrics_and_its_answers() -> None:
    model = dense_model()
    model.compile("sgd", "mse", metrics=["mae"])
    model.fit(X, Y, verbose=0)
    answer, loss, variables = model.predict(X, verbose=0), model._compile_loss, len(model.variables)
    get_gradients(model, X, Y, of="weights")
    get_gradients(model, X, Y, loss="mae")
    assert model._compile_loss is loss
    assert len(model.variables) == variables
    np.testing.assert_array_equal(model.predict(X, verbose=0), answer)
    model.fit(X, Y, verbose=0)


def test_gradients_in_half_precision_have_the_precision_of_the_layers() -> None:
    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        gradients = get_gradients(dense_model(), X, Y, loss="mse")
    finally:
        keras.mixed_precision.set_global_policy("float32")
    expected = {"x": np.float32, "hidden": np.float16, "dropped": np.float16, "answer": np.float16}
    assert {name: array.dtype for name, array in gradients.items()} == expected
    assert all(np.abs(array).max() > 0 for array in gradients.values())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, r"no loss to differentiate: give one.*loss='mse'"),
        ({"loss": "nonsense"}, "nonsense"),
        ({"loss": "mse", "of": "layers"}, "of must be"),
        ({"loss": "mse", "of": "weights", "layer_names": "hidden"}, "choose activations"),
    ],
)
def test_what_cannot_be_asked_is_said(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        get_gradients(dense_model(), X, Y, **settings)


def test_targets_that_do_not_fit_are_a_setting_error() -> None:
    with pytest.raises(SettingError, match=r"\(3, 4\), \(7, 9\)"):
        get_gradients(dense_model(), X, np.ones((7, 9)), loss="mse")


def test_word_ids_have_no_gradient() -> None:
    ids = keras.Input((3,), dtype="int32", name="ids")
    vectors = layers.Embedding(9, 2, name="vectors")(ids)
    model = keras.Model(ids, layers.Dense(1, name="answer")(layers.Flatten(name="flat")(vectors)))
    x = np.array([[1, 2, 3]])
    assert list(get_gradients(model, x, np.ones((1, 1)), loss="mse")) == ["vectors", "flat", "answer"]
    with pytest.raises(SettingError, match=r"ids.*no floating-point"):
        get_gradients(model, x, np.ones((1, 1)), loss="mse", layer_names="ids")


def test_only_the_layers_asked_for_come_back() -> None:
    assert list(get_gradients(dense_model(), X, Y, loss="mse", layer_names=["hidden"])) == ["hidden"]
    with pytest.raises(UnknownNameError, match=r"hiden.*x, hidden, dropped, answer"):
        get_gradients(dense_model(), X, Y, loss="mse", layer_names=["hiden"])


def test_layers_inside_time_distributed_are_left_out_rather_than_zero() -> None:
    model, x = time_distributed()
    gradients = get_gradients(model, x, np.ones((2, 1)), loss="mse", nested=True)
    assert list(gradients) == ["video", "frames", "flat", "dense"]
    with pytest.raises(SettingError, match=r"frames/conv.*TimeDistributed"):
        get_gradients(model, x, np.ones((2, 1)), loss="mse", layer_names="frames/conv", nested=True)
