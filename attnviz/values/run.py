"""The record of a training run, and where one that is under way stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Run:
    """What was trained, on what, how, and what it reached; the contents of `run.json`.

    Accuracies are fractions. `accuracy` is the test accuracy of the selected epoch (for the synthetic column
    task, of its validation samples), read once after the selection.
    """

    model: str
    network: str
    parameters: int
    data: Mapping[str, Any]
    seed: int
    recipe: Mapping[str, Any]
    protocol: str
    selected_epoch: int
    accuracy: float
    loss: float
    versions: Mapping[str, str]
    created: str
    seconds: float
    stopped: bool = False


JobState = Literal["starting", "running", "stopping", "finished", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class JobStatus:
    """Where a background training run stands; `message` says it in words."""

    id: str
    network: str
    state: JobState
    message: str
    epoch: int = 0
    epochs: int = 0
    step: int = 0
    steps: int = 0
    checkpoint: str | None = None

    @property
    def running(self) -> bool:
        """Whether the run may still change."""
        return self.state in ("starting", "running", "stopping")

    def with_state(self, state: JobState, message: str) -> JobStatus:
        """The same run in another state."""
        return replace(self, state=state, message=message)
