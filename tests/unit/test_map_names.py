"""Names of attention maps, and what becomes of several weights, in another language than files have them in."""

from __future__ import annotations

import pytest

from attnviz.languages import using_language
from attnviz.render import map_names
from attnviz.render.map_names import name_kind, name_reduction
from attnviz.values.attention import Reduction, count_maps, describe_reduction

HEADS = ["head 1", "head 2"]
LAYERED = [f"layer {layer}, {name}" for layer in (1, 2) for name in HEADS]
UNLIKE = ["layer 1, head 1", "layer 1, head 2", "layer 2, feature 1"]
LAYERS = ["layer 1", "layer 1", "layer 2", "layer 2"]

SAID = [
    *(describe_reduction(HEADS, True, how) for how in (Reduction(), Reduction(map=1), Reduction(query=2))),
    describe_reduction(["feature 7", "feature 8", "feature 9"], False, Reduction()),
    describe_reduction(["attention"], True, Reduction(query=1)),
    *(describe_reduction(LAYERED, True, how, LAYERS) for how in (Reduction(), Reduction(map=3), Reduction(layer=1))),
    describe_reduction(LAYERED, True, Reduction(rollout=True, query=0), LAYERS),
    describe_reduction(UNLIKE, True, Reduction(), ["layer 1", "layer 1", "layer 2"]),
    describe_reduction(["layer 1", "layer 2"], False, Reduction(), ["layer 1", "layer 2"]),
    count_maps(["map 1", "map 2"]),
    "attention",
]


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each message stands in brackets."""
    monkeypatch.setattr(map_names, "tr", lambda message, **values: f"[{message.format(**values)}]")
    monkeypatch.setattr(map_names, "tr_n", lambda one, many, count, **values: f"[{many.format(**values)}]")


@pytest.mark.usefixtures("marked")
@pytest.mark.parametrize("said", SAID)
def test_whatever_is_said_of_maps_is_made_of_messages_alone(said: str) -> None:
    with using_language("de"):
        shown = name_reduction(said)
    assert (shown[0], shown[-1]) == ("[", "]")
    assert shown.replace("[", "").replace("]", "") == said


@pytest.mark.usefixtures("marked")
def test_what_files_hold_is_english() -> None:
    assert [name_reduction(said) for said in SAID] == SAID


@pytest.mark.parametrize("said", ["", "the seventh door, received from nobody", "layer one"])
def test_names_that_somebody_else_gave_stay_as_they_are(said: str) -> None:
    with using_language("ru"):
        assert name_reduction(said) == said
        assert name_kind("door") == "door"
