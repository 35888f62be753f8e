"""What the tests of the command line share."""

from __future__ import annotations

import pytest

from attnviz.cli import main


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    """Run the command; returns the exit code, standard output and standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call
