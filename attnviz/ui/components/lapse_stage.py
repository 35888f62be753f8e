"""The time-lapse of a run: a scrubber that plays how the highlight of pinned texts formed."""

from __future__ import annotations

from collections.abc import Sequence

from attnviz.render.shown_lapse import describe_lapse
from attnviz.ui.components import check_data, register_component, stamp
from attnviz.values.time_lapse import TimeLapse
from attnviz.web.linker import FOLDER

_lapse = register_component("lapse", FOLDER / "lapse")


def show_time_lapse(lapse: TimeLapse | None, *, run: str, accuracies: Sequence[float] = (), key: str) -> None:
    """Show a time-lapse, which may grow; a new moment is shown if the last one was.

    Args:
        lapse: None while there is none; its place is kept.
        run: whose it is; a time-lapse of another run begins at its end.
        accuracies: on held-out texts after each epoch, fractions.
        key: of the widget.
    """
    data = {"run": run, "lapse": describe_lapse(lapse, accuracies) if lapse else None}
    _lapse(key=key, data=stamp(key, check_data(data)))
