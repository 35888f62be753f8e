"""A folder that any static host can serve: one page, and beside it the weights of each network as a script.

A script and not a plain file, because a page that is opened from the disk may load scripts, but read no files: the
folder works from a stick as well.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from attnviz.errors import SettingError
from attnviz.languages import mark, tr
from attnviz.living.live_page import LiveNetwork, describe_network, describe_page
from attnviz.living.page_shell import PageParts, render_shell, write_block

PAGE, WEIGHTS = "index.html", "networks"
"""The page's file, and the folder of the weights."""

_OURS = re.compile(r"[A-Za-z0-9._-]+\.[0-9a-f]{12}\.js")
_PROMISE = mark(
    "The networks run in this browser: what is typed here is sent nowhere. A network is loaded from the place of this "
    "page when it is chosen. Link to a view with ?model=, &method= and &text=; &embed=1 leaves out the frame."
)


def write_site(folder: Path, networks: Sequence[LiveNetwork], text: str = "") -> list[Path]:
    """Write the page and its networks; returns the files. What an earlier call wrote there is replaced.

    Args:
        folder: is made if it isn't there; other files in it stay.
        networks: at least one; the page opens with the first.
        text: what stands in the page when it is opened.

    Raises:
        SettingError: no network, or the disk refuses.
    """
    if not networks:
        raise SettingError(tr("A site needs at least one network that runs in the browser."))
    try:
        (folder / WEIGHTS).mkdir(parents=True, exist_ok=True)
        scripts = [_write_weights(folder, network) for network in networks]
        entries = [
            {**describe_network(network), "file": f"{WEIGHTS}/{script.name}"}
            for network, script in zip(networks, scripts, strict=True)
        ]
        page = PageParts("attnviz", tr(_PROMISE), describe_page(entries, text, "attention"), same_host=True)
        (folder / PAGE).write_text(render_shell(page), encoding="utf-8")
        _sweep(folder / WEIGHTS, scripts)
    except OSError as error:
        why = tr("{folder} cannot be written ({reason}).", folder=folder, reason=error.strerror)
        raise SettingError(why) from error
    return [folder / PAGE, *scripts]


def _write_weights(folder: Path, network: LiveNetwork) -> Path:
    """The file's name has the hash of what is in it, so that a browser may keep it for ever."""
    mark = hashlib.sha256(network.content).hexdigest()[:12]
    path = folder / WEIGHTS / f"{network.name}.{mark}.js"
    weights = write_block(base64.b64encode(network.content).decode())
    path.write_text(f"(globalThis.attnvizWeights ??= {{}})[{write_block(network.name)}] = {weights};\n", "ascii")
    return path


def _sweep(folder: Path, keep: Iterable[Path]) -> None:
    """Remove the weights that an earlier page had."""
    for path in set(folder.iterdir()) - set(keep):
        if _OURS.fullmatch(path.name):
            path.unlink()
