"""Many visitors who type at the same time, spoken to as a browser does, without the browsers.

One Chromium a visitor would measure the browsers: on two cores twenty of them have nothing left for the app.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from attnviz.render.highlighted import HighlightedText
from attnviz.ui.components.review_editor import hash_text
from attnviz.ui.reviews.reviews_page import EDITOR
from attnviz.values.plain import from_plain

VISITORS = 20
EDITS = 30
PAUSE_SECONDS = 1.0
"""Between the edits of one visitor, on average."""

METHOD = "gradient"
"""Attention is answered in the browser; signed scores are what typing asks of the server."""

RESTS = 5
"""Every so many edits a visitor rests, so that the sections under the editor are computed too."""


@dataclass
class Outcome:
    """What the visitors met.

    Attributes:
        seconds: from an edit sent to its answer received, one number an edit.
        foreign: answers that showed a text of another visitor.
        errors: what the page said instead of an answer.
    """

    seconds: list[float] = field(default_factory=list)
    foreign: int = 0
    errors: list[str] = field(default_factory=list)


def measure_sessions(url: str, words: list[str]) -> Outcome:
    """Let VISITORS type EDITS texts each; `words` are those that texts are made of."""
    with ThreadPoolExecutor(1) as other:  # Playwright's event loop runs in this thread
        return other.submit(asyncio.run, _visit_all(url.replace("http", "ws", 1), words)).result()


async def _visit_all(url: str, words: list[str]) -> Outcome:
    outcome = Outcome()
    await asyncio.gather(*(_visit(url, number, words, outcome) for number in range(VISITORS)))
    return outcome


async def _visit(url: str, number: int, words: list[str], outcome: Outcome) -> None:
    draw = random.Random(number)
    async with _open(url) as visitor:
        for edit in range(EDITS):
            await asyncio.sleep(draw.uniform(0.5, 1.5) * PAUSE_SECONDS)
            text = f"visitor{number}x {' '.join(draw.choices(words, k=200))} edit{edit}"
            began = time.perf_counter()
            await visitor.type(text, rests=edit % RESTS == RESTS - 1)
            shown = await visitor.wait_for(text)
            outcome.seconds.append(time.perf_counter() - began)
            outcome.foreign += f"visitor{number}x" not in shown
        outcome.errors += visitor.errors


@asynccontextmanager
async def _open(url: str) -> AsyncIterator[_Visitor]:
    protocols = ["streamlit", "xsrf", "session"]
    async with connect(f"{url}/_stcore/stream", subprotocols=protocols, max_size=None) as socket:  # type: ignore[arg-type]
        visitor = _Visitor(socket)
        await visitor.start()
        yield visitor


class _Visitor:
    """One open page: its editor's id and fragment, as the first run of the page told them."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._editor = self._fragment = self._page = ""
        self.errors: list[str] = []

    async def start(self) -> None:
        """Run the page for the first time."""
        message = BackMsg()
        message.rerun_script.query_string = f"method={METHOD}"
        await self._socket.send(message.SerializeToString())
        while not self._editor:
            await self._receive()

    async def type(self, text: str, *, rests: bool) -> None:
        """Send an edit, as the browser does after its pause; with `rests`, the sections below follow."""
        message = BackMsg()
        asked = message.rerun_script
        asked.page_script_hash, asked.fragment_id = self._page, self._fragment
        state = asked.widget_states.widgets.add()
        state.id = self._editor
        state.json_value = json.dumps({"ask": {"text": text, "steps": [], "at": 0}})
        if rests:
            event = asked.widget_states.widgets.add()
            event.id = f"$$STREAMLIT_INTERNAL_KEY_{self._editor}__events"
            event.json_trigger_value = json.dumps([{"event": "idle", "value": True}])
        await self._socket.send(message.SerializeToString())

    async def wait_for(self, text: str) -> str:
        """The text that the page shows with the answer to this one."""
        wanted = hash_text(text)
        while True:
            data = await self._receive()
            explanation = data and data["explanation"]
            if data and data["state"] == "error":
                self.errors.append(data["message"])
                return text
            if explanation and explanation["text_hash"] == wanted and data["state"] == "ready":
                return from_plain(HighlightedText, explanation["text"]).join()

    async def _receive(self) -> dict[str, object] | None:
        """What the editor is given to draw, if the next message is about it."""
        message = ForwardMsg()
        message.ParseFromString(await self._socket.recv())  # type: ignore[arg-type]
        if message.WhichOneof("type") == "new_session":
            self._page = message.new_session.page_script_hash
        element = message.delta.new_element
        if element.WhichOneof("type") == "exception":
            self.errors.append(element.exception.message)
        if element.WhichOneof("type") != "bidi_component" or not element.bidi_component.id.endswith(EDITOR):
            return None
        self._editor, self._fragment = element.bidi_component.id, message.delta.fragment_id
        return json.loads(element.bidi_component.json)
