"""What can be asked of the engine: one frozen dataclass an operation, shared by the page and the engine.

An operation declares what it needs as fields and the type of its answer as the type in brackets; LANES says where it
is worked on. Its name on the wire is that of its class. A new operation is a class here, a place in LANES, and a
function in operations.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar, cast, get_args

from msgspec import Meta

from attnviz.lab.lab_results import LabInspection, LabRepeats, LabResult
from attnviz.lab.own_table import OwnTable
from attnviz.lab.tasks import TaskSettings
from attnviz.runs.own_record import OwnModelSettings
from attnviz.values.adversarial_attention import AdversarialAttention
from attnviz.values.attention import Reduction
from attnviz.values.attention_sketch import AttentionRows, AttentionSketch
from attnviz.values.comparison import Comparison, TextComparison
from attnviz.values.cost import Cost
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import ErasureCurve, Faithfulness
from attnviz.values.layer_row import LayerRow
from attnviz.values.model_card import ModelCard
from attnviz.values.packed_array import Span
from attnviz.values.plain import from_plain, to_plain
from attnviz.values.prediction import Prediction
from attnviz.values.reading_curve import ReadingCurve
from attnviz.values.trace import FollowedWord

Result = TypeVar("Result")


class Operation(Generic[Result]):
    """Something that can be asked; its answer is a Result."""

    __slots__ = ()

    @property
    def networks(self) -> tuple[str, ...]:
        """The names of the networks that it needs, each once for every place where it is used."""
        return ()

    def write_result(self, result: Result) -> Any:
        """The answer as plain data."""
        return to_plain(result)

    def read_result(self, data: Any) -> Result:
        """The inverse of `write_result`, also after a journey as JSON.

        Raises:
            SettingError: the data are no such answer.
        """
        (kind,) = get_args(type(self).__orig_bases__[0])  # type: ignore[attr-defined]  # what the class wrote in brackets
        return cast("Result", from_plain(kind, data, f"answer to {type(self).__name__}"))


@dataclass(frozen=True, slots=True)
class _OfNetwork(Operation[Result]):
    """An operation of one network of the library."""

    model: str

    @property
    def networks(self) -> tuple[str, ...]:
        return (self.model,)


@dataclass(frozen=True, slots=True)
class Explain(_OfNetwork[Explanation]):
    """What the network says of the text, and what the method finds behind it.

    `target` is, here and below, the label that is explained, an index; None is the classifier's default.
    """

    text: str
    method: str
    target: int | None = None


@dataclass(frozen=True, slots=True)
class SketchAttention(_OfNetwork[AttentionSketch]):
    """All attention maps of the text at a glance."""

    text: str


@dataclass(frozen=True, slots=True)
class ReadAttentionRows(_OfNetwork[tuple[AttentionRows, ...]]):
    """Of maps of the text what is looked at, one answer for each of `asked`; `rows` and `tokens` are parts of a map."""

    text: str
    asked: tuple[Reduction, ...] = (Reduction(),)
    rows: Span | None = None
    tokens: Span | None = None


@dataclass(frozen=True, slots=True)
class Trace(_OfNetwork[FollowedWord | None]):
    """Every number on the way of a text through the network, with one word followed; None for a text without words.

    `word` is where it starts in the text, `feature` which feature's or head's softmax is shown; None leaves both to
    `follow_word` or `follow_query`.
    """

    text: str
    temperature: float
    word: int | None = None
    feature: int | None = None
    target: int | None = None


@dataclass(frozen=True, slots=True)
class DescribeLayers(_OfNetwork[tuple[LayerRow, ...]]):
    """The layers of the network."""


@dataclass(frozen=True, slots=True)
class MeasureFaithfulness(_OfNetwork[Faithfulness]):
    """How far the scores of `Explain` can be trusted."""

    text: str
    method: str
    target: int | None = None


@dataclass(frozen=True, slots=True)
class MeasureErasure(_OfNetwork[ErasureCurve]):
    """What becomes of the answer while the words of the highest scores are taken away."""

    text: str
    method: str
    target: int | None = None


@dataclass(frozen=True, slots=True)
class MeasureReadingCurve(_OfNetwork[ReadingCurve]):
    """The probability after each beginning of the text."""

    text: str
    target: int | None = None


@dataclass(frozen=True, slots=True)
class FindAdversarialAttention(_OfNetwork[AdversarialAttention]):
    """Attention weights as different as possible that give the same answer."""

    text: str
    target: int | None = None


@dataclass(frozen=True, slots=True)
class _OfNetworks(Operation[Result]):
    """The text explained by each network with each of the methods that it offers."""

    models: tuple[str, ...]
    methods: tuple[str, ...]
    text: str

    @property
    def networks(self) -> tuple[str, ...]:
        return self.models


@dataclass(frozen=True, slots=True)
class Compare(_OfNetworks[Comparison]):
    """The explanations side by side."""

    def write_result(self, result: Comparison) -> Any:
        """Plain data in which the text stands once: it may be long, and there may be many explanations of it."""
        data = to_plain(result)
        for explanation in data["explanations"][1:]:
            del explanation["text"]
        return data

    def read_result(self, data: Any) -> Comparison:
        """The inverse of `write_result`."""
        first, *others = from_plain(_Explanations, data, "answer to Compare").explanations
        rows = [first, *({**one, "text": first.get("text")} for one in others)]
        return Operation.read_result(self, {**data, "explanations": rows})


@dataclass(frozen=True, slots=True)
class _Explanations:
    """Those of a comparison, as they are written."""

    explanations: Annotated[list[dict[str, Any]], Meta(min_length=1)]


@dataclass(frozen=True, slots=True)
class EstimateCost(_OfNetworks[Cost]):
    """How long that would take."""


@dataclass(frozen=True, slots=True)
class CompareTexts(_OfNetwork[TextComparison]):
    """Two texts explained by one network, both for the label of the first."""

    method: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class PredictReviews(_OfNetwork[tuple[Prediction, ...]]):
    """What the network says of many texts; typed texts go first."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExplainReviews(_OfNetwork[tuple[Explanation, ...]]):
    """Many texts explained; typed texts go first."""

    texts: tuple[str, ...]
    method: str


@dataclass(frozen=True, slots=True)
class TrainTask(Operation[LabResult]):
    """A run of the Column lab; here and below, `table` is what the task 'table' reads."""

    settings: TaskSettings
    table: OwnTable | None = None


@dataclass(frozen=True, slots=True)
class RepeatTask(Operation[LabRepeats]):
    """The same task with other seeds."""

    settings: TaskSettings
    seeds: Annotated[tuple[int, ...], Meta(min_length=1, max_length=100)]
    table: OwnTable | None = None


@dataclass(frozen=True, slots=True)
class InspectTask(Operation[LabInspection]):
    """What happens inside the network of a run for one validation sample, counted from 0."""

    settings: TaskSettings
    sample: int
    table: OwnTable | None = None


@dataclass(frozen=True, slots=True)
class ExamineModel(Operation[ModelCard]):
    """What is found in a model that somebody brought, read in a process of its own; that process keeps it.

    `folder` is the path of a folder that `stage_model` or `keep_model` made. Afterwards the folder's name is the name
    of the model in the other operations.
    """

    folder: str
    own_settings: OwnModelSettings


LANES: Mapping[str, tuple[type[Operation[Any]], ...]] = {
    "typed": (Explain, SketchAttention, ReadAttentionRows, Trace, DescribeLayers),
    "measure": (
        MeasureFaithfulness,
        MeasureErasure,
        MeasureReadingCurve,
        FindAdversarialAttention,
        EstimateCost,
        Compare,
        CompareTexts,
    ),
    "bulk": (PredictReviews, ExplainReviews),
    "train": (TrainTask, RepeatTask, InspectTask),
    "examine": (ExamineModel,),
}
"""Every operation, by the lane in which it is worked on: in a lane one at a time, the lanes beside each other."""

OPERATIONS = {kind.__name__: kind for kinds in LANES.values() for kind in kinds}
"""Every operation by its name on the wire."""
