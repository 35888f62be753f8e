"""An operation that was asked, with its number and who asked; as plain data, and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic

from attnviz.engine.protocol import LANES, OPERATIONS, Operation, Result
from attnviz.errors import UnknownNameError
from attnviz.languages import LANGUAGES, SOURCE, get_language
from attnviz.values.plain import from_plain, to_plain

_LANES = {kind: lane for lane, kinds in LANES.items() for kind in kinds}


@dataclass(frozen=True, slots=True)
class Request(Generic[Result]):
    """An operation that was asked.

    Attributes:
        id: of the answer, too.
        operation: what is asked.
        editor: who asks; a newer request of the same editor replaces one that has not started.
        language: of who asks; the words of the answer are in it.
    """

    id: int
    operation: Operation[Result]
    editor: str | None = None
    language: str = field(default_factory=get_language)

    @property
    def lane(self) -> str:
        """Where it is worked on."""
        return _LANES[type(self.operation)]

    def to_message(self) -> dict[str, Any]:
        """The request as plain data."""
        asked, who = type(self.operation).__name__, {"editor": self.editor, "language": self.language}
        return {"id": self.id, "ask": asked, "args": to_plain(self.operation), **who}


@dataclass(frozen=True, slots=True)
class _Written:
    """A request as it is written."""

    id: int
    ask: str
    args: dict[str, Any]
    editor: str | None = None
    language: str = SOURCE


def read_request(message: Any) -> Request[Any]:
    """The inverse of `Request.to_message`.

    Raises:
        SettingError: no such operation or language, or arguments that the operation does not take.
    """
    written = from_plain(_Written, message, "request")
    if written.ask not in OPERATIONS:
        raise UnknownNameError("operation", written.ask, OPERATIONS)
    if written.language not in LANGUAGES:
        raise UnknownNameError("language", written.language, LANGUAGES)
    operation = from_plain(OPERATIONS[written.ask], written.args, written.ask)
    return Request(written.id, operation, written.editor, written.language)
