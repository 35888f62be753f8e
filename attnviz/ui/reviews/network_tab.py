"""The part 'The network' of the page Reviews."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from attnviz.engine.protocol import DescribeLayers
from attnviz.errors import AttnvizError
from attnviz.render.card_report import render_card
from attnviz.render.markdown import escape_markdown
from attnviz.render.numerals import format_percent
from attnviz.runs.checkpoint import Checkpoint
from attnviz.text.reading_units import describe_unit
from attnviz.ui.curves import show_curves
from attnviz.ui.kept_lapse import show_kept_lapse
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
        chance = checkpoint.run.data.get("majority")
        selected = checkpoint.run.selected_epoch
        show_curves(checkpoint.history, checkpoint.spec.published, selected_epoch=selected, chance=chance)
        show_kept_lapse(checkpoint.folder, checkpoint.history, key="network_lapse")
    with st.expander("Layers"):
        _show_layers(card)


def _training_sentence(checkpoint: Checkpoint) -> str:
    run, spec = checkpoint.run, checkpoint.spec
    if spec.data:
        return " ".join(_describe_own(checkpoint))
    chosen = (
        "It was trained as its tutorial trained it, on padding that is read like words, and kept its last epoch"
        if checkpoint.reads_padding
        else f"The epoch was chosen on {run.data['held_out']:,} held-out reviews and the test set was read once in "
        "this run; the recipe was chosen with such readings in sight"
    )
    published = (
        f" The published run reached {format_percent(spec.published.accuracy, 2)} at best ({spec.published.protocol})."
        if spec.published.accuracy
        else " No figure was published for this network."
    )
    return f"{_count_texts(checkpoint, 'reviews')} {chosen}.{published}"


def _describe_own(checkpoint: Checkpoint) -> Iterator[str]:
    """The same of a network that learned a data set of one's own, sentence by sentence."""
    run, spec = checkpoint.run, checkpoint.spec
    yield _count_texts(checkpoint, "texts")
    yield (
        f"The epoch was chosen on {run.data['held_out']:,} held-out texts, and the test set was read once."
        if run.protocol == "held-out"
        else "The epoch was chosen on the test set itself, so the accuracy is flattered."
    )
    names = ", ".join(f"‘{escape_markdown(label)}’" for label in spec.labels)
    yield f"Its data set is ‘{escape_markdown(spec.data)}’, with the classes {names}, by the recipe for reviews."
    yield describe_unit(spec.unit)


def _count_texts(checkpoint: Checkpoint, noun: str) -> str:
    run = checkpoint.run
    return (
        f"**{format_percent(run.accuracy, 2)}** of {run.data['test']:,} test {noun} right, after training on "
        f"{run.data['train']:,} {noun} with seed {run.seed}."
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
