"""Training histories as figures."""

from __future__ import annotations

import pytest

from attnviz.languages import using_language
from attnviz.models.registry import get_spec
from attnviz.render.figures import plot_history
from attnviz.values.history import History

HISTORY = History({"loss": [0.7, 0.6, 0.5], "val_loss": [0.8, 0.7, 0.9], "val_accuracy": [0.5, 0.75, 0.6]})


@pytest.mark.parametrize(("measure", "title"), [("loss", "Loss"), ("accuracy", "Accuracy")])
def test_a_chart_is_titled_with_its_measure(measure: str, title: str) -> None:
    assert plot_history(HISTORY, measure).layout.title.text == title


def test_the_traces_hold_the_numbers_of_the_history() -> None:
    traces = {trace.name: trace for trace in plot_history(HISTORY, "loss").data}
    assert traces.keys() == {"training", "validation"}
    assert (list(traces["training"].x), list(traces["training"].y)) == ([1, 2, 3], [0.7, 0.6, 0.5])
    assert list(traces["validation"].y) == [0.8, 0.7, 0.9]


@pytest.mark.parametrize("measure", ["loss", "accuracy"])
def test_a_published_log_is_drawn_as_it_was_published(measure: str) -> None:
    curves = get_spec("luong").published.curves
    figure = plot_history(HISTORY, measure, published=curves)
    published = next(trace for trace in figure.data if trace.name == "published")
    factor = {"loss": 1, "accuracy": 100}[measure]
    assert list(published.y) == [factor * value for value in curves[f"val_{measure}"]]
    assert figure.layout.xaxis.range == (0.5, 10.5)


def test_a_published_best_is_a_line_where_no_log_is_known() -> None:
    figure = plot_history(HISTORY, "accuracy", published_best=0.8658)
    assert [shape.y0 for shape in figure.layout.shapes] == [pytest.approx(86.58)]
    assert figure.layout.annotations[0].text == "published best 86.58\xa0%"


def test_the_kept_epoch_is_marked_at_its_validation_value() -> None:
    figure = plot_history(HISTORY, "accuracy", selected_epoch=2)
    marker = next(trace for trace in figure.data if trace.name == "kept epoch")
    assert (list(marker.x), list(marker.y)) == ([2], [75])


def test_a_run_without_an_epoch_yet_has_an_empty_chart_as_long_as_the_run() -> None:
    figure = plot_history(History({}), "loss", epochs=6)
    assert (len(figure.data), figure.layout.xaxis.range) == (0, (0.5, 6.5))


def test_a_chart_writes_numbers_as_the_language_does() -> None:
    assert plot_history(HISTORY, "loss").layout.separators == ".,"
    with using_language("ru"):
        assert plot_history(HISTORY, "loss").layout.separators == ",\N{NO-BREAK SPACE}"
