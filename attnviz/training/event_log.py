"""Event files for TensorBoard, as Keras' own callback lays them out, but without the package tensorboard.

TensorFlow itself can write event files; its `tf.summary.scalar`, which Keras uses, is the package's.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attnviz.backend import keras, tf
from attnviz.errors import DataError

_PARTS = {"train": "", "validation": "val_"}
"""The folder of each curve, and what Keras puts before the names of its measures."""


class EventLog(keras.callbacks.Callback):
    """Writes the measures of each epoch: `epoch_loss` and the like, in `train` and `validation`.

    Args:
        folder: of the run; `tensorboard --logdir` takes it or one above it.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._writers: dict[str, Any] = {}

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """Open the files.

        Raises:
            DataError: the folder cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._writers = {part: tf.summary.create_file_writer(str(self._folder / part)) for part in _PARTS}
        except (OSError, tf.errors.OpError) as error:
            raise DataError(
                f"{self._folder} cannot be written, so there is no log for TensorBoard ({error})."
            ) from error

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """A point of each curve; counted from 0, as Keras does."""
        for part, writer in self._writers.items():
            with writer.as_default(epoch):
                for name, value in (logs or {}).items():
                    if name.startswith("val_") == bool(_PARTS[part]):
                        _write_number(f"epoch_{name.removeprefix('val_')}", float(value), epoch)
            writer.flush()

    def on_train_end(self, logs: Mapping[str, float] | None = None) -> None:
        """Close the files."""
        for writer in self._writers.values():
            writer.close()


def _write_number(name: str, value: float, step: int) -> None:
    """What `tf.summary.scalar` writes."""
    metadata = tf.compat.v1.SummaryMetadata()
    metadata.plugin_data.plugin_name = "scalars"
    metadata.data_class = 1  # DATA_CLASS_SCALAR of TensorBoard's summary.proto
    tf.summary.write(name, tf.constant(value, tf.float32), step=step, metadata=metadata)
