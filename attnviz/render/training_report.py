"""A training run in words: where it stands, what came of it, and what its curves say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attnviz.languages import mark, tr, tr_n
from attnviz.render.numerals import format_count, format_number, format_percent
from attnviz.render.phrases import join_sentences
from attnviz.values.history import History
from attnviz.values.learning_signs import find_overfitting, get_share_interval, is_no_better_than_guessing
from attnviz.values.run import Run, RunStatus

MINUTE, HOUR = 60, 3600

_LEARNED = mark("Always giving the most frequent answer would get {share}.")
_GUESSED = mark(
    "That is no better than guessing: always giving the most frequent answer gets {share}. More texts or epochs may "
    "help."
)


def format_seconds(seconds: float) -> str:
    """'40 s', '3 min 20 s', '2 h 5 min'."""
    whole = round(seconds)
    if whole < MINUTE:
        return tr("{n} s", n=whole)
    if whole < HOUR:
        return tr("{minutes} min {seconds} s", minutes=whole // MINUTE, seconds=whole % MINUTE)
    return tr("{hours} h {minutes} min", hours=whole // HOUR, minutes=whole % HOUR // MINUTE)


def format_size(count: int) -> str:
    """A number of bytes as a reader knows it from a list of files: '1.4 MB', '38 kB'."""
    if count >= 1e5:
        return tr("{n} MB", n=format_number(count / 1e6, 1))
    return tr("{n} kB", n=format_number(count / 1e3, 0))


def describe_progress(status: RunStatus, position: int | None = None) -> str:
    """Where a run stands that has not ended."""
    if status.state == "queued":
        if position:
            return tr("Waits in the queue, place {place}.", place=position)
        return tr("Waits in the queue.")
    if status.state != "running" or not status.steps:
        return status.sentence
    return tr("{sentence}.", sentence=" · ".join(_list_progress(status)))


def _list_progress(status: RunStatus) -> Iterator[str]:
    yield tr(
        "Epoch {epoch} of {epochs}, batch {step} of {steps}",
        epoch=max(status.epoch, 1),
        epochs=status.epochs,
        step=format_count(status.step),
        steps=format_count(status.steps),
    )
    if status.reviews_per_second:
        speed = round(status.reviews_per_second)
        yield tr_n("{n} text a second", "{n} texts a second", speed, n=format_count(speed))
    if status.seconds_left is not None:
        yield tr("about {time} left", time=format_seconds(status.seconds_left))


def describe_result(run: Run) -> str:
    """What a run reached on its test texts, with the interval that so many allow."""
    count, majority = run.data.get("test"), run.data.get("majority")
    if not isinstance(count, int) or count < 1:
        return tr("Accuracy {share}.", share=format_percent(run.accuracy))
    low, high = get_share_interval(run.accuracy, count)
    said = tr(
        "{share} of {n} test texts right (95\xa0% interval {low} to {high}); epoch {epoch} is kept.",
        share=format_percent(run.accuracy),
        n=format_count(count),
        low=format_number(100 * low, 1),
        high=format_percent(high),
        epoch=run.selected_epoch,
    )
    if not isinstance(majority, float):
        return said
    return join_sentences((said, tr(_GUESSED if is_guessing(run) else _LEARNED, share=format_percent(majority))))


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
        return tr("No over-fitting so far: the held-out loss has not risen while the training loss fell.")
    return tr(
        "Over-fitting from epoch {first} on: the held-out loss was lowest after epoch {lowest_epoch} ({lowest}) and is "
        "{held_out} now, while the training loss went on falling, from {training_then} to {training}.",
        first=found.lowest_epoch + 1,
        lowest_epoch=found.lowest_epoch,
        lowest=format_number(found.lowest),
        held_out=format_number(found.held_out),
        training_then=format_number(found.training_then),
        training=format_number(found.training),
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
