"""Marks of a person beside scores: over one text, over several, and as files."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.errors import SettingError
from attnviz.evidence.marking_study import LAST_WORDS, RANDOM, build_frame, mark_text, summarise, write_study
from attnviz.render.overlap_report import describe_overlap, render_overlaps
from attnviz.ui.components.marking_board import describe_marking
from attnviz.values.overlap import Overlap
from tests.unit.explained import explain

SCORES = [0.1, 0.6, 0.1, 0.2]


def both(text: str = "a good film indeed") -> list:
    return [explain(text, SCORES), explain(text, [-3.0, 0.5, 0.1, 2.0], method="gradient")]


def test_marks_are_laid_beside_every_method_and_the_baselines() -> None:
    found = mark_text(both(), [1, 1])
    assert list(found.overlaps) == ["attention", "gradient", LAST_WORDS, RANDOM]
    assert found.marked == (1,)
    assert [found.overlaps[name].precision for name in ("attention", "gradient", LAST_WORDS)] == [1, 0, 0]


@pytest.mark.parametrize(("places", "told"), [([4], "read 4 words"), ([], "at least one"), (range(4), "unmarked")])
def test_marks_that_say_nothing_are_refused(places: list[int], told: str) -> None:
    with pytest.raises(SettingError, match=told):
        mark_text(both(), places)


def test_a_study_is_the_mean_of_its_texts() -> None:
    study = [mark_text(both(), [1]), mark_text(both()[:1], [0])]
    means = summarise(study)
    assert (means["attention"][0].precision, means["attention"][1]) == (0.5, 2)
    assert means["gradient"][1] == 1


def test_the_table_has_no_text_and_the_json_has_all() -> None:
    study = [mark_text(both(), [1])]
    assert len(build_frame(study)) == 4
    assert "indeed" not in build_frame(study).to_csv()
    (entry,) = json.loads(write_study(study))
    assert (entry["text"], entry["marked_words"]) == ("a good film indeed", ["good"])
    assert entry["overlaps"]["attention"]["precision"] == 1


def test_no_score_goes_to_the_browser_before_the_marks_are_given() -> None:
    hidden = describe_marking(both(), None)
    assert hidden["maps"] == []
    assert {token[4] for token in hidden["text"]["tokens"]} == {0.0}
    shown = describe_marking(both(), (1,))
    assert [one["title"] for one in shown["maps"]] == ["Attention weights", "Gradient × input"]
    assert [token[4] for token in shown["maps"][0]["text"]["tokens"]] == pytest.approx(SCORES)


def test_the_sentence_counts_words() -> None:
    overlaps = {"attention": Overlap(2 / 3, 0.5, 0.5, 0.1), "random": Overlap(0.1, 0.1, 0.1, 0.0)}
    assert describe_overlap(overlaps, 3, "attention") == (
        "Of the 3 words that you marked, 2 are among the 3 with the highest scores (attention weights); by chance it "
        "would be 0.3."
    )


@given(st.text(max_size=20))
def test_a_table_escapes_what_it_is_given(name: str) -> None:
    table = render_overlaps({f"<b>{name}": Overlap(0.5, 0.5, 1 / 3, None)})
    assert "<b>" not in table
    assert "–" in table


def test_a_negative_tau_has_a_minus() -> None:
    assert "−0.50" in render_overlaps({"attention": replace(Overlap(0.5, 0.5, 0.3, 0.0), tau=-0.5)}, {"attention": 3})
