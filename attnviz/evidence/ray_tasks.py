"""Tasks that Ray does, on this machine or on a cluster whose machines have attnviz."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from importlib.util import find_spec
from typing import Any, Generic, TypeVar

from attnviz.errors import EngineError, SettingError
from attnviz.evidence.corpus_part import Part, Values
from attnviz.evidence.executors import Job
from attnviz.processes import child_environment, switch_off_onednn

RETRIES = 2
"""How often a task is done again where its worker ends."""

Task = TypeVar("Task")
Result = TypeVar("Result")


class RayTasks(Generic[Task, Result]):
    """Does tasks on so many cores each.

    Args:
        work: does one; it travels to the workers, as the tasks do.
        address: of a cluster; '' for workers of this machine, which are started unless this process has done so.
        workers: at most so many at a time; by default as many as there are cores for.
        cores: of a task; fewer where the cluster has fewer.

    Raises:
        SettingError: Ray is not installed.
        EngineError: there is no such cluster.
    """

    def __init__(
        self, work: Callable[[Task], Result], address: str = "", workers: int | None = None, cores: int = 1
    ) -> None:
        check_ray()
        import ray

        self._ray, self._work, self._joined = ray, work, ray.is_initialized()
        try:
            _start(ray, address, workers and workers * cores)
        except Exception as error:  # Ray raises what its parts raise
            raise EngineError(f"Ray cannot be reached at {address or 'this machine'} ({error}).") from error
        there = max(1, int(ray.cluster_resources().get("CPU", 1)))
        settings = {"num_cpus": min(cores, there), "max_retries": RETRIES, "runtime_env": {"env_vars": _environment()}}
        self._task = ray.remote(**settings)(_do)
        self.workers = min(max(1, there // cores), workers or there)

    def submit(self, task: Task, /) -> Future[Result]:
        """The result to come."""
        return self._task.remote(self._work, task).future()

    def close(self) -> None:
        """Leave the cluster, unless this process was in it before; workers that were started for this end."""
        if not self._joined:
            self._ray.shutdown()


def check_ray() -> None:
    """Raises SettingError where Ray is not installed; says how to get it."""
    if find_spec("ray") is None:
        raise SettingError(
            "Ray is not installed: pip install ray, or leave out --ray to use processes of this machine."
        )


def measure_part(job: Job, part: Part) -> Values:
    """What a worker of Ray does; a part travels with its texts, so that it needs no data."""
    switch_off_onednn()
    from attnviz.evidence.job_measures import load_measures

    return load_measures(job).measure(part)


def _do(work: Callable[[Any], Any], task: Any) -> Any:
    return work(task)


def _start(ray: Any, address: str, cores: int | None) -> None:
    if ray.is_initialized():
        return
    if address:
        ray.init(address, log_to_driver=False)
    else:
        ray.init(num_cpus=cores or os.cpu_count(), include_dashboard=False, log_to_driver=False)


def _environment() -> Mapping[str, str]:
    """What a worker needs of this process's environment."""
    library = {name: os.environ[name] for name in ("ATTNVIZ_CHECKPOINTS",) if name in os.environ}
    return {"PYTHONPATH": child_environment()["PYTHONPATH"], **library}
