"""Rows of a proof's screen: a name on the left, text that folds under itself on the right."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from ctxdebug.text.plural import plural
from ctxdebug.text.printable import clean_line

if TYPE_CHECKING:
    from ctxdebug.proof.trial import Experiment

_NAME = 9
_INDENT = " " * (_NAME + 2)


def row(name: str, text: str, width: int) -> list[str]:
    """Return the lines of one row; captured text in it is made printable."""
    wrapped = textwrap.wrap(clean_line(text), max(30, width - len(_INDENT))) or [""]
    return [f" {name:<{_NAME}} {wrapped[0]}", *(f"{_INDENT}{line}" for line in wrapped[1:])]


def head(experiment: Experiment, name: str) -> str:
    """Return the first line: what was asked of whom, and what it cost."""
    spent, about = experiment.spent, experiment.record.about
    parts = [
        f"{about.get('model') or 'the model'} at {about.get('endpoint') or 'an endpoint'}",
        plural(spent.calls, "call"),
        f"{spent.tokens:,} tokens",
    ]
    if spent.money:
        parts.append(f"{spent.money:.2f} USD")
    return clean_line(f" {name}   {' · '.join(parts)}")
