"""Training of the text networks with Keras' `fit`, on batches of similar length.

Selection is honest: 10 % of the training reviews, chosen by the seed, select the epoch, and the test reviews are read
once at the end. The protocol 'tutorial' repeats what the network's tutorial did instead, see tutorials.py: its epochs,
batches, rate and dropout, its padding, its split, and the weights of the last epoch.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timezone
from typing import Any

import numpy as np

from attnviz.backend import keras
from attnviz.data.imdb import Imdb
from attnviz.errors import AttnvizError, SettingError
from attnviz.models.architectures import build_model
from attnviz.models.fixed_attention import count_trained
from attnviz.models.fused_lstm import fuse_lstms
from attnviz.models.registry import ModelSpec, Recipe, get_spec
from attnviz.models.tutorials import get_tutorial
from attnviz.text.vocabulary import Vocabulary
from attnviz.training.deception import Deception
from attnviz.training.encoded_reviews import EncodedReviews, Parts, evaluation_dataset, split_reviews, training_dataset
from attnviz.training.halves import split_in_halves
from attnviz.training.observer import Observer
from attnviz.training.seeds import check_seed
from attnviz.training.setting_checks import check_settings
from attnviz.training.versions import get_versions
from attnviz.values.history import History
from attnviz.values.run import Run

Measures = tuple[Any, keras.metrics.Metric]
"""A loss, and a metric with the name 'accuracy'."""

Rank = Callable[[int, Mapping[str, float]], tuple[float, float]]
"""How good an epoch is, from its number and its measures; the best one's weights are kept."""


class NothingTrained(AttnvizError):
    """The run was stopped before its first epoch was complete, so there is nothing to keep."""


@dataclass(frozen=True)
class TextRun:
    """A trained text network (uncompiled, weights of the selected epoch) with everything that a checkpoint holds."""

    model: keras.Model
    vocabulary: Vocabulary
    history: History
    run: Run


def train_text(
    network: str,
    data: Imdb,
    *,
    name: str | None = None,
    epochs: int | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    limit: int | None = None,
    protocol: str = "held-out",
    attention: str = "own",
    deception: Deception | None = None,
    observer: Observer | None = None,
) -> TextRun:
    """Train a text network of the table on the IMDB reviews.

    Args:
        network: a text network of `list_models()`.
        data: the reviews.
        name: what the run is called, by default like the network.
        epochs, batch_size: the recipe's if None.
        seed: decides the initial weights, the held-out reviews, the order and the dropout.
        limit: use at most so many training and so many test reviews, chosen by the seed.
        protocol: 'held-out' or 'tutorial', see above.
        attention: 'own', or what stands in its place, see `build_model`.
        deception: what is learned in the place of the labels; the history and the selected epoch are about that, the
            accuracy and the loss of the run about the labels of the test reviews.
        observer: told of progress; may ask to stop. Ctrl-C stops as well. Both keep the best epoch so far.

    Raises:
        SettingError: a setting that makes no run, or a network of which no tutorial is known.
        NothingTrained: stopped before the first epoch was complete.
    """
    spec = get_spec(network)
    check_settings(spec, epochs, batch_size, limit, protocol)
    check_seed(seed)
    if deception is not None and protocol != "held-out":
        raise SettingError("A twin that deceives is trained by the protocol held-out only.")
    recipe = get_tutorial(spec).recipe if protocol == "tutorial" else spec.recipe
    recipe = replace(recipe, epochs=epochs or recipe.epochs, batch_size=batch_size or recipe.batch_size)
    observer = observer or Observer()
    observer.message("Encoding the reviews")
    rng = np.random.default_rng(seed)
    parts = split_reviews(data, spec, rng, limit, protocol)
    keras.utils.set_random_seed(seed)
    vocabulary = data.vocabulary.truncated(spec.vocabulary_size)
    model = build_model(network, vocabulary_size=len(vocabulary), attention=attention, protocol=protocol)
    taught, learned = (deception.pack(model), deception.teach(parts)) if deception else (model, parts)
    halves = split_in_halves(fuse_lstms(taught))
    measures = deception.get_measures() if deception else _get_measures(model.output_shape[-1])
    began = time.monotonic()
    best, history = _fit(halves, learned, recipe, rng, observer, measures, _choose_rank(protocol, deception))
    seconds = time.monotonic() - began
    halves.set_weights(best.weights)
    observer.message("Reading the test set" if parts.select is parts.test else "Reading the test set, once")
    loss, accuracy = _evaluate(model if deception else halves, parts.test)
    run = Run(
        model=name or network,
        network=network,
        parameters=count_trained(model),
        data=_describe_data(data, parts, spec),
        seed=seed,
        recipe=_describe_recipe(recipe, spec, protocol, attention, deception),
        protocol=protocol,
        selected_epoch=best.epoch,
        accuracy=accuracy,
        loss=loss,
        versions=get_versions(),
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        seconds=round(seconds, 1),
        stopped=len(history) < recipe.epochs,
    )
    plain = build_model(network, vocabulary_size=len(vocabulary), attention=attention, protocol=protocol)
    plain.set_weights(model.get_weights())  # without optimizer state and kernels, as it is saved
    return TextRun(plain, vocabulary, history, run)


@dataclass
class _Best:
    """The epoch that is kept, counted from 1, with its weights."""

    epoch: int = 0
    rank: tuple[float, float] = (-math.inf, 0.0)
    weights: list[Any] | None = None


class _Watch(keras.callbacks.Callback):
    """Records every epoch, keeps the best one's weights, and links Keras with the observer.

    It must come after SwapEMAWeights, so that at the end of an epoch it meets the averaged weights.

    Args:
        rank: says which epoch is best.
    """

    def __init__(self, observer: Observer, rank: Rank) -> None:
        super().__init__()
        self.observer, self.rank = observer, rank
        self.best = _Best()
        self.rows: list[dict[str, float]] = []
        self._began = 0.0

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        self._began = time.monotonic()

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        self.observer.on_step(len(self.rows) + 1, batch + 1)
        if self.observer.should_stop():
            raise KeyboardInterrupt

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        row = {name: float((logs or {})[name]) for name in ("loss", "accuracy", "val_loss", "val_accuracy")}
        row["seconds"] = round(time.monotonic() - self._began, 2)
        self.rows.append(row)
        rank = self.rank(len(self.rows), row)
        if rank > self.best.rank:
            self.best = _Best(len(self.rows), rank, self.model.get_weights())
        self.observer.on_epoch(len(self.rows), row)


def _choose_rank(protocol: str, deception: Deception | None) -> Rank:
    """The last epoch of a tutorial, the least loss of a twin that deceives, or else the best accuracy."""
    if protocol == "tutorial":
        return lambda epoch, row: (epoch, 0.0)
    if deception is not None:
        return lambda epoch, row: (0.0, -row["val_loss"])
    return lambda epoch, row: (row["val_accuracy"], -row["val_loss"])


def _fit(
    model: keras.Model,
    parts: Parts,
    recipe: Recipe,
    rng: np.random.Generator,
    observer: Observer,
    measures: Measures,
    rank: Rank,
) -> tuple[_Best, History]:
    steps = -(-len(parts.train) // recipe.batch_size)
    compile_for_training(model, recipe, steps, measures)
    watch = _Watch(observer, rank)
    averages = [keras.callbacks.SwapEMAWeights(swap_on_epoch=True)] if recipe.averaging else []
    observer.on_start(recipe.epochs, steps)
    try:
        model.fit(
            training_dataset(parts.train, recipe.batch_size, rng),
            epochs=recipe.epochs,
            steps_per_epoch=steps,
            validation_data=evaluation_dataset(parts.select),
            callbacks=[*averages, watch],
            shuffle=False,
            verbose=0,
        )
    except KeyboardInterrupt:
        if not watch.rows:
            raise NothingTrained("Stopped before the first epoch was complete; there is nothing to keep.") from None
    return watch.best, History({name: np.array([row[name] for row in watch.rows]) for name in watch.rows[0]})


def compile_for_training(model: keras.Model, recipe: Recipe, steps: int, measures: Measures | None = None) -> None:
    """Compile for a run of `recipe.epochs` epochs of `steps` batches: Adam, the recipe's schedule, averaged weights.

    Without measures it learns labels, which are indices (batch, 1), also for a model with one output for each of them.
    """
    rate: Any = recipe.learning_rate
    if recipe.cosine:
        rate = keras.optimizers.schedules.CosineDecay(rate, decay_steps=steps * recipe.epochs)
    momentum = 1 - 1 / max(recipe.averaging * steps, 1)
    optimizer = keras.optimizers.Adam(rate, use_ema=recipe.averaging > 0, ema_momentum=momentum)
    loss, accuracy = measures or _get_measures(model.output_shape[-1])
    model.compile(optimizer, loss=loss, metrics=[accuracy], jit_compile=False)


def _get_measures(outputs: int) -> Measures:
    """Loss and accuracy for one output, the probability of the second of two labels, or for one output a label."""
    if outputs == 1:
        return "binary_crossentropy", keras.metrics.BinaryAccuracy(name="accuracy")
    return "sparse_categorical_crossentropy", keras.metrics.SparseCategoricalAccuracy(name="accuracy")


def _evaluate(model: keras.Model, reviews: EncodedReviews) -> tuple[float, float]:
    """Loss and accuracy; of a network that was not trained on labels, too."""
    if not model.compiled:
        loss, accuracy = _get_measures(model.output_shape[-1])
        model.compile(loss=loss, metrics=[accuracy])
    results = model.evaluate(evaluation_dataset(reviews), verbose=0, return_dict=True)
    return round(float(results["loss"]), 6), round(float(results["accuracy"]), 6)


def _describe_data(data: Imdb, parts: Parts, spec: ModelSpec) -> dict[str, Any]:
    return {
        "name": "Large Movie Review Dataset v1.0",
        "digest": data.digest,
        "train": len(parts.train),
        "held_out": 0 if parts.select is parts.test else len(parts.select),
        "test": len(parts.test),
        "answer": spec.answer,
        "labels": list(spec.labels),
    }


def _describe_recipe(
    recipe: Recipe, spec: ModelSpec, protocol: str, attention: str, deception: Deception | None
) -> dict[str, Any]:
    schedule = "cosine to 0" if recipe.cosine else "constant"
    plain = {**asdict(recipe), "optimizer": "Adam", "schedule": schedule, "dropout": "as published"}
    del plain["cosine"]
    read = _describe_reading(spec) if protocol == "tutorial" else {}
    changed = {} if attention == "own" else {"attention": attention}
    return {**plain, **read, **changed, **(deception.record if deception else {})}


def _describe_reading(spec: ModelSpec) -> dict[str, Any]:
    padding = f"on the left, to {spec.steps} words, read like words"
    return {"vector_dropout": get_tutorial(spec).vector_dropout, "padding": padding}
