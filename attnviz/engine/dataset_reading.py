"""A file on its way to a data set: it was uploaded, is looked at, and is read in a process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from attnviz.data.labelled_rows import Preview, preview_file
from attnviz.engine.work import Work
from attnviz.errors import DataError
from attnviz.languages import get_language, tr
from attnviz.processes import child_environment, module_command

PARTS = 1_000
"""In how many parts the progress is counted."""


class Upload:
    """A file that came through the page, kept on disk until nobody holds this.

    Args:
        name: its name, whose ending says the format. stream: its content.

    Raises:
        DataError: as `preview_file`; or it cannot be kept.
    """

    def __init__(self, name: str, stream: BinaryIO) -> None:
        self.name = name
        folder = tempfile.mkdtemp(prefix="attnviz-data-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self.path = Path(folder) / "file"
        try:
            with self.path.open("wb") as file:
                shutil.copyfileobj(stream, file, 1 << 20)
        except OSError as error:
            raise DataError(
                tr("{name} cannot be kept on this machine ({error}).", name=name, error=error.strerror or error)
            ) from error
        self.preview: Preview = preview_file(self.path, name)


class DatasetReading:
    """An upload that becomes a data set.

    Args:
        upload: the file. text, label: its columns.

    Attributes:
        work: how far it is, in PARTS; its error says why it failed.
        name: of the data set, once the work is finished.
    """

    def __init__(self, upload: Upload, text: str, label: str) -> None:
        self.upload, self.name = upload, ""
        settings = {"file": str(upload.path), "text": text, "label": label, "source": upload.name}
        settings["language"] = get_language()
        self.work = Work(lambda work: self._read(work, settings), total=PARTS)

    def _read(self, work: Work, settings: dict[str, str]) -> Iterator[None]:
        command = module_command("attnviz.data.adding_process", json.dumps(settings))
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, env=child_environment())
        try:
            for line in process.stdout or ():
                self._follow(work, json.loads(line))
                yield
            if not self.name:
                raise DataError(tr("{name} was not read: the process that read it ended.", name=self.upload.name))
        finally:  # also where the work is stopped
            process.kill()
            process.communicate()
        work.done = PARTS

    def _follow(self, work: Work, said: dict[str, object]) -> None:
        if "error" in said:
            raise DataError(str(said["error"]))
        self.name = str(said.get("name", ""))
        if "message" in said:
            work.message, work.done = str(said["message"]), int(PARTS * float(str(said["share"])))
