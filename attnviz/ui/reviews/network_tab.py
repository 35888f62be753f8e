"""The part 'The network' of the page Reviews."""

from __future__ import annotations

import streamlit as st

from attnviz.engine.protocol import DescribeLayers
from attnviz.errors import AttnvizError
from attnviz.render.card_report import render_card
from attnviz.render.markdown import escape_markdown
from attnviz.runs.checkpoint import Checkpoint
from attnviz.ui.curves import show_curves
from attnviz.ui.layer_table import show_layer_table
from attnviz.ui.state import LOADING, get_checkpoint, get_engine, identify
from attnviz.values.layer_row import LayerRow
from attnviz.values.model_card import ModelCard


def show_network(card: ModelCard) -> None:
    """How a network of the table was trained, or what was found in a model that somebody brought; and its layers."""
    if (checkpoint := get_checkpoint(card)) is None:
        st.html(render_card(card))
    else:
        st.markdown(_training_sentence(checkpoint))
        show_curves(checkpoint.history, checkpoint.spec.published, selected_epoch=checkpoint.run.selected_epoch)
    with st.expander("Layers"):
        _show_layers(card)


def _training_sentence(checkpoint: Checkpoint) -> str:
    run, spec = checkpoint.run, checkpoint.spec
    chosen = (
        "It was trained as its tutorial trained it, on padding that is read like words, and kept its last epoch"
        if checkpoint.reads_padding
        else f"The epoch was chosen on {run.data['held_out']:,} held-out reviews and the test set was read once in "
        "this run; the recipe was chosen with such readings in sight"
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


def _show_layers(card: ModelCard) -> None:
    if get_engine().state != "ready":
        st.caption(LOADING)
        return
    try:
        layers = _get_layers(card.name, repr(identify(card)))
    except AttnvizError as error:
        st.error(escape_markdown(str(error)))
        return
    show_layer_table(layers)


@st.cache_data(show_spinner=False, max_entries=32)
def _get_layers(name: str, identity: str) -> tuple[LayerRow, ...]:
    """The layers of a network; what tells it from others is part of the key, for a name may be given to another one."""
    return get_engine().ask(DescribeLayers(name))
