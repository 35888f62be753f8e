"""The part 'The network' of the page Reviews."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from attnviz.engine.protocol import DescribeLayers
from attnviz.errors import AttnvizError
from attnviz.runs.checkpoint import Checkpoint
from attnviz.ui.curves import show_curves
from attnviz.ui.layer_table import show_layer_table
from attnviz.ui.state import LOADING, get_engine
from attnviz.values.layer_row import LayerRow


def show_network(checkpoint: Checkpoint) -> None:
    """How the network was trained, its curves beside the published ones, and its layers."""
    run, spec = checkpoint.run, checkpoint.spec
    st.markdown(_training_sentence(checkpoint))
    show_curves(checkpoint.history, spec.published, selected_epoch=run.selected_epoch)
    with st.expander("Layers"):
        _show_layers(checkpoint)


def _training_sentence(checkpoint: Checkpoint) -> str:
    run, spec = checkpoint.run, checkpoint.spec
    chosen = (
        f"The epoch was chosen on {run.data['held_out']:,} held-out reviews and the test set was read once"
        if run.protocol == "held-out"
        else "The epoch was chosen on the test set itself, as the tutorials did, so its accuracy is flattered"
    )
    published = (
        f" The published run reached {spec.published.accuracy:.2%} at best ({spec.published.protocol})."
        if spec.published.accuracy
        else " No figure was published for this network."
    )
    return (
        f"**{run.accuracy:.2%}** of {run.data['test']:,} test reviews right, after training on "
        f"{run.data['train']:,} reviews with seed {run.seed}. {chosen}.{published}"
    )


def _show_layers(checkpoint: Checkpoint) -> None:
    if get_engine().state != "ready":
        st.caption(LOADING)
        return
    try:
        layers = _get_layers(checkpoint.name, checkpoint.files)
    except AttnvizError as error:
        st.error(str(error))
        return
    show_layer_table(layers)


@st.cache_data(show_spinner=False, max_entries=32)
def _get_layers(name: str, files: Mapping[str, str]) -> tuple[LayerRow, ...]:
    """The layers of a network; the hashes of its files are part of the key, for a name may be given to another one."""
    return get_engine().ask(DescribeLayers(name))
