"""What is said of a training run."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.render.figures import plot_history
from attnviz.render.training_report import (
    describe_curves,
    describe_progress,
    describe_result,
    format_seconds,
    is_guessing,
    place_steps,
)
from attnviz.values.history import History
from attnviz.values.learning_signs import find_overfitting, get_share_interval, is_no_better_than_guessing
from attnviz.values.run import Run, RunStatus

OVERFITS = History({"loss": [0.6, 0.4, 0.3, 0.2], "val_loss": [0.6, 0.5, 0.55, 0.7], "accuracy": [0.6, 0.8, 0.9, 0.95]})


def make_run(accuracy: float, test: int = 200, **data: object) -> Run:
    return Run(
        model="luong-2",
        network="luong",
        parameters=1,
        data={"test": test, **data},
        seed=0,
        recipe={},
        protocol="held-out",
        selected_epoch=2,
        accuracy=accuracy,
        loss=0.5,
        versions={},
        created="2026-01-01",
        seconds=1.0,
    )


def test_the_interval_is_wilson_s() -> None:
    low, high = get_share_interval(0.9, 10)
    assert (round(low, 4), round(high, 4)) == (0.5958, 0.9821)
    assert get_share_interval(0.5, 0) == (0, 1)


@given(st.floats(0, 1), st.integers(1, 10**6))
def test_the_interval_holds_the_share_and_keeps_to_shares(share: float, count: int) -> None:
    low, high = get_share_interval(share, count)
    assert 0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1


def test_more_samples_show_what_few_cannot() -> None:
    assert is_no_better_than_guessing(0.53, 200, 0.5)
    assert not is_no_better_than_guessing(0.53, 20_000, 0.5)
    assert is_no_better_than_guessing(0.3, 20_000, 0.5), "worse is no better"


def test_an_accuracy_that_may_be_guessed_is_said_to_be_that() -> None:
    guessed = make_run(0.53, majority=0.51)
    assert is_guessing(guessed)
    assert "no better than guessing: always giving the most frequent answer gets 51.0\xa0%" in describe_result(guessed)
    learned = make_run(0.85, majority=0.51)
    assert not is_guessing(learned)
    assert describe_result(learned).startswith("85.0\xa0% of 200 test texts right (95\xa0% interval 79.4 to 89.3\xa0%)")
    assert not is_guessing(make_run(0.5)), "without the shares of the answers nothing is claimed"


def test_over_fitting_begins_after_the_lowest_held_out_loss() -> None:
    found = find_overfitting(OVERFITS)
    assert found is not None
    assert (found.lowest_epoch, found.lowest, found.held_out, found.training) == (2, 0.5, 0.7, 0.2)
    assert describe_curves(OVERFITS).startswith(
        "Over-fitting from epoch 3 on: the held-out loss was lowest after epoch 2"
    )
    assert [shape["x0"] for shape in plot_history(OVERFITS, "loss").to_plotly_json()["layout"]["shapes"]] == [2.5]


@pytest.mark.parametrize(
    ("loss", "val_loss"),
    [
        ([0.6, 0.4, 0.3], [0.6, 0.5, 0.4]),  # still falling
        ([0.6, 0.4, 0.5], [0.6, 0.5, 0.7]),  # both rise: it diverges
    ],
)
def test_other_curves_are_no_over_fitting(loss: list[float], val_loss: list[float]) -> None:
    history = History({"loss": loss, "val_loss": val_loss})
    assert find_overfitting(history) is None
    assert describe_curves(history).startswith("No over-fitting so far")


def test_nothing_is_said_of_one_epoch() -> None:
    assert describe_curves(History({"loss": [0.6], "val_loss": [0.6]})) == ""
    assert describe_curves(History({})) == ""


def test_progress_says_speed_and_time_left() -> None:
    status = RunStatus("running", "Training", epoch=2, epochs=5, step=7, steps=40)
    assert describe_progress(status) == "Epoch 2 of 5, batch 7 of 40."
    fast = replace(status, reviews_per_second=1234.5, seconds_left=200.0)
    assert describe_progress(fast) == "Epoch 2 of 5, batch 7 of 40 · 1,234 texts a second · about 3 min 20 s left."
    assert describe_progress(RunStatus("queued", "Waits"), 3) == "Waits in the queue, place 3."
    assert describe_progress(RunStatus("starting", "Starting TensorFlow")) == "Starting TensorFlow."


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.4, "0 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")]
)
def test_durations_read_well(seconds: float, said: str) -> None:
    assert format_seconds(seconds) == said


def test_the_first_point_of_a_curve_needs_no_epoch() -> None:
    measured = {"epoch": [1, 1, 2], "step": [10, 40, 20], "loss": [0.7, 0.6, 0.5], "accuracy": [0.5, 0.6, 0.7]}
    times, losses = place_steps(measured, 40, "loss")
    assert (times, losses) == ([0.25, 1.0, 1.5], [0.7, 0.6, 0.5])
    figure = plot_history(History({}), "loss", within=(times, losses), epochs=3)
    assert [trace.name for trace in figure.data] == ["training, within the epoch"]
    assert list(figure.layout.xaxis.range) == [0.0, 3.5]


def test_the_level_of_guessing_is_a_line_of_the_accuracy() -> None:
    figure = plot_history(OVERFITS, "accuracy", chance=0.5)
    assert [note.text for note in figure.layout.annotations] == ["always the same answer 50.0\xa0%"]
    assert not plot_history(OVERFITS, "loss", chance=0.5).layout.annotations[1:]
