"""The section 'Can I trust it?' of the page Reviews. It never keeps a typed review waiting.

It is a fragment of its own that looks for a new answer every REST_SECONDS, and asks the engine in a thread: a fragment
that waited for the engine would hold up the editor, because the fragments of a visitor run one at a time. A measurement
runs the network hundreds of times, so it begins only when the answer is the same as a look before.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import Any

import streamlit as st

from attnviz.engine.client import Engine
from attnviz.errors import AttnvizError
from attnviz.render.trust import describe_trust, render_trust
from attnviz.results import Explanation, Faithfulness
from attnviz.ui.state import LOADING, get_engine

REST_SECONDS = 1.0
MEASURING = "Measuring how the answer changes without the highest words…"


@st.fragment(run_every=REST_SECONDS)
def show_trust(model: str, method: str) -> None:
    """Show how far the highlight of the present answer can be trusted.

    Args:
        model, method: as chosen on the page.
    """
    st.subheader("Can I trust it?", anchor=False)
    engine, answer = get_engine(), st.session_state.get("review_answer")
    if engine.state != "ready" or answer is None or (answer.model, answer.method) != (model, method):
        st.markdown(LOADING if engine.state == "loading" else MEASURING)
        st.html(render_trust(None, method))
        return
    try:
        measured = _measure(engine, answer)
    except AttnvizError as error:
        st.error(str(error))
        return
    last = st.session_state.get("trust_shown")
    if measured:
        st.session_state.trust_shown = last = measured
    elif last and (last.model, last.method) != (model, method):
        last = None
    st.markdown(f"**{describe_trust(measured)}**" if measured else MEASURING)
    st.html(render_trust(last, method, stale=measured is None))


def _measure(engine: Engine, answer: Explanation) -> Faithfulness | None:
    """The measures of an answer, None until they are there; a visitor has one measurement at a time.

    Raises:
        AttnvizError: what went wrong in the engine.
    """
    request = {"model": answer.model, "text": answer.text, "method": answer.method}
    rests = st.session_state.get("trust_seen") == request
    st.session_state.trust_seen = request
    asked, future = st.session_state.get("trust_asked", (None, None))
    if rests and asked != request and (future is None or future.done()):
        future = _ask(engine, request)
        st.session_state.trust_asked = request, future
        return None
    return Faithfulness.from_dict(future.result()) if asked == request and future and future.done() else None


def _ask(engine: Engine, request: dict[str, Any]) -> Future[dict[str, Any]]:
    """The engine's answer to come, asked in a thread that does not keep the server from ending."""
    future: Future[dict[str, Any]] = Future()

    def work() -> None:
        try:
            future.set_result(engine.ask("measure", **request))
        except Exception as error:  # it is raised where the result is read
            future.set_exception(error)

    threading.Thread(target=work, name="measure", daemon=True).start()
    return future
