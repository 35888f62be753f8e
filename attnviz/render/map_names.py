"""What attention maps are called in the reader's language.

A classifier names its maps in English ('layer 2, head 1'), and so does an explanation what became one score ('mean of 2
heads, received from all words'): files hold these names. They are translated where they are shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from attnviz.languages import SOURCE, get_language, mark, tr, tr_n
from attnviz.render.numerals import format_count


class _Kind(NamedTuple):
    """What one is called, one with a number, and several."""

    name: str
    numbered: str
    say_count: Callable[[int, str], str]


_KINDS: Mapping[str, _Kind] = {
    "head": _Kind(mark("head"), mark("head {n}"), lambda count, n: tr_n("{n} head", "{n} heads", count, n=n)),
    "feature": _Kind(
        mark("feature"), mark("feature {n}"), lambda count, n: tr_n("{n} feature", "{n} features", count, n=n)
    ),
    "layer": _Kind(mark("layer"), mark("layer {n}"), lambda count, n: tr_n("{n} layer", "{n} layers", count, n=n)),
    "map": _Kind(mark("map"), mark("map {n}"), lambda count, n: tr_n("{n} map", "{n} maps", count, n=n)),
}


def name_reduction(said: str) -> str:
    """A map, a count of maps, or how several became one score; words of another form stay as they are."""
    if get_language() != SOURCE:
        for form, say in _FORMS:
            if found := form.fullmatch(said):
                return say(*found.groups())
    return said


def name_kind(kind: str) -> str:
    """'head', 'feature' and the like."""
    return tr(_KINDS[kind].name) if kind in _KINDS else kind


def _count(number: str, kind: str) -> str:
    count = int(number)
    return _KINDS[kind].say_count(count, format_count(count))


def _number(kind: str, number: str) -> str:
    return tr(_KINDS[kind].numbered, n=number)


def _place(layer: str, name: str) -> str:
    return tr("{layer}, {map}", layer=name_reduction(layer), map=name_reduction(name))


_ANY = "|".join(_KINDS)
_SAYINGS: Mapping[str, Callable[..., str]] = {
    r"(.+), received from all words": lambda maps: tr("{maps}, received from all words", maps=name_reduction(maps)),
    r"(.+), from word (\d+)": lambda maps, n: tr("{maps}, from word {n}", maps=name_reduction(maps), n=n),
    r"received from all words": lambda: tr("received from all words"),
    r"from word (\d+)": lambda n: tr("from word {n}", n=n),
    r"rollout through (\d+) layers": lambda n: tr("rollout through {layers}", layers=_count(n, "layer")),
    rf"mean of (\d+) ({_ANY})s of (layer \d+)": lambda n, kind, layer: tr(
        "mean of {maps} of {layer}", maps=_count(n, kind), layer=name_reduction(layer)
    ),
    r"mean of (.+)": lambda maps: tr("mean of {maps}", maps=name_reduction(maps)),
    rf"(\d+) layers × (\d+) ({_ANY})s": lambda n, each, kind: tr(
        "{layers} × {maps}", layers=_count(n, "layer"), maps=_count(each, kind)
    ),
    r"(\d+) maps of (\d+) layers": lambda n, layers: tr(
        "{maps} of {layers}", maps=_count(n, "map"), layers=_count(layers, "layer")
    ),
    rf"one ({_ANY})": lambda kind: _count("1", kind),
    rf"(\d+) ({_ANY})s": _count,
    r"(layer \d+), (.+)": _place,
    rf"({_ANY}) (\d+)": _number,
    r"attention": lambda: tr("attention"),
}
_FORMS = [(re.compile(form), say) for form, say in _SAYINGS.items()]
"""The first that fits counts; they are those of `describe_reduction`, `count_maps` and a classifier's names of maps."""
