"""What methods that take long are said to cost."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from attnviz.engine.client import Engine
from attnviz.engine.protocol import EstimateCost
from attnviz.errors import UnknownNameError
from attnviz.explain.classifier import Encoded
from attnviz.explain.cost_estimate import estimate_cost
from attnviz.render.comparison_report import describe_cost, name_slow_scores
from attnviz.values.cost import Cost, add_costs
from attnviz.values.methods import METHODS
from tests.made import Rule


class Clock:
    """A clock on which only the reading of texts takes time."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Reader(Rule):
    """A classifier that takes so many seconds for a text; it has no attention."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        super().__init__(lambda row: 0.5)
        self._clock, self._seconds = clock, seconds

    def encode(self, text: str) -> Encoded:
        return Encoded((), np.arange(len(text.split()), dtype=np.int32), 0)

    def predict(self, inputs: list[np.ndarray]) -> np.ndarray:
        self._clock.now += self._seconds * len(inputs)
        return super().predict(inputs)

    def supports(self, method: str) -> bool:
        return method != "attention"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("attnviz.explain.cost_estimate.perf_counter", clock)
    return clock


def test_the_estimate_is_the_time_of_a_text_times_how_many_are_read(clock: Clock) -> None:
    methods, text = ["occlusion", "lime", "attention"], "seven words are in this text now"
    found = add_costs([estimate_cost(Reader(clock, seconds), methods, text) for seconds in (0.002, 0.001)])
    assert found.readings == 2 * (8 + 1_000)
    assert found.seconds == pytest.approx(1_008 * 0.003)


def test_a_text_without_words_costs_nothing(clock: Clock) -> None:
    found = estimate_cost(Reader(clock, 1.0), ["lime"], "")
    assert (found.readings, found.seconds, clock.now) == (0, 0.0, 0.0)


def test_a_library_that_is_not_loaded_yet_is_named(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "shap", raising=False)
    assert estimate_cost(Reader(clock, 1.0), ["shap", "occlusion"], "a").unloaded == ("shap",)


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (Cost(1_000, 0.2), "Here that is at most 1,000 texts, about 1 s."),
        (Cost(5_000, 7.6, ("lime",)), "about 8 s, and some seconds more to load lime first."),
        (Cost(5_000, 300.0, ("lime", "shap")), "about 5 min, and some seconds more to load lime and shap first."),
    ],
)
def test_a_cost_in_words(cost: Cost, said: str) -> None:
    words = describe_cost(["lime"], cost)
    assert words.startswith(f"LIME {METHODS['lime'].cost}. Here")
    assert words.endswith(said)
    assert name_slow_scores(["lime", "shap"]) == "LIME and SHAP"


def test_the_engine_answers_for_several_networks(engine: Engine) -> None:
    found = engine.ask(EstimateCost(("luong", "bilstm"), ("occlusion", "attention"), "the great film was dull"))
    assert found.readings == 2 * 6 + 1, "one of them has no attention"
    assert found.seconds > 0
    with pytest.raises(UnknownNameError, match="nonsense"):
        engine.ask(EstimateCost(("luong",), ("nonsense",), "the"))
