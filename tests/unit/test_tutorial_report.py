"""What is said of the repeated tutorials: the sentence follows the numbers, whichever way they point."""

from __future__ import annotations

import pytest

from attnviz.models.registry import get_spec
from attnviz.render.tutorial_report import (
    describe_bag,
    describe_change,
    describe_claim,
    find_span,
    plot_last,
    plot_repeats,
)
from attnviz.values.tutorial_repeats import Repeats

CURVES = {"loss": (0.5, 0.2), "accuracy": (0.8, 0.9), "val_loss": (0.4, 0.5), "val_accuracy": (0.86, 0.84)}


def told(plain: tuple[float, ...], other: tuple[float, ...]) -> str:
    return describe_change(Repeats("plain", plain), Repeats("other", other)).replace("\N{NO-BREAK SPACE}", " ")


def test_the_claim_is_training_accuracy_and_the_test_accuracies_stand_beside_it() -> None:
    logs = [get_spec(name).published.curves for name in ("bilstm", "bilstm-additive")]
    sentence = describe_claim(*logs).replace("\N{NO-BREAK SPACE}", " ")
    for number in ("94.86 %", "98.91 %", "99.11 %", "84.08 %", "83.76 %", "86.58 %", "86.95 %"):
        assert number in sentence
    assert "**training** accuracy of the last epoch: 94.86 % and 98.91 %" in sentence
    assert sentence.index("**test**") < sentence.index("**training**")


def test_a_spread_that_covers_the_difference_is_said_to_show_no_change() -> None:
    sentence = told((0.840, 0.850, 0.845), (0.848, 0.852, 0.851))
    assert "+0.53 points on average" in sentence
    assert "84.00 to 85.00 % and 84.80 to 85.20 %" in sentence
    assert sentence.endswith("so these runs do not show a change.")


@pytest.mark.parametrize(
    ("other", "points", "word"), [((0.86, 0.87, 0.88), "+3.00", "better"), ((0.81, 0.82, 0.80), "−3.00", "worse")]
)
def test_seeds_that_lie_apart_are_said_to_with_how_often_that_is_chance(
    other: tuple[float, ...], points: str, word: str
) -> None:
    sentence = told((0.84, 0.845, 0.835), other)
    assert f"{points} points on average" in sentence
    assert f"every run of the first is {word} than every run of the second" in sentence
    assert "by chance in 10 % of such comparisons" in sentence  # 2 of the 20 orders of 3 and 3


@pytest.mark.parametrize(("plain", "other"), [((0.8,), (0.9, 0.91)), ((0.8, 0.81), (0.9,)), ((0.8,), (0.9,))])
def test_a_single_seed_shows_no_change(plain: tuple[float, ...], other: tuple[float, ...]) -> None:
    assert "so it shows no change" in told(plain, other)


def test_touching_ranges_overlap() -> None:
    assert "do not show a change" in told((0.84, 0.85), (0.85, 0.86))


def test_the_bag_of_words_is_more_than_the_best_run_or_it_is_not() -> None:
    networks = [Repeats("a", (0.84, 0.86)), Repeats("b", (0.85,)), Repeats("none", ())]
    assert "84.00" not in describe_bag(0.87, 200, networks)
    assert ", more than the best of these runs (86.00" in describe_bag(0.87, 200, networks)
    assert ", not more than the best" in describe_bag(0.86, 200, networks)
    assert describe_bag(0.87, 200, []).endswith("reaches 87.00\xa0%.")


def test_a_mean_and_a_spread_are_of_the_seeds() -> None:
    repeats = Repeats("a", (0.84, 0.86))
    assert (repeats.mean, repeats.spread) == (pytest.approx(0.85), pytest.approx(0.0141421356))
    assert Repeats("a", (0.84,)).spread is None


def test_the_figure_of_test_accuracies_has_each_seed_and_both_published_epochs() -> None:
    figure = plot_last([Repeats("a", (0.81, 0.82), (CURVES,), CURVES), Repeats("b", (0.83,))], {"bag": 0.87})
    found = {trace.name: [(round(x, 6), y) for x, y in zip(trace.x, trace.y, strict=True)] for trace in figure.data}
    assert found == {
        "here, each seed, last epoch": [(81, "a"), (82, "a"), (83, "b")],
        "published, last epoch": [(84, "a")],
        "published, best epoch": [(86, "a")],
        "no network": [(87, "bag")],
    }
    assert len({trace.marker.symbol for trace in figure.data}) == 4, "never colour alone"


def test_the_curves_are_each_seed_thin_under_the_published_one() -> None:
    figure = plot_repeats(Repeats("a", (0.84, 0.84), (CURVES, CURVES), CURVES), "accuracy")
    thin = [trace for trace in figure.data if trace.line.width == 1]
    assert [trace.name for trace in thin if trace.showlegend] == ["training, each seed", "validation, each seed"]
    assert len(thin) == 4
    assert [trace.name for trace in figure.data[-2:]] == ["training, published", "validation, published"]
    assert {trace.line.dash for trace in figure.data[-2:]} == {"dot", "dash"}
    low, high = find_span([Repeats("a", (), (CURVES,))], "accuracy")
    assert 70 < low < 80 < 90 < high < 100
    assert plot_repeats(Repeats("a", (), (CURVES,)), "accuracy", (low, high)).layout.yaxis.range == (low, high)
    assert not [trace for trace in plot_repeats(Repeats("a", (), (), CURVES), "loss").data if trace.line.width == 1]
