"""Work that Ray does: one Ray of two workers for all of these tests, which skip where it is not installed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import attnviz
from attnviz.errors import SettingError
from attnviz.evidence import evidence_run, ray_tasks
from attnviz.evidence.corpus import load_test_reviews
from attnviz.evidence.corpus_part import Part, Values
from attnviz.evidence.executors import Job, run_tasks
from attnviz.evidence.part_plan import Parts, Plan
from attnviz.runs.library import find_checkpoint
from attnviz.runs.provenance import get_provenance

pytestmark = pytest.mark.usefixtures("library")
needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")


@pytest.fixture(scope="module")
def two_workers(tiny_library: Path, archive: Path, cache: Path) -> Iterator[None]:
    """Ray with two cores, whose workers have the folders of the tests."""
    import ray

    with pytest.MonkeyPatch.context() as patch:
        for name, folder in (("CHECKPOINTS", tiny_library), ("IMDB", archive), ("CACHE", cache)):
            patch.setenv(f"ATTNVIZ_{name}", str(folder))
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


@pytest.mark.skipif(find_spec("ray") is not None, reason="Ray is installed")
def test_without_ray_it_is_said_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="pip install ray"):
        attnviz.measure_evidence("luong", tmp_path / "out", texts=10, ray="")


@needs_ray
@pytest.mark.usefixtures("two_workers")
@pytest.mark.filterwarnings("ignore")
def test_two_workers_of_ray_give_the_same_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_run, "Plan", lambda *given: Plan(*given, attacked=4, part=10))
    how = {"texts": 40, "without": ("occlusion",)}
    here = attnviz.measure_evidence("luong", tmp_path / "here", processes=1, **how)
    there = attnviz.measure_evidence("luong", tmp_path / "ray", processes=2, ray="", **how)
    assert (there.record["finished"]["executor"], there.record["finished"]["processes"]) == ("RayTasks", 2)
    assert [(row.measure, row.of, row.n) for row in there.rows] == [(row.measure, row.of, row.n) for row in here.rows]
    np.testing.assert_allclose([row.value for row in there.rows], [row.value for row in here.rows], atol=1e-6)


@needs_ray
@pytest.mark.usefixtures("two_workers")
@pytest.mark.filterwarnings("ignore")
def test_a_killed_worker_of_ray_costs_its_part(tmp_path: Path) -> None:
    marker, measure = tmp_path / "died", ray_tasks.measure_part

    def die_once(job: Job, part: Part) -> Values:  # pickled with what it closes over
        if part.number == 1 and not marker.exists():
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return measure(job, part)

    described = get_provenance(find_checkpoint("luong")).checkpoint
    job = Job("luong", described["sha256"], ("attention", "gradient"), 0)
    tasks = ray_tasks.RayTasks[Part, Values](partial(die_once, job), workers=2)
    plan = Plan(job.methods, 30, attacked=2, part=10)
    found = {part.number for part, _ in run_tasks(tasks, Parts(load_test_reviews("sentiment"), plan))}
    tasks.close()
    assert marker.exists()
    assert found == {0, 1, 2}


@needs_ray
@pytest.mark.usefixtures("two_workers")
@pytest.mark.filterwarnings("ignore")
def test_ray_trains_a_sweep_to_the_same_numbers(tmp_path: Path) -> None:
    how = {"seeds": 2, "limit": 40, "epochs": 1}
    here = attnviz.sweep("luong", tmp_path / "here", **how)
    there = attnviz.sweep("luong", tmp_path / "ray", ray="", **how)
    for one, two in zip(here.runs, there.runs, strict=True):
        assert (one.run.seed, one.run.selected_epoch, one.digest) == (two.run.seed, two.run.selected_epoch, two.digest)
        assert two.run.loss == pytest.approx(one.run.loss, abs=1e-6)
        for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
            assert two.history[name] == pytest.approx(one.history[name], abs=1e-6)
    assert {path.name for path in there.folder.iterdir()} == {path.name for path in here.folder.iterdir()}
