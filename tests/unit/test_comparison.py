"""Explanations side by side: ranks, disagreements, taus and matched words, worked by hand; and the sentences."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.errors import SettingError
from attnviz.explain.agreement import compare
from attnviz.render.comparison_report import compute_chance, describe_agreement, describe_change, render_agreement
from attnviz.render.highlighted import HighlightedText
from attnviz.text.words import split_words
from attnviz.ui.components.text_maps import SHOWN_UNREAD, describe_comparison, describe_texts
from attnviz.values.comparison import (
    Comparison,
    TextComparison,
    compare_texts,
    find_disagreements,
    find_moved,
    find_shared,
    rank_scores,
)
from attnviz.values.explanation import Explanation
from attnviz.values.plain import from_plain, to_plain
from attnviz.values.tokens import Token
from tests.made import explain_as


def explain(
    text: str, scores: Sequence[float], model: str = "luong", method: str = "gradient", probability: float = 0.9
) -> Explanation:
    """An explanation whose network read as many last words as there are scores."""
    words = split_words(text)
    tokens = [Token(word, start, end, 3, True) for word, start, end in words[len(words) - len(scores) :]]
    answer = probability if scores else None
    return explain_as(text, tokens, np.array(scores), answer, method, model, len(words) - len(scores))


def test_ranks_count_from_the_largest_size_and_ties_share_theirs() -> None:
    assert rank_scores(np.array([0.5, -3.0, 1.0, 0.5])).tolist() == [3.5, 1.0, 2.0, 3.5]
    assert rank_scores(np.array([])).tolist() == []


@given(st.lists(st.floats(-5, 5, width=32), min_size=1, max_size=30))
def test_ranks_always_sum_to_those_of_distinct_scores(scores: list[float]) -> None:
    ranks = rank_scores(np.array(scores))
    assert ranks.sum() == pytest.approx(len(scores) * (len(scores) + 1) / 2)
    assert 1 <= ranks.min() <= ranks.max() <= len(scores)


def test_words_are_matched_by_where_they_start_when_networks_read_different_numbers() -> None:
    text = "so so good so bad"
    assert find_shared([explain(text, [1, 2, 3, 4, 5]), explain(text, [1, 2, 3])]) == [[2, 3, 4], [0, 1, 2]]


def test_the_words_that_are_ranked_most_differently_come_first() -> None:
    text = "a b c d e"
    one, two = explain(text, [9, 5, 4, -3, 2, 1][1:]), explain(text, [1, 2, 3, 4], model="bilstm")
    # Both read b, c, d, e: ranks 1 2 3 4 in the first, 4 3 2 1 in the second.
    found = find_disagreements([one, two])
    assert [(word.token, word.start, word.place, word.ranks) for word in found] == [
        ("b", 2, 1, (1, 4)),
        ("e", 8, 4, (4, 1)),
        ("c", 4, 2, (2, 3)),
        ("d", 6, 3, (3, 2)),
    ]
    assert [word.spread for word in found] == pytest.approx([1, 1, 1 / 3, 1 / 3])
    assert len(find_disagreements([one, two], count=2)) == 2


@pytest.mark.parametrize("texts", [["great"], ["great", "great"], ["good film", "good film"]])
def test_where_nothing_can_differ_nothing_is_named(texts: list[str]) -> None:
    assert find_disagreements([explain(text, range(1, len(text.split()) + 1)) for text in texts]) == ()


def test_agreement_is_kendalls_tau_on_the_words_that_all_read() -> None:
    text = "x a b c"
    found = compare([explain(text, [7, 3, -2, 1]), explain(text, [1, 2, 3], model="b"), explain(text, [5, 5, 5])])
    assert found.shared == 3
    assert found.agreement == ((1.0, -1.0, None), (-1.0, 1.0, None), (None, None, None))
    assert to_plain(from_plain(Comparison, json.loads(json.dumps(to_plain(found))))) == to_plain(found)


@pytest.mark.parametrize("explanations", [[], [explain("a", [1]), explain("b", [1])]])
def test_only_explanations_of_one_text_are_compared(explanations: list[Explanation]) -> None:
    with pytest.raises(SettingError, match="one and the same text, and at least one"):
        compare(explanations)


def test_two_texts_are_matched_word_by_word() -> None:
    first = explain("The film was GREAT, really", [0.1, 0.2, 0.3, 0.4, 0.5])
    second = explain("the film was not that great really", [0.1, 0.5, 0.3, 9, 9, 0.1, 0.5])
    found = compare_texts(first, second)
    assert found.matches == ((0, 0), (1, 1), (2, 2), (3, 5), (4, 6))
    assert found.changed == ((), (3, 4))
    assert find_moved(found) == [(1, 1, pytest.approx(0.3)), (3, 5, pytest.approx(-0.3))]
    again = from_plain(TextComparison, json.loads(json.dumps(to_plain(found))))
    assert (again.matches, again.changed, to_plain(again)) == (found.matches, found.changed, to_plain(found))


def test_a_word_that_was_pushed_out_of_what_is_read_is_no_change() -> None:
    # Of both texts the last three words are read; the new one pushes "b" out, which the other text read.
    found = compare_texts(explain("a b c d", [1, 2, 3]), explain("a b c new d", [1, 2, 3]))
    assert found.changed == ((), (1,))
    assert found.matches == ((1, 0), (2, 2))
    dropped = compare_texts(explain("b c d", [1, 2, 3]), explain("c d", [1, 2]))
    assert dropped.changed == ((0,), ()), "the second text was read from its start: the word is gone"


def test_two_texts_of_different_networks_are_refused() -> None:
    with pytest.raises(SettingError, match="one network and one method"):
        compare_texts(explain("a", [1]), explain("a", [1], model="bilstm"))


@given(*[st.lists(st.sampled_from("abc"), max_size=8).map(" ".join)] * 2)
def test_every_word_is_matched_or_changed_and_never_both(one: str, two: str) -> None:
    first, second = (explain(text, range(len(text.split()))) for text in (one, two))
    found = compare_texts(first, second)
    for side, explanation in enumerate((first, second)):
        matched = [pair[side] for pair in found.matches]
        assert sorted([*matched, *found.changed[side]]) == list(range(len(explanation.tokens)))
    assert all(first.tokens[a].text == second.tokens[b].text for a, b in found.matches)


def test_the_sentence_names_the_maps_that_agree_most_and_least() -> None:
    maps = [explain("a b", [1, 2], model=model) for model in ("one", "two", "three")]
    agreement = ((1.0, 0.5, -0.25), (0.5, 1.0, None), (-0.25, None, 1.0))
    assert describe_agreement(maps, 2, agreement) == (
        "On the order of the 2 words that all maps read, they agree with **τ = 0.12** on average. "
        "Most alike: ‘one, gradient × input’ and ‘two, gradient × input’ (0.50). "
        "Least alike: ‘one, gradient × input’ and ‘three, gradient × input’ (−0.25)."
    )
    assert describe_agreement(maps[:2], 2, agreement).endswith("they agree with **τ = 0.50**.")


@pytest.mark.parametrize(
    ("count", "shared", "tau", "said"),
    [
        (1, 9, 1.0, "This is a single map"),
        (2, 1, None, "fewer than two words in common"),
        (2, 9, None, "all equal"),
    ],
)
def test_where_no_order_can_be_compared_the_sentence_says_why(
    count: int, shared: int, tau: float | None, said: str
) -> None:
    assert said in describe_agreement([explain("a", [1])] * count, shared, [[tau] * count] * count)
    assert render_agreement([explain("a", [1])] * count, shared, [[tau] * count] * count) == ""


def test_the_table_leaves_out_a_map_without_an_order() -> None:
    maps = [explain("a b", [1, 2], model=model) for model in ("one", "even", "two")]
    table = render_agreement(maps, 10, ((1.0, None, 0.25), (None, None, None), (0.25, None, 1.0)))
    assert "2  two, gradient" in table
    assert "even" not in table
    assert table.count("0.250</td>") == 2
    assert "Two random orders of 10 words get 0 ± 0.25" in table


def test_chance_of_two_words_is_one_order_or_the_other() -> None:
    assert compute_chance(2) == 1, "the tau of two words is 1 or -1"
    # Of the 6 orders of three words 1, 2, 2, 1 have a tau of 1, 1/3, -1/3, -1.
    assert compute_chance(3) == pytest.approx(((2 * 1 + 4 / 9) / 6) ** 0.5)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (0.9, 0.25, "positive **falls from 0.900 to 0.250, by 0.650**: the answer turns from positive to negative."),
        (0.6, 0.75, "positive **rises from 0.600 to 0.750, by 0.150**; the answer stays positive."),
        (0.1, 0.1002, "positive **stays at 0.100**; the answer stays negative."),
    ],
)
def test_the_change_of_the_answer_is_said(before: float, after: float, said: str) -> None:
    first, second = explain("a b", [1, 2], probability=before), explain("a c d", [1, 2, 3], probability=after)
    sentence = describe_change(first, second, compare_texts(first, second).changed)
    assert said in sentence
    assert sentence.endswith("1 word of the first text and 2 words of the second.")


def test_without_words_or_changes_there_is_no_change_to_tell() -> None:
    some, none = explain("a", [1]), explain("?!", [])
    assert "second text has no word" in describe_change(some, none, ((0,), ()))
    assert "first text has no word" in describe_change(none, none, ((), ()))
    assert "have the same words" in describe_change(some, some, ((), ()))


def text_of(cell: dict) -> str:
    return from_plain(HighlightedText, cell["text"]).join()


@given(st.text(max_size=60))
def test_what_the_maps_show_is_exactly_the_text(text: str) -> None:
    count = len(split_words(text))
    one, two = explain(text, [0.5] * count), explain(text, [0.25] * (count // 2), model="bilstm")
    shown = json.loads(json.dumps(describe_comparison(compare([two, one]), ["bilstm", "luong"], ["gradient"])))
    assert [text_of(cell) for cell in shown["cells"]] == [text, text]
    assert [len(cell["ranks"]) for cell in shown["cells"]] == [count // 2, count]
    for cell in shown["cells"]:
        assert cell["groups"] == [word[2] for word in cell["text"]["tokens"]]
    pair = describe_texts(compare_texts(one, one))
    assert [text_of(cell) for cell in pair["cells"]] == [text, text]
    assert pair["cells"][0]["groups"] == pair["cells"][1]["groups"]


def test_a_network_without_attention_has_a_cell_that_says_so() -> None:
    found = compare([explain("a b", [0.5, 0.5], method="attention"), explain("a b", [1, 2], model="bilstm")])
    shown = describe_comparison(found, ["luong", "bilstm"], ["attention"])
    assert [cell.get("empty") for cell in shown["cells"]] == [
        None,
        "bilstm has no attention, so it has no weights to show.",
    ]


def test_of_a_long_unread_start_only_the_end_is_shown() -> None:
    found = compare([explain("word " * 5000 + "end", [1.0])])
    head = describe_comparison(found, ["luong"], ["gradient"])["cells"][0]["text"]["head"]
    assert head.startswith("… word word")
    assert SHOWN_UNREAD - 10 < len(head) < SHOWN_UNREAD + 10


def test_what_only_one_network_read_is_shown_as_unread_in_the_map_of_the_other() -> None:
    text = "word " * 1000 + "seen by one " * 200 + "seen by both"
    one, two = explain(text, range(1, 604)), explain(text, [1, 2, 3], model="bilstm")
    cells = describe_comparison(compare([one, two]), ["luong", "bilstm"], ["gradient"])["cells"]
    heads = [cell["text"]["head"] for cell in cells]
    assert heads[1] == heads[0] + "seen by one " * 200


def test_changed_words_are_framed_and_matched_words_share_a_group() -> None:
    shown = describe_texts(compare_texts(explain("a b c", [1, 2, 3]), explain("a x c", [1, 2, 3.5])))
    groups = [cell["groups"] for cell in shown["cells"]]
    assert groups[0][0] == groups[1][0]
    assert groups[0][2] == groups[1][2]
    assert len({*groups[0], *groups[1]}) == 4
    assert shown["outlined"] == [groups[0][1], groups[1][1]]
    assert [(item["word"], item["detail"]) for item in shown["items"]] == [("c", "+0.5000: from +3.0000 to +3.5000")]
