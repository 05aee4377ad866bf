"""Where the page's figures come from, what the provider counted, and which sections are not there, and why."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.engine.report import Examined
from ctxdebug.model import pointer_text
from ctxdebug.redaction.output import secrets_are_shown
from ctxdebug.reports.page.chips import chips
from ctxdebug.reports.page.sources import Matrix, Sentence
from ctxdebug.reports.page.timeline import Turn
from ctxdebug.text.printable import clean_line

if TYPE_CHECKING:
    from markupsafe import Markup


@lru_cache(maxsize=4)
def _digest(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "not known (read from a pipe)"


def provenance(examined: Examined) -> list[tuple[str, Markup]]:
    """Names and values: the file and its hash, the model, the tokenizer, what is not in the capture."""
    from ctxdebug import __version__

    snapshot, prompt = examined.snapshot, examined.analysis.prompt
    window, model = examined.analysis.window, examined.analysis.model
    tokenizer = (
        f"{model.tokenizer} ({'exact' if model.tokenizer_exact else 'an estimate'})"
        if model and model.tokenizer
        else "not known; estimated"
    )
    rows = [
        ("file", snapshot.path), ("SHA-256", _digest(snapshot.path)), ("place in the file", pointer_text(snapshot.pointer) or "the whole file"),
        ("container", snapshot.container), ("wire format", snapshot.format), ("model asked", snapshot.model or "not named"),
        ("model that answered", snapshot.answered_by or "not named"), ("tokenizer", tokenizer),
        ("window", f"{window.tokens:,}, from {window.source}" if window else "not known"),
        ("finish", f"{snapshot.finish.reason.value} ({snapshot.finish.captured})" if snapshot.finish else "not recorded"),
        ("ctxdebug", __version__), ("secrets", "shown as captured" if secrets_are_shown() else "masked with * where any were found"),
    ]  # fmt: skip
    rows += [("note", note) for note in snapshot.notes]
    rows += [("not in the capture", unseen.what) for unseen in snapshot.unseen[:20]]
    rows += [("not countable", prompt.why_not)] if prompt.why_not else []
    rows += (
        [("hidden findings", f"{examined.suppressed} of low confidence (--pedantic shows them)")]
        if examined.suppressed
        else []
    )
    rows += [("problem", problem.message) for problem in examined.problems]
    return [(name, chips(clean_line(value))) for name, value in rows]


def left_out(
    grid: Matrix | None, said: Sequence[Sentence], over_time: Sequence[Turn], missing: str, *, answered: bool
) -> list[tuple[str, str]]:
    """Sections that the page does not have, and why."""
    found = []
    if grid is None:
        found.append(("source × source matrix", missing or "the context contains fewer than two sources"))
    if not said:
        found.append(
            (
                "answer with its support",
                missing or ("nothing was given to answer from" if answered else "no answer is recorded"),
            )
        )
    if not over_time:
        found.append(("timeline over turns", "the capture contains one turn of this conversation"))
    found.append(
        ("cause check", "it asks a model with parts of the context taken away, and this page was made offline")
    )
    return found
