"""The tasks with a planted truth: their samples, their settings, and what is planted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from attnviz import get_data
from attnviz.data.planted_samples import TaskData
from attnviz.errors import SettingError, UnknownNameError
from attnviz.lab.tasks import LIMITS, TASKS, TaskSettings, default_settings, draw_task, get_marks


def draw(task: str, **settings: Any) -> TaskData:
    return draw_task(TaskSettings(**default_settings(task) | {"n": 4_000} | settings))


def agreement(data: TaskData, column: int) -> float:
    return float((data.x[:, column] == data.y[:, 0]).mean())


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_its_shapes_and_the_same_seed_gives_the_same_samples(task: str) -> None:
    data, again, other = draw(task), draw(task), draw(task, seed=1)
    size = default_settings(task)["input_dim"]
    assert (data.x.shape, data.y.shape, data.truth.shape) == ((4_000, size), (4_000, 1), (4_000, size))
    assert (data.x.dtype, data.y.dtype, data.truth.dtype) == (np.float32, np.float32, bool)
    np.testing.assert_array_equal(data.x, again.x)
    assert not np.array_equal(data.x, other.x)
    assert data.truth.any(axis=1).all() == (task != "none"), "the answer of every sample stands somewhere"


def test_the_first_task_is_the_published_toy() -> None:
    data, (x, y) = draw("column", attention_column=2, seed=5), get_data(4_000, 4, 2, seed=5)
    np.testing.assert_array_equal(data.x, x)
    np.testing.assert_array_equal(data.y, y)
    assert data.truth[:, 2].all()
    assert data.truth.sum() == 4_000


def test_each_of_two_columns_carries_the_answer() -> None:
    data = draw("both", attention_column=3)
    assert agreement(data, 3) == agreement(data, 0) == 1.0
    assert get_marks(TaskSettings("both", attention_column=3)) == {3: "the answer", 0: "the answer"}


def test_of_two_columns_only_their_xor_is_the_answer() -> None:
    data = draw("xor")
    np.testing.assert_array_equal(data.y[:, 0], (data.x[:, 1] != data.x[:, 2]).astype(np.float32))
    assert agreement(data, 1) == pytest.approx(0.5, abs=0.03)
    assert agreement(data, 2) == pytest.approx(0.5, abs=0.03)


def test_the_decoy_agrees_in_80_percent_and_is_not_the_truth() -> None:
    data = draw("decoy", noise=0.0)
    assert agreement(data, 1) == 1.0
    assert agreement(data, 2) == pytest.approx(0.8, abs=0.03)
    assert data.truth.sum(axis=0).tolist() == [0, 4_000, 0, 0]


def test_without_a_signal_no_column_knows_anything() -> None:
    data = draw("none", n=50_000)
    correlations = [np.corrcoef(column, data.y[:, 0])[0, 1] for column in data.x.T]
    assert np.abs(correlations).max() < 0.02
    assert not data.truth.any()
    assert not data.counted.any()


def test_the_maximum_is_uniform_and_the_truth_is_where_it_stands() -> None:
    data = draw("maximum", n=20_000)
    np.testing.assert_array_equal(data.x[data.truth], data.y[:, 0])
    np.testing.assert_array_equal(data.y[:, 0], data.x.max(axis=1))
    assert np.quantile(data.y, [0.25, 0.5, 0.75]) == pytest.approx([0.25, 0.5, 0.75], abs=0.02)


@pytest.mark.parametrize("steps", [5, 10, 20])
def test_the_sum_is_that_of_the_numbers_after_the_two_zeros(steps: int) -> None:
    data = draw("addition", input_dim=steps)
    zeros = data.x == 0
    assert (zeros.sum(axis=1) == 2).all()
    assert not zeros[:, -1].any()
    np.testing.assert_array_equal(data.truth[:, 1:], zeros[:, :-1])
    np.testing.assert_allclose(data.y[:, 0], (data.x * data.truth).sum(axis=1), rtol=1e-6)


def test_noise_flips_the_planted_column_that_often() -> None:
    for task in ("column", "both", "decoy"):
        assert agreement(draw(task, noise=0.3), 1) == pytest.approx(0.7, abs=0.03)
    assert agreement(draw("both", noise=0.3), 2) == 1.0
    x, y = get_data(4_000, 4, 1, seed=0, noise=0.3)
    assert (x[:, 1] == y[:, 0]).mean() == pytest.approx(0.7, abs=0.03)


def test_samples_in_which_everything_planted_is_0_are_not_counted() -> None:
    data = draw("decoy")
    np.testing.assert_array_equal(data.counted, (data.x[:, 1] != 0) | (data.x[:, 2] != 0))


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("bad", [-1, 2**33, float("nan"), float("inf")])
def test_settings_outside_the_limits_are_refused(name: str, bad: float) -> None:
    with pytest.raises(SettingError, match=f"{name} must lie between"):
        TaskSettings(**{name: bad})


def test_a_task_that_needs_more_columns_says_so() -> None:
    with pytest.raises(SettingError, match="input_dim must lie between 3 and 32, got 2"):
        TaskSettings("xor", attention_column=0, input_dim=2)
    with pytest.raises(UnknownNameError, match=r"task 'nope'.*column, both, xor"):
        TaskSettings("nope")


@pytest.mark.parametrize(("n", "training"), [(100, 80), (101, 81), (10_000, 8_000)])
def test_the_last_fifth_validates(n: int, training: int) -> None:
    settings = TaskSettings(n=n)
    assert (settings.training_size, settings.validation_size) == (training, n - training)
    assert len(draw_task(settings)) == n


@pytest.mark.parametrize(
    ("task", "marks"),
    [
        ("column", {3: "the answer"}),
        ("xor", {3: "one half", 4: "other half"}),
        ("decoy", {3: "the answer", 4: "decoy"}),
        ("none", {}),
        ("maximum", {}),
    ],
)
def test_the_marks_say_what_stands_in_the_chosen_column_and_the_next(task: str, marks: dict[int, str]) -> None:
    assert get_marks(TaskSettings(task, attention_column=3, input_dim=5)) == marks
