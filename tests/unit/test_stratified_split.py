"""The part of a data set that is drawn for testing."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from attnviz.data.stratified_split import draw_part

TEXTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30)), min_size=1, max_size=80)


@given(TEXTS, st.floats(0.05, 0.6), st.integers(0, 99))
def test_copies_stay_together_and_each_class_is_on_both_sides(texts: list[tuple[int, int]], share, seed) -> None:
    labels, groups = (np.array(column) for column in zip(*texts, strict=True))
    drawn = draw_part(labels, groups, share, np.random.default_rng(seed))
    firsts = np.unique(groups, return_index=True)[1]
    for group in np.unique(groups):
        assert len(set(drawn[groups == group].tolist())) == 1
    for label in np.unique(labels[firsts]):
        members = drawn[firsts][labels[firsts] == label]
        assert members.any()
        assert len(members) == 1 or not members.all()


def test_the_share_is_that_of_each_class_and_the_seed_decides() -> None:
    labels, groups = np.repeat([0, 1, 2], [500, 300, 50]), np.arange(850)
    drawn = draw_part(labels, groups, 0.2, np.random.default_rng(1))
    assert [int(drawn[labels == label].sum()) for label in range(3)] == [100, 60, 10]
    assert (drawn == draw_part(labels, groups, 0.2, np.random.default_rng(1))).all()
    assert (drawn != draw_part(labels, groups, 0.2, np.random.default_rng(2))).any()
