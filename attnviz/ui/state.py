"""What the pages share: the engine, the library of checkpoints, and a name for each visitor's session."""

from __future__ import annotations

import gc
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import streamlit as st

from attnviz.engine.client import Engine
from attnviz.engine.readings import Readings
from attnviz.errors import AttnvizError
from attnviz.languages import get_language, mark, tr
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.factory_card import read_factory
from attnviz.runs.library import DamagedCheckpoint, build_card, get_library_marks, list_checkpoints, list_own_models
from attnviz.runs.own_record import OwnModel
from attnviz.runs.runner import ensure_runner
from attnviz.ui.owner import get_owner
from attnviz.values.model_card import ModelCard

POLL_SECONDS = 0.3
RUNNER_SECONDS = 30
LOADING = mark("Loading the network (TensorFlow takes a few seconds to start)…")


@st.cache_resource(show_spinner=False)
def get_engine() -> Engine:
    """The one engine process of this server, shared by all visitors."""
    engine = Engine()  # it loads TensorFlow meanwhile
    gc.collect()
    gc.freeze()  # what is imported by now stays; later collections need not look at it
    return engine


@st.cache_resource(show_spinner=False)
def get_readings() -> Readings:
    """What networks said of all test reviews: one collection for this server."""
    return Readings(get_engine())


@st.cache_resource(show_spinner=False, ttl=RUNNER_SECONDS)
def start_waiting_runs() -> None:
    """See to it, not too often, that somebody does the runs that wait: they may have outlived a server or a runner."""
    with suppress(AttnvizError):  # the page Training tells
        ensure_runner()


def show_part(part: Callable[..., None], *args: Any, every: float | None = None) -> None:
    """Show a part of the page that runs again by itself, on its own widgets and `every` so many seconds.

    It stands in a container of its own. When a part runs again before Streamlit has sent what the run of the page wrote
    of it, that is dropped; the browser closes the gap, and whatever stood beside it would be looked for in the wrong
    place, which ends the page ("Bad delta path index").
    """
    with st.container():
        st.fragment(part, run_every=every)(*args)


def show_live(part: Callable[..., None], *args: Any) -> None:
    """Show a part of the page that runs again by itself: on its own widgets, and while the engine is loading."""
    loading = get_engine().state == "loading"
    show_part(_show_live, part, loading, *args, every=POLL_SECONDS if loading else None)


def _show_live(part: Callable[..., None], polling: bool, *args: Any) -> None:
    part(*args)
    engine = get_engine()
    if engine.state == "down":
        st.button(tr("Start the engine again"), on_click=engine.restart)
    if (engine.state == "loading") != polling:
        st.rerun()  # polling begins and ends with a run of the whole page


def tell_why_no_answer() -> str:
    """Why there is no answer of a network to go on from, in words."""
    return tr(LOADING) if get_engine().state == "loading" else tr("This text has no answer yet.")


def get_library() -> list[Checkpoint | DamagedCheckpoint]:
    """Everything in the library; its files are hashed again only when one of them changed."""
    return _read_library(get_library_marks(), get_language())


def get_review_checkpoints() -> dict[str, Checkpoint]:
    """The usable text networks of the table and their runs, by name."""
    return {item.name: item for item in get_library() if isinstance(item, Checkpoint) and item.spec.task == "reviews"}


def get_checkpoint(card: ModelCard) -> Checkpoint | None:
    """The checkpoint of a network of the table; None of a model that somebody brought, which has none."""
    return None if card.origin == "yours" else get_review_checkpoints().get(card.name)


def get_review_models() -> dict[str, ModelCard]:
    """The usable text classifiers by name, those that this visitor brought last."""
    shipped = [build_card(item) for item in get_review_checkpoints().values()]
    brought = [item.card for item in get_own_models() if isinstance(item, OwnModel)]
    made = [factory.card] if (factory := read_factory()) else []
    return {card.name: card for card in (*shipped, *made, *brought)}


def get_own_models() -> list[OwnModel | DamagedCheckpoint]:
    """What this visitor may use of the models that people brought; files are hashed again only when one changed."""
    return _read_own_models(get_owner(), get_library_marks(), get_language())


def get_own_model(card: ModelCard) -> OwnModel | None:
    """The brought model with this card; None of any other."""
    brought = (item for item in get_own_models() if isinstance(item, OwnModel))
    return next((item for item in brought if item.card == card), None)


def identify(card: ModelCard) -> tuple[Any, ...]:
    """What is equal for one and the same model only: a name may be given to another one."""
    checkpoint = get_checkpoint(card)
    return card, checkpoint and checkpoint.files


def get_session() -> str:
    """A name for this visitor, so that only his own newer requests replace his older ones."""
    return st.session_state.setdefault("session", secrets.token_hex(8))


@st.cache_resource(show_spinner=False, max_entries=50)
def _read_own_models(owner: str, marks: tuple[Any, ...], language: str) -> list[OwnModel | DamagedCheckpoint]:
    return list_own_models(owner)


@st.cache_resource(show_spinner=False, max_entries=12)
def _read_library(marks: tuple[Any, ...], language: str) -> list[Checkpoint | DamagedCheckpoint]:
    return list_checkpoints()
