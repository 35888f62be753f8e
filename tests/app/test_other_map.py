"""The part 'The other map' for networks in which no other map is looked for."""

from __future__ import annotations

from dataclasses import replace

from streamlit.testing.v1 import AppTest

from attnviz.ui.reviews.adversarial_tab import NO_ATTENTION, OTHER_METHOD, SEVERAL_LAYERS
from attnviz.values.explanation import Explanation
from attnviz.values.found_attention import FoundAttention
from attnviz.values.model_card import ModelCard
from tests.unit.explained import explain

FOUND = FoundAttention("att", "att", "MultiHeadAttention", ("heads", "queries", "tokens"), 2, 0.9, True)
CARD = ModelCard("mine", "mine", "", "yours", ("bad", "good"), None, ("attention", "gradient"), attention=(FOUND,))


def said(answer: Explanation, card: ModelCard) -> list[str]:
    def show(answer, card):  # type: ignore[no-untyped-def]  # Streamlit runs its text, in which no types are known
        from attnviz.ui.reviews.adversarial_tab import show_adversarial

        show_adversarial(answer, card)

    page = AppTest.from_function(show, kwargs={"answer": answer, "card": card}).run()
    assert not page.exception
    return [words.value for words in page.markdown]


def test_why_there_is_no_other_map_is_told_without_asking_the_engine() -> None:
    answer = explain("good film")
    assert said(answer, replace(CARD, attention=(FOUND, replace(FOUND, name="att_1")))) == [SEVERAL_LAYERS]
    assert said(answer, replace(CARD, methods=("gradient",), attention=())) == [NO_ATTENTION]
    assert said(explain("good film", method="gradient"), CARD) == [OTHER_METHOD]
