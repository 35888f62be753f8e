"""Files that this server makes and every visitor may fetch, for as long as the server lives.

A file is written once, under the hash of what it holds: whoever has fetched an address need never ask again. It is
served as the file of a component.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import streamlit as st

from attnviz.web.linker import link

COMPONENT = "files"


def serve_file(content: bytes, ending: str) -> str:
    """The path on this very server from which the page fetches these bytes.

    Raises:
        OSError: they cannot be written.
    """
    file = f"{hashlib.sha256(content).hexdigest()}{ending}"
    component, folder = _open_folder()
    (Path(folder.name) / file).write_bytes(content)
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{f'/{base}' if base else ''}/component/{component}/{file}"


@st.cache_resource(show_spinner=False)
def serve_module(entry: str, language: str) -> str | None:
    """The path from which the page imports a module of attnviz/web; None if it cannot be written."""
    try:
        return serve_file(link(entry, language=language).encode(), ".js")
    except OSError:
        return None


@st.cache_resource(show_spinner=False)
def _open_folder() -> tuple[str, tempfile.TemporaryDirectory[str]]:
    """The component that serves a folder of this server, and the folder, which goes when the server ends."""
    folder = tempfile.TemporaryDirectory(prefix="attnviz-served-")
    st.components.v1.declare_component(COMPONENT, path=folder.name)
    return f"{__name__}.{COMPONENT}", folder
