"""What is said of a brought model in which something fails: a sentence, whatever Keras and TensorFlow say at length."""

from __future__ import annotations

from attnviz.errors import ModelFileError
from attnviz.languages import mark, tr

MAX_WORDS = 200
NOT_BUILT = mark("Keras cannot build this model")
NOT_RUN = mark("The model cannot be run on texts as it is read now")


def describe_failure(what: str, error: BaseException) -> ModelFileError:
    """The error that is told.

    Args:
        what: could not be done.
        error: what was raised; only its first line is told: those below quote the file, or paths of this machine.
    """
    kind = type(error).__name__
    if isinstance(error, MemoryError) or "ResourceExhausted" in kind:
        return ModelFileError(tr("{what}: it needs more memory than a brought model may take.", what=tr(what)))
    first = next(iter(str(error).strip().splitlines()), "").strip()[:MAX_WORDS].rstrip(".: ")
    return ModelFileError(tr("{what} ({kind}: {first}).", what=tr(what), kind=kind, first=first))
