"""The errors a user can cause or meet. Each message says what was expected, what came, and what to do."""

from __future__ import annotations

from collections.abc import Iterable

from attnviz.languages import Message, keep, tr


class AttnvizError(Exception):
    """Base of every error that attnviz raises on purpose; the command line prints it in one line.

    Its message is a text in the reader's language, or a kept one, which is told when the error is shown.
    """

    def __str__(self) -> str:
        return tr(self.args[0]) if self.args and isinstance(self.args[0], Message) else Exception.__str__(self)

    @property
    def message(self) -> Message:
        """What a card or the status of a run keeps of it."""
        return keep(self.args[0] if self.args and isinstance(self.args[0], Message) else str(self))


class SettingError(AttnvizError):
    """A setting (argument, slider, link) is outside what the operation accepts."""


class UnknownNameError(SettingError, KeyError):
    """A name is not in a table; the message lists the names that are."""

    def __init__(self, kind: str, name: object, valid: Iterable[str]) -> None:
        names = ", ".join(valid) or tr("none")
        super().__init__(
            tr("Unknown {kind} {name}. Valid names: {names}.", kind=tr(kind), name=repr(name), names=names)
        )

    def __str__(self) -> str:  # a KeyError puts its message in quotes
        return Exception.__str__(self)


class DataError(AttnvizError):
    """A dataset is missing, truncated or not what its name says."""


class TrainingError(AttnvizError):
    """A training run failed or was interrupted; its folder stays and can be resumed."""


class NothingTrained(AttnvizError):
    """A run was stopped before its first epoch was complete, so there is nothing to keep."""


class CheckpointError(AttnvizError):
    """A checkpoint directory is missing, damaged or of an unknown format."""


class ModelFileError(AttnvizError):
    """A file that somebody brought is not opened, because of what it is or what is in it."""


class EngineError(AttnvizError):
    """The engine process could not answer; the request itself may be fine."""


class Superseded(EngineError):
    """A newer request of the same editor replaced this one before it started."""
