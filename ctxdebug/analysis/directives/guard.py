"""A guard model that the user supplies, as a second reader of untrusted text (extra `onnx`).

`[tool.ctxdebug.injection] model = "path/model.onnx"`: a sequence classifier whose class 0 is honest text, with its
`tokenizer.json` in the same folder. What it flags is added to what was found; it never takes anything away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from ctxdebug.analysis.directives.directive import Found, Passage
from ctxdebug.analysis.directives.units import Unit, units
from ctxdebug.analysis.onnx_classifier import OnnxClassifier

WINDOW = 1500
"""Characters that are judged at once; more would not fit the tokens that the usual models read."""


class Guard:
    """A guard model in memory. Raises `UsageError` when it or what runs it is missing or does not fit."""

    def __init__(self, model: Path) -> None:
        self._classifier = OnnxClassifier(model, "the guard model")
        self.name = self._classifier.name

    def score(self, text: str) -> float:
        """How likely it is that a text gives instructions: one minus the share of class 0."""
        return 1 - self._classifier.shares(text)[0]

    def passages(self, text: str, threshold: float) -> Iterator[Passage]:
        """Yield the windows of a text that the model flags, each as the unit in it that is flagged most."""
        for window in windows(text):
            start, end = window[0].start, window[-1].end
            if self.score(text[start:end]) >= threshold:
                top = max(window, key=lambda unit: self.score(text[unit.start : unit.end]))
                share = self.score(text[top.start : top.end])
                how = f"the guard model {self.name} gives {max(share, threshold):.2f}"
                yield Passage(top.start, top.end, top.start, top.end, Found.GUARD, share, (), (), how=how)


def windows(text: str) -> Iterator[Sequence[Unit]]:
    """Neighbouring units in runs of at most `WINDOW` characters."""
    run: list[Unit] = []
    for unit in units(text):
        if run and unit.end - run[0].start > WINDOW:
            yield tuple(run)
            run = []
        run.append(unit)
    if run:
        yield tuple(run)


@lru_cache(maxsize=1)
def guard(model: str) -> Guard:
    """Return the guard model at a path, loaded once."""
    return Guard(Path(model))
