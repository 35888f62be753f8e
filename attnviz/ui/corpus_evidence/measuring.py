"""Measuring a network of one's own: in processes apart, with progress and stop; the results stay in the cache."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import streamlit as st

from attnviz.engine.work import Work
from attnviz.errors import AttnvizError
from attnviz.evidence.evidence_run import measure_evidence
from attnviz.evidence.network_summary import read_shipped, summarise
from attnviz.evidence.results_folder import TABLE
from attnviz.folders import cache_folder
from attnviz.render.markdown import escape_markdown
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.provenance import get_provenance
from attnviz.ui.state import POLL_SECONDS, show_part
from attnviz.values.corpus_measures import NetworkSummary

TEXTS = (500, 1_000, 2_000, 5_000, 25_000)


class _Stopped(Exception):
    """Somebody asked the work to stop; the parts that are done are kept."""


def find_summary(checkpoint: Checkpoint) -> NetworkSummary | None:
    """What is known of exactly this network: shipped with it, or measured here; the latter with the most texts.

    Raises:
        DataError: it is damaged.
    """
    shipped = read_shipped(checkpoint.name)
    if shipped is not None and dict(shipped.sha256) == _get_hashes(checkpoint):
        return shipped
    folders = [_name_folder(checkpoint, texts) for texts in reversed(TEXTS)]
    found = next((folder for folder in folders if (folder / TABLE).is_file()), None)
    return None if found is None else _summarise(found, checkpoint.spec.labels)


def show_measuring(checkpoint: Checkpoint) -> None:
    """The button that measures, or how far the measuring is."""
    work = _get_all().get(checkpoint.name)
    if work is not None and work.state == "running":
        show_part(_show_work, work, every=POLL_SECONDS)
        return
    if work is not None and work.error:
        st.error(work.error)
    if work is not None and work.state == "stopped":
        st.info(f"Stopped after {work.done:,} of {work.total:,} texts. What is done is kept: measuring goes on there.")
    of = f"the test texts of ‘{escape_markdown(data)}’" if (data := checkpoint.spec.data) else "test reviews"
    st.markdown(f"**{checkpoint.name}** has not been measured yet. It answers {of}, also with other weights.")
    texts = st.select_slider(
        "Test texts, at most" if data else "Test reviews",
        TEXTS,
        value=1_000,
        format_func=lambda n: f"{n:,}",
        key="evidence_texts",
    )
    st.button("Measure", type="primary", key="evidence_measure", on_click=_start, args=(checkpoint, texts))


def _start(checkpoint: Checkpoint, texts: int) -> None:
    works = _get_all()
    old = works.get(checkpoint.name)
    if old is None or old.state != "running":
        works[checkpoint.name] = Work(lambda work: _measure(work, checkpoint, texts), texts)


def _measure(work: Work, checkpoint: Checkpoint, texts: int) -> Iterator[None]:
    work.message = f"{checkpoint.name} is being measured…"

    def report(done: int, total: int) -> None:
        work.done, work.total = done, total
        if work.stopping:
            raise _Stopped

    folder = _name_folder(checkpoint, texts)
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        measure_evidence(
            checkpoint.folder, folder, texts=texts, without=("occlusion",), progress=False, report=report, apart=True
        )
    except _Stopped:
        yield
    except OSError as error:
        raise AttnvizError(f"What was measured cannot be kept ({error}).") from error
    yield


def _show_work(work: Work) -> None:
    """How far it is; looking ends with a run of the whole page."""
    if work.state != "running":
        st.rerun()
    rest = f" {work.done:,} of {work.total:,} texts" if work.done else " The network is being loaded."
    st.progress(work.done / work.total if work.total else 0.0, f"{work.message}{rest}")
    if work.stopping:
        st.caption("Stopping after the part that is under way; what is done is kept.")
    st.button("Stop", key="evidence_stop", on_click=work.stop, disabled=work.stopping)


@st.cache_resource(show_spinner=False)
def _get_all() -> dict[str, Work]:
    """The work that was started for each network of this server."""
    return {}


@st.cache_data(show_spinner=False, max_entries=16)
def _summarise_file(folder: str, changed: int, labels: tuple[str, ...]) -> NetworkSummary:
    return summarise([Path(folder)], labels)


def _summarise(folder: Path, labels: tuple[str, ...]) -> NetworkSummary:
    return _summarise_file(str(folder), (folder / TABLE).stat().st_mtime_ns, labels)


def _get_hashes(checkpoint: Checkpoint) -> dict[str, str | None]:
    hashes: dict[str, str | None] = get_provenance(checkpoint).checkpoint["sha256"]
    return hashes


def _name_folder(checkpoint: Checkpoint, texts: int) -> Path:
    digest = hashlib.sha256(json.dumps(_get_hashes(checkpoint), sort_keys=True).encode()).hexdigest()[:16]
    return cache_folder() / "evidence" / f"{digest}-{texts}"
