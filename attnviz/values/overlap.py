"""How far the highest scores of a text are the words that a person marked, as numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Overlap:
    """How far scores name marked words; 0 to 1 but for tau. Signs of scores are left aside.

    Attributes:
        precision: the share of marked words among the k highest, where k words are marked; as many are found, so it is
            recall and F1 as well. Of equal scores at the edge each counts its share.
        auprc: the area under the curve of precision over recall, for any number of highest words.
        iou: how many words are marked and among the k highest, over how many are one of both.
        tau: Kendall's tau-b of scores and marks, -1 to 1; None where all scores are equal. Marks know two sizes only,
            so that even the best order stays below 1.
    """

    precision: float
    auprc: float
    iou: float
    tau: float | None
