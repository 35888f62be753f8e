"""The browser's code under Node, where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from tests.conftest import ROOT


def run_node(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """What Node says; without one the test is skipped, but under CI it fails."""
    node = shutil.which("node")
    if node is None:
        reason = "no Node on this machine (Debian: apt-get install nodejs)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    command = [node, *arguments]
    return subprocess.run(command, cwd=ROOT, input=given, capture_output=True, text=True, encoding="utf-8", check=False)
