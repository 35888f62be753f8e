"""The networks as files that the page fetches, so that the visitor's own browser answers."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from attnviz.errors import AttnvizError
from attnviz.languages import get_language, mark, tr
from attnviz.living.network_file import export_network
from attnviz.runs.checkpoint import Checkpoint
from attnviz.ui.served_files import serve_file
from attnviz.ui.state import get_checkpoint
from attnviz.values.model_card import ModelCard

NOT_OF_THE_TABLE = mark(
    "This model answers from the server: the browser runs the networks of the table and runs of theirs."
)


class _Published(NamedTuple):
    """Where a network's file is fetched, or why there is none."""

    address: str | None
    why: str


def get_network_address(card: ModelCard) -> str | None:
    """The path on this very server from which the page fetches the network; None if it answers from the server."""
    return _publish_card(card).address


def why_no_network(card: ModelCard) -> str:
    """Why the network answers from the server, in one sentence; '' if the browser runs it."""
    return _publish_card(card).why


def _publish_card(card: ModelCard) -> _Published:
    checkpoint = get_checkpoint(card)
    if checkpoint is None:
        return _Published(None, tr(NOT_OF_THE_TABLE))
    return _publish(checkpoint.name, tuple(sorted(checkpoint.files.items())), get_language(), checkpoint)


@st.cache_resource(show_spinner=False, max_entries=100)
def _publish(name: str, files: tuple[tuple[str, str], ...], language: str, _checkpoint: Checkpoint) -> _Published:
    """Write the file of a network; anew when a file of its checkpoint is another one, or for another language."""
    try:
        return _Published(serve_file(export_network(_checkpoint), ".bin"), "")
    except AttnvizError as error:
        return _Published(None, str(error))
    except OSError as error:
        told = tr("{name} answers from the server: its file cannot be written ({error}).", name=name, error=error)
        return _Published(None, told)
