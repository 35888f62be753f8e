"""Activations laid over what the model read: an image, or the words of a text. Figures are returned, not displayed.

Source of the idea: keract's display_heatmaps.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from attnviz.errors import SettingError
from attnviz.render.activation_figures import (
    cut,
    get_stride,
    is_attention,
    numeric_arrays,
    pick_panels,
    pick_sample,
    write_title,
)
from attnviz.render.linear_scale import LinearScale, Numbers
from attnviz.render.panel_grid import Axes, Panel, draw_panels, to_text

if TYPE_CHECKING:
    import plotly.graph_objects as go

    Draw = Callable[[str, Numbers], go.Figure | None]

MOST_OVERLAYS = 16
MOST_IMAGE_PIXELS = 256
"""The longer side of the image in the figure; each panel has a copy of it."""

OPACITY = 0.6
PIXELS = Axes("column", "row", square=True)
WORDS = Axes("word", "unit")
QUERIES = Axes("word", "query")


def plot_heatmap(activations: Mapping[str, Any], over: Any, sample: int = 0) -> dict[str, go.Figure]:
    """One figure a layer: its activations over an image, or over the words that the steps are.

    Over an image, which is drawn grey, each channel is a heat map of its own, stretched to the image's size and not
    smoothed. Over words the columns are the words, and the rows of a matrix of attention too. Colours are linear, from
    0 on where nothing is negative, else symmetrical around 0.

    Args:
        activations: what `get_activations` returns. Layers of another kind have no figure: over an image those that are
            not (batch, rows, columns, channels), over words those that are not (batch, steps) or (batch, steps, units)
            with one step a word.
        over: an image, (rows, columns), (rows, columns, 1, 3 or 4) or a batch of one such; numbers from 0 to 255 or
            from 0 to 1 are taken so, others are stretched from black to white. Or a list of words.
        sample: which of the batch.

    Raises:
        SettingError: no layer fits, or `over` is no image and no list of words.
    """
    layers = dict(numeric_arrays(activations))
    samples = {name: pick_sample(name, array, sample) for name, array in layers.items()}
    draw = _over_words(list(over)) if _are_words(over) else _over_image(_read_image(over))
    drawn = {name: draw(name, value) for name, value in samples.items()}
    figures = {name: figure for name, figure in drawn.items() if figure is not None}
    if not figures:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in layers.items()) or "none"
        wanted = f"(batch, {len(over)}[, units])" if _are_words(over) else "(batch, rows, columns, channels)"
        raise SettingError(f"No layer has the shape {wanted} that fits what it is to be laid over: {shapes}.")
    return figures


def _are_words(over: Any) -> bool:
    return isinstance(over, (list, tuple)) and bool(over) and all(isinstance(word, str) for word in over)


def _over_words(words: Sequence[str]) -> Draw:
    return lambda name, value: _draw_over_words(name, value, words) if _has_steps(value, len(words)) else None


def _over_image(image: Numbers) -> Draw:
    return lambda name, value: _draw_over_image(name, value, image) if _has_channels(value) else None


def _has_steps(value: Numbers, steps: int) -> bool:
    return value.ndim in (1, 2) and len(value) == steps


def _has_channels(value: Numbers) -> bool:
    return value.ndim == 3 and not is_attention(value)


def _draw_over_words(name: str, value: Numbers, words: Sequence[str]) -> go.Figure:
    notes = [" × ".join(map(str, value.shape))]
    scale = LinearScale.of(value)
    attention = is_attention(value)
    axes = QUERIES if attention else WORDS
    shown = cut(np.atleast_2d(value if attention else value.T), axes, notes)
    figure = draw_panels(write_title(name, notes), [Panel("", shown)], axes, scale)
    figure.update_xaxes(**_write_ticks(words[: shown.shape[1]]))
    figure.update_yaxes(visible=value.ndim == 2, **_write_ticks(words[: len(shown)] if attention else ()))
    return figure


def _write_ticks(words: Sequence[str]) -> dict[str, Any]:
    """Words beside their places, which tells apart those that occur twice; nothing for none."""
    return {"tickvals": list(range(len(words))), "ticktext": [to_text(word) for word in words]} if words else {}


def _draw_over_image(name: str, value: Numbers, image: Numbers) -> go.Figure:
    notes = [" × ".join(map(str, value.shape))]
    panels = pick_panels(np.moveaxis(value, -1, 0), "channel", notes, most=MOST_OVERLAYS)
    stride = get_stride(value.shape[:2])
    cells = {
        **_stretch("x", value.shape[1] / stride, image.shape[1]),
        **_stretch("y", value.shape[0] / stride, image.shape[0]),
    }
    figure = draw_panels(write_title(name, notes), panels, PIXELS, LinearScale.of(value), {**cells, "opacity": OPACITY})
    figure.add_layout_image(**_lay_below(image), row="all", col="all", exclude_empty_subplots=True)
    return figure


def _lay_below(image: Numbers) -> dict[str, Any]:
    """The image as Plotly lays it below a panel whose axes count its pixels."""
    place = {"x": -0.5, "y": -0.5, "xanchor": "left", "yanchor": "top"}
    size = {"sizex": image.shape[1], "sizey": image.shape[0], "sizing": "stretch", "layer": "below"}
    return {"source": _write_png(image), **place, **size}


def _write_png(image: Numbers) -> str:
    """The image, grey and made small, as a data URI."""
    from PIL import Image

    picture = Image.fromarray(image).convert("L")  # the colours are those of the numbers
    picture.thumbnail((MOST_IMAGE_PIXELS, MOST_IMAGE_PIXELS))
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"


def _read_image(over: Any) -> Numbers:
    """(rows, columns) or (rows, columns, 3 or 4) of whole numbers from 0 to 255."""
    image = np.asarray(over)
    if image.ndim == 4 and len(image) == 1:
        image = image[0]
    if image.ndim == 3 and image.shape[-1] == 1:
        image = image[..., 0]
    if image.dtype.kind not in "biuf" or not (image.ndim == 2 or (image.ndim == 3 and image.shape[-1] in (3, 4))):
        raise SettingError(
            f"An image is an array (rows, columns[, 1, 3 or 4]), and words are a list of texts; got {over!r:.80}."
        )
    if not image.size or not np.isfinite(image).all():
        raise SettingError("The image has no pixels, or some that are no finite numbers.")
    return _to_bytes(image)


def _to_bytes(image: Numbers) -> Numbers:
    low, high = float(image.min()), float(image.max())
    if low < 0 or high > 255:  # preprocessed for a network: from the darkest to the brightest
        image, high = (image - low) / max(high - low, 1e-12), 1.0
    return np.round(image * (255.0 if high <= 1 and image.dtype.kind != "u" else 1.0)).astype(np.uint8)


def _stretch(axis: str, cells: float, pixels: int) -> dict[str, float]:
    """Where cells lie over the pixels 0 ... pixels - 1, of which each is 1 wide."""
    width = pixels / cells
    return {f"{axis}0": width / 2 - 0.5, f"d{axis}": width}
