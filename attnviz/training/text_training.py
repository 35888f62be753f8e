"""Training of the text networks with Keras' `fit`, on batches of similar length.

Selection is honest: 10 % of the training reviews, chosen by the seed, select the epoch, and the test reviews are read
once at the end. The protocol 'tutorial' repeats what the network's tutorial did instead, see tutorials.py: its epochs,
batches, rate and dropout, its padding, its split, and the weights of the last epoch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np

from attnviz.backend import keras
from attnviz.data import imdb
from attnviz.data.datasets import OwnData
from attnviz.data.labelled_texts import TextData
from attnviz.errors import NothingTrained, SettingError
from attnviz.languages import mark, tr
from attnviz.models.architectures import build_model
from attnviz.models.fixed_attention import count_trained
from attnviz.models.fused_lstm import fuse_lstms
from attnviz.models.own_data_spec import describe_own, fit_spec
from attnviz.models.registry import ModelSpec, Recipe
from attnviz.models.tutorials import get_tutorial
from attnviz.text.vocabulary import Vocabulary
from attnviz.training.deception import Deception
from attnviz.training.encoded_reviews import EncodedReviews, Parts, evaluation_dataset, split_reviews, training_dataset
from attnviz.training.epoch_state import restore_variables
from attnviz.training.epoch_watch import EpochWatch, choose_rank
from attnviz.training.halves import split_in_halves
from attnviz.training.observer import Observer
from attnviz.training.seeds import check_seed
from attnviz.training.setting_checks import check_settings
from attnviz.training.versions import get_versions
from attnviz.values.history import History
from attnviz.values.run import Run

Measures = tuple[Any, keras.metrics.Metric]
"""A loss, and a metric with the name 'accuracy'."""

Watchers = Callable[[keras.Model, Vocabulary], Sequence[keras.callbacks.Callback]]
"""From a model that shares its weights with the one that is trained, and the words that it knows, to callbacks."""


@dataclass(frozen=True)
class TextRun:
    """A trained text network (uncompiled, weights of the selected epoch) with everything that a checkpoint holds."""

    model: keras.Model
    vocabulary: Vocabulary
    history: History
    run: Run


def train_text(
    network: str,
    data: TextData,
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
    state: Path | None = None,
    watchers: Watchers | None = None,
) -> TextRun:
    """Train a text network of the table on the IMDB reviews, or on a data set of somebody's own.

    Args:
        network: a text network of `list_models()`.
        data: the texts with their answers.
        name: what the run is called, by default like the network.
        epochs, batch_size: the recipe's if None.
        seed: decides the initial weights, the held-out reviews, the order and the dropout.
        limit: use at most so many training and so many test reviews, chosen by the seed.
        protocol: 'held-out' or 'tutorial', see above.
        attention: 'own', or what stands in its place, see `build_model`.
        deception: what is learned in the place of the labels; the history and the selected epoch are about that, the
            accuracy and the loss of the run about the labels of the test reviews.
        observer: told of progress; may ask to stop. Ctrl-C stops as well. Both keep the best epoch so far.
        state: a folder in which all that training needs is kept after each epoch. Where it holds that of an earlier
            call with the same arguments, training goes on from there, to the weights of a call that was never stopped.
        watchers: makes more callbacks of Keras. At the end of an epoch they meet the weights that are evaluated, before
            the state is kept.

    Raises:
        SettingError: a setting that makes no run, or a network of which no tutorial is known.
        CheckpointError: the state cannot be written, is damaged, or is that of other arguments.
        NothingTrained: stopped before the first epoch was complete.
    """
    spec = fit_spec(network, data)
    check_settings(spec, epochs, batch_size, limit, protocol)
    check_seed(seed)
    if deception is not None and protocol != "held-out":
        raise SettingError(tr("A twin that deceives is trained by the protocol held-out only."))
    recipe = get_tutorial(spec).recipe if protocol == "tutorial" else spec.recipe
    recipe = replace(recipe, epochs=epochs or recipe.epochs, batch_size=batch_size or recipe.batch_size)
    observer = observer or Observer()
    observer.message(mark("Encoding the reviews"))
    rng = np.random.default_rng(seed)
    parts = split_reviews(data, spec, rng, limit, protocol)
    keras.utils.set_random_seed(seed)
    vocabulary = data.vocabulary.truncated(spec.vocabulary_size)
    made: dict[str, Any] = {"vocabulary_size": len(vocabulary), "attention": attention, "protocol": protocol}
    made["labels"] = len(spec.labels)
    model = build_model(network, **made)
    taught, learned = (deception.pack(model), deception.teach(parts)) if deception else (model, parts)
    halves = split_in_halves(fuse_lstms(taught))
    measures = deception.get_measures() if deception else _get_measures(model.output_shape[-1])
    compile_for_training(halves, recipe, _count_steps(parts, recipe), measures)
    described = _describe_recipe(recipe, spec, protocol, attention, deception)
    digest = _digest(data, network, seed, limit, protocol, described)
    watch = EpochWatch(observer, choose_rank(protocol, by_loss=deception is not None), state, digest)
    observer.on_start(recipe.epochs, _count_steps(parts, recipe), reviews=len(parts.train), done=len(watch.rows))
    _fit(halves, learned, recipe, rng, watch, watchers(model, vocabulary) if watchers else ())
    halves.set_weights(watch.best.weights)
    told = mark("Reading the test set") if parts.select is parts.test else mark("Reading the test set, once")
    observer.message(told)
    loss, accuracy = _evaluate(model if deception else halves, parts.test)
    run = Run(
        model=name or network,
        network=network,
        parameters=count_trained(model),
        data=_describe_data(data, parts, spec),
        seed=seed,
        recipe=described,
        protocol=protocol,
        selected_epoch=watch.best.epoch,
        accuracy=accuracy,
        loss=loss,
        versions=get_versions(),
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        seconds=round(watch.seconds, 1),
        stopped=len(watch.rows) < recipe.epochs,
    )
    plain = build_model(network, **made)
    plain.set_weights(model.get_weights())  # without optimizer state and kernels, as it is saved
    return TextRun(plain, vocabulary, watch.history, run)


def _fit(
    model: keras.Model,
    parts: Parts,
    recipe: Recipe,
    rng: np.random.Generator,
    watch: EpochWatch,
    more: Sequence[keras.callbacks.Callback] = (),
) -> None:
    """Train a compiled model until the last epoch, or until it is stopped."""
    averages = [keras.callbacks.SwapEMAWeights(swap_on_epoch=True)] if recipe.averaging else []
    if watch.kept is not None:
        restore_variables(model, watch.kept.variables)
        for callback in averages:  # as after any epoch, the averages are in the model when the next one begins
            callback._ema_weights_in_model = True
    try:
        model.fit(
            training_dataset(parts.train, recipe.batch_size, rng, done=len(watch.rows)),
            epochs=recipe.epochs,
            initial_epoch=len(watch.rows),
            steps_per_epoch=_count_steps(parts, recipe),
            validation_data=evaluation_dataset(parts.select),
            callbacks=[*averages, *more, watch],
            shuffle=False,
            verbose=0,
        )
    except KeyboardInterrupt:
        if not watch.rows:
            raise NothingTrained(tr("Stopped before the first epoch was complete; there is nothing to keep.")) from None


def _count_steps(parts: Parts, recipe: Recipe) -> int:
    return -(-len(parts.train) // recipe.batch_size)


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


def _describe_data(data: TextData, parts: Parts, spec: ModelSpec) -> dict[str, Any]:
    held_out = 0 if parts.select is parts.test else len(parts.select)
    counts = {"train": len(parts.train), "held_out": held_out, "test": len(parts.test)}
    described = describe_own(data) if isinstance(data, OwnData) else _describe_reviews(data, spec)
    return {**described, **counts, "majority": _find_majority(parts.test)}


def _describe_reviews(data: TextData, spec: ModelSpec) -> dict[str, Any]:
    return {"name": imdb.NAME, "digest": data.digest, "answer": spec.answer, "labels": list(spec.labels)}


def _find_majority(reviews: EncodedReviews) -> float:
    """The share of the most frequent answer, which is what always giving it would get."""
    _, counts = np.unique(reviews.labels, return_counts=True)
    return round(float(counts.max() / counts.sum()), 6)


def _digest(data: TextData, *settings: Any) -> str:
    """What training depends on; where it is the same, training can go on."""
    return hashlib.sha256(json.dumps([data.digest, *settings]).encode()).hexdigest()


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
