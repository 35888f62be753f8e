"""Sentences one after the other."""

from __future__ import annotations

from functools import reduce

from attnviz.languages import tr


def join_sentences(*sentences: str) -> str:
    """Sentences as a paragraph, parted as the reader's language parts them: Chinese has no spaces; '' is left out."""
    return reduce(_join, filter(None, sentences), "")


def _join(before: str, after: str) -> str:
    return tr("{before} {after}", before=before, after=after) if before else after
