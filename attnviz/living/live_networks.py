"""Which networks can go into a page that lives without a server, and with what words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attnviz.languages import tr, tr_n
from attnviz.living.live_page import LiveNetwork, render_live_page
from attnviz.living.network_file import Dtype, export_classifier, export_network
from attnviz.models.registry import MODELS
from attnviz.render.html import render_explanation
from attnviz.render.numerals import format_count, format_percent
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.library import find_checkpoint, list_checkpoints
from attnviz.values.explanation import Explanation

if TYPE_CHECKING:
    from attnviz.explain.explainer import Explainer


def render_live_explanation(explanation: Explanation, dtype: Dtype = "float32") -> str:
    """`Explanation.to_live_html`."""
    return render_live_answer(find_live_network(explanation.model, dtype), explanation)


def render_live_explainer(explainer: Explainer, text: str = "", dtype: Dtype = "float32") -> str:
    """`Explainer.to_live_html`."""
    return render_live_answer(pack_explainer(explainer, dtype), explainer.explain(text))


def render_live_answer(network: LiveNetwork, explanation: Explanation) -> str:
    """The living page of a network, opened with the text and the method of an answer."""
    picture = render_explanation(explanation)
    return render_live_page(network, explanation.text, method=explanation.method, picture=picture)


def pack_checkpoint(checkpoint: Checkpoint, dtype: Dtype = "float32") -> LiveNetwork:
    """A network of the library.

    Raises:
        NotExportable: it does not run in the browser; says why.
    """
    spec, run = checkpoint.spec, checkpoint.run
    content = export_network(checkpoint, dtype)
    parameters, share = _count_parameters(run.parameters), format_percent(run.accuracy, 2)
    if spec.data:
        about = tr("{parameters}, {share} of the test texts right", parameters=parameters, share=share)
    else:
        about = tr("{parameters}, {share} of the test reviews right", parameters=parameters, share=share)
    attends = spec.attention_layer is not None
    return LiveNetwork(checkpoint.name, spec.title, about, attends, spec.target, content)


def pack_explainer(explainer: Explainer, dtype: Dtype = "float32") -> LiveNetwork:
    """The network of an explainer, wherever it comes from.

    Raises:
        NotExportable: it does not run in the browser; says why.
    """
    classifier, card = explainer.classifier, explainer.card
    content = export_classifier(classifier, dtype)
    attends = bool(card.attention)
    about = _count_parameters(card.parameters)
    return LiveNetwork(explainer.name, card.title, about, attends, card.target, content)


def _count_parameters(count: int) -> str:
    return tr_n("{n} parameter", "{n} parameters", count, n=format_count(count))


def find_live_network(name: str, dtype: Dtype = "float32") -> LiveNetwork:
    """A network of the library by its name or folder.

    Raises:
        UnknownNameError, CheckpointError: there is none, or it is damaged.
        NotExportable: it does not run in the browser; says why.
    """
    return pack_checkpoint(find_checkpoint(name), dtype)


def list_shipped_networks(dtype: Dtype = "float32") -> Iterator[LiveNetwork]:
    """The networks of the table that read texts, as far as they are in the library and whole."""
    for checkpoint in list_checkpoints():
        if isinstance(checkpoint, Checkpoint) and checkpoint.name in MODELS and checkpoint.spec.task == "reviews":
            yield pack_checkpoint(checkpoint, dtype)
