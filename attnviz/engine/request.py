"""An operation that was asked, with its number and who asked; as plain data, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic

from attnviz.engine.protocol import LANES, OPERATIONS, Operation, Result
from attnviz.errors import UnknownNameError
from attnviz.values.plain import from_plain, to_plain

_LANES = {kind: lane for lane, kinds in LANES.items() for kind in kinds}


@dataclass(frozen=True, slots=True)
class Request(Generic[Result]):
    """An operation that was asked.

    Attributes:
        id: of the answer, too.
        operation: what is asked.
        editor: who asks; a newer request of the same editor replaces one that has not started.
    """

    id: int
    operation: Operation[Result]
    editor: str | None = None

    @property
    def lane(self) -> str:
        """Where it is worked on."""
        return _LANES[type(self.operation)]

    def to_message(self) -> dict[str, Any]:
        """The request as plain data."""
        asked = type(self.operation).__name__
        return {"id": self.id, "ask": asked, "args": to_plain(self.operation), "editor": self.editor}


@dataclass(frozen=True, slots=True)
class _Written:
    """A request as it is written."""

    id: int
    ask: str
    args: dict[str, Any]
    editor: str | None = None


def read_request(message: Any) -> Request[Any]:
    """The inverse of `Request.to_message`.

    Raises:
        SettingError: no such operation, or arguments that it does not take.
    """
    written = from_plain(_Written, message, "request")
    if written.ask not in OPERATIONS:
        raise UnknownNameError("operation", written.ask, OPERATIONS)
    return Request(written.id, from_plain(OPERATIONS[written.ask], written.args, written.ask), written.editor)
