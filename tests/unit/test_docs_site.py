"""The documentation builds without a warning and without the network, and its pages need nothing from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import attnviz
from attnviz.processes import child_environment
from tests.conftest import ROOT

NEEDED = ("sphinx", "myst_parser", "pydata_sphinx_theme", "sphinxarg")
pytestmark = pytest.mark.skipif(
    not all(map(find_spec, NEEDED)), reason="the documentation is built by Sphinx: make extras"
)

BUILD = """
import socket, sys
def refuse(*arguments): raise AssertionError(f"asked the network: {arguments}")
socket.socket.connect = socket.getaddrinfo = refuse
from sphinx.cmd.build import main
sys.exit(main(["-W", "--keep-going", "-q", "-b", "html", "docs", sys.argv[1]]))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-c", BUILD, str(folder)]
    found = subprocess.run(command, cwd=ROOT, env=child_environment(), capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    return folder


def test_no_page_asks_another_host(site: Path) -> None:
    pages = {path: path.read_text("utf-8") for path in site.rglob("*.html")}
    assert len(pages) > 15
    for path, text in pages.items():
        assert re.findall(r'<(?:script|img|link|iframe)[^>]+(?:src|href)="(?:https?:)?//[^"]+', text) == [], path.name


def test_every_public_name_and_every_command_has_its_place(site: Path) -> None:
    python = (site / "reference" / "python.html").read_text("utf-8")
    assert [name for name in attnviz.__all__ if name != "layers" and f'id="attnviz.{name}"' not in python] == []
    assert 'id="attnviz.layers.Attention"' in python
    commands = (site / "reference" / "command-line.html").read_text("utf-8")
    assert "--rationales" in commands
    assert "--tensorboard" in commands
