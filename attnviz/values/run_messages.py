"""What a run writes down of itself: in English, whoever reads it; told again in the language of its reader."""

from __future__ import annotations

import re

from attnviz.languages import mark, tr

ACCURACY = mark("{told}: accuracy {share}")
LAST_WORDS = mark("{told}. Its last words: {words}")
TRAINING = mark("Training")
FINISHED, STOPPED = mark("Finished"), mark("Stopped; the best epoch is kept")
KEPT_NONE = mark("Interrupted before the first epoch was done")
KEPT_ONE = mark("Interrupted; the first epoch is kept")
KEPT_SOME = mark("Interrupted; the {epochs} finished epochs are kept")
NOT_STARTED = mark("Its process did not start")

_FILLED = (ACCURACY, LAST_WORDS, KEPT_SOME)
"""Messages that hold something; the others stand in the catalogue as they are written."""


def retell(message: str) -> str:
    """A sentence of such a message; what is not known, as the error of another library, stays as it is."""
    if message.endswith(".") and (whole := tr(message)) != message:
        return whole  # an error's own sentence
    return tr("{sentence}.", sentence=_translate(message.rstrip(".")))


def _translate(message: str) -> str:
    for form in _FILLED:
        if found := re.fullmatch(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(form)), message, re.DOTALL):
            return tr(form, **{name: _translate(value) for name, value in found.groupdict().items()})
    return tr(message)
