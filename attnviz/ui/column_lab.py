"""The page Column lab: plant the answer in a column and see whether the attention finds it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import streamlit as st

from attnviz.errors import AttnvizError, Superseded
from attnviz.models.registry import get_spec
from attnviz.results import History
from attnviz.ui.components.column_bars import show_column_bars
from attnviz.ui.history import show_curves
from attnviz.ui.layers import show_layer_table
from attnviz.ui.state import LOADING, get_engine, get_session, show_live

MAX_SEED = 99_999
_DEFAULTS = {"lab_columns": 4, "lab_column": 1, "lab_samples": 10_000, "lab_epochs": 20, "lab_seed": 0}


def show_page() -> None:
    """Settings on the left, the answer on the right, the curves and layers below."""
    st.title("Column lab", anchor=False)
    st.markdown(
        "Every sample has a few columns of random numbers, and one of them **is the answer**. "
        "The network is not told which. Move the answer and see whether the attention follows."
    )
    for key, value in _DEFAULTS.items():
        st.session_state.setdefault(key, value)
    show_live(_show_lab)


def _show_lab() -> None:
    """The lab runs again as one piece: settings, training, answer."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        settings = _show_settings()
    message, state = _train(settings)
    result = st.session_state.get("lab_result")
    with right:
        show_column_bars(
            result and result["attention"][-1],
            result["attention_column"] if result else settings["attention_column"],
            st.session_state.get("lab_run", 0),
            sentence=_sentence(result) if result else "",
            state=state,
            message=message or (f"Retrained in {result['seconds']:.2f} s, seed {result['seed']}" if result else ""),
            key="column_bars",
        )
    if result:
        _show_depth(result)


def _show_settings() -> dict[str, int]:
    columns = st.session_state.lab_columns
    st.session_state.lab_column = min(st.session_state.lab_column, columns - 1)
    st.slider(
        "Attention column", 0, columns - 1, key="lab_column", help="The column, counted from 0, that holds the answer."
    )
    st.slider("Columns", 2, 12, key="lab_columns", help="How many columns a sample has.")
    st.slider("Samples", 1_000, 20_000, step=1_000, key="lab_samples", help="80 % train the network, 20 % validate it.")
    st.slider("Epochs", 1, 50, key="lab_epochs", help="How often the network sees every training sample.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input("Seed", 0, MAX_SEED, step=1, key="lab_seed", help="Decides data, initial weights and order.")
        st.button("Retrain", type="primary", on_click=_draw_seed, help="Train again with a new random seed.")
    return {
        "attention_column": st.session_state.lab_column,
        "input_dim": st.session_state.lab_columns,
        "n": st.session_state.lab_samples,
        "epochs": st.session_state.lab_epochs,
        "seed": st.session_state.lab_seed,
    }


def _draw_seed() -> None:
    st.session_state.lab_seed = random.randint(0, MAX_SEED)


def _train(settings: dict[str, int]) -> tuple[str, str]:
    """Train if the settings changed; a message and the state of what is shown."""
    state = st.session_state
    if state.get("lab_settings") == settings:
        return "", "ready"
    engine = get_engine()
    if engine.state == "loading":
        return LOADING, "loading"
    try:
        state.lab_result = engine.ask("train_column", editor=f"{get_session()}-lab", **settings)
    except Superseded:
        return "", "loading"
    except AttnvizError as error:
        return str(error), "error"
    state.lab_settings = settings
    state.lab_run = state.get("lab_run", 0) + 1
    return "", "ready"


def _sentence(result: dict[str, Any]) -> str:
    attention: Sequence[float] = result["attention"][-1]
    planted = result["attention_column"]
    largest = max(range(len(attention)), key=attention.__getitem__)
    found = (
        f"The attention found it: column {planted} holds the answer and gets {attention[planted]:.0%} of the attention"
        if largest == planted
        else f"The attention missed it: column {planted} holds the answer, but column {largest} gets the most attention"
    )
    return f"{found}, where an even share (dashed) would be {1 / len(attention):.0%}."


def _show_depth(result: dict[str, Any]) -> None:
    history = History(result["history"])
    last = len(history) - 1
    published = get_spec("column").published
    st.markdown(
        f"Validation accuracy **{history['val_accuracy'][last]:.4f}**, loss {history['val_loss'][last]:.4f} after "
        f"{len(history)} epochs. The published run of {published.epochs} epochs, with column 1 of 4 planted, reports "
        f"accuracy {published.accuracy:.4f}, loss {published.loss} and attention "
        f"{' / '.join(map(str, published.attention))}."
    )
    show_curves(history, key="lab_curves")
    with st.expander("Layers", expanded=True):
        show_layer_table(result["layers"])
