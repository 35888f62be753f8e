"""The living page: one HTML file with a network in it, in which one goes on typing without a server."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, NamedTuple

from attnviz.languages import tr
from attnviz.living.page_shell import PageParts, render_shell
from attnviz.render.palette import HUES
from attnviz.render.training_report import format_size
from attnviz.text.edits import MAX_EDITS, MAX_REPLACEMENT
from attnviz.values.explanation import Explanation
from attnviz.values.methods import METHODS

LIVE_METHODS = ("attention", "occlusion")
"""The methods that a browser computes by itself, the best known first."""


class LiveNetwork(NamedTuple):
    """A network as a page carries it.

    Attributes:
        name, title: what to call it, in one word and in a few.
        about: in a few words, what else there is to say of it.
        attends: whether it has attention to show.
        target: the label that it is explained for, an index; None for the predicted one.
        content: the bytes of its network file.
    """

    name: str
    title: str
    about: str
    attends: bool
    target: int | None
    content: bytes

    @property
    def methods(self) -> tuple[str, ...]:
        """What a page can explain it by."""
        return LIVE_METHODS if self.attends else ("occlusion",)

    def shows(self, explanation: Explanation) -> bool:
        """Whether a page of this network shows what an explanation says: its method, and its label."""
        target = explanation.prediction.predicted if self.target is None else self.target
        return explanation.method in self.methods and explanation.target == target


def render_live_page(network: LiveNetwork, text: str = "", *, method: str = "attention", picture: str = "") -> str:
    """The page, a whole HTML document.

    Args:
        network: what reads in it.
        text: what stands in it when it is opened, any text.
        method: what its words are explained by at first; one that a page can't compute gives the first that it can.
        picture: HTML that stands for the page where no JavaScript runs; '' for none.
    """
    block_id = "network-weights"
    weights = base64.b64encode(network.content).decode()
    data = describe_page([{**describe_network(network), "block": block_id}], text, method)
    return render_shell(
        PageParts(
            title=f"attnviz: {network.name}",
            promise=_promise(network),
            data=data,
            blocks=[f'<script type="application/octet-stream" id="{block_id}">{weights}</script>'],
            picture=picture,
        )
    )


def _promise(network: LiveNetwork) -> str:
    return tr(
        "This page holds the network itself and works offline: what is typed here is read in this browser and sent "
        "nowhere. The weights are {size} of it.",
        size=format_size(len(network.content)),
    )


def measure_live_page(network: LiveNetwork, text: str = "") -> int:
    """How many bytes `render_live_page` gives without a picture, known without making it."""
    frame = render_live_page(network._replace(content=b""), text)
    growth = 4 * -(-len(network.content) // 3)  # base64 writes each 3 bytes, begun ones too, as 4
    sizes = (len(format_size(size).encode()) for size in (0, len(network.content)))
    return len(frame.encode()) + growth - next(sizes) + next(sizes)


def describe_network(network: LiveNetwork) -> dict[str, Any]:
    """What live_page.js is told of a network, without its weights."""
    methods = [{"name": name, "title": tr(METHODS[name].title)} for name in network.methods]
    return {"name": network.name, "title": tr(network.title), "about": network.about, "methods": methods}


def describe_page(networks: Sequence[dict[str, Any]], text: str, method: str) -> dict[str, Any]:
    """The data of a page, as live_page.js reads them."""
    return {"networks": networks, "text": text, "method": method, "settings": describe_settings()}


def describe_settings() -> dict[str, Any]:
    """What every shell of the editor that has no server gives it."""
    return {
        "hues": HUES,
        "limits": {"steps": MAX_EDITS, "replacement": MAX_REPLACEMENT},
        "placeholder": tr("Type or paste a text"),
    }
