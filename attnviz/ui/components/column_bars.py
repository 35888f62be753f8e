"""The attention weights of the toy network as bars that glide from one run to the next."""

from __future__ import annotations

import json
from collections.abc import Sequence

from attnviz.render.palette import ATTENTION
from attnviz.ui.components import register_component

_bars = register_component("column_bars")


def show_column_bars(
    attention: Sequence[float] | None,
    attention_column: int,
    run: int,
    *,
    sentence: str = "",
    state: str = "ready",
    message: str = "",
    key: str,
) -> None:
    """Show the weights of one run.

    Args:
        attention: the last epoch's weights, one a column; None before the first run.
        attention_column: where the answer is; its bar is marked.
        run: counts finished runs.
        sentence: what the weights say, in words.
        state: 'ready', 'loading' or 'error'; message: why it is not ready.
        key: of the widget.
    """
    data = {
        "attention": None if attention is None else list(attention),
        "attention_column": attention_column,
        "run": run,
        "sentence": sentence,
        "state": state,
        "message": message,
        "hue": ATTENTION,
    }
    json.dumps(data, allow_nan=False)
    _bars(key=key, data=data)
