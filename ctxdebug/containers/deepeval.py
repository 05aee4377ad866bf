"""DeepEval's results: test cases with input, actual output and the retrieved context."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer

_NAMES = (("testCases", "actualOutput", "retrievalContext"), ("test_cases", "actual_output", "retrieval_context"),
          ("testCases", "actual_output", "retrieval_context"))  # fmt: skip


def _cases(document: Any) -> tuple[str, str, str] | None:
    """Return the names of a run's cases, answers and contexts; None for anything else."""
    held = document if isinstance(document, dict) else {}
    for names in _NAMES:
        listed = held.get(names[0])
        if isinstance(listed, list) and any(
            isinstance(one, dict) and names[1] in one and "input" in one for one in listed
        ):
            return names
    return None


def _sniff(source: Source) -> Likeness:
    if source.shape != "json" or ('"testCases"' not in source.opening and '"test_cases"' not in source.opening):
        return Likeness.NO
    return Likeness.CERTAIN if _cases(source.document) else Likeness.NO


@container("deepeval", "a test run of DeepEval: `testCases` with input, actualOutput, retrievalContext", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a test case; the retrieved context is documents of the user's turn."""
    names = _cases(source.document) or _NAMES[0]
    for index, case in enumerate(source.document[names[0]]):
        if isinstance(case, dict) and isinstance(case.get("input"), str):
            yield _exchange(case, names, (*source.root, Decoding.JSON, names[0], index))


def _exchange(case: Mapping[str, Any], names: tuple[str, str, str], at: Pointer) -> Exchange:
    request = {key: case[key] for key in ("input", names[2], "context") if case.get(key) is not None}
    origins: dict[Pointer, Pointer] = {}
    if names[2] in request:
        request["retrieved_contexts"] = request.pop(names[2])
        origins[(*at, "retrieved_contexts")] = (*at, names[2])
        request.pop("context", None)  # the ideal context, which the model never saw
    return Exchange(at, request=request, request_at=at, response=case.get(names[1]), response_at=(*at, names[1]),
                    format="logged-row", origins=origins,
                    labels={key: case[key] for key in ("name", "success") if isinstance(case.get(key), (str, bool))})  # fmt: skip
