"""Whose a model is that somebody adds: of whoever sits at the machine, or of one visitor of a server.

At the machine there is nobody to hide anything from. A visitor has a key that nobody else knows; it stays in a cookie
of his browser from the moment on at which he adds a model, so that a reload finds it again, and is in no address that
he could pass on.
"""

from __future__ import annotations

import re
import secrets
from urllib.parse import urlsplit

import streamlit as st

COOKIE = "attnviz_visitor"

_KEY = re.compile(r"[A-Za-z0-9_-]{40,60}")
_HERE = ("localhost", "127.0.0.1", "::1")
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")


def get_owner() -> str:
    """The key of this visitor, '' for whoever sits at the machine."""
    if "owner" not in st.session_state:
        st.session_state.owner = "" if _is_at_the_machine() else _read_cookie() or secrets.token_urlsafe(32)
    owner: str = st.session_state.owner
    return owner


def _is_at_the_machine() -> bool:
    """Whether the browser runs here and nothing stands between that may speak for others.

    A server behind a proxy on its own machine gets every request from here; what the browser took for the address of
    the page (Origin) tells.
    """
    headers = st.context.headers
    if st.context.ip_address is not None or any(name in headers for name in _FORWARDED):
        return False
    return urlsplit(headers.get("Origin") or "").hostname in _HERE


def _read_cookie() -> str | None:
    found = str(st.context.cookies.get(COOKIE, ""))
    return found if _KEY.fullmatch(found) else None
