"""Parts that are measured by Ray, on this machine or on a cluster whose machines have attnviz and the network."""

from __future__ import annotations

import os
from concurrent.futures import Future
from importlib.util import find_spec
from typing import Any

from attnviz.errors import EngineError, SettingError
from attnviz.evidence.corpus_part import Part, Values
from attnviz.evidence.executors import Job
from attnviz.processes import child_environment, switch_off_onednn

RETRIES = 2
"""How often a part is measured again where its worker ends."""


class RayTasks:
    """Measures in tasks of one core each; the parts travel with their texts, so that workers need no data.

    Args:
        job: what they measure.
        address: of a cluster; '' for workers of this machine, which are started.

    Raises:
        SettingError: Ray is not installed.
        EngineError: there is no such cluster.
    """

    def __init__(self, job: Job, address: str = "", workers: int | None = None) -> None:
        check_ray()
        import ray

        self._ray, self._job = ray, job
        try:
            _start(ray, address, workers)
        except Exception as error:  # Ray raises what its parts raise
            raise EngineError(f"Ray cannot be reached at {address or 'this machine'} ({error}).") from error
        self._task = ray.remote(num_cpus=1, max_retries=RETRIES)(measure_part)
        self.workers = max(1, int(ray.cluster_resources().get("CPU", 1)))

    def submit(self, part: Part) -> Future[Values]:
        """The values to come."""
        return self._task.remote(self._job, part).future()

    def close(self) -> None:
        """Leave the cluster; workers that were started for this run end."""
        self._ray.shutdown()


def check_ray() -> None:
    """Raises SettingError where Ray is not installed; says how to get it."""
    if find_spec("ray") is None:
        raise SettingError(
            "Ray is not installed: pip install ray, or leave out --ray to use processes of this machine."
        )


def measure_part(job: Job, part: Part) -> Values:
    """What a worker of Ray does."""
    switch_off_onednn()
    from attnviz.evidence.job_measures import load_measures

    return load_measures(job).measure(part)


def _start(ray: Any, address: str, workers: int | None) -> None:
    environment = {"PYTHONPATH": child_environment()["PYTHONPATH"], "TF_ENABLE_ONEDNN_OPTS": "0"}
    library = {name: os.environ[name] for name in ("ATTNVIZ_CHECKPOINTS",) if name in os.environ}
    settings = {"runtime_env": {"env_vars": {**environment, **library}}, "log_to_driver": False}
    if address:
        ray.init(address, **settings)
    else:
        ray.init(num_cpus=workers or os.cpu_count(), include_dashboard=False, **settings)
