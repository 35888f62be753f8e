"""Which methods are measured over many texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attnviz.errors import UnknownNameError

FIXED = "fixed_gradient"
"""The gradient with the attention held fixed, as Jain & Wallace publish it, beside the whole one."""

CORPUS_METHODS = ("attention", "gradient", FIXED, "occlusion", "integrated_gradients")
"""What can be measured over many texts, attention first where there is one; the others cost too much a text."""


def choose_methods(offered: Iterable[str], methods: Sequence[str] | None, without: Iterable[str]) -> tuple[str, ...]:
    """The methods to measure, in the order of CORPUS_METHODS.

    Args:
        offered: by the classifier.
        methods: what is wanted; None for all but integrated gradients, which take as long as all others together.
        without: what is not, of those.

    Raises:
        UnknownNameError: a name that is none of CORPUS_METHODS, or one that is wanted and not offered.
    """
    offered = set(offered)
    possible = tuple(name for name in CORPUS_METHODS if _is_offered(name, offered))
    _check("method", without, CORPUS_METHODS)
    _check("method of this network", methods or (), possible)
    chosen = set(CORPUS_METHODS[:-1] if methods is None else methods) - set(without)
    return tuple(name for name in possible if name in chosen)


def _is_offered(name: str, offered: set[str]) -> bool:
    return {"attention", "gradient"} <= offered if name == FIXED else name in offered


def _check(kind: str, names: Iterable[str], valid: Sequence[str]) -> None:
    for name in names:
        if name not in valid:
            raise UnknownNameError(kind, name, valid)
