"""Runs on planted truths: whether attention finds what it should, and what it is measured by."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import attnviz
from attnviz import get_activations, train_column, train_task
from attnviz.errors import SettingError
from attnviz.lab.inspection import inspect_task
from attnviz.lab.lab_run import LabRun, run_task
from attnviz.lab.lab_trainer import WATCHED
from attnviz.lab.repeats import repeat_task
from attnviz.lab.run_script import write_script
from attnviz.lab.tasks import TASKS, TaskSettings, draw_task
from attnviz.processes import child_environment

SEEDS = range(4)


@pytest.fixture(scope="module")
def run() -> LabRun:
    return train_task("column", attention_column=2, seed=3)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("task", ["column", "both", "maximum", "addition"])
def test_attention_finds_what_it_should_find(task: str, seed: int) -> None:
    run = train_task(task, seed=seed)
    assert run.score > 0.9
    assert run.history["val_accuracy"][-1] > run.majority_baseline + 0.4


def test_without_a_signal_there_is_no_truth_to_score() -> None:
    repeats = repeat_task(TaskSettings("none"), range(8))
    assert set(repeats.scores) == {None}
    assert repeats.accuracies.mean() == pytest.approx(0.5, abs=0.02)


def test_xor_is_learned_although_attention_misses_a_part_of_it() -> None:
    repeats = repeat_task(TaskSettings("xor"), range(8))
    assert repeats.accuracies.min() > 0.95
    assert 0.5 < np.mean(repeats.scores) < 0.9


def test_a_noisy_answer_is_used_while_attention_points_at_the_clean_decoy() -> None:
    runs = [train_task("decoy", seed=seed) for seed in range(5)]
    assert np.mean([run.score for run in runs]) < 0.6
    for run in runs:
        assert run.history["val_accuracy"][-1] > 0.85
        assert run.permutation_importance[1] > 0.3
        assert run.permutation_importance[2] < 0.05


def test_shuffling_a_column_costs_what_the_network_got_from_it() -> None:
    cost = {task: train_task(task, seed=1, noise=0.0).permutation_importance for task in ("column", "decoy", "xor")}
    assert cost["column"] == pytest.approx([0, 0.5, 0, 0], abs=0.03)
    assert cost["decoy"] == pytest.approx([0, 0.5, 0, 0], abs=0.03), "the decoy is not used"
    assert cost["xor"] == pytest.approx([0, 0.5, 0.5, 0], abs=0.03)
    assert train_task("maximum", n=500, epochs=1).permutation_importance is None


def test_a_run_is_that_of_train_column(run: LabRun) -> None:
    column = train_column(2, seed=3)
    np.testing.assert_array_equal(run.attention, column.attention)
    for ours, theirs in zip(run.weights, column.weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_the_model_of_the_plain_toy_is_the_published_network(run: LabRun) -> None:
    assert [layer.name for layer in run.model.layers] == [layer.name for layer in attnviz.build_model("column").layers]
    assert run.model.count_params() == 369
    x = run.validation.x
    np.testing.assert_allclose(run.model(x), run.model_with_scores(x), atol=1e-6)
    warm, decoy = (train_task(task, temperature=2.0, n=200, epochs=1) for task in ("column", "decoy"))
    assert warm.model is warm.model_with_scores
    assert decoy.model is decoy.model_with_scores


def test_the_watched_samples_are_the_first_that_validate(run: LabRun) -> None:
    assert run.watched.shape == (20, WATCHED, 4)
    x = run.validation.x
    weights = get_activations(run.model, x, "attention_weights")["attention_weights"]
    np.testing.assert_allclose(run.watched[-1], weights[:WATCHED], atol=1e-5)
    np.testing.assert_allclose(run.attention[-1], weights.mean(axis=0), atol=1e-5)


def test_a_higher_temperature_makes_the_same_network_attend_more_evenly() -> None:
    sharp, even = (train_column(1, seed=0, temperature=temperature) for temperature in (0.5, 10.0))
    assert sharp.attention[0].max() > even.attention[0].max() + 0.1
    x, _ = attnviz.get_data(5, 4, 1, seed=1)
    values = get_activations(even.model, x)
    scaled = np.exp(values["attention_scores"] / 10)
    np.testing.assert_allclose(values["attention_weights"], scaled / scaled.sum(axis=1, keepdims=True), atol=1e-5)
    assert sum(np.prod(weight.shape) for weight in even.model.trainable_variables) == 369


def test_learning_rate_noise_temperature_seed_and_column_compile_nothing(run: LabRun) -> None:
    began = time.perf_counter()
    train_task("column", learning_rate=0.003, noise=0.1, temperature=2.0, seed=7, attention_column=0)
    assert time.perf_counter() - began < 0.7, "compiling takes longer than this"


def test_a_learning_rate_is_the_one_that_adam_takes(run: LabRun) -> None:
    slow = train_task("column", attention_column=2, seed=3, learning_rate=1e-5)
    assert slow.history["val_loss"][-1] > 0.6 > run.history["val_loss"][-1]


@pytest.mark.parametrize("task", ["column", "addition"])
def test_the_steps_inside_lead_from_the_input_to_the_output(task: str) -> None:
    run = train_task(task, epochs=2, n=1_000, temperature=2.0)
    inside = inspect_task(run, 3)
    data, values = run.validation, inside.activations
    np.testing.assert_array_equal(inside.x, data.x[3])
    np.testing.assert_array_equal(inside.truth, data.truth[3])
    exponentials = np.exp(values["attention_scores"] / 2.0)
    np.testing.assert_allclose(values["attention_weights"], exponentials / exponentials.sum(), atol=1e-5)
    kind = TASKS[task].network
    np.testing.assert_allclose(values[f"attended_{kind}"], inside.x * values["attention_weights"], atol=1e-6)
    inputs = inside.x if kind == "columns" else values["hidden_states"]
    np.testing.assert_allclose(np.squeeze(inputs @ inside.matrix), values["attention_scores"], atol=1e-5)
    assert inside.output == pytest.approx(float(run.model(data.x[3:4])[0, 0]), abs=1e-5)


def test_the_samples_that_validate_are_the_last_of_those_that_are_drawn() -> None:
    run = train_task("decoy", epochs=1, n=101)
    every = draw_task(run.settings)
    for name in ("x", "y", "truth", "counted"):
        np.testing.assert_array_equal(getattr(run.validation, name), getattr(every, name)[81:])


@pytest.mark.parametrize("sample", [-1, 200])
def test_a_sample_that_is_not_there_is_refused(sample: int) -> None:
    run = train_task("column", epochs=2, n=1_000)
    with pytest.raises(SettingError, match=f"sample must lie between 0 and 199, got {sample}"):
        inspect_task(run, sample)


def test_a_setting_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(SettingError, match=r"Unknown setting 'depth'\. Valid settings: task, attention_column"):
        train_task("column", depth=3)


def test_repeats_are_the_runs_of_the_seeds() -> None:
    repeats = repeat_task(TaskSettings(n=1_000, epochs=2, seed=4), (5, 4, 2**32 - 1))
    for index, seed in enumerate((5, 4, 2**32 - 1)):
        run = run_task(TaskSettings(n=1_000, epochs=2, seed=seed))
        np.testing.assert_allclose(repeats.attention[index], run.attention[-1], atol=1e-6)
        assert repeats.scores[index] == pytest.approx(run.score, abs=1e-6)


@pytest.mark.long
def test_the_scripts_of_two_runs_repeat_them_exactly(tmp_path: Path) -> None:
    runs = [
        train_task("decoy", noise=0.05, temperature=2.0, n=1_000, epochs=3),
        train_task("maximum", seed=3, n=1_000, epochs=3),
    ]
    parts = [write_script(run.settings.to_dict()).replace("attention.csv", f"{i}.csv") for i, run in enumerate(runs)]
    done = subprocess.run(  # one process for both: TensorFlow takes seconds to start
        [sys.executable, "-c", "\n".join(parts)],
        cwd=tmp_path,
        env=child_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for index, run in enumerate(runs):
        assert f"truth score: {run.score} chance: {run.chance}" in done.stdout
        again, expected = pd.read_csv(tmp_path / f"{index}.csv"), run.to_frame()
        assert list(again.columns) == list(expected.columns)
        np.testing.assert_allclose(again, expected, atol=1e-6)
