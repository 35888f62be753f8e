"""What is lost when a network's weights are rounded to float16, which halves its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from attnviz.runs.checkpoint import Checkpoint

if TYPE_CHECKING:
    from attnviz.explain.explainer import Explainer
    from attnviz.values.arrays import FloatArray


def measure_float16(checkpoint: Checkpoint) -> float:
    """The largest difference in a probability or an attention weight on the examples of a checkpoint; 0 without any.

    It loads the network, with TensorFlow.
    """
    from attnviz.runs.loading import build_classifier, load_explainer, load_model

    model = load_model(checkpoint)
    model.set_weights([weight.astype(np.float16).astype(np.float32) for weight in model.get_weights()])
    rounded = build_classifier(model, checkpoint.vocabulary, checkpoint.spec, checkpoint.name)
    texts = sorted({example.text for example in checkpoint.examples})
    exact = load_explainer(checkpoint)
    pairs = zip(_read(exact, texts), _read(type(exact)(rounded), texts), strict=True)
    return max((float(np.abs(one - other).max()) for one, other in pairs), default=0.0)


def _read(explainer: Explainer, texts: list[str]) -> list[FloatArray]:
    """The probabilities of each text, and its attention weights where there are some."""
    probabilities = [np.asarray(row) for row in explainer.predict_texts(texts)] if texts else []
    if "attention" not in explainer.methods:
        return probabilities
    return [*probabilities, *(explanation.scores for explanation in explainer.explain_batch(texts))]
