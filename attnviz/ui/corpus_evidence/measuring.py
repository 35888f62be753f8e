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
from attnviz.languages import tr, tr_n
from attnviz.render.markdown import escape_markdown
from attnviz.render.numerals import format_count
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
        show_part(_show_work, work, checkpoint.name, every=POLL_SECONDS)
        return
    if work is not None and work.error:
        st.error(work.error)
    if work is not None and work.state == "stopped":
        st.info(_describe_stopped(work))
    st.markdown(_describe_unmeasured(checkpoint))
    texts = st.select_slider(
        tr("Test texts, at most") if checkpoint.spec.data else tr("Test reviews"),
        TEXTS,
        value=1_000,
        format_func=format_count,
        key="evidence_texts",
    )
    st.button(tr("Measure"), type="primary", key="evidence_measure", on_click=_start, args=(checkpoint, texts))


def _describe_stopped(work: Work) -> str:
    return tr_n(
        "Stopped after {done} of {total} text. What is done is kept: measuring goes on there.",
        "Stopped after {done} of {total} texts. What is done is kept: measuring goes on there.",
        work.total,
        done=format_count(work.done),
        total=format_count(work.total),
    )


def _describe_unmeasured(checkpoint: Checkpoint) -> str:
    if not (data := checkpoint.spec.data):
        return tr(
            "**{network}** has not been measured yet. It answers test reviews, also with other weights.",
            network=checkpoint.name,
        )
    return tr(
        "**{network}** has not been measured yet. It answers the test texts of ‘{data}’, also with other weights.",
        network=checkpoint.name,
        data=escape_markdown(data),
    )


def _start(checkpoint: Checkpoint, texts: int) -> None:
    works = _get_all()
    old = works.get(checkpoint.name)
    if old is None or old.state != "running":
        works[checkpoint.name] = Work(lambda work: _measure(work, checkpoint, texts), texts)


def _measure(work: Work, checkpoint: Checkpoint, texts: int) -> Iterator[None]:
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
        raise AttnvizError(tr("What was measured cannot be kept ({error}).", error=error)) from error
    yield


def _show_work(work: Work, network: str) -> None:
    """How far it is; looking ends with a run of the whole page."""
    if work.state != "running":
        st.rerun()
    st.progress(work.done / work.total if work.total else 0.0, _describe_work(work, network))
    if work.stopping:
        st.caption(tr("Stopping after the part that is under way; what is done is kept."))
    st.button(tr("Stop"), key="evidence_stop", on_click=work.stop, disabled=work.stopping)


def _describe_work(work: Work, network: str) -> str:
    if not work.done:
        return tr("{network} is being measured… The network is being loaded.", network=network)
    return tr_n(
        "{network} is being measured… {done} of {total} text",
        "{network} is being measured… {done} of {total} texts",
        work.total,
        network=network,
        done=format_count(work.done),
        total=format_count(work.total),
    )


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
