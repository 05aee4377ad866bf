"""A text classifier that the user supplies: an ONNX file with its `tokenizer.json` beside it (extra `onnx`)."""

from __future__ import annotations

from importlib import import_module
from math import exp
from pathlib import Path
from typing import Any

from ctxdebug.errors import UsageError

TOKENS = 512
"""What such models read at most; the rest of a text is cut."""


class OnnxClassifier:
    """A classifier in memory; `what` names it in messages. Raises `UsageError` when it or what runs it is missing or does not fit."""

    def __init__(self, model: Path, what: str) -> None:
        tokenizer = model.parent / "tokenizer.json"
        for path in (model, tokenizer):
            if not path.is_file():
                raise UsageError(f"{what} needs {path}, which is not there")
        try:
            onnxruntime, tokenizers = import_module("onnxruntime"), import_module("tokenizers")
        except ImportError as error:
            raise UsageError(f"{what} needs {error.name}: pip install 'ctxdebug[onnx]'") from error
        try:
            self._session: Any = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
            self._tokenizer: Any = tokenizers.Tokenizer.from_file(str(tokenizer))
        except Exception as error:  # the two libraries raise their own bare exceptions
            raise UsageError(f"{what} {model} cannot be read: {str(error).splitlines()[0]}") from error
        self._tokenizer.enable_truncation(TOKENS)
        self._inputs = [entry.name for entry in self._session.get_inputs()]
        self.name = model.parent.name if model.stem == "model" else model.stem

    def shares(self, text: str, second: str | None = None) -> list[float]:
        """Return the probability of every class, for a text or for a pair of texts."""
        import numpy as np

        encoding = self._tokenizer.encode(text) if second is None else self._tokenizer.encode(text, second)
        known = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        feed = {name: np.array([known[name]], dtype=np.int64) for name in self._inputs if name in known}
        logits = [float(value) for value in self._session.run(None, feed)[0][0]]
        top = max(logits)
        weights = [exp(value - top) for value in logits]
        whole = sum(weights)
        return [weight / whole for weight in weights]
