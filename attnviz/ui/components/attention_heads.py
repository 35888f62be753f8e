"""All attention weights of a text: heads and queries are chosen in the browser, from one answer of the network."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from typing import Any

import numpy as np

from attnviz.render.highlighted import highlight
from attnviz.render.palette import EVEN_SHARES
from attnviz.render.sentences import NEARLY_EVEN
from attnviz.ui.components import check_data, register_component, stamp
from attnviz.ui.components.review_editor import hash_text
from attnviz.values.attention import Attention
from attnviz.values.explanation import Explanation
from attnviz.values.methods import METHODS
from attnviz.values.plain import to_plain

_heads = register_component("attention_heads")


def show_attention_heads(heads: dict[str, Any] | None, model: str, *, key: str) -> None:
    """Show the heat map of a head, and the text as the chosen head and query see it.

    Args:
        heads: what `describe_heads` made; None while it is on its way: what the browser shows stays there, dimmed, if
            it is of the same network.
        model: whose they are.
        key: of the widget.
    """
    data = {"heads": heads, "model": model, "even_shares": EVEN_SHARES, "nearly_even": NEARLY_EVEN}
    _heads(key=key, data=stamp(key, check_data(data)))


def describe_heads(attention: Attention, answer: Explanation) -> dict[str, Any]:
    """What attention_heads.js draws; the weights are exact: base64 of float32, little endian, in C order.

    Args:
        attention: (maps, queries, words) of the answer's text and network.
        answer: what the highlight above shows; it knows where the words stand in the text.
    """
    received = replace(answer, method="attention", scores=attention.reduce(), gap=None)
    weights = np.ascontiguousarray(attention.weights, dtype="<f4").tobytes()
    return {
        "text": to_plain(highlight(received).shorten()),
        "attention": {
            "names": list(attention.names),
            "shape": list(attention.weights.shape),
            "weights": b64encode(weights).decode("ascii"),
        },
        "above": answer.reduction,
        "method": METHODS[answer.method].phrase,
        "note": _describe_unread(answer),
        "text_hash": hash_text(answer.text),
    }


def describe_maps(attention: Attention) -> str:
    """What maps there are, and what to choose."""
    count, kind = len(attention.names), attention.names[0].partition(" ")[0]
    if not attention.is_matrix:
        return f"Every word has {count} attention weights here, one a {kind}: choose one of them, or their mean."
    heads = f"{count} {kind}s" if count > 1 else f"one {kind}"
    return f"Every word attends to every word here, in {heads}: choose a head, and the word that asks."


def _describe_unread(answer: Explanation) -> str:
    if not answer.truncated:
        return ""
    first = "the first one is" if answer.truncated == 1 else f"the first {answer.truncated:,} are"
    return f"This network reads the last {len(answer.tokens):,} words; {first} not in the picture."
