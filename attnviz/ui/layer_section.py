"""The layers of a network: as a picture, and as a table that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from attnviz.engine.protocol import DescribeLayers
from attnviz.errors import AttnvizError
from attnviz.languages import tr, tr_n
from attnviz.render.layer_picture import describe_marks, render_layers
from attnviz.render.markdown import escape_markdown
from attnviz.render.numerals import format_count
from attnviz.render.sentences import describe_shape
from attnviz.ui.components.layer_stage import show_layer_picture
from attnviz.ui.state import LOADING, get_engine, identify
from attnviz.values.layer_row import LayerRow
from attnviz.values.model_card import ModelCard


def show_layers_of(card: ModelCard) -> None:
    """The layers of a network of the library, or why there is no picture of them."""
    st.markdown(tr("**Its layers**, from the words down to the answer:"))
    if get_engine().state != "ready":
        st.caption(tr(LOADING))
        return
    try:
        layers = _get_layers(card.name, repr(identify(card)))
    except AttnvizError as error:
        st.error(escape_markdown(str(error)))
        return
    show_layers(layers, card.title)


@st.cache_data(show_spinner=False, max_entries=32)
def _get_layers(name: str, identity: str) -> tuple[LayerRow, ...]:
    """The layers of a network; what tells it from others is part of the key, for a name may be given to another one."""
    return get_engine().ask(DescribeLayers(name))


def show_layers(layers: Sequence[LayerRow], title: str) -> None:
    """The picture, and folded under it the table: a row a layer, and the sum of the parameters."""
    show_layer_picture(render_layers(layers, title), describe_marks(layers), key=f"layers_{title}")
    with st.expander(_name_table(layers)):
        frame = pd.DataFrame([_describe(layer, layers) for layer in layers])
        st.dataframe(frame, hide_index=True, column_config=_name_columns())


def _name_table(layers: Sequence[LayerRow]) -> str:
    count, total = len(layers), sum(layer.parameters for layer in layers)
    return tr_n(
        "The {n} layer as a table, {total} parameters in all",
        "The {n} layers as a table, {total} parameters in all",
        count,
        n=format_count(count),
        total=format_count(total),
    )


def _name_columns() -> dict[str, Any]:
    """The columns of the table as a reader calls them."""
    return {
        "layer": tr("layer"),
        "kind": tr("kind"),
        "reads": tr("reads"),
        "output": tr("output"),
        "parameters": st.column_config.NumberColumn(tr("parameters"), format="localized"),
        "attention": tr("attention"),
    }


def _describe(layer: LayerRow, layers: Sequence[LayerRow]) -> dict[str, object]:
    return {
        "layer": layer.name,
        "kind": layer.kind,
        "reads": ", ".join(layers[place].name for place in layer.reads),
        "output": describe_shape(layer.output),
        "parameters": layer.parameters,
        "attention": tr("yes") if layer.attention else "",
    }
