"""What a notebook shows of an explanation or an explainer: the widget where it can be had, else the static picture."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from attnviz.errors import AttnvizError, SettingError
from attnviz.languages import tr
from attnviz.living.live_networks import find_live_network, pack_explainer
from attnviz.living.live_page import LiveNetwork
from attnviz.values.explanation import Explanation
from attnviz.values.methods import EXTRAS

if TYPE_CHECKING:
    from attnviz.explain.explainer import Explainer
    from attnviz.living.notebook_widget import LiveWidget


def build_explainer_widget(explainer: Explainer, text: str = "") -> LiveWidget:
    """`Explainer.widget`."""
    _check_installed()
    from attnviz.living.notebook_widget import LiveWidget

    network = pack_explainer(explainer)
    return LiveWidget(network, explainer.recall, text, network.methods[0])


def build_explanation_widget(explanation: Explanation) -> LiveWidget:
    """`Explanation.widget`."""
    _check_installed()
    return _build(find_live_network(explanation.model), explanation)


def _build(network: LiveNetwork, explanation: Explanation) -> LiveWidget:
    from attnviz.living.notebook_widget import LiveWidget

    method = explanation.method if explanation.method in network.methods else network.methods[0]
    return LiveWidget(network, _explain_by(explanation.model), explanation.text, method)


def show_explanation(explanation: Explanation) -> Any:
    """What the widget shows, in a notebook where it shows the same as the explanation; else nothing."""
    if not _is_notebook() or find_spec("anywidget") is None:
        return {}
    try:
        network = find_live_network(explanation.model)
    except AttnvizError:  # not in the library, or it does not run in a browser
        return {}
    return _build(network, explanation)._repr_mimebundle_() if network.shows(explanation) else {}


def _explain_by(name: str) -> Any:
    """Explains with a network of the library, which is loaded when somebody asks."""

    def explain(text: str, method: str) -> Explanation:
        import attnviz

        return attnviz.load(name).explain(text, method)

    return explain


def _check_installed() -> None:
    if find_spec("anywidget") is None:
        raise SettingError(tr("The widget needs the extra: pip install {extras}", extras=EXTRAS))


def _is_notebook() -> bool:
    """Whether a kernel runs this code; in a terminal, or a script, nobody could show a widget."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return shell is not None and hasattr(shell, "kernel")
