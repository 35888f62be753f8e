"""Text from outside, in Markdown."""

from __future__ import annotations

import re

WORD_JOINER = "\u2060"
"""It is invisible and breaks no line."""


def escape_markdown(text: str) -> str:
    """A text that Markdown shows as it is: no emphasis, no picture, no formula, no link.

    Addresses become links even where every sign is escaped (GitHub's flavour looks for them once more at the end), but
    not with an invisible joiner before their dots.
    """
    if re.search(r"www\.|://|@", text, re.IGNORECASE):
        text = re.sub(r"(?<=\w)\.(?=\w)", f"{WORD_JOINER}.", text)
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)
