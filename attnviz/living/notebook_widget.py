"""The notebook's widget: the network runs in the notebook's page, and what it finds comes back to Python.

Through anywidget, so that one module serves Jupyter, JupyterLab, Colab and VS Code. The weights are no trait: they are
sent when a page asks for them, once a page and network, and are not saved with the notebook.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import anywidget
import traitlets

from attnviz.living.live_page import LiveNetwork, describe_network, describe_settings
from attnviz.living.page_shell import get_script, get_worker, read_part
from attnviz.values.arrays import FloatArray
from attnviz.values.explanation import Explanation

Explain = Callable[[str, str], Explanation]
"""From a text and a method to the explanation, computed in Python."""


class LiveWidget(anywidget.AnyWidget):
    """A text that is explained while one types, as a cell's output.

    Traits:
        text: what stands in the box; set it to put another one there.
        method: 'attention' or 'occlusion'.
        answer: what the page computed last, as it was sent; `explanation` is the checked form.

    Args:
        network: runs in the notebook's page.
        explain: computes the same here, for a text that no page has answered yet.
        text, method: what is explained at first.
    """

    _esm = get_script("widget.js")
    text = traitlets.Unicode("").tag(sync=True)
    method = traitlets.Unicode("attention").tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)

    def __init__(self, network: LiveNetwork, explain: Explain, text: str = "", method: str = "attention") -> None:
        self._network, self._explain = network, explain
        super().__init__(text=text, method=method)
        self.on_msg(self._open)

    @property
    def explanation(self) -> Explanation:
        """Of the text and method that the widget holds, changed words included: the page's, or else computed here.

        Raises:
            SettingError: what the page sent is no explanation.
        """
        if (self.answer.get("typed"), self.answer.get("method")) == (self.text, self.method):
            return Explanation.from_dict(self.answer["explanation"])
        return self._explain(self.text, self.method)

    @property
    def scores(self) -> FloatArray:
        """(words,) the scores of `explanation`."""
        return self.explanation.scores

    def _open(self, _: object, asked: Mapping[str, Any], __: object) -> None:
        """A page asks for the network; it names those that it has."""
        mark = hashlib.sha256(self._network.content).hexdigest()
        has = asked.get("has")
        page = {
            "entry": describe_network(self._network),
            "settings": describe_settings(),
            "worker": get_worker(),
            "review": read_part("review.html"),
            "style": "".join(map(read_part, ("live_theme.css", "review.css", "forced_colours.css"))),
            "mark": mark,
        }
        is_there = isinstance(has, list) and mark in has
        self.send(page, [] if is_there else [self._network.content])
