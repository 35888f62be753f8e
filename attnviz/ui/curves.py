"""Loss and accuracy curves, the same on every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from attnviz.languages import tr
from attnviz.models.registry import Published
from attnviz.render.figures import plot_history
from attnviz.render.training_report import describe_curves, place_steps
from attnviz.values.history import History


def show_curves(
    history: History,
    published: Published | None = None,
    *,
    selected_epoch: int | None = None,
    epochs: int | None = None,
    measured: Mapping[str, Sequence[float]] | None = None,
    steps: int = 0,
    chance: object = None,
    key: str = "curves",
) -> None:
    """The charts Loss and Accuracy side by side, against the published run where figures of it are known.

    Args:
        history: a row an epoch. selected_epoch: the one that is kept. epochs: how many there are to be.
        measured: what was measured within the epochs, see `read_steps`. steps: the batches of an epoch.
        chance: the accuracy of always giving the most frequent answer, where it is known as a number.
    """
    for place, measure in zip(st.columns(2), ("loss", "accuracy"), strict=True):
        figure = plot_history(
            history,
            measure,
            published=published.curves if published else None,
            published_best=published.accuracy if published and measure == "accuracy" else None,
            selected_epoch=selected_epoch,
            epochs=epochs,
            within=place_steps(measured, steps, measure) if measured else None,
            chance=chance if isinstance(chance, float) else None,
        )
        place.plotly_chart(figure, config={"displayModeBar": False}, key=f"{key}_{measure}")
    if said := describe_curves(history):
        st.markdown(said)
    if published is not None and (published.accuracy is not None or published.curves):
        source, protocol = tr(published.source), tr(published.protocol)
        st.caption(tr("Published run: {source}; {protocol}.", source=source, protocol=protocol))
