"""A training run in words: where it stands, what came of it, and what its curves say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attnviz.render.numerals import format_percent
from attnviz.values.history import History
from attnviz.values.learning_signs import find_overfitting, get_share_interval, is_no_better_than_guessing
from attnviz.values.run import Run, RunStatus

MINUTE, HOUR = 60, 3600


def format_seconds(seconds: float) -> str:
    """'40 s', '3 min 20 s', '2 h 5 min'."""
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE} s"
    return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"


def format_size(count: int) -> str:
    """A number of bytes as a reader knows it from a list of files: '1.4 MB', '38 kB'."""
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.0f} kB"


def describe_progress(status: RunStatus, position: int | None = None) -> str:
    """Where a run stands that has not ended."""
    if status.state == "queued":
        return f"Waits in the queue, place {position}." if position else "Waits in the queue."
    if status.state != "running" or not status.steps:
        return f"{status.message.removesuffix('.')}."
    parts = [f"Epoch {max(status.epoch, 1)} of {status.epochs}, batch {status.step:,} of {status.steps:,}"]
    if status.reviews_per_second:
        parts.append(f"{status.reviews_per_second:,.0f} texts a second")
    if status.seconds_left is not None:
        parts.append(f"about {format_seconds(status.seconds_left)} left")
    return f"{' · '.join(parts)}."


def describe_result(run: Run) -> str:
    """What a run reached on its test texts, with the interval that so many allow."""
    count, majority = run.data.get("test"), run.data.get("majority")
    if not isinstance(count, int) or count < 1:
        return f"Accuracy {format_percent(run.accuracy)}."
    low, high = get_share_interval(run.accuracy, count)
    said = (
        f"{format_percent(run.accuracy)} of {count:,} test texts right (95\xa0% interval {100 * low:.1f} to "
        f"{format_percent(high)}); epoch {run.selected_epoch} is kept."
    )
    if not isinstance(majority, float):
        return said
    if is_guessing(run):
        return (
            f"{said} That is no better than guessing: always giving the most frequent answer gets "
            f"{format_percent(majority)}. More texts or epochs may help."
        )
    return f"{said} Always giving the most frequent answer would get {format_percent(majority)}."


def is_guessing(run: Run) -> bool:
    """Whether a run's accuracy is not shown to be above guessing; unknown shares of the answers count as above."""
    count, majority = run.data.get("test"), run.data.get("majority")
    if not isinstance(count, int) or not isinstance(majority, float):
        return False
    return is_no_better_than_guessing(run.accuracy, count, majority)


def describe_curves(history: History) -> str:
    """Whether and from when on the network over-fits; '' before the second epoch."""
    if len(history) < 2 or "val_loss" not in history:
        return ""
    if (found := find_overfitting(history)) is None:
        return "No over-fitting so far: the held-out loss has not risen while the training loss fell."
    return (
        f"Over-fitting from epoch {found.lowest_epoch + 1} on: the held-out loss was lowest after epoch "
        f"{found.lowest_epoch} ({found.lowest:.3f}) and is {found.held_out:.3f} now, while the training loss went on "
        f"falling, from {found.training_then:.3f} to {found.training:.3f}."
    )


def place_steps(measured: Mapping[str, Sequence[float]], steps: int, measure: str) -> tuple[list[float], list[float]]:
    """Where the points within the epochs stand, in epochs, and their values.

    Args:
        measured: as `read_steps` of a run gives them: equally long columns epoch, step, loss and accuracy.
        steps: batches of an epoch.
        measure: 'loss' or 'accuracy'.
    """
    pairs = zip(measured["epoch"], measured["step"], strict=True)
    return [epoch - 1 + min(step / max(steps, 1), 1.0) for epoch, step in pairs], [*map(float, measured[measure])]
