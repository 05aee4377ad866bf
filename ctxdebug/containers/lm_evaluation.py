"""Samples of lm-evaluation-harness (`--log_samples`): the arguments of each request, and its responses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.rows import first_row, rows
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer, Problem, pointer_text


def _sniff(source: Source) -> Likeness:
    row = first_row(source, '"resps"', '"arguments"', wrappers=())
    return Likeness.CERTAIN if row is not None and {"doc", "resps", "arguments"} <= row.keys() else Likeness.NO


@container("lm-evaluation", "samples of lm-evaluation-harness: doc, arguments, resps", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a request; a request that only weighs given texts has no answer and is told."""
    weighed = 0
    for found in rows(source, ()):
        if isinstance(found, Problem):
            yield found
            continue
        at, row = found
        for index, (asked, where) in enumerate(_arguments(row.get("arguments"), (*at, "arguments"))):
            answer, answer_at = _text(row.get("resps"), (*at, "resps"), index)
            if answer is None:
                weighed += 1
                continue
            held = source.reader.value(asked) if asked.startswith('[{"role"') else None
            labels = {"doc_id": row.get("doc_id"), "target": row.get("target")}
            yield Exchange(
                at,
                request=held if isinstance(held, list) else asked,
                request_at=(*where, Decoding.JSON) if isinstance(held, list) else where,
                response=answer,
                response_at=answer_at,
                format="messages" if isinstance(held, list) else "logged-row",
                labels={key: value for key, value in labels.items() if isinstance(value, (str, int, float))},
            )
    if weighed:
        told = f"{weighed} requests weigh given texts (loglikelihood) and have no answer of the model's; left out"
        yield Problem(source.path, told, pointer_text(source.root), fatal=False, unknown=True)


def _arguments(held: Any, at: Pointer) -> Iterator[tuple[str, Pointer]]:
    """Yield the text of each request: `{"gen_args_0": {"arg_0": …}}`, or a list of lists as older releases wrote it."""
    if isinstance(held, Mapping):
        for key, value in held.items():
            if isinstance(value, dict) and isinstance(value.get("arg_0"), str):
                yield value["arg_0"], (*at, key, "arg_0")
    for index, value in enumerate(held if isinstance(held, list) else []):
        if isinstance(value, list) and value and isinstance(value[0], str):
            yield value[0], (*at, index, 0)


def _text(held: Any, at: Pointer, index: int) -> tuple[str | None, Pointer]:
    """Return the answer to request `index`; None where it is a number."""
    value: Any = held[index] if isinstance(held, list) and index < len(held) else None
    where: Pointer = (*at, index)
    while isinstance(value, list) and value:
        value, where = value[0], (*where, 0)
    return (value, where) if isinstance(value, str) else (None, at)
