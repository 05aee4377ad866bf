"""A guard model that the user supplies, as a second reader of untrusted text (extra `onnx`).

`[tool.ctxdebug.injection] model = "path/model.onnx"`: a sequence classifier whose class 0 is honest text, with its
`tokenizer.json` in the same folder. What it flags is added to what was found; it never takes anything away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from math import exp
from pathlib import Path
from typing import Any

from ctxdebug.analysis.directives.directive import Found, Passage
from ctxdebug.analysis.directives.units import Unit, units
from ctxdebug.errors import UsageError

WINDOW = 1500
"""Characters that are judged at once; more would not fit the usual 512 tokens."""
TOKENS = 512


class Guard:
    """A guard model in memory. Raises `UsageError` when it or what runs it is missing or does not fit."""

    def __init__(self, model: Path) -> None:
        tokenizer = model.parent / "tokenizer.json"
        for path in (model, tokenizer):
            if not path.is_file():
                raise UsageError(f"the guard model needs {path}, which is not there")
        try:
            onnxruntime, tokenizers = import_module("onnxruntime"), import_module("tokenizers")
        except ImportError as error:
            raise UsageError(f"the guard model needs {error.name}: pip install 'ctxdebug[onnx]'") from error
        try:
            self._session: Any = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
            self._tokenizer: Any = tokenizers.Tokenizer.from_file(str(tokenizer))
        except Exception as error:  # the two libraries raise their own bare exceptions
            raise UsageError(f"the guard model {model} cannot be read: {str(error).splitlines()[0]}") from error
        self._tokenizer.enable_truncation(TOKENS)
        self._inputs = [entry.name for entry in self._session.get_inputs()]
        self.name = model.parent.name if model.stem == "model" else model.stem

    def score(self, text: str) -> float:
        """How likely it is that a text gives instructions: one minus the share of class 0."""
        import numpy as np

        encoding = self._tokenizer.encode(text)
        known = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        feed = {name: np.array([known[name]], dtype=np.int64) for name in self._inputs if name in known}
        logits = [float(value) for value in self._session.run(None, feed)[0][0]]
        top = max(logits)
        shares = [exp(value - top) for value in logits]
        return 1 - shares[0] / sum(shares)

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
