"""A worker's part of a job: the network is found and loaded, once."""

from __future__ import annotations

from functools import lru_cache

from attnviz.errors import CheckpointError
from attnviz.evidence.executors import Job
from attnviz.evidence.text_measures import TextMeasures
from attnviz.runs.library import find_checkpoint
from attnviz.runs.loading import load_explainer
from attnviz.runs.provenance import get_provenance


def load_measures(job: Job) -> TextMeasures:
    """What measures the parts of a job.

    Raises:
        UnknownNameError, CheckpointError: there is no such network here, or it is another one of that name.
    """
    return _load(job.network, tuple(job.sha256.items()), job.methods, job.seed)


@lru_cache(1)
def _load(network: str, sha256: tuple[tuple[str, str], ...], methods: tuple[str, ...], seed: int) -> TextMeasures:
    checkpoint = find_checkpoint(network)
    if get_provenance(checkpoint).checkpoint["sha256"] != dict(sha256):
        raise CheckpointError(f"The network {network} of this worker is another one than that which is asked for.")
    return TextMeasures(load_explainer(checkpoint), methods, seed)
