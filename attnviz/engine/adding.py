"""A model that somebody brought, on its way into the library: checked, opened in a process of its own, examined."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from dataclasses import dataclass, replace

from attnviz.engine.client import Engine
from attnviz.engine.protocol import ExamineModel
from attnviz.engine.work import Work
from attnviz.languages import mark
from attnviz.runs.own_models import StagedModel, discard_model, keep_model, stage_model
from attnviz.runs.own_record import OwnModelSettings
from attnviz.values.model_card import ModelCard

STEPS = (mark("The file is checked"), mark("It is opened in a process of its own and examined"))
"""What is done, in order."""

EXAMINING_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its name and what is in it."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Examined:
    """A file behind the door, how it was read, and what was found in it."""

    staged: StagedModel
    settings: OwnModelSettings
    card: ModelCard

    def keep(self, title: str, owner: str) -> ModelCard:
        """Put it into the library; its card there.

        Raises:
            AttnvizError: as `keep_model`.
        """
        return keep_model(self.staged, replace(self.settings, title=title), self.card, owner=owner)


@dataclass(slots=True)
class _Shared:
    """What the work has by now; its thread holds this and not the adding itself."""

    staged: StagedModel | None = None
    found: Examined | None = None


class Adding:
    """One model that is being added; its file goes when nobody holds this any more, as when its visitor has left.

    Args:
        model, vocabulary: the files.
        settings: how it is to be read; without a title, it gets that of the file.
        engine: which examines it.

    Attributes:
        work: how far it is, a step of STEPS at a time; another one each time that the model is examined.
        revision: how often it was examined.
    """

    def __init__(self, model: Upload, vocabulary: Upload | None, settings: OwnModelSettings, engine: Engine) -> None:
        self._engine, self.revision = engine, 1
        shared = self._shared = _Shared()  # the thread of the work must not hold the adding itself
        words = (vocabulary.name, vocabulary.data) if vocabulary else None

        def steps(work: Work) -> Iterator[None]:
            work.message = STEPS[0]
            shared.staged = stage_model(model.name, model.data, words)
            work.done += 1
            yield
            yield from _examine(work, shared, shared.staged, replace(settings, title=shared.staged.title), engine)

        self.work = Work(steps, total=len(STEPS))
        weakref.finalize(self, _discard, shared)

    @property
    def found(self) -> Examined | None:
        """What was found at the last examination that succeeded; None before, and if the file was refused."""
        return self._shared.found

    def examine(self, found: Examined, settings: OwnModelSettings) -> None:
        """Read the model in another way; what was found before stays if that fails."""
        shared, engine = self._shared, self._engine

        def steps(work: Work) -> Iterator[None]:
            work.done = 1
            yield from _examine(work, shared, found.staged, settings, engine)

        self.revision += 1
        self.work = Work(steps, total=len(STEPS))


def _examine(
    work: Work, shared: _Shared, staged: StagedModel, settings: OwnModelSettings, engine: Engine
) -> Iterator[None]:
    work.message = STEPS[1]
    card = engine.ask(ExamineModel(str(staged.folder), settings), timeout=EXAMINING_SECONDS)
    shared.found = Examined(staged, settings, card)
    work.done += 1
    yield


def _discard(shared: _Shared) -> None:
    """Forget the file; of one that was kept there is nothing left to forget."""
    if shared.staged is not None:
        discard_model(shared.staged)
