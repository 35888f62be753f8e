"""A model that somebody brought against the same one as it ships, and methods of other libraries against occlusion.

`python -m benchmarks.compared_methods` measures only this and prints it in Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator

import attnviz
from attnviz.runs.loading import load
from attnviz.values.methods import METHODS
from benchmarks.measure import Row, compare, timed, to_markdown
from benchmarks.texts import draw_texts

NETWORK = "bilstm-additive"


def compare_wrapped() -> Iterator[Row]:
    """Raw text to probability and scores, both warm: the model is wrapped as if it were of no table."""
    shipped = load(NETWORK)
    vocabulary = shipped.classifier.reader.vocabulary
    index = {word: number for number, word in enumerate(vocabulary)}
    wrapped = attnviz.wrap(shipped.classifier.model, index, shipped.labels)
    (text,) = draw_texts([200], vocabulary)
    for explainer in (shipped, wrapped):
        explainer.warm_up()
    for method in ("attention", "gradient", "integrated_gradients", "occlusion"):
        yield compare(
            f"{NETWORK}, wrapped: {method} of a review of 200 words",
            timed(lambda method=method: wrapped.explain(text, method), repeat=5),
            "the same, as it ships",
            timed(lambda method=method: shipped.explain(text, method), repeat=5),
        )


def compare_methods() -> Iterator[Row]:
    """LIME and SHAP, where they are installed, against leaving out one word at a time."""
    explainer = load(NETWORK)
    for words in (50, 200):
        (text,) = draw_texts([words], explainer.classifier.reader.vocabulary)
        for method in (name for name in explainer.methods if not METHODS[name].live):
            yield compare(
                f"{NETWORK}: {method} of a review of {words} words",
                timed(lambda method=method, text=text: explainer.explain(text, method)),
                "leaving each word out",
                timed(lambda text=text: explainer.explain(text, "occlusion")),
                rounds=5,
            )


if __name__ == "__main__":
    print(to_markdown([*compare_wrapped(), *compare_methods()]))
