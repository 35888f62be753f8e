"""The table of a network's layers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from attnviz.render.sentences import describe_shape
from attnviz.values.layer_row import LayerRow


def show_layer_table(layers: Sequence[LayerRow]) -> None:
    """One row a layer: name, kind, output shape, parameters; and their sum."""
    frame = pd.DataFrame(
        {
            "layer": [layer.name for layer in layers],
            "kind": [layer.kind for layer in layers],
            "output": [describe_shape(layer.output) for layer in layers],
            "parameters": [layer.parameters for layer in layers],
        }
    )
    st.dataframe(
        frame, hide_index=True, column_config={"parameters": st.column_config.NumberColumn(format="localized")}
    )
    st.caption(f"{sum(frame['parameters']):,} parameters in all")
