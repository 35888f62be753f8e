"""Runs that differ in nothing but the seed, and the strip of what they reached."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from attnviz.evidence.sweep_table import measure_spread
from attnviz.render.seed_strip import describe_spread, render_seed_strip
from attnviz.runs.sibling_runs import list_siblings
from attnviz.runs.stored_run import StoredRun
from attnviz.values.run import RunState, RunStatus
from attnviz.values.training_settings import TrainingSettings

SETTINGS = TrainingSettings("luong", epochs=2, limit=200)


def make_run(name: str, seed: int, state: RunState = "finished", **changes) -> StoredRun:
    return StoredRun(Path(name), replace(SETTINGS, seed=seed, **changes), RunStatus(state, "Said"))


def test_siblings_differ_in_nothing_but_the_seed_and_in_what_is_watched() -> None:
    run = make_run("a", 3, pinned=("good film",))
    others = [make_run("b", 1, tensorboard="log"), make_run("c", 2, epochs=3), make_run("d", 2, data="mine")]
    assert [one.name for one in list_siblings(run, [run, *others])] == ["b", "a"]


def test_of_several_runs_with_a_seed_one_counts_a_finished_one_first() -> None:
    runs = [make_run("a", 0, "failed"), make_run("b", 0), make_run("c", 0), make_run("d", 1, "queued")]
    assert [one.name for one in list_siblings(runs[0], runs)] == ["b", "d"]


@settings(max_examples=20)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_every_seed_is_a_dot_on_the_strip(accuracies: list[float]) -> None:
    strip = render_seed_strip(dict(enumerate(accuracies)), measure_spread("test_accuracy", accuracies))
    assert re.findall(r"seed (\d+):", strip) == [
        str(seed) for seed, _ in sorted(enumerate(accuracies), key=lambda item: item[1])
    ]
    places = [float(place) for place in re.findall(r"left:(?:calc\()?([\d.]+)%", strip)]
    assert len(places) == len(accuracies) + (2 if len(accuracies) > 1 else 1)
    assert all(0 <= place <= 100 for place in places)


def test_the_sentence_has_the_numbers_and_says_where_there_is_no_spread() -> None:
    said = describe_spread(measure_spread("test_accuracy", [0.8, 0.9])).replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("Test accuracy over n = 2 seeds: mean 85.00 %, standard deviation 7.07 %, from 80.00 % to")
    assert "95 % bootstrap interval of the mean: from 80.00 % to 90.00 %" in said
    assert describe_spread(measure_spread("test_accuracy", [0.8])).endswith("There is no spread yet.")
