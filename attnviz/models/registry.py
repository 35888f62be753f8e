"""The table of networks: sizes, published results and training recipes. It needs no TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from attnviz.errors import UnknownNameError
from attnviz.languages import mark
from attnviz.models import published_logs
from attnviz.text.reading_units import Unit
from attnviz.values.methods import list_methods
from attnviz.values.prediction import SENTIMENT, STARS, Answer


@dataclass(frozen=True, slots=True)
class Published:
    """What the published run of a network reported; fractions, not per cent.

    Attributes:
        source: where the network and the figures come from.
        protocol: how they were measured, in words; '' if nothing was.
        epochs: how long the published run was; 0 if none was published.
        accuracy: best test (or validation) accuracy, if a figure was published.
        final_accuracy: that of the last epoch, if published.
        loss: last validation loss, if published.
        curves: per-epoch columns named as in a History, where a log was published.
        attention: mean attention weights, where published.
    """

    source: str
    protocol: str = ""
    epochs: int = 0
    accuracy: float | None = None
    final_accuracy: float | None = None
    loss: float | None = None
    curves: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    attention: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipe:
    """How attnviz trains a network; nothing here changes the number of parameters.

    Attributes:
        epochs, batch_size: as in Keras.
        learning_rate: of Adam, at the start.
        cosine: whether it falls to 0 along a cosine over the run; or else it stays.
        word_dropout: share of whole word vectors set to 0 in training (Dropout with noise shape (batch, steps, 1)).
        averaging: length, in epochs, of the moving average of the weights that is evaluated and kept; 0 for none.
    """

    epochs: int
    batch_size: int
    learning_rate: float = 1e-3
    word_dropout: float = 0.0
    averaging: float = 0.0
    cosine: bool = True


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A network of the table.

    Attributes:
        name, title, summary: what to call it, in one word, a few and a sentence; the last two are marked for `tr`.
        task: 'reviews' or 'column'.
        parameters: the number of trainable parameters, the published one where the network was published.
        steps: how many words it reads; 0 if it reads no text.
        vocabulary_size: number of word ids, the three special ones included; 0 if it reads no text.
        labels: (k,) the names of the classes. Two are one sigmoid output, the probability of the second; more are a
            softmax with one output each.
        target: the label that is explained if nobody says which, an index; None for the predicted one.
        attention_layer: the layer whose activation are the attention weights; None if it has none.
        attention_axes: what the axes of that activation after the batch are: 'tokens', and 'features', 'heads',
            'queries' where there are such.
        attention_kind, attention_maps: the class of that layer, and how many heads or features it has.
        published, recipe: the published run and how attnviz trains.
        answer: which answer of a text it learns.
        unit: what it reads one by one, see text/reading_units.py.
        data: the data set of somebody's own that it learned; '' for the reviews.
    """

    name: str
    title: str
    summary: str
    task: str
    parameters: int
    published: Published
    recipe: Recipe
    steps: int = 0
    vocabulary_size: int = 0
    labels: tuple[str, ...] = SENTIMENT
    target: int | None = 1
    attention_layer: str | None = "attention_weights"
    attention_axes: tuple[str, ...] = ("tokens",)
    attention_kind: str = "AdditiveAttention"
    attention_maps: int = 1
    answer: Answer = "sentiment"
    unit: Unit = "words"
    data: str = ""

    @property
    def methods(self) -> tuple[str, ...]:
        """The explanation methods that this network offers, the best known first."""
        if self.task != "reviews":
            return ()
        return list_methods(attention=self.attention_layer is not None)


_TUTORIAL_PROTOCOL = mark("test set read after every epoch")

_SPECS = (
    ModelSpec(
        name="word-additive",
        title=mark("Word vectors + additive attention"),
        summary=mark("Each word is scored by itself, without its neighbours, so a weight is the word's own."),
        task="reviews",
        parameters=640_629,
        steps=500,
        vocabulary_size=10_000,
        published=Published(
            source=mark(
                "the additive attention of the BiLSTM with attention tutorial, without its BiLSTM; no run published"
            )
        ),
        recipe=Recipe(epochs=6, batch_size=128, learning_rate=3e-3, word_dropout=0.5, averaging=0.3),
    ),
    ModelSpec(
        name="lstm-dot",
        attention_kind="DotProductAttention",
        title=mark("LSTM + scaled dot-product attention"),
        summary=mark("The last hidden state is the query, each word's hidden state a key, as in a transformer's head."),
        task="reviews",
        parameters=1_337_665,
        steps=200,
        vocabulary_size=10_000,
        published=Published(source=mark("follows a description of scaled dot-product attention; no run published")),
        recipe=Recipe(epochs=5, batch_size=128, learning_rate=3e-3, word_dropout=0.5, averaging=0.3),
    ),
    ModelSpec(
        name="luong",
        attention_kind="LuongAttention",
        title=mark("LSTM + Luong attention"),
        summary=mark("The last hidden state asks each word's hidden state how much it matters (a bilinear score)."),
        task="reviews",
        parameters=248_929,
        steps=500,
        vocabulary_size=5_000,
        published=Published(
            source=mark("keras-attention-mechanism, examples/imdb.py (a user's log of one run of 10 epochs)"),
            protocol=_TUTORIAL_PROTOCOL,
            epochs=10,
            accuracy=0.8856,
            final_accuracy=0.8767,
            loss=0.3788,
            curves=published_logs.LUONG,
        ),
        recipe=Recipe(epochs=4, batch_size=64, learning_rate=3e-3, word_dropout=0.5, averaging=0.3),
    ),
    ModelSpec(
        name="bilstm",
        title=mark("BiLSTM, no attention"),
        summary=mark("Reads the text in both directions and decides from the two last states; there is no attention."),
        task="reviews",
        parameters=1_378_945,
        steps=200,
        vocabulary_size=10_000,
        attention_layer=None,
        published=Published(
            source=mark("bidirectional LSTM tutorial, 12 epochs"),
            protocol=_TUTORIAL_PROTOCOL,
            epochs=12,
            accuracy=0.8658,
            final_accuracy=0.8408,
            loss=0.5172,
            curves=published_logs.BILSTM,
        ),
        recipe=Recipe(epochs=4, batch_size=128, learning_rate=1e-3, word_dropout=0.5, averaging=0.3),
    ),
    ModelSpec(
        name="bilstm-additive",
        title=mark("BiLSTM + additive attention"),
        summary=mark(
            "Each word's hidden state is scored by itself, with one weight vector and a bias for each position."
        ),
        task="reviews",
        parameters=1_379_273,
        steps=200,
        vocabulary_size=10_000,
        published=Published(
            source=mark("BiLSTM with attention tutorial, 12 epochs"),
            protocol=_TUTORIAL_PROTOCOL,
            epochs=12,
            accuracy=0.8695,
            final_accuracy=0.8376,
            loss=0.7019,
            curves=published_logs.BILSTM_ADDITIVE,
        ),
        recipe=Recipe(epochs=4, batch_size=128, learning_rate=3e-3, word_dropout=0.5, averaging=0.3),
    ),
    ModelSpec(
        name="lstm-featurewise",
        attention_axes=("tokens", "features"),
        attention_kind="FeaturewiseAttention",
        attention_maps=64,
        title=mark("LSTM + feature-wise attention"),
        summary=mark("Every one of the 64 features has attention weights of its own; the picture shows their mean."),
        task="reviews",
        parameters=1_333_633,
        steps=200,
        vocabulary_size=10_000,
        published=Published(
            source=mark("LSTM with attention tutorial, batches of 32; published as code without figures"),
            protocol=mark("20\xa0% of the training reviews held out"),
            epochs=5,
        ),
        recipe=Recipe(epochs=4, batch_size=128, learning_rate=3e-3, word_dropout=0.5, averaging=0.3),
    ),
    ModelSpec(
        name="transformer",
        title=mark("Transformer block, 2 heads"),
        summary=mark(
            "Every word asks every word how much it matters, in two heads; the answer is read off the mean word."
        ),
        task="reviews",
        parameters=657_737,
        steps=200,
        vocabulary_size=20_000,
        attention_axes=("heads", "queries", "tokens"),
        attention_kind="MultiHeadWeights",
        attention_maps=2,
        published=Published(
            source=mark(
                "Apoorv Nandan, https://keras.io/examples/nlp/text_classification_with_transformer/ (two outputs, "
                "padding read like words)"
            ),
            protocol=_TUTORIAL_PROTOCOL,
            epochs=2,
            accuracy=0.8745,
            final_accuracy=0.8745,
            loss=0.2977,
            curves=published_logs.TRANSFORMER,
        ),
        recipe=Recipe(epochs=5, batch_size=64, learning_rate=1e-3, word_dropout=0.5, averaging=0.3),
    ),
    ModelSpec(
        name="stars",
        title=mark("Stars in four bands"),
        summary=mark("Word vectors with additive attention, as in word-additive; four answers instead of two."),
        task="reviews",
        parameters=160_664,
        steps=500,
        vocabulary_size=5_000,
        published=Published(source=mark("made for attnviz; nothing published")),
        recipe=Recipe(epochs=6, batch_size=128, learning_rate=3e-3, word_dropout=0.5, averaging=0.3),
        answer="stars",
        labels=STARS,
        target=None,
    ),
    ModelSpec(
        name="column",
        attention_kind="Dense",
        title=mark("Planted column"),
        summary=mark("Four columns of noise, one of which is the answer: does the attention find it?"),
        task="column",
        parameters=369,
        published=Published(
            source=mark("dense attention tutorial after keras-attention-mechanism"),
            protocol=mark("validation on 20\xa0% of the samples"),
            epochs=20,
            accuracy=1.0,
            final_accuracy=1.0,
            loss=0.0235,
            curves=published_logs.COLUMN,
            attention=(0.059, 0.723, 0.125, 0.092),
        ),
        recipe=Recipe(epochs=20, batch_size=32, learning_rate=1e-3),
    ),
)

MODELS: Mapping[str, ModelSpec] = {spec.name: spec for spec in _SPECS}
"""Every network by name."""


def list_models() -> tuple[str, ...]:
    """The names of all networks."""
    return tuple(MODELS)


def get_spec(name: str) -> ModelSpec:
    """The table's row of that name.

    Raises:
        UnknownNameError: the name is not in the table; the message lists those that are.
    """
    try:
        return MODELS[name]
    except (KeyError, TypeError):
        raise UnknownNameError(mark("network"), name, MODELS) from None
