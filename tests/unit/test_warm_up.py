"""What the engine does while nobody types."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from attnviz.engine import typing_pause
from attnviz.engine.typing_pause import TypingPause
from attnviz.engine.warm_up import WarmUp


class Network:
    """An explainer that counts how often it was warmed up."""

    methods: tuple[str, ...] = ("attention",)

    def __init__(self) -> None:
        self.warmed = 0

    def warm_up(self, before_each: Callable[[], None]) -> None:
        self.warmed += 1


class Cache:
    """Holds some networks."""

    def __init__(self, *held: Network) -> None:
        self.held = held

    def holds(self, network: Network) -> bool:
        return network in self.held


def test_background_work_waits_for_somebody_who_types_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(typing_pause.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(typing_pause.time, "sleep", lambda seconds: clock.__setitem__(0, clock[0] + seconds))
    pause = TypingPause()
    pause.wait(0.5, at_most=2.0)
    assert clock[0] == pytest.approx(100.5), "the last text was typed at 100"
    pause._asked = 1000.0
    pause.wait(0.5, at_most=2.0)
    assert clock[0] == pytest.approx(102.5), "typing that never rests holds it up for two seconds"
    clock[0] = 2000.0
    pause.note()
    pause.wait(3.0)
    assert clock[0] == pytest.approx(2003.0)


def test_a_network_that_gave_way_to_others_is_neither_held_nor_warmed_up() -> None:
    warm_up = WarmUp(TypingPause())
    held, kept = Network(), Network()
    cache = Cache(kept)
    for network in (Network(), held, kept):
        warm_up.put_network(network, cache)
    del network
    for _ in range(3):
        warm_up.run_next()
    assert (held.warmed, kept.warmed) == (0, 1)


def test_a_network_without_attention_gains_nothing_and_is_left_alone() -> None:
    warm_up, network = WarmUp(TypingPause()), Network()
    network.methods = ("gradient",)
    warm_up.put_network(network, Cache(network))
    warm_up.put(lambda: None)
    warm_up.run_next()
    assert network.warmed == 0


def test_a_network_that_is_asked_again_and_again_is_compiled_once() -> None:
    warm_up, network = WarmUp(TypingPause()), Network()
    for _ in range(3):
        warm_up.put_network(network, Cache(network))
    warm_up.put(lambda: None)
    for _ in range(2):
        warm_up.run_next()
    assert (network.warmed, warm_up._waiting.empty()) == (1, True)


def test_a_warm_up_that_fails_is_logged_and_the_next_one_has_its_turn(caplog: pytest.LogCaptureFixture) -> None:
    warm_up, network = WarmUp(TypingPause()), Network()

    def fail() -> None:
        raise ZeroDivisionError("this network cannot be compiled")

    warm_up.put(fail)
    warm_up.put_network(network, Cache(network))
    with caplog.at_level(logging.ERROR):
        warm_up.run_next()
        warm_up.run_next()
    (record,) = caplog.records
    assert "this network cannot be compiled" in str(record.exc_info)
    assert network.warmed == 1
