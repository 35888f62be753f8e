"""What keract's own tests ask (https://github.com/philipperemy/keract), and each row of 'What differs' in its guide."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from attnviz import get_activations, get_gradients, load_activations, plot_activations, save_activations
from attnviz.backend import keras, tf
from tests.keract_networks import InnerModel, floats, multi_outputs, siamese, subclassed_parts, time_distributed

layers = keras.layers
WEIGHTS = (("kernel", (10, 10)), ("bias", (10,)))


def test_names_and_order_are_those_of_the_model() -> None:
    model, x = subclassed_parts()
    found = get_activations(model, x)
    assert list(found) == ["i1", "model", "block", "fc1"]
    assert list(dict(enumerate(found.values()))) == [0, 1, 2, 3]
    block, dense = found["block"], model.get_layer("fc1")
    np.testing.assert_allclose(block @ dense.kernel + dense.bias, found["fc1"], atol=1e-5)


@pytest.mark.parametrize("name", ["fc1", "model", "block", "i1"])
def test_one_layer_is_asked_for_by_name(name: str) -> None:
    assert list(get_activations(*subclassed_parts(), layer_names=name)) == [name]


def test_an_unknown_name_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="unknown"):
        get_activations(*subclassed_parts(), layer_names="unknown")


def test_inputs_are_told_apart_by_position_or_by_name() -> None:
    inputs = {size: keras.Input((size,), name=f"i{size // 10}") for size in (10, 40, 30, 20)}
    answer = layers.Dense(1)(layers.Concatenate()(list(inputs.values())))
    model = keras.Model([inputs[40], inputs[30], inputs[20], inputs[10]], answer)
    found = get_activations(model, [floats(1, size) for size in (40, 30, 20, 10)])
    assert [found[f"i{place}"].shape for place in (1, 2, 3, 4)] == [(1, 10), (1, 20), (1, 30), (1, 40)]
    by_name = get_activations(model, {f"i{size // 10}": floats(1, size) for size in inputs})
    assert [by_name[f"i{place}"].shape for place in (1, 2, 3, 4)] == [(1, 10), (1, 20), (1, 30), (1, 40)]


def test_several_outputs_of_a_model_and_of_a_layer() -> None:
    model, x = multi_outputs()
    shapes = {name: array.shape for name, array in get_activations(model, x).items()}
    assert shapes == {"i1": (5, 10), "i2": (5, 10), "add": (5, 10), "o1": (5, 1), "o2": (5, 2)}
    ids = keras.Input((None,), name="input")
    states = layers.LSTM(4, return_sequences=True, return_state=True, name="lstm")(layers.Embedding(100, 4)(ids))
    lstm = get_activations(keras.Model(ids, layers.Dense(1)(states[1])), np.ones((16, 10)), "lstm")["lstm"]
    assert [array.shape for array in lstm] == [(16, 10, 4), (16, 4), (16, 4)]


def test_a_shared_layer_has_an_array_for_each_call() -> None:
    assert len(get_activations(*siamese(), layer_names="shared")["shared"]) == 2


def test_a_model_in_a_model_is_one_layer_or_all_of_its_layers_and_itself() -> None:
    kinds = [layers.Conv2D(6, 3, padding="same"), layers.MaxPool2D(), layers.Conv2D(12, 3, padding="same")]
    inner = keras.Sequential(kinds, name="subnet")
    image = keras.Input((32, 32, 1))
    model = keras.Model(image, layers.Dense(1)(layers.Flatten()(inner(image))))
    flat, nested = (get_activations(model, floats(2, 32, 32, 1), nested=nested) for nested in (False, True))
    assert not [name for name in flat if "/" in name]
    assert {"subnet", *(f"subnet/{layer.name}" for layer in kinds)} <= nested.keys()
    around, x = time_distributed()
    assert {"frames", "frames/conv"} <= get_activations(around, x, nested=True).keys()


def test_sequential_in_sequential_a_subclassed_model_and_eager_mode_work() -> None:
    assert tf.executing_eagerly()
    x = floats(2, 10)
    model = keras.Sequential([keras.Sequential([layers.Dense(3, name="inner")], name="part"), layers.Dense(2)])
    assert "part/inner" in get_activations(model, x, nested=True)
    assert list(get_activations(InnerModel(), x)) == ["fc1", "relu"]


def test_a_model_that_is_not_compiled_stays_so() -> None:
    model, x = subclassed_parts()
    get_activations(model, x)
    get_gradients(model, x, np.ones((4, 1)), loss="mse")
    assert not model.compiled


def test_gradients_of_activations_have_their_names_and_shapes_also_in_eager_mode() -> None:
    model, x = subclassed_parts()
    model.compile(loss="mse", optimizer="adam")
    for nested in (False, True):
        activations = get_activations(model, x, nested=nested)
        gradients = get_gradients(model, x, np.ones((4, 1)), nested=nested)
        assert {name: array.shape for name, array in gradients.items()} == {
            name: array.shape for name, array in activations.items()
        }


def test_gradients_of_weights_have_the_names_of_keract_without_its_number() -> None:
    model, x = subclassed_parts()
    shapes = {name: array.shape for name, array in get_gradients(model, x, np.ones((4, 1)), "weights", "mse").items()}
    square = {f"{part}/fc1/{name}": shape for part in ("model", "block") for name, shape in WEIGHTS}
    assert shapes == {**square, "fc1/kernel": (10, 1), "fc1/bias": (1,)}


def test_a_batch_is_drawn_by_its_sample_and_kept_as_a_whole(tmp_path: Path) -> None:
    model, x = subclassed_parts()
    activations = get_activations(model, x)
    assert list(plot_activations(activations, sample=3)) == list(activations)
    save_activations(tmp_path / "activations.json", activations)
    for name, array in load_activations(tmp_path / "activations.json").items():
        np.testing.assert_array_equal(array, activations[name])
