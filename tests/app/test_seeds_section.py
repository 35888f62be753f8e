"""Several seeds on the page Training: asked for at once, ended at once, and shown together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from attnviz.runs import run_queue
from attnviz.runs.run_files import write_settings, write_status
from attnviz.runs.stored_run import list_runs
from attnviz.values.run import RunState, RunStatus
from attnviz.values.training_settings import TrainingSettings
from tests.app.visits import html_blocks, open_page, said


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library in which nobody does the runs that wait."""
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path))
    monkeypatch.setattr(run_queue, "ensure_runner", lambda: None)
    monkeypatch.setattr("attnviz.ui.training_runs.run_view.start_waiting_runs", lambda: None)
    return tmp_path


def make_run(library: Path, seed: int, state: RunState, accuracy: float | None = None) -> None:
    folder = library / f"luong-{seed + 2}"
    folder.mkdir()
    write_settings(folder, TrainingSettings("luong", epochs=2, limit=200, seed=seed))
    write_status(folder, RunStatus(state, "Its message", seed + 1, accuracy=accuracy))


def test_runs_are_queued_with_the_next_seeds_and_ended_together(own: Path) -> None:
    page = open_page("training_page")
    page.selectbox(key="train_network").select("luong").run()
    page.number_input(key="train_seed").set_value(4)
    page.number_input(key="train_runs").set_value(3)
    next(button for button in page.button if button.label == "Train").click().run()
    assert not page.exception
    runs = sorted(list_runs(), key=lambda run: run.position or 0)
    assert [(run.settings.seed, run.status.state) for run in runs] == [(4, "queued"), (5, "queued"), (6, "queued")]
    assert len({replace(run.settings, seed=0) for run in runs}) == 1
    assert page.selectbox(key="train_run").value == runs[0].name
    assert any(
        "0 of 3 runs that differ" in caption.value and "(seeds 4, 5, 6)" in caption.value for caption in page.caption
    )
    next(button for button in page.button if button.label == "End all seeds").click().run()
    assert list_runs() == []
    assert "Several seeds" not in {header.value for header in page.subheader}


def test_what_the_seeds_reached_is_said_and_drawn(own: Path) -> None:
    for seed, accuracy in enumerate((0.8, 0.9)):
        make_run(own, seed, "finished", accuracy)
    make_run(own, 2, "failed")
    page = open_page("training_page", train_run="luong-3")
    shown = said(page).replace("\N{NO-BREAK SPACE}", " ")
    assert any("2 of 3 runs that differ" in caption.value for caption in page.caption)
    assert "over n = 2 seeds: mean 85.00 %, standard deviation 7.07 %" in shown
    assert "End all seeds" not in {button.label for button in page.button}
    (strip,) = html_blocks(page, "seed 1:")
    assert strip.count("border-radius:50%") == 2
