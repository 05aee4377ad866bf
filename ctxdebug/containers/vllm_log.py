"""vLLM's server log with `--enable-log-requests`: the prompt of each request as it came to the model."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.decoding.python_repr import read_repr
from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Problem, pointer_text
from ctxdebug.text.patterns import lazy

_REQUEST = lazy(r"Received request (\S{1,120}): prompt: (?=['\"])")
_LIMIT = lazy(r"\bmax_tokens=(\d{1,9})\b")
_TEMPERATURE = lazy(r"\btemperature=(\d{1,3}(?:\.\d{1,6})?)\b")
_LINE_END = lazy(r"$", re.MULTILINE)


def _sniff(source: Source) -> Likeness:
    known = source.shape == "text" and _REQUEST.search(source.opening)
    return Likeness.CERTAIN if known else Likeness.NO


@container("vllm-log", "vLLM's log lines `Received request ID: prompt: '…', params: SamplingParams(…)`", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a request; the log does not keep the answers."""
    text = source.text
    for found in _REQUEST.finditer(text):
        start = found.end()
        try:
            prompt, end = read_repr(text, start)
        except LoadError as error:
            yield Problem(source.path, error.message, pointer_text((Decoding.SLICE, start)), fatal=False)
            continue
        ended = _LINE_END.search(text, end)
        params = text[end : ended.start() if ended else None]
        limit, temperature = _LIMIT.search(params), _TEMPERATURE.search(params)
        settings = {"max_tokens": int(limit[1])} if limit else {}
        at = (*source.root, Decoding.SLICE, start, end, Decoding.PYTHON)
        yield Exchange(
            at,
            request={
                "prompt": prompt,
                **settings,
                **({"temperature": float(temperature[1])} if temperature else {}),
            },
            request_at=at,
            format="openai.completions",
            provider="vllm",
            notes=("a log of prompts: the answers are not kept",),
            labels={"request_id": found[1]},
        )
