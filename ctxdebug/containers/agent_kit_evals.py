"""Eval sets of Google's Agent Development Kit: conversations that an agent should have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding


def _cases(document: Any) -> list[Any]:
    held = document if isinstance(document, dict) else {}
    key = next((key for key in ("eval_cases", "evalCases") if isinstance(held.get(key), list)), None)
    known = key is not None and ({"eval_set_id", "evalSetId"} & held.keys())
    return held[key] if known and key is not None else []


def _sniff(source: Source) -> Likeness:
    if source.shape != "json" or ('"eval_cases"' not in source.opening and '"evalCases"' not in source.opening):
        return Likeness.NO
    return Likeness.CERTAIN if _cases(source.document) else Likeness.NO


@container(
    "adk-evals", "an eval set of Google's Agent Development Kit: `eval_set_id` and `eval_cases` of conversation", _sniff
)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a case."""
    key = "eval_cases" if "eval_cases" in source.document else "evalCases"
    for index, case in enumerate(_cases(source.document)):
        at = (*source.root, Decoding.JSON, key, index)
        if isinstance(case, dict) and case.get("conversation"):
            note = "an eval case: what the agent should say, not a recorded call"
            yield Exchange(at, request=case, request_at=at, format="google.adk", notes=(note,))
