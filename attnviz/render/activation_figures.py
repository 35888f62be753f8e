"""Activations and gradients as Plotly figures, which are returned and never displayed.

Source of the idea: keract's display_activations and display_gradients_of_trainable_weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from attnviz.errors import SettingError
from attnviz.render.linear_scale import LinearScale, Numbers
from attnviz.render.panel_grid import LEAST_HEIGHT, Axes, Panel, draw_panels, only_finite, to_text

if TYPE_CHECKING:
    import plotly.graph_objects as go

MOST_BARS, MOST_STEPS, MOST_UNITS, MOST_PANELS, MOST_PIXELS = 512, 512, 256, 36, 128
"""What is drawn of a layer; a figure that leaves something out says so in its title."""

IMAGE = Axes("column", "row", square=True)
MATRIX = Axes("token", "query", square=True)
SEQUENCE = Axes("step", "unit")
KERNEL = Axes("output", "input")
FORMATS = (None, "channels_last", "channels_first")


def plot_activations(
    activations: Mapping[str, Any], sample: int = 0, data_format: str | None = None
) -> dict[str, go.Figure]:
    """One figure a layer: vectors as bars, sequences as steps and units, images and attention heads as grids.

    Colours are linear: from 0 on where nothing is negative, else symmetrical around 0. Of large layers the first
    channels, steps and units are drawn, of large images each n-th pixel, and the title says so.

    Args:
        activations: what `get_activations` returns. Of a layer with several arrays each has a figure, 'name[0]'. What
            is not numeric, such as texts, has none.
        sample: which of the batch.
        data_format: where the channels of images are, 'channels_last' or 'channels_first'. None: last, except in
            matrices whose rows sum to 1, which are attention of heads that come first.

    Raises:
        SettingError: a sample that is not in the batch, or another data_format.
    """
    if data_format not in FORMATS:
        raise SettingError(f"data_format must be 'channels_last' or 'channels_first', got {data_format!r}.")
    return {
        name: _plot(name, pick_sample(name, array, sample), data_format) for name, array in numeric_arrays(activations)
    }


def plot_gradients(gradients: Mapping[str, Any], of: str = "activations", sample: int = 0) -> dict[str, go.Figure]:
    """One figure for each gradient, as `plot_activations` draws them, always symmetrical around 0.

    Args:
        gradients: what `get_gradients` returns.
        of: the `of` that they were asked with: those of weights have no batch. Kernels of a convolution are a grid, one
            map for each pair of an input and an output channel.
        sample: which of the batch; of activations only.
    """
    if of not in ("activations", "weights"):
        raise SettingError(f"of must be 'activations' or 'weights', got {of!r}.")
    arrays = numeric_arrays(gradients)
    if of == "weights":
        return {name: _plot_weight(name, array) for name, array in arrays}
    return {name: _plot(name, pick_sample(name, array, sample), None, signed=True) for name, array in arrays}


def numeric_arrays(activations: Mapping[str, Any]) -> Iterator[tuple[str, Numbers]]:
    """Names and arrays; the arrays of a list are 'name[0]' and so on."""
    for name, value in activations.items():
        if isinstance(value, (list, tuple)):
            yield from numeric_arrays({f"{name}[{place}]": item for place, item in enumerate(value)})
        elif (array := np.asarray(value)).dtype.kind not in "OSU":
            yield name, np.asarray(array, np.float64)  # also what NumPy has no kind for, as bfloat16


def pick_sample(name: str, array: Numbers, sample: int) -> Numbers:
    """One row of a batch."""
    if array.ndim == 0 or not 0 <= sample < len(array):
        raise SettingError(f"{name!r} has the shape {array.shape}: there is no sample {sample} in it.")
    return array[sample]


def _plot(name: str, value: Numbers, data_format: str | None, signed: bool | None = None) -> go.Figure:
    notes = [_write_shape(value)]
    attention = data_format is None and is_attention(value)
    value = _drop_leading_axes(value, notes)
    scale = LinearScale.of(value, signed)
    if value.ndim < 2:
        return _draw_bars(name, value.ravel(), scale, notes)
    if value.ndim == 2:
        axes = MATRIX if attention else SEQUENCE
        shown = cut(value if attention or data_format == "channels_first" else value.T, axes, notes)
        return draw_panels(write_title(name, notes), [Panel("", shown)], axes, scale)
    channels = value if attention or data_format == "channels_first" else np.moveaxis(value, -1, 0)
    panels = pick_panels(channels, "head" if attention else "channel", notes)
    return draw_panels(write_title(name, notes), panels, MATRIX if attention else IMAGE, scale)


def _plot_weight(name: str, value: Numbers) -> go.Figure:
    notes = [_write_shape(value)]
    scale = LinearScale.of(value, signed=True)
    if value.ndim < 2:
        return _draw_bars(name, value.ravel(), scale, notes)
    if value.ndim == 2:
        return draw_panels(write_title(name, notes), [Panel("", cut(value, KERNEL, notes))], KERNEL, scale)
    kernel = _drop_leading_axes(value, notes, keep=4)
    if kernel.ndim == 3:  # (width, inputs, outputs)
        kernel = kernel[None]
    pairs = kernel.reshape(*kernel.shape[:2], -1)
    labels = [f"{i} → {o}" for i in range(kernel.shape[2]) for o in range(kernel.shape[3])]
    panels = pick_panels(np.moveaxis(pairs, -1, 0), "pair of channels", notes, labels)
    return draw_panels(write_title(name, notes), panels, IMAGE, scale)


def pick_panels(
    channels: Numbers, kind: str, notes: list[str], labels: list[str] | None = None, most: int = MOST_PANELS
) -> list[Panel]:
    """The first of (channels, rows, columns), each n-th pixel of large ones; `notes` get what is left out."""
    if len(channels) > most:
        notes.append(f"the first {most} of {len(channels)} {kind.replace('pair', 'pairs') if labels else kind + 's'}")
    stride = get_stride(channels.shape[1:])
    if stride > 1:
        notes.append(f"one of {stride} rows and columns")
    names = labels or [f"{kind} {place}" for place in range(len(channels))]
    return [
        Panel(label, channel[::stride, ::stride]) for label, channel in zip(names[:most], channels[:most], strict=True)
    ]


def get_stride(shape: tuple[int, ...]) -> int:
    """Each how many-th pixel of an image of that shape is drawn."""
    return max(1, math.ceil(max(shape) / MOST_PIXELS))


def cut(values: Numbers, axes: Axes, notes: list[str]) -> Numbers:
    """The first rows and columns of a large matrix; `notes` get what is left out."""
    for size, most, name in zip(values.shape, (MOST_UNITS, MOST_STEPS), (axes.rows, axes.columns), strict=True):
        if size > most:
            notes.append(f"the first {most} of {size} along the {name}s")
    return values[:MOST_UNITS, :MOST_STEPS]


def write_title(name: str, notes: list[str]) -> str:
    """The name of the layer, its shape, and what is left out of it."""
    return f"{name}: {', '.join(notes)}"


def _draw_bars(name: str, values: Numbers, scale: LinearScale, notes: list[str]) -> go.Figure:
    import plotly.graph_objects as go

    if len(values) > MOST_BARS:
        notes.append(f"the first {MOST_BARS} of {len(values)} units")
    shown = only_finite(values[:MOST_BARS])
    figure = go.Figure()
    colors = [scale.color(value) for value in shown]
    figure.add_bar(y=shown, marker={"color": colors}, hovertemplate="unit %{x}: %{y:.4g}<extra></extra>")
    figure.update_layout(title={"text": to_text(write_title(name, notes)), "x": 0.0}, height=LEAST_HEIGHT)
    figure.update_xaxes(title="unit", dtick=max(1, round(len(shown) / 10)))
    figure.update_yaxes(range=[scale.low, scale.high])
    return figure


def _drop_leading_axes(value: Numbers, notes: list[str], keep: int = 3) -> Numbers:
    """The first along each axis that no figure has room for, e.g. the frames of a film."""
    while value.ndim > keep:
        notes.append(f"the first of {len(value)} along an axis before")
        value = value[0]
    return value


def is_attention(value: Numbers) -> bool:
    """Whether it is (queries, tokens) or (heads, queries, tokens) whose rows sum to 1; a masked query has zeros."""
    if value.ndim not in (2, 3) or value.shape[-1] != value.shape[-2] or value.shape[-1] < 2 or (value < 0).any():
        return False
    sums = value.sum(axis=-1)
    return bool((np.isclose(sums, 1, atol=1e-2) | (sums == 0)).all() and sums.any())


def _write_shape(value: Numbers) -> str:
    return " × ".join(map(str, value.shape)) or "one number"
