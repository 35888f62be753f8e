"""Activations and gradients as figures: the numbers that are drawn, their scale, and what is said to be left out."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from attnviz import plot_activations, plot_gradients, plot_heatmap
from attnviz.errors import SettingError
from attnviz.render.linear_scale import LinearScale
from attnviz.render.palette import ATTENTION, NEGATIVE, POSITIVE

RANDOM = np.random.default_rng(0)


def floats(*shape: int) -> np.ndarray:
    return RANDOM.normal(size=shape).astype(np.float32)


def attention(*shape: int) -> np.ndarray:
    return RANDOM.dirichlet(np.ones(shape[-1]), shape[:-1])


def only(figures: dict[str, Any]) -> Any:
    (figure,) = figures.values()
    return figure


def test_a_vector_is_bars() -> None:
    array = floats(3, 5)
    (bars,) = only(plot_activations({"dense": array}, sample=1)).data
    np.testing.assert_allclose(bars.y, array[1])
    assert list(bars.marker.color) == [POSITIVE if value >= 0 else NEGATIVE for value in array[1]]


def test_a_sequence_is_a_map_of_steps_and_units() -> None:
    array = floats(1, 7, 4)
    figure = only(plot_activations({"lstm": array}))
    np.testing.assert_allclose(figure.data[0].z, array[0].T)
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("step", "unit")
    assert figure.layout.title.text == "lstm: 7 × 4"


@pytest.mark.parametrize(("data_format", "axis"), [(None, -1), ("channels_last", -1), ("channels_first", 0)])
def test_an_image_is_a_grid_of_its_channels(data_format: str | None, axis: int) -> None:
    array = floats(2, 6, 8, 5)
    figure = only(plot_activations({"conv": array}, data_format=data_format))
    channels = np.moveaxis(array[0], axis, 0)
    assert len(figure.data) == len(channels)
    for trace, channel in zip(figure.data, channels, strict=True):
        np.testing.assert_allclose(trace.z, channel)
    assert [note.text for note in figure.layout.annotations] == [f"channel {i}" for i in range(len(channels))]


def test_attention_is_drawn_by_heads_with_queries_from_the_top() -> None:
    figures = plot_activations({"heads": attention(1, 3, 6, 6), "one": attention(1, 6, 6)})
    assert [note.text for note in figures["heads"].layout.annotations] == ["head 0", "head 1", "head 2"]
    one = figures["one"]
    assert (one.layout.xaxis.title.text, one.layout.yaxis.title.text) == ("token", "query")
    assert one.layout.yaxis.autorange == "reversed"


def test_every_array_of_a_layer_has_a_figure_and_texts_have_none() -> None:
    activations = {
        "lstm": [floats(1, 4, 2), floats(1, 2)],
        "texts": np.array([[b"good"]], object),
        "ids": np.ones((1, 3)),
    }
    assert list(plot_activations(activations)) == ["lstm[0]", "lstm[1]", "ids"]


def test_numbers_below_0_make_a_symmetrical_scale_others_one_from_0_on() -> None:
    signed = only(plot_activations({"a": np.array([[[-1.0, 3.0], [0, 0]]])})).layout.coloraxis
    assert (signed.cmin, signed.cmax) == (-3, 3)
    assert [color for _, color in signed.colorscale] == [NEGATIVE, "#f2f2f5", POSITIVE]
    positive = only(plot_activations({"a": np.array([[[1.0, 3.0], [0, 0]]])})).layout.coloraxis
    assert (positive.cmin, positive.cmax) == (0, 3)
    assert [color for _, color in positive.colorscale] == ["#f2f2f5", ATTENTION]


@given(st.lists(st.floats(width=32), max_size=20))
def test_a_scale_holds_every_finite_number(values: list[float]) -> None:
    scale = LinearScale.of(np.array(values))
    assert scale.low < scale.high < np.inf
    assert all(scale.low <= value <= scale.high for value in values if np.isfinite(value))
    assert scale.low in (0, -scale.high)


def test_what_is_not_finite_is_a_gap() -> None:
    figure = only(plot_activations({"a": np.array([[[np.inf, 1.0], [np.nan, 2.0]]])}))
    np.testing.assert_array_equal(figure.data[0].z, [[np.nan, np.nan], [1, 2]])
    assert figure.layout.coloraxis.cmax == 2


@pytest.mark.parametrize(
    ("shape", "title"),
    [
        ((1, 4, 4, 40), "the first 36 of 40 channels"),
        ((1, 300, 200, 2), "one of 3 rows and columns"),
        ((1, 600, 300), "600 × 300, the first 256 of 300 along the units, the first 512 of 600 along the steps"),
        ((1, 1000), "the first 512 of 1000 units"),
        ((1, 3, 4, 4, 2), "the first of 3 along an axis before"),
    ],
)
def test_a_large_layer_says_what_is_left_out(shape: tuple[int, ...], title: str) -> None:
    figure = only(plot_activations({"layer": floats(*shape)}))
    assert figure.layout.title.text.endswith(title)
    assert sum(np.size(trace.z if trace.type == "heatmap" else trace.y) for trace in figure.data) < 600_000


@given(st.text(min_size=1))
def test_names_and_words_are_text_not_html(text: str) -> None:
    figure = only(plot_activations({text: np.zeros((1, 2, 2, 2))}))
    words = only(plot_heatmap({text: np.zeros((1, 2))}, [text, "b"]))
    for shown in (figure.layout.title.text, words.layout.title.text, words.layout.xaxis.ticktext[0]):
        assert "<" not in shown
        assert ">" not in shown


def test_gradients_are_symmetrical_around_0_and_those_of_weights_have_no_batch() -> None:
    figure = only(plot_gradients({"dense": np.array([[1.0, 2.0]])}))
    assert figure.layout.yaxis.range == (-2, 2)
    kernel = floats(3, 3, 2, 4)
    figures = plot_gradients(
        {"conv/kernel": kernel, "conv/bias": floats(4), "dense/kernel": floats(5, 7)}, of="weights"
    )
    panels = figures["conv/kernel"]
    assert [note.text for note in panels.layout.annotations] == [f"{i} → {o}" for i in range(2) for o in range(4)]
    np.testing.assert_allclose(panels.data[5].z, kernel[:, :, 1, 1])
    assert figures["conv/bias"].data[0].type == "bar"
    assert np.shape(figures["dense/kernel"].data[0].z) == (5, 7)


def test_a_heat_map_lies_over_the_whole_image() -> None:
    image = RANDOM.integers(0, 255, (1, 60, 90, 3)).astype(np.uint8)
    figures = plot_heatmap({"conv": floats(1, 6, 9, 3), "dense": floats(1, 5), "heads": attention(1, 2, 4, 4)}, image)
    figure = only(figures)
    (first, *_), (background, *_) = figure.data, figure.layout.images
    left, right = first.x0 - first.dx / 2, first.x0 + first.dx * 8.5
    top, bottom = first.y0 - first.dy / 2, first.y0 + first.dy * 5.5
    np.testing.assert_allclose([left, right, top, bottom], [-0.5, 89.5, -0.5, 59.5])
    assert (background.x, background.y, background.sizex, background.sizey) == (-0.5, -0.5, 90, 60)
    assert len(figure.layout.images) == len(figure.data) == 3
    data = base64.b64decode(background.source.partition(",")[2])
    assert Image.open(io.BytesIO(data)).size == (90, 60)


@pytest.mark.parametrize(
    ("image", "grey"),
    [
        (np.array([[0, 255]], np.uint8), [0, 255]),
        (np.array([[0.0, 0.5, 1.0]]), [0, 128, 255]),
        (np.array([[[0.0], [200.0]]]), [0, 200]),
        (np.array([[-1.0, 0.0, 1.0]]), [0, 128, 255]),
        (np.array([[3.0, 3.0]]), [3, 3]),
    ],
)
def test_pixels_are_bytes_shares_or_stretched(image: np.ndarray, grey: list[int]) -> None:
    figure = only(plot_heatmap({"conv": floats(1, 1, 1, 1)}, image))
    data = base64.b64decode(figure.layout.images[0].source.partition(",")[2])
    assert np.asarray(Image.open(io.BytesIO(data)))[0].tolist() == grey


def test_over_words_each_step_is_a_word_also_one_that_comes_twice() -> None:
    activations = {
        "weights": attention(1, 3),
        "states": floats(1, 3, 4),
        "matrix": attention(1, 3, 3),
        "out": floats(1, 2),
    }
    figures = plot_heatmap(activations, ["the", "good", "the"])
    assert list(figures) == ["weights", "states", "matrix"]
    for figure in figures.values():
        assert (list(figure.layout.xaxis.tickvals), figure.layout.xaxis.ticktext) == ([0, 1, 2], ("the", "good", "the"))
    np.testing.assert_allclose(figures["weights"].data[0].z, activations["weights"])
    np.testing.assert_allclose(figures["states"].data[0].z, activations["states"][0].T)
    np.testing.assert_allclose(figures["matrix"].data[0].z, activations["matrix"][0])
    assert figures["matrix"].layout.yaxis.ticktext == ("the", "good", "the")


@pytest.mark.parametrize("over", ["a text", [], np.zeros((2, 2, 7)), np.full((2, 2), np.nan), np.array([["a"]]), None])
def test_what_is_neither_image_nor_words_is_refused(over: Any) -> None:
    with pytest.raises(SettingError, match="image"):
        plot_heatmap({"conv": floats(1, 2, 2, 3)}, over)


def test_a_heat_map_of_no_layer_says_what_there_is() -> None:
    with pytest.raises(SettingError, match=r"\(batch, 2\[, units\]\).*dense \(1, 5\)"):
        plot_heatmap({"dense": floats(1, 5)}, ["two", "words"])
    with pytest.raises(SettingError, match=r"channels\).*dense \(1, 5\)"):
        plot_heatmap({"dense": floats(1, 5)}, np.zeros((4, 4)))


@pytest.mark.parametrize("act", [plot_activations, plot_gradients])
@pytest.mark.parametrize("sample", [-1, 2])
def test_a_sample_outside_the_batch_is_refused(act: Any, sample: int) -> None:
    with pytest.raises(SettingError, match="no sample"):
        act({"dense": floats(2, 5)}, sample=sample)


def test_other_settings_are_refused() -> None:
    with pytest.raises(SettingError, match="data_format"):
        plot_activations({}, data_format="last")
    with pytest.raises(SettingError, match="of must be"):
        plot_gradients({}, of="layers")
