"""How different attention can be with nearly the same answer, by how far the answer may move."""

from __future__ import annotations

import numpy as np

from attnviz.evidence.attention_batches import find_obstacle
from attnviz.evidence.part_reading import Columns, PartReading
from attnviz.explain.adversarial import find_adversarial_attention
from attnviz.explain.explainer import Explainer

BOUNDS = (0.05, 0.01)
"""The code of Jain & Wallace 2019 lets the probability move by 0.05; the second is attnviz' own."""


def measure_adversarial(reading: PartReading, explainer: Explainer) -> Columns:
    """The largest Jensen-Shannon divergence that is found for each bound, of the texts chosen for it."""
    chosen = reading.places[reading.part.attacked[reading.places]]
    if find_obstacle(reading.classifier) or not len(chosen):
        return
    explanations = explainer.explain_batch([reading.part.texts[place] for place in chosen])
    for bound in BOUNDS:
        found = [find_adversarial_attention(reading.classifier, one, bound).divergence for one in explanations]
        numbers = np.array(found, dtype=np.float64)  # None becomes NaN
        yield f"divergence, {bound}", reading.spread(numbers, reading.part.attacked)
