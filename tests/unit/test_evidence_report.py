"""What is said of many texts, against the numbers behind it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.evidence.corpus_methods import CORPUS_METHODS
from attnviz.evidence.network_summary import SHIPPED, read_shipped
from attnviz.render.evidence_figures import Interval, plot_agreement, plot_need, plot_words
from attnviz.render.evidence_report import CLEAR, LARGE, describe_need, get_need, make_agreement, make_points
from attnviz.render.measure_names import NAMED
from attnviz.values.corpus_measures import NetworkSummary, Row, WordUse


def summary(*rows: Row, words: tuple[WordUse, ...] = ()) -> NetworkSummary:
    return NetworkSummary("net", ("negative", "positive"), {}, rows, (), words, len(words), ())


def row(measure: str, of: str, value: float, low: float | None = None, high: float | None = None) -> Row:
    return Row("weights", measure, of, value, value if low is None else low, value if high is None else high, 500)


shares = st.floats(0, 1)


@given(shares, st.floats(-0.5, 0.5), st.floats(0, 0.3))
def test_the_sentence_says_no_more_than_the_interval(own: float, lost: float, half: float) -> None:
    said = describe_need(
        summary(row("accuracy", "", own), row("accuracy lost", "even weights", lost, lost - half, lost + half))
    )
    low = lost - half
    kinds = {
        "**net needs its attention where it is.**": low > LARGE,
        "loses a little": CLEAR < low <= LARGE,
        "hardly needs": 0 < low <= CLEAR,
        "not shown": low <= 0,
    }
    assert {words for words in kinds if words in said} == {words for words, holds in kinds.items() if holds}
    assert "500 answers" in said


def test_nothing_is_said_of_a_network_whose_weights_were_not_replaced() -> None:
    assert describe_need(summary(row("accuracy", "", 0.9))) == ""
    assert list(get_need(summary(row("accuracy", "", 0.9)))) == ["own"]


def test_every_replacement_that_was_measured_is_drawn_with_a_mark_of_its_own() -> None:
    names = ("", "even weights", "shuffled weights", "another text's weights")
    need = get_need(summary(*(row("accuracy", of, 0.5, 0.4, 0.7) for of in names)))
    figure = plot_need({"net": need})
    assert need["even"] == Interval(0.5, 0.4, 0.7)
    assert [list(trace.x) for trace in figure.data] == [[50]] * 4
    assert len({trace.marker.symbol for trace in figure.data}) == 4, "not by colour alone"
    assert figure.data[1].error_x.array[0] == pytest.approx(20)
    assert figure.data[1].error_x.arrayminus[0] == pytest.approx(10)


def test_the_effect_of_a_word_is_toward_the_second_of_two_labels() -> None:
    words = (WordUse("dull", 0, 30, 2.0, 0.4), WordUse("dull", 1, 10, 4.0, -0.2), WordUse("the", 1, 50, 1.0, 0.0))
    points = {point.word: point for point in make_points(words, 2)}
    assert points["dull"].effect == pytest.approx((-0.4 * 30 - 0.2 * 10) / 40)
    assert points["dull"].attention == pytest.approx((2.0 * 30 + 4.0 * 10) / 40)
    (dull, _) = sorted(make_points(words, 2, label=1), key=lambda point: point.word)
    assert (dull.count, dull.effect) == (10, -0.2)
    assert make_points(words, 4)[1].effect == pytest.approx((0.4 * 30 - 0.2 * 10) / 40), "of four: toward the answer"


def test_a_word_without_attention_or_effect_has_no_dot() -> None:
    assert make_points([WordUse("film", 1, 30, None, 0.1), WordUse("plot", 1, 30, 1.0, None)], 2) == []


def test_the_chosen_word_is_named_and_each_side_has_a_mark_of_its_own() -> None:
    uses = [WordUse(f"word{number}", 1, 30, 1.0, number / 100) for number in range(-20, 20)]
    figure = plot_words(make_points(uses, 2), ("negative", "positive"), chosen="word-1")
    assert len({trace.marker.symbol for trace in figure.data}) == 2
    named = [text for trace in figure.data for text in trace.text if text]
    assert "word-1" in named
    assert "word19" in named
    assert len(named) == 13


def test_agreement_is_symmetric_and_blank_where_it_was_not_measured() -> None:
    rows = [
        Row("agreement", "tau", of, value, value, value, 9)
        for of, value in (("attention, gradient", 0.3), ("gradient, occlusion", -0.1))
    ]
    names, taus, counts = make_agreement(rows)
    assert names == ["Attention weights", "Gradient × input", "Leave a word out"]
    assert counts == [[9, 9, 0], [9, 9, 9], [0, 9, 9]]
    assert taus == [[1.0, 0.3, None], [0.3, 1.0, -0.1], [None, -0.1, 1.0]]
    assert list(plot_agreement(names, taus, counts).data[0].text[2]) == ["", "−0.10", "1.00"]


def test_every_name_in_the_table_of_measures_can_be_said_in_another_language() -> None:
    rows = [row for file in SHIPPED.glob("*.json") for row in read_shipped(file.stem).rows]  # type: ignore[union-attr]
    of = {row.of for row in rows if row.section != "agreement"}  # that is between two methods, which keep their names
    said = of | {row.measure for row in rows} | {row.statistic for row in rows}
    assert {"accuracy", "random", "even weights", "median"} <= said
    assert said - NAMED - set(CORPUS_METHODS) == {"", "F1"}
