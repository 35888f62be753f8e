"""Loss and accuracy curves, the same on every page."""

from __future__ import annotations

import streamlit as st

from attnviz.models.registry import Published
from attnviz.render.figures import plot_history
from attnviz.values.history import History


def show_curves(
    history: History,
    published: Published | None = None,
    *,
    selected_epoch: int | None = None,
    epochs: int | None = None,
    key: str = "curves",
) -> None:
    """The charts Loss and Accuracy side by side, against the published run where figures of it are known."""
    for place, measure in zip(st.columns(2), ("loss", "accuracy"), strict=True):
        figure = plot_history(
            history,
            measure,
            published=published.curves if published else None,
            published_best=published.accuracy if published and measure == "accuracy" else None,
            selected_epoch=selected_epoch,
            epochs=epochs,
        )
        place.plotly_chart(figure, config={"displayModeBar": False}, key=f"{key}_{measure}")
    if published is not None and (published.accuracy is not None or published.curves):
        st.caption(f"Published run: {published.source}; {published.protocol}.")
