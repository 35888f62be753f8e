"""The record of a training run, and where a run stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from attnviz.languages import Message, keep, mark, tr

TRAINING = keep("Training")
"""What a run says of itself while it trains."""


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


RunState = Literal["queued", "starting", "running", "stopping", "finished", "stopped", "interrupted", "failed"]
STATES = (
    *(mark("queued"), mark("starting"), mark("running"), mark("stopping")),
    *(mark("finished"), mark("stopped"), mark("interrupted"), mark("failed")),
)
"""The same, to be translated where they are shown."""


@dataclass(frozen=True, slots=True)
class RunStatus:
    """Where a training run stands; the contents of `status.json`.

    Attributes:
        state: `queued` and `starting` come before `running`; `stopping` is a run that was asked to stop; `stopped` kept
            its best epoch, if it had one; `interrupted` is a run whose process is gone without a word.
        message: the state in words, a sentence without a full stop; an English text that `tr` tells.
        ticket: its place in the order in which runs were asked for; the queue is served from the lowest one on.
        created: when it was asked for first, ISO 8601 in UTC.
        epoch, epochs: the epoch that is under way or was the last one, from 1 on (0 before the first), and how many
            there are to be.
        step, steps: the same of the batches of that epoch.
        seconds: how long it has trained, that of earlier sittings included.
        reviews_per_second: of the training, over the last few steps; None where it does not train.
        seconds_left: until the last epoch will be done, estimated; None where it does not train.
        best_epoch: the epoch that would be kept, from 1 on; None before the first one is done.
        accuracy: of the checkpoint on the test reviews, a fraction; None before there is one.
        without_state: whether it came from a file, without what training needs to go on.
    """

    state: RunState
    message: Message
    ticket: int = 0
    created: str = ""
    epoch: int = 0
    epochs: int = 0
    step: int = 0
    steps: int = 0
    seconds: float = 0.0
    reviews_per_second: float | None = None
    seconds_left: float | None = None
    best_epoch: int | None = None
    accuracy: float | None = None
    without_state: bool = False

    @property
    def alive(self) -> bool:
        """Whether a process works on it."""
        return self.state in ("starting", "running", "stopping")

    @property
    def ended(self) -> bool:
        """Whether it stays as it is until somebody resumes it."""
        return not self.alive and self.state != "queued"

    @property
    def resumable(self) -> bool:
        """Whether it can go on from its last finished epoch."""
        return self.state in ("stopped", "interrupted", "failed") and not self.without_state

    @property
    def progress(self) -> float:
        """The share of all steps that are done, from 0 to 1."""
        done = max(self.epoch - 1, 0) * self.steps + self.step
        return min(done / total, 1.0) if (total := self.epochs * self.steps) else 0.0

    @property
    def sentence(self) -> str:
        """The state in one sentence, with the epoch and the step while it trains."""
        if self.state == "running" and self.message == TRAINING:
            told = mark("Epoch {epoch} of {epochs}, step {step} of {steps}.")
            return tr(told, epoch=max(self.epoch, 1), epochs=self.epochs, step=self.step, steps=self.steps)
        told = tr(self.message)
        return told if told.endswith((".", "。")) else tr("{sentence}.", sentence=told)
